# shellcheck shell=bash
# lab stop-node, start-node, reboot-node NODE; lab logs NODE; lab status

verb_stop_node() {
    require_node "$@"
    (($# == 1)) || usage_error "stop-node takes one node"
    lab_lock
    node_running "$lab" "$1" || {
        say "node $1 is already down"
        node_kill "$lab" "$1"
        return
    }
    node_shut_down "$lab" "$1"
}

verb_start_node() {
    require_node "$@"
    (($# == 1)) || usage_error "start-node takes one node"
    lab_lock
    if node_running "$lab" "$1"; then
        say "node $1 already runs"
        return
    fi
    node_kill "$lab" "$1"
    node_boot "$lab" "$1"
    node_wait_booted "$lab" "$1"
    if topology_nodes_with "$lab/topology" slurmd | grep -qxF "$1"; then
        slurm_wait_idle "$1"
    fi
}

verb_reboot_node() {
    verb_stop_node "$@"
    verb_start_node "$@"
}

verb_logs() {
    require_node "${1:-}"
    node_running "$lab" "$1" || fail "node $1 is not running, and its journal ended with it; its console: $lab/nodes/$1/console"
    in_node "$lab" "$1" journalctl --no-pager "${@:2}"
}

verb_status() {
    local node state services unit
    lab_exists || fail "no lab '$lab_name' is up: lab up micro"
    printf '%-8s %-12s %-11s %s\n' NODE ADDRESS SYSTEMD SERVICES
    for node in $(lab_nodes); do
        state=down services=''
        if node_running "$lab" "$node"; then
            state=$(in_node "$lab" "$node" timeout 5 systemctl is-system-running) || true
            for unit in dbus munge slurmctld slurmd hookagentd wasimoff-provider; do
                services+="$unit=$(in_node "$lab" "$node" timeout 5 systemctl is-active "$unit.service") " || true
            done
        fi
        printf '%-8s %-12s %-11s %s\n' "$node" "$(<"$lab/nodes/$node/address")" "$state" "$services"
    done
    for node in $(topology_nodes_with "$lab/topology" slurmctld); do
        ! node_running "$lab" "$node" || in_node "$lab" "$node" timeout 5 sinfo -N -l | tail -n +2
    done
}
