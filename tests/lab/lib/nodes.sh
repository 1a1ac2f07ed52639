# shellcheck shell=bash
# lab exec, logs, stop-node, start-node, reboot-node, cut-node, join-node NODE

# A node that runs was served before this was read; what is left is to say what is wrong.
verb_exec() {
    require_node "${1:-}"
    [[ ${2:-} == -- && $# -ge 3 ]] || usage_error "usage: lab exec NODE -- COMMAND..."
    say "node $1 is not running: lab start-node $1"
    # As the container engines have it, so that it is not taken for the command's own.
    exit 125
}

verb_logs() {
    require_node "${1:-}"
    node_runs "$lab" "$1" ||
        fail "node $1 is not running and its journal ended with it; its console: $lab/nodes/$1/console"
    in_node "$lab" "$1" journalctl --no-pager "${@:2}"
}

verb_stop_node() {
    local crash=
    [[ ${2:-} != --crash ]] || crash=yes
    require_node "${1:-}"
    (($# == 1)) || [[ $crash && $# -eq 2 ]] || usage_error "usage: lab stop-node NODE [--crash]"
    lab_lock
    if ! node_runs "$lab" "$1"; then
        say "node $1 is down already"
    elif [[ ! $crash ]]; then
        node_shut_down "$lab" "$1"
    fi
    node_kill "$lab" "$1"
}

verb_start_node() {
    require_node "${1:-}"
    (($# == 1)) || [[ ${2:-} == --image && $# -eq 2 ]] || usage_error "usage: lab start-node NODE [--image]"
    lab_lock
    if node_runs "$lab" "$1"; then
        say "node $1 runs already"
        return 0
    fi
    node_kill "$lab" "$1"
    if [[ ${2:-} == --image ]]; then
        touch "$lab/nodes/$1/image"
    else
        rm -f "$lab/nodes/$1/image"
    fi
    node_boot "$lab" "$1"
    node_wait_booted "$lab" "$1"
    slurm_wait_ready "$1"
}

verb_reboot_node() {
    require_node "${1:-}"
    (($# == 1)) || usage_error "usage: lab reboot-node NODE"
    verb_stop_node "$1"
    verb_start_node "$1"
}

verb_cut_node() {
    require_network_of cut-node "$@"
    network_cut "$lab" "$1"
}

verb_join_node() {
    require_network_of join-node "$@"
    network_join "$lab" "$1"
}

require_network_of() {
    local verb=$1
    shift
    require_node "${1:-}"
    (($# == 1)) || usage_error "usage: lab $verb NODE"
    lab_lock
    node_runs "$lab" "$1" || fail "node $1 is not running: lab start-node $1"
}
