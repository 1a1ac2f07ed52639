# shellcheck shell=bash
# lab up TOPOLOGY [--bus BUS]

verb_up() {
    local topology='' bus=dbus-daemon base started=$EPOCHREALTIME
    while (($#)); do
        case $1 in
        --bus)
            (($# >= 2)) || usage_error "--bus needs a name: dbus-daemon or dbus-broker"
            bus=$2
            shift
            ;;
        --bus=*) bus=${1#--bus=} ;;
        -*) usage_error "unknown option of up: $1" ;;
        *)
            [[ -z $topology ]] || usage_error "up takes one topology, not also '$1'"
            topology=$1
            ;;
        esac
        shift
    done
    [[ -n $topology ]] || usage_error "up what? Topologies: $(topologies)"
    [[ $topology != */* && -e $lab_home/$topology/nodes ]] ||
        usage_error "unknown topology '$topology'; there are: $(topologies)"
    [[ $bus == dbus-daemon || $bus == dbus-broker ]] ||
        usage_error "unknown bus '$bus'; there are: dbus-daemon dbus-broker"

    require_to_run
    lab_lock
    if lab_left; then
        say "the lab '$lab_name' is already there, or an earlier 'up' was interrupted: removing it first"
        lab_remove
    fi
    base_folder
    base=$REPLY
    base_build "$base"
    touch "$base"

    trap lab_up_failed EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP PIPE
    lab_boot "$topology" "$bus" "$base"
    trap - EXIT INT TERM HUP PIPE
    say "up in $(elapsed "$started") s"
}

lab_boot() {
    local topology=$1 bus=$2 base=$3 cgroup node address services
    cgroup_name
    cgroup=$REPLY
    mkdir -p "$lab/nodes"
    printf 'base=%s\nbus=%s\n' "$base" "$bus" >"$lab/lab"
    cp -RL "$lab_home/$topology" "$lab/topology"
    head -c 128 /dev/urandom >"$lab/munge.key"
    cgroup_create "$cgroup"
    switch_start "$lab" "$cgroup"
    while read -r node address services; do
        say "booting $node"
        node_create "$lab" "$node" "$address" "$services" "$bus" "$base"
        node_boot "$lab" "$node"
    done < <(topology_nodes "$lab/topology")
    for node in $(lab_nodes); do
        node_wait_booted "$lab" "$node"
    done
    say "waiting for Slurm"
    slurm_wait_idle
}

# A bare "return" on the way from here would give the status that ended the script.
lab_up_failed() {
    trap '' INT TERM HUP PIPE
    say "removing the unfinished lab"
    lab_remove
}

elapsed() {
    local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
