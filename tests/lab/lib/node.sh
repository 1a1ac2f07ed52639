# shellcheck shell=bash
# A node: a folder with its overlay, and while it runs a process tree in namespaces of its own.
# The folder outlives its boots, so what is written in the node is still there after a reboot.

# Makes the folder of a node, and what is to be in its root before the first boot.
node_create() {
    local lab=$1 node=$2 address=$3 services=$4 bus=$5 base=$6 etc service
    mkdir -p "$lab/nodes/$node"/{upper,work,root}
    etc=$lab/nodes/$node/upper/etc
    mkdir -p "$etc/systemd/system" "$etc/slurm" "$etc/munge"
    printf '%s\n' "$address" >"$lab/nodes/$node/address"
    printf '%s\n' "$base" >"$lab/nodes/$node/lower"
    printf '%s\n' "$node" >"$etc/hostname"
    {
        printf '127.0.0.1 localhost\n'
        topology_nodes "$lab/topology" | awk '{ print $2, $1 }'
    } >"$etc/hosts"
    tr -d '\n-' </proc/sys/kernel/random/uuid >"$etc/machine-id"
    echo >>"$etc/machine-id"
    if topology_is_cluster "$lab/topology"; then
        cluster_node_files "$lab" "$node" "$services" "$base"
    else
        install --mode=0644 "$lab/topology"/*.conf "$lab_home/releases/$release/cgroup.conf" "$etc/slurm/"
    fi
    # Owner and mode as the package has them: the number of the user is the base's, not this machine's.
    install --mode=0400 "$lab/munge.key" "$etc/munge/munge.key"
    chmod --reference="$base/etc/munge" "$etc/munge"
    chown --reference="$base/etc/munge" "$etc/munge" "$etc/munge/munge.key"
    for service in slurmctld slurmd slurmdbd mariadb; do
        [[ ,$services, == *,$service,* ]] || [[ ! -e $base/lib/systemd/system/$service.service ]] || ln -s /dev/null "$etc/systemd/system/$service.service"
    done
    if [[ $bus == dbus-broker ]]; then
        ln -s /lib/systemd/system/dbus-broker.service "$etc/systemd/system/dbus.service"
    fi
}

# Starts a node that is down.
node_boot() {
    local lab=$1 node=$2 folder=$1/nodes/$2 cgroup supervisor
    cgroup_name
    cgroup=$REPLY
    mkdir -p "$cgroup/$node"
    rm -rf "$folder/work" "$folder/go"
    mkdir "$folder/work"
    mkfifo "$folder/go"
    cat /proc/sys/kernel/random/uuid >"$folder/boot_id"
    : >"$folder/console"

    # In its cgroup before it unshares: the node sees that cgroup as its root. With --kill-child the node dies with
    # its supervisor.
    process_detach "$cgroup/$node" "$folder/console" \
        unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup --propagation private \
        "$lab_home/lib/node-init" "$folder"
    supervisor=$REPLY
    { until_true 10 node_first_process "$cgroup/$node" && process_record "$folder/state" "$REPLY"; } ||
        node_failed "$folder" "did not start"
    process_runs "$folder/state"

    # The node's systemd cannot see its supervisor, so could not move it off before it hands out controllers.
    echo "$supervisor" >"$cgroup/outside/cgroup.procs"
    network_plug "$lab" "$node" "$PID" "$(<"$folder/address")"
    echo go >"$folder/go"
}

# Sets REPLY to the process in a node's cgroup that is in another pid namespace than this.
node_first_process() {
    local pid own theirs
    own=$(readlink /proc/self/ns/pid)
    while read -r pid; do
        theirs=$(readlink "/proc/$pid/ns/pid") || continue
        if [[ $theirs != "$own" ]]; then
            REPLY=$pid
            return 0
        fi
    done <"$1/cgroup.procs"
    return 1
}

node_runs() { process_runs "$1/nodes/$2/state"; }
node_down() { ! node_runs "$@"; }

node_failed() {
    tail -n 20 "$1/console" >&2
    fail "node ${1##*/} $2"
}

# Waits until the node's systemd has finished booting. A node that is not healthy is no ground for tests.
node_wait_booted() {
    local lab=$1 node=$2
    until_true 60 node_booted "$lab" "$node" || node_failed "$lab/nodes/$node" "does not finish booting"
    [[ $REPLY == running ]] || node_failed "$lab/nodes/$node" "is $REPLY: $(
        in_node "$lab" "$node" systemctl list-units --failed --plain --no-legend | awk '{ printf "%s ", $1 }')"
}

# Sets REPLY to what systemd says of itself.
node_booted() {
    node_runs "$1" "$2" || node_failed "$1/nodes/$2" "died while booting"
    REPLY=$(in_node "$1" "$2" systemctl is-system-running 2>/dev/null) || true
    [[ $REPLY == running || $REPLY == degraded || $REPLY == maintenance ]]
}

# Ends a node at once, as a power cut does.
node_kill() {
    local lab=$1 node=$2
    cgroup_name
    cgroup_remove "$REPLY/$node"
    rm -f "$lab/nodes/$node/state"
}

# Shuts a node down as an operator would, and if it does not go, as a power cut would.
node_shut_down() {
    local lab=$1 node=$2
    # systemd's signal for an orderly poweroff.
    process_runs "$lab/nodes/$node/state" && kill -s RTMIN+4 "$PID"
    until_true 60 node_down "$lab" "$node" || say "node $node did not shut down within 60 s, ending it"
    node_kill "$lab" "$node"
}
