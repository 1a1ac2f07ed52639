# shellcheck shell=bash
# The way into a node: its namespaces, root and working directory, and nothing of the caller's environment.

# Becomes a command in the node with this first process. The command ends with its caller (whoever kills `lab exec`
# means what it runs) and, like all else in a node, cannot set the machine's clock.
enter_node() {
    local pid=$1
    shift
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LANG=C.UTF-8 \
        TERM="${TERM:-dumb}" nsenter -t "$pid" -m -u -i -n -p -C -r -w -- \
        setpriv --pdeathsig TERM --bounding-set=-sys_time,-sys_module,-sys_rawio -- "$@"
}

# Runs a command in a node.
in_node() {
    process_runs "$1/nodes/$2/state" || fail "node $2 is not running: lab start-node $2"
    shift 2
    (enter_node "$PID" "$@")
}
