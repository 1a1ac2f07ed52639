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
        install_into "$node" "$@" || fail "dpkg failed in node $node"
    done
}

install_into() {
    local node=$1
    shift
    process_runs "$lab/nodes/$node/state" || return 1
    mkdir -p "/proc/$PID/root/run/lab-install"
    cp -- "$@" "/proc/$PID/root/run/lab-install/"
    # shellcheck disable=SC2016
    in_node "$lab" "$node" sh -c 'cd /run/lab-install && DEBIAN_FRONTEND=noninteractive dpkg -i "$@"' sh \
        "${@##*/}" </dev/null || return 1
    in_node "$lab" "$node" rm -rf /run/lab-install
}
