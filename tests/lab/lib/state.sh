# shellcheck shell=bash
# Where a lab keeps what it must remember, in files of KEY=value lines:
#   $lab/lab            base=, bus=               $lab/switch       the process that holds its network
#   $lab/topology/      a copy of the topology    $lab/nodes/NODE/  state, overlay, its lower folders, console

# Sets REPLY to a key's value; fails where there is none.
state_value() {
    local line
    while read -r line; do
        if [[ $line == "$2="* ]]; then
            REPLY=${line#*=}
            return 0
        fi
    done <"$1"
    return 1
} 2>/dev/null

lab_exists() { [[ -e $lab/lab ]]; }

# Is there anything of a lab, be it that its folder was deleted by hand?
lab_left() {
    cgroup_name
    [[ -e $lab || -e $REPLY ]]
}

lab_nodes() {
    local node
    for node in "$lab"/nodes/*/; do
        [[ -d $node ]] || continue
        node=${node%/}
        printf '%s\n' "${node##*/}"
    done
}

# One command at a time may change a lab.
lab_lock() {
    require_root
    [[ -z ${lab_lock_fd:-} ]] || return 0
    mkdir -p "$lab_root/labs" "$lab_root/locks"
    exec {lab_lock_fd}>"$lab_root/locks/$lab_name"
    flock -w 300 "$lab_lock_fd" || fail "another command is changing the lab '$lab_name'"
}

# lab_missing TOPOLOGY: there is no lab of this name; which are there, or how to get one.
lab_missing() {
    local state names=()
    for state in "$lab_root"/labs/*/lab; do
        [[ ! -e $state ]] || names+=("$(basename "${state%/lab}")")
    done
    fail "no lab '$lab_name' is up: lab up $1${names:+, or --name with one that is: ${names[*]}}"
}

require_node() {
    require_root
    lab_exists || lab_missing micro
    [[ -n ${1:-} ]] || usage_error "which node? The lab '$lab_name' has: $(lab_nodes | paste -sd' ')"
    [[ $1 != */* && -d $lab/nodes/$1 ]] ||
        usage_error "no node '$1' in the lab '$lab_name'; it has: $(lab_nodes | paste -sd' ')"
}

# For commands that change every node: locks the lab, and all nodes must run.
require_all_nodes() {
    local node
    require_node "$(lab_nodes | head -n 1)"
    lab_lock
    for node in $(lab_nodes); do
        node_runs "$lab" "$node" || fail "node $node is not running: lab start-node $node"
    done
}
