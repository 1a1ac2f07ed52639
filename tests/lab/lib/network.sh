# shellcheck shell=bash
# The lab's wire: a bridge in a network namespace that no address of the host is in. The namespace lives as long as
# one process of the lab's, the switch, and the kernel removes all of it with that process: nothing can be left behind.

switch_start() {
    local lab=$1 cgroup=$2 pid
    process_detach "$cgroup/outside" "$lab/switch.log" unshare --net sleep infinity
    pid=$REPLY
    { until_true 5 switch_ready "$pid" && process_record "$lab/switch" "$pid"; } ||
        fail "the lab's switch did not start: $(tail -n 1 "$lab/switch.log")"
    nsenter -t "$pid" -n ip -batch - <<END
link set lo up
link add lab0 type bridge
link set lab0 up
END
}

switch_ready() {
    local theirs
    theirs=$(readlink "/proc/$1/ns/net") && [[ $theirs != "$(readlink /proc/self/ns/net)" ]]
}

# Plugs a node, named by the process that holds its network namespace, into the switch.
network_plug() {
    local lab=$1 node=$2 pid=$3 address=$4
    process_runs "$lab/switch" || fail "the lab's switch has died: lab down, then lab up"
    # A process of before the boot may have kept the old network alive.
    nsenter -t "$PID" -n ip link delete "$node" 2>/dev/null || true
    nsenter -t "$PID" -n ip -batch - <<END
link add $node type veth peer name eth0 netns $pid
link set $node master lab0 up
END
    nsenter -t "$pid" -n ip -batch - <<END
link set lo up
address add $address/24 dev eth0
link set eth0 up
END
}

# Packets to and from the node vanish, as behind a broken switch: its own link stays up.
network_cut() {
    process_runs "$1/switch" || fail "the lab's switch has died: lab down, then lab up"
    nsenter -t "$PID" -n ip link set "$2" nomaster
}

network_join() {
    process_runs "$1/switch" || fail "the lab's switch has died: lab down, then lab up"
    nsenter -t "$PID" -n ip link set "$2" master lab0
}

network_is_cut() {
    process_runs "$1/switch" && ! nsenter -t "$PID" -n ip -o link show dev "$2" 2>/dev/null | grep -q 'master lab0'
}
