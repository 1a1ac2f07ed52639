# shellcheck shell=bash
# lab up TOPOLOGY [--nodes N] [--scheduler S] [--bus BUS] [--release R] [--provider DIR]
# [--profile P] [--no-jupyter] [--plain]

# More would not fit on one machine, nor into the addresses from 10.77.0.10 on.
most_nodes=64

verb_up() {
    local topology='' bus=dbus-daemon release=${HOOKAGENT_LAB_RELEASE:-bookworm} scheduler='' nodes='' provider='' plain='' jupyter=yes profile=''
    # shellcheck disable=SC2034 # cluster.sh and provider.sh set and read these
    local packages=() standin='' deno='' deno_cache='' broker='' login_layer='' profile_layer=''
    local kind=node base started=$EPOCHREALTIME
    while (($#)); do
        case $1 in
        --bus | --nodes | --scheduler | --release | --provider | --profile)
            (($# >= 2)) || usage_error "$1 needs a value; see lab --help"
            up_option "$1" "$2"
            shift
            ;;
        --plain) plain=yes ;;
        --no-jupyter) jupyter='' ;;
        --*=*) up_option "${1%%=*}" "${1#*=}" ;;
        -*) usage_error "unknown option of up: $1" ;;
        *)
            [[ -z $topology ]] || usage_error "up takes one topology, not also '$1'"
            topology=$1
            ;;
        esac
        shift
    done
    up_check
    ! topology_is_cluster "$lab_home/$topology" || kind=cluster

    require_to_run
    lab_lock
    if lab_left; then
        up_may_replace
        say "the lab '$lab_name' is already there, or an earlier 'up' was interrupted: removing it first"
        lab_remove
    fi
    base_folder "$release" "$kind"
    base=$REPLY
    base_build "$base" "$release" "$kind"
    touch "$base"
    if [[ $kind == cluster ]]; then
        cluster_build_layers "$base" "$release"
        cluster_find_programs
        require_room 300
    fi

    trap lab_up_failed EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP PIPE
    lab_boot "$topology" "$bus" "$base"
    trap - EXIT INT TERM HUP PIPE
    say "up in $(elapsed "$started") s${jupyter:+; its notebook: lab browse}"
}

# Sets the variable of verb_up that an option stands for.
up_option() {
    case $1 in
    --bus) bus=$2 ;;
    --nodes) nodes=$2 ;;
    --scheduler) scheduler=$2 ;;
    --release) release=$2 ;;
    --provider) provider_find "$2" ;;
    --profile) profile=$2 ;;
    *) usage_error "unknown option of up: $1" ;;
    esac
}

up_check() {
    [[ -n $topology ]] || usage_error "up what? Topologies: $(topologies)"
    [[ $topology != */* && -e $lab_home/$topology/nodes ]] ||
        usage_error "unknown topology '$topology'; there are: $(topologies)"
    [[ $bus == dbus-daemon || $bus == dbus-broker ]] ||
        usage_error "unknown bus '$bus'; there are: dbus-daemon dbus-broker"
    [[ $release != */* && -d $lab_home/releases/$release ]] ||
        usage_error "unknown release '$release'; there are: $(releases)"
    if topology_is_cluster "$lab_home/$topology"; then
        : "${scheduler:=backfill}"
        [[ $scheduler != */* && -e $lab_home/cluster/schedulers/$scheduler.conf ]] ||
            usage_error "unknown scheduler '$scheduler'; there are: $(schedulers)"
        [[ -z $profile ]] || [[ $profile != */* && -d $lab_home/cluster/profiles/$profile ]] ||
            usage_error "unknown profile '$profile'; there are: $(profiles)"
        # Its notebook tells of what HookAgent does.
        [[ -z $plain ]] || jupyter=''
        if [[ -n $jupyter && ! -e $lab_home/releases/$release/login ]]; then
            say "Debian $release has no Jupyter that the lab could take: up without the login node"
            jupyter=''
        fi
    else
        [[ -z $scheduler ]] || usage_error "$topology has a slurm.conf of its own: no --scheduler"
        [[ -z $provider ]] || usage_error "$topology comes without HookAgent: no --provider"
        [[ -z $plain ]] || usage_error "$topology comes without HookAgent: no --plain"
        [[ -z $profile ]] || usage_error "$topology comes without accounting: no --profile"
        [[ -n $jupyter ]] || usage_error "$topology comes without Jupyter: no --no-jupyter"
    fi
    [[ -z $plain || -z $provider ]] || usage_error "with --plain nothing is installed that needs a provider: no --provider"
    [[ -z $nodes ]] || topology_has_many "$lab_home/$topology" || usage_error "$topology has a fixed number of nodes: no --nodes"
    : "${nodes:=3}"
    [[ $nodes =~ ^[1-9][0-9]?$ && $nodes -le $most_nodes ]] || usage_error "--nodes takes a number from 1 to $most_nodes: $nodes"
}

# A micro lab is quickly made again, and its tests rely on that. A whole cluster may be somebody's work.
up_may_replace() {
    local node old
    state_value "$lab/lab" whole && state_value "$lab/lab" topology || return 0
    old=$REPLY
    [[ $old != micro || $topology != micro ]] || return 0
    for node in $(lab_nodes); do
        node_runs "$lab" "$node" || return 0
    done
    fail "the name '$lab_name' is taken by a lab that is up ($old): lab down, or lab --name ANOTHER up $topology"
}

lab_boot() {
    local topology=$1 bus=$2 base=$3 cgroup node address services
    cgroup_name
    cgroup=$REPLY
    mkdir -p "$lab/nodes"
    printf '%s\n' "base=$base" "bus=$bus" "topology=$topology" "release=$release" "scheduler=$scheduler" >"$lab/lab"
    topology_lay_out "$lab_home/$topology" "$lab/topology" "$nodes"
    [[ -n $jupyter ]] || login_leave_out "$lab/topology"
    [[ -z $profile ]] || profile_lay_out "$profile" "$lab/topology"
    head -c 128 /dev/urandom >"$lab/munge.key"
    [[ $kind != cluster ]] || cluster_prepare "$lab" "$scheduler"
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
    if [[ $kind == cluster ]]; then
        say "waiting for its accounting"
        cluster_wait_accounting "$lab"
    fi
    if [[ $kind == cluster && -z $plain ]]; then
        say "installing HookAgent and starting the broker"
        cluster_install "$lab"
        [[ -z $provider ]] || provider_own_caches "$lab"
    fi
    if [[ $kind == cluster && -n $jupyter ]]; then
        say "waiting for Jupyter"
        login_wait
    fi
    echo whole=yes >>"$lab/lab"
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
