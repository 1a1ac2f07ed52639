# shellcheck shell=bash
# Slurm's own word on whether the cluster is ready.

# slurm_wait_idle NODES: until the controller says that these nodes (a,b,c) are idle.
slurm_wait_idle() {
    local controller
    controller=$(topology_nodes_with "$lab/topology" slurmctld | head -n 1)
    until_true 60 slurm_idle "$controller" "$1" || {
        in_node "$lab" "$controller" timeout 5 sinfo -N -l >&2 || true
        in_node "$lab" "$controller" journalctl --no-pager -n 20 -u slurmctld -u slurmd >&2 || true
        fail "Slurm does not call $1 idle after 60 s"
    }
}

# A state with a mark behind it (idle*) is a node that does not answer.
slurm_idle() {
    local states
    states=$(in_node "$lab" "$1" timeout 2 sinfo -h -N -o %T -n "$2" 2>/dev/null) || return 1
    [[ -n $states ]] && ! grep -qvx idle <<<"$states"
}
