# shellcheck shell=bash
# What a cluster has and micro has not: one Slurm configuration for all on shared storage, accounting, HookAgent's
# packages, and the stand-ins for Wasimoff.

cluster_services=(munge slurmctld slurmdbd mariadb slurmd)

# What some nodes have over the base, made where it is wanted and not there yet.
cluster_build_layers() {
    local base=$1 release=$2 list
    if [[ -n $jupyter ]]; then
        mapfile -t list <"$lab_home/releases/$release/login"
        layer_folder "$base" login "${list[@]}"
        login_layer=$REPLY
        layer_build "$login_layer" "$base" "$release" "${list[@]}"
    fi
    if [[ -n $profile ]]; then
        mapfile -t list <"$lab_home/cluster/profiles/$profile/packages"
        layer_folder "$base" "$profile" "${list[@]}"
        profile_layer=$REPLY
        layer_build "$profile_layer" "$base" "$release" "${list[@]}"
    fi
}

# Before the first boot: /shared, which all nodes see, and in it the configuration that all of them read.
cluster_prepare() {
    local lab=$1 scheduler=$2 nodes
    install -d --mode=1777 "$lab/shared"
    install -d "$lab/shared/slurm"
    nodes=$(topology_nodes_with "$lab/topology" slurmd | paste -sd,)
    sed "s/@NODES@/$nodes/" "$lab_home/cluster/slurm.conf" >"$lab/shared/slurm/slurm.conf"
    cp "$lab_home/cluster/schedulers/$scheduler.conf" "$lab/shared/slurm/scheduler.conf"
    if [[ -z $plain ]]; then
        cp "$lab_home/cluster/hooks.conf" "$lab/shared/slurm/"
    else
        echo '# Nothing, as before HookAgent.' >"$lab/shared/slurm/hooks.conf"
    fi
    cp "$lab_home/releases/$release/cgroup.conf" "$lab/shared/slurm/"
    [[ -z $profile ]] || profile_prepare "$profile" "$lab/shared/slurm"
}

# What is to be in a node's root before its first boot.
cluster_node_files() {
    local lab=$1 node=$2 services=$3 base=$4 upper=$1/nodes/$2/upper service file layer
    printf '%s /shared rw\n' "$lab/shared" >"$lab/nodes/$node/binds"
    layer=$profile_layer
    [[ ,$services, != *,jupyter,* ]] || layer=$login_layer
    [[ -z $layer ]] || printf '%s\n' "$layer:$base" >"$lab/nodes/$node/lower"
    for file in "$lab/shared/slurm"/*.conf; do
        ln -s "/shared/slurm/${file##*/}" "$upper/etc/slurm/"
    done
    for service in "${cluster_services[@]}"; do
        install -D --mode=0644 "$lab_home/cluster/restart.conf" "$upper/etc/systemd/system/$service.service.d/lab.conf"
    done
    # As on nodes whose operators want reports of more than one boot.
    install -d "$upper/etc/systemd/journald.conf.d"
    echo $'[Journal]\nStorage=persistent' >"$upper/etc/systemd/journald.conf.d/zz-cluster.conf"
    install -D --mode=0755 "$standin" "$upper/usr/local/lib/wasimoff-standin/wasimoff-standin"
    for service in ${services//,/ }; do
        [[ ! -d $lab_home/cluster/files/$service ]] || cp -R "$lab_home/cluster/files/$service/." "$upper/"
    done
    if [[ -e $upper/etc/slurm/slurmdbd.conf ]]; then
        chown --reference="$base/var/lib/slurm" "$upper/etc/slurm/slurmdbd.conf"
        chmod 0600 "$upper/etc/slurm/slurmdbd.conf"
    fi
    [[ -z $profile || ,$services, == *,$profile,* ]] || ln -s /dev/null "$upper/etc/systemd/system/$profile.service"
    [[ ,$services, != *,jupyter,* ]] || login_node_files "$lab" "$upper"
    [[ -z $provider ]] || provider_node_files "$lab" "$node" "$services"
}

# The programs that go into the nodes. Made if they are missing or older than their sources, unless the caller names
# some that are there.
cluster_find_programs() {
    local out=$lab_home/../../out
    packages=("${HOOKAGENT_DEB:-}" "${HOOKAGENT_WASIMOFF_DEB:-}")
    standin=${HOOKAGENT_STANDIN:-}
    if [[ ! -f ${packages[0]} || ! -f ${packages[1]} || ! -f $standin ]]; then
        say "building HookAgent's packages and the stand-ins, where they are not up to date"
        make --no-print-directory -C "$lab_home/../.." lab-parts >&2 ||
            fail "the packages cannot be built; see above, or name ready ones with HOOKAGENT_DEB, HOOKAGENT_WASIMOFF_DEB and HOOKAGENT_STANDIN"
        packages=("$out"/hookagent_*.deb "$out"/hookagent-wasimoff_*.deb)
        standin=$out/standin/wasimoff-standin
    fi
    [[ -f ${packages[0]} && -f ${packages[1]} && ${#packages[@]} == 2 && -f $standin ]] ||
        fail "not one of each in ${out}: hookagent_*.deb, hookagent-wasimoff_*.deb, standin/wasimoff-standin: make clean, make lab-parts"
}

# Into the running nodes, all at once, and the broker on. When Slurm answers: the agent asks it for jobs.
cluster_install() {
    local lab=$1 node nodes pids=() i failed=
    mapfile -t nodes < <(lab_nodes)
    for node in "${nodes[@]}"; do
        install_into "$node" "${packages[@]}" >"$lab/nodes/$node/install.log" 2>&1 &
        pids+=($!)
    done
    for i in "${!pids[@]}"; do
        wait "${pids[i]}" || failed+=" ${nodes[i]}"
    done
    for node in $failed; do
        tail -n 20 "$lab/nodes/$node/install.log" >&2
        fail "the packages cannot be installed in node $node"
    done
    for node in $(topology_nodes_with "$lab/topology" wasimoff-broker); do
        in_node "$lab" "$node" systemctl --quiet enable --now wasimoff-broker.service ||
            fail "the broker does not start: lab logs $node -u wasimoff-broker"
    done
}

# Until sacctmgr knows the cluster and its nodes: only then does slurmctld tell slurmdbd of every job.
cluster_wait_accounting() {
    local controller
    controller=$(topology_nodes_with "$1/topology" slurmdbd)
    until_true 60 cluster_accounts "$1" "$controller" || {
        in_node "$1" "$controller" journalctl --no-pager -n 20 -u slurmdbd -u mariadb -u lab-database -u lab-accounts >&2 || true
        fail "Slurm's accounting does not answer after 60 s"
    }
}

# The controller's port is there once slurmctld has registered.
cluster_accounts() {
    local port
    port=$(in_node "$1" "$2" timeout 5 sacctmgr --noheader --parsable2 list cluster lab format=ControlPort 2>/dev/null) || return 1
    [[ $port == [1-9]* ]]
}
