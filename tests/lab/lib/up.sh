# shellcheck shell=bash
# lab up TOPOLOGY [--bus BUS]

verb_up() {
    local topology='' bus=dbus-daemon base started=$EPOCHREALTIME
    while (($#)); do
        case $1 in
        --bus) bus=${2:-} && shift ;;
        --bus=*) bus=${1#--bus=} ;;
        -*) usage_error "unknown option of up: $1" ;;
        *)
            [[ -z $topology ]] || usage_error "up takes one topology"
            topology=$1
            ;;
        esac
        shift || usage_error "--bus needs a name: dbus-daemon or dbus-broker"
    done
    [[ -n $topology ]] || usage_error "up what? Topologies: $(topologies)"
    [[ $topology != */* && -e $lab_home/$topology/nodes ]] ||
        usage_error "unknown topology '$topology'; there are: $(topologies)"
    [[ $bus == dbus-daemon || $bus == dbus-broker ]] ||
        usage_error "unknown bus '$bus'; there are: dbus-daemon dbus-broker"

    mkdir -p "$lab_root" 2>/dev/null || true
    require_to_run
    lab_lock 600
    if [[ -e $lab ]]; then
        say "the lab '$lab_name' is already there, or an earlier one was interrupted: removing it first"
        lab_remove
    fi
    base_folder
    base=$REPLY
    base_build "$base"

    trap 'lab_up_interrupted' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    lab_boot "$topology" "$bus" "$base"
    trap - EXIT INT TERM HUP
    say "up in $(elapsed "$started") s"
}

elapsed() {
    local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

lab_boot() {
    local topology=$1 bus=$2 base=$3 cgroup node address services
    unified_hierarchy
    cgroup=$REPLY/hookagent-lab.$lab_name.$(printf '%s' "$lab_root" | cksum | cut -d' ' -f1)
    mkdir -p "$lab/nodes"
    printf 'cgroup=%s\nbase=%s\nbus=%s\n' "$cgroup" "$base" "$bus" >"$lab/lab"
    cp -RL "$lab_home/$topology" "$lab/topology"
    head -c 128 /dev/urandom >"$lab/munge.key"
    # Left by a lab whose folder was deleted by hand.
    cgroup_remove "$cgroup"
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

# Waits until the controller says that a node, or every node that runs slurmd, is idle.
slurm_wait_idle() {
    local controller
    controller=$(topology_nodes_with "$lab/topology" slurmctld | head -n 1)
    until_true 60 slurm_idle "$controller" "${1:-$(topology_nodes_with "$lab/topology" slurmd | paste -sd,)}" || {
        in_node "$lab" "$controller" timeout 5 sinfo -N -l >&2 || true
        in_node "$lab" "$controller" journalctl --no-pager -n 20 -u slurmctld -u slurmd >&2 || true
        fail "Slurm did not come up within 60 s"
    }
}

slurm_idle() {
    local states
    states=$(in_node "$lab" "$1" timeout 2 sinfo -h -N -o %T -n "$2" 2>/dev/null) || return 1
    [[ -n $states && ! $'\n'$states =~ $'\n'[^i] && $states != *[*~#]* ]]
}

lab_up_interrupted() {
    trap '' INT TERM HUP
    say "taking the unfinished lab down"
    lab_remove
}
