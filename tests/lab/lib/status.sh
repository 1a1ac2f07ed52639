# shellcheck shell=bash
# lab status

# In the order in which they depend on each other.
status_services=(dbus munge mariadb slurmdbd slurmctld slurmd hookagentd wasimoff-provider wasimoff-broker influxdb jupyter prometheus)

verb_status() {
    local node
    (($# == 0)) || usage_error "status takes no argument: $1"
    require_root
    lab_exists || lab_missing micro
    printf '%-10s %-12s %-8s %-10s %s\n' NODE ADDRESS NETWORK SYSTEMD SERVICES
    for node in $(lab_nodes); do
        printf '%-10s %-12s ' "$node" "$(<"$lab/nodes/$node/address")"
        if node_runs "$lab" "$node"; then
            status_of_node "$node"
        else
            printf '%-8s down\n' -
        fi
    done
    for node in $(topology_nodes_with "$lab/topology" slurmctld); do
        node_runs "$lab" "$node" || continue
        printf '\n'
        in_node "$lab" "$node" timeout 5 sinfo -N -o '%.10N %.10P %.10T %.5c %.8m %E' || say "Slurm's controller does not answer"
    done
    node=$(login_node)
    [[ -z $node ]] || printf '\nNotebook, while lab browse runs: %s\n' "$(login_address)"
}

# Those services that the node has, each with its state.
status_of_node() {
    local network=up
    ! network_is_cut "$lab" "$1" || network="cut"
    printf '%-8s %-10s ' "$network" "$(in_node "$lab" "$1" timeout 5 systemctl is-system-running || true)"
    in_node "$lab" "$1" timeout 5 systemctl show --property=Id,LoadState,ActiveState "${status_services[@]/%/.service}" |
        awk -F= '
            function flush() { if (load == "loaded") printf "%s:%s ", id, active; load = "" }
            /^$/ { flush(); next }
            $1 == "Id" { id = $2; sub(/[.]service$/, "", id) }
            $1 == "LoadState" { load = $2 }
            $1 == "ActiveState" { active = $2 }
            END { flush(); printf "\n" }'
}
