# shellcheck shell=bash
# lab status

status_services=(dbus munge slurmctld slurmd hookagentd wasimoff-provider)

verb_status() {
    local node
    (($# == 0)) || usage_error "status takes no argument: $1"
    require_root
    lab_exists || fail "no lab '$lab_name' is up: lab up micro"
    printf '%-8s %-12s %-10s %s\n' NODE ADDRESS SYSTEMD SERVICES
    for node in $(lab_nodes); do
        printf '%-8s %-12s ' "$node" "$(<"$lab/nodes/$node/address")"
        if node_runs "$lab" "$node"; then
            status_of_node "$node"
        else
            printf 'down\n'
        fi
    done
    for node in $(topology_nodes_with "$lab/topology" slurmctld); do
        node_runs "$lab" "$node" || continue
        printf '\n'
        in_node "$lab" "$node" timeout 5 sinfo -N -o '%.8N %.9P %.10T %.5c %.8m %E' || say "Slurm's controller does not answer"
    done
}

status_of_node() {
    local states i line=''
    printf '%-10s ' "$(in_node "$lab" "$1" timeout 5 systemctl is-system-running || true)"
    mapfile -t states < <(in_node "$lab" "$1" timeout 5 systemctl is-active "${status_services[@]/%/.service}" || true)
    for i in "${!status_services[@]}"; do
        line+="${status_services[i]}:${states[i]:-?} "
    done
    printf '%s\n' "${line% }"
}
