# shellcheck shell=bash
# lab install FILE.deb...: into every node, with the node's own dpkg.

verb_install() {
    local file node PID STARTED HOST_BOOT SUPERVISOR SUPERVISOR_STARTED
    (($#)) || usage_error "install what? lab install FILE.deb..."
    for file; do
        [[ -f $file ]] || usage_error "no such file: $file"
    done
    require_node "$(lab_nodes | head -n 1)"
    lab_lock
    for node in $(lab_nodes); do
        node_running "$lab" "$node" || fail "node $node is not running: lab start-node $node"
    done
    for node in $(lab_nodes); do
        # shellcheck disable=SC1090,SC1091
        . "$lab/nodes/$node/state"
        mkdir -p "/proc/$PID/root/run/lab-install"
        cp -- "$@" "/proc/$PID/root/run/lab-install/"
        # shellcheck disable=SC2016
        in_node "$lab" "$node" sh -c 'cd /run/lab-install && DEBIAN_FRONTEND=noninteractive dpkg -i "$@"' sh \
            "${@##*/}" </dev/null || fail "dpkg failed in node $node"
        rm -rf "/proc/$PID/root/run/lab-install"
    done
}
