# shellcheck shell=bash
# lab install FILE.deb...: into every node, with the node's own dpkg.

verb_install() {
    local file node
    (($#)) || usage_error "install what? lab install FILE.deb..."
    for file; do
        [[ -f $file ]] || usage_error "no such file: $file"
    done
    require_all_nodes
    for node in $(lab_nodes); do
        process_runs "$lab/nodes/$node/state"
        mkdir -p "/proc/$PID/root/run/lab-install"
        cp -- "$@" "/proc/$PID/root/run/lab-install/"
        # shellcheck disable=SC2016
        in_node "$lab" "$node" sh -c 'cd /run/lab-install && DEBIAN_FRONTEND=noninteractive dpkg -i "$@"' sh \
            "${@##*/}" </dev/null || fail "dpkg failed in node $node"
        in_node "$lab" "$node" rm -rf /run/lab-install
    done
}
