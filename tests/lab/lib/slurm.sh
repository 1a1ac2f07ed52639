# shellcheck shell=bash
# Slurm's own word on whether the cluster is ready.

# After up: until the controller calls every node that runs slurmd idle.
slurm_wait_idle() {
    local controller nodes
    controller=$(topology_nodes_with "$lab/topology" slurmctld | head -n 1)
    nodes=$(topology_nodes_with "$lab/topology" slurmd | paste -sd,)
    until_true 120 slurm_idle "$controller" "$nodes" || slurm_failed "$controller" "Slurm does not call $nodes idle after 120 s"
}

# A state with a mark behind it (idle*) is a node that does not answer.
slurm_idle() {
    local states
    states=$(in_node "$lab" "$1" timeout 2 sinfo -h -N -o %T -n "$2" 2>/dev/null) || return 1
    [[ -n $states ]] && ! grep -qvx idle <<<"$states"
}

# After start-node: until the controller reaches the node's slurmd, or if the node is the controller, that of all nodes
# which run. Not until it is idle: a job may wait for it, or somebody have drained it.
slurm_wait_ready() {
    local node=$1 controller other
    controller=$(topology_nodes_with "$lab/topology" slurmctld | head -n 1)
    node_runs "$lab" "$controller" || return 0
    for other in $(topology_nodes_with "$lab/topology" slurmd); do
        [[ $node == "$controller" || $node == "$other" ]] || continue
        node_runs "$lab" "$other" || continue
        until_true 60 slurm_ready "$controller" "$other" ||
            slurm_failed "$controller" "Slurm does not reach $other after 60 s"
    done
}

# The controller goes on believing for a while in a slurmd that is gone, so the slurmd itself is looked at first.
slurm_ready() {
    local state
    [[ -n $(in_node "$lab" "$2" ss -Hltn 'sport = :6818') ]] || return 1
    state=$(in_node "$lab" "$1" timeout 2 sinfo -h -N -o %T -n "$2" 2>/dev/null) || return 1
    [[ -n $state && $state != *'*' && $state != down && $state != unknown ]]
}

slurm_failed() {
    in_node "$lab" "$1" timeout 5 sinfo -N -l >&2 || true
    in_node "$lab" "$1" journalctl --no-pager -n 20 -u slurmctld -u slurmd >&2 || true
    fail "$2"
}
