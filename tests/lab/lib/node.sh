# shellcheck shell=bash
# A node: a folder with its overlay, and while it runs a process tree in namespaces of its own.
# The folder outlives its boots, so what is written in the node is still there after a reboot.

# Makes the folder of a node and what is to be in its root before the first boot.
node_create() {
    local lab=$1 node=$2 address=$3 services=$4 bus=$5 base=$6 etc service
    mkdir -p "$lab/nodes/$node"/{upper,work,root}
    etc=$lab/nodes/$node/upper/etc
    mkdir -p "$etc/systemd/system" "$etc/slurm" "$etc/munge"
    printf '%s\n' "$address" >"$lab/nodes/$node/address"
    printf '%s\n' "$node" >"$etc/hostname"
    printf '127.0.0.1 localhost\n' >"$etc/hosts"
    topology_nodes "$lab/topology" | awk '{ print $2, $1 }' >>"$etc/hosts"
    tr -d '\n-' </proc/sys/kernel/random/uuid >"$etc/machine-id"
    echo >>"$etc/machine-id"
    # Copied up from the base by name, so that owners and modes stay the package's.
    chown --reference="$base/etc/munge" "$etc/munge"
    chmod --reference="$base/etc/munge" "$etc/munge"
    install --mode=0400 "$lab/munge.key" "$etc/munge/munge.key"
    chown --reference="$base/etc/munge" "$etc/munge/munge.key"
    install --mode=0644 "$lab/topology"/*.conf "$etc/slurm/"
    for service in slurmctld slurmd; do
        [[ ,$services, == *,$service,* ]] || ln -s /dev/null "$etc/systemd/system/$service.service"
    done
    if [[ $bus == dbus-broker ]]; then
        ln -s /lib/systemd/system/dbus-broker.service "$etc/systemd/system/dbus.service"
    fi
}

# Boots a node that is down.
node_boot() {
    local lab=$1 node=$2 folder=$1/nodes/$2 lab_PID lab_cgroup base supervisor pid boot
    state_value "$lab/lab" cgroup && lab_cgroup=$REPLY
    state_value "$lab/lab" base && base=$REPLY
    state_value "$lab/switch" PID && lab_PID=$REPLY
    host_boot
    boot=$REPLY

    mkdir -p "$lab_cgroup/$node"
    rm -rf "$folder/work" "$folder/go"
    mkdir "$folder/work"
    mkfifo "$folder/go"
    cat /proc/sys/kernel/random/uuid >"$folder/boot_id"
    : >"$folder/console"

    # Joined before unsharing, so that the node sees this cgroup as its root.
    # shellcheck disable=SC2016
    detach "$folder/console" bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$lab_cgroup/$node" \
        unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup --propagation private \
        "$lab_home/lib/node-init" "$folder" "$base"
    supervisor=$REPLY
    process_started "$supervisor" || node_failed "$folder" "did not start"
    printf 'HOST_BOOT=%s\nSUPERVISOR=%s\nSUPERVISOR_STARTED=%s\n' "$boot" "$supervisor" "$REPLY" >"$folder/state"
    until_true 10 node_first_process "$lab_cgroup/$node" "$supervisor" || node_failed "$folder" "did not start"
    pid=$REPLY
    process_started "$pid" || node_failed "$folder" "did not start"
    printf 'PID=%s\nSTARTED=%s\n' "$pid" "$REPLY" >>"$folder/state"

    # Not in the node's cgroup: systemd, which cannot see it, could not move it off before handing out controllers.
    echo "$supervisor" >"$lab_cgroup/outside/cgroup.procs"
    network_plug "$lab_PID" "$node" "$pid" "$(<"$folder/address")"
    echo go >"$folder/go"
}

# Sets REPLY to the process in a node's cgroup that is not the supervisor.
node_first_process() {
    local pid
    while read -r pid; do
        if [[ $pid != "$2" && $(readlink "/proc/$pid/ns/pid") != $(readlink /proc/self/ns/pid) ]]; then
            REPLY=$pid
            return 0
        fi
    done <"$1/cgroup.procs"
    return 1
}

node_failed() {
    tail -n 20 "$1/console" >&2
    fail "node ${1##*/} $2"
}

node_running() {
    local lab=$1 node=$2 PID='' STARTED='' HOST_BOOT=''
    [[ -e $lab/nodes/$node/state ]] || return 1
    # shellcheck disable=SC1090,SC1091
    . "$lab/nodes/$node/state"
    process_alive "$PID" "$STARTED" "$HOST_BOOT"
}

node_down() { ! node_running "$@"; }

# Runs a command in a node that runs.
in_node() {
    local node=$2 PID='' STARTED='' HOST_BOOT='' SUPERVISOR SUPERVISOR_STARTED
    # shellcheck disable=SC1090
    . "$1/nodes/$node/state"
    shift 2
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LANG=C.UTF-8 \
        nsenter -t "$PID" -m -u -i -n -p -C -r -w -- "$@"
}

# Waits until the node's systemd has finished booting, whatever the outcome.
node_wait_booted() {
    local lab=$1 node=$2 state
    until_true 10 node_has_manager "$lab" "$node" || node_failed "$lab/nodes/$node" "did not start its systemd"
    state=$(in_node "$lab" "$node" timeout 60 systemctl is-system-running --wait) || true
    [[ $state == running ]] || node_failed "$lab/nodes/$node" "is ${state:-not booting}: $(
        in_node "$lab" "$node" systemctl list-units --failed --plain --no-legend | awk '{ printf "%s ", $1 }')"
}

node_has_manager() {
    node_running "$1" "$2" || node_failed "$1/nodes/$2" "died while booting"
    in_node "$1" "$2" systemctl is-system-running 2>/dev/null | grep -Eq 'initializing|starting|running|degraded'
}

# Ends a node at once, as a power cut does.
node_kill() {
    local lab=$1 node=$2 HOST_BOOT='' PID='' STARTED='' SUPERVISOR='' SUPERVISOR_STARTED='' cgroup
    if [[ -e $lab/nodes/$node/state ]]; then
        # shellcheck disable=SC1090,SC1091
        . "$lab/nodes/$node/state"
        process_kill "$PID" "$STARTED" "$HOST_BOOT"
        until_true 10 node_down "$lab" "$node" || fail "node $node does not die"
        process_kill "$SUPERVISOR" "$SUPERVISOR_STARTED" "$HOST_BOOT"
    fi
    state_value "$lab/lab" cgroup && cgroup_remove "$REPLY/$node"
    rm -f "$lab/nodes/$node/state"
}

# Shuts a node down as an operator would, and if it does not go, as a power cut would.
node_shut_down() {
    local lab=$1 node=$2 HOST_BOOT PID STARTED SUPERVISOR SUPERVISOR_STARTED
    # shellcheck disable=SC1090,SC1091
    . "$lab/nodes/$node/state"
    # systemd's signal for an orderly poweroff.
    kill -s RTMIN+4 "$PID"
    until_true 60 node_down "$lab" "$node" || say "node $node did not shut down within 60 s, ending it"
    node_kill "$lab" "$node"
}
