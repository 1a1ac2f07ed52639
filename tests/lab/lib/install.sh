# shellcheck shell=bash
# lab install FILE.deb... | FILE.rpm...: into every node, with the node's own dpkg, or with Debian's rpm, which knows nothing of
# what dpkg has installed and so is asked to look for no dependency.

verb_install() {
    local file node rpm=
    (($#)) || usage_error "install what? lab install FILE.deb... | FILE.rpm..."
    for file; do
        [[ -f $file ]] || usage_error "no such file: $file"
        [[ $file != *.rpm ]] || rpm=yes
    done
    require_all_nodes
    for node in $(lab_nodes); do
        [[ -z $rpm ]] || in_node "$lab" "$node" rpm --version >/dev/null 2>&1 || verb_apt rpm
        install_into "$node" "$@" || fail "the packages cannot be installed in node $node"
    done
}

# install_into NODE FILE...
install_into() {
    local node=$1 tool='DEBIAN_FRONTEND=noninteractive dpkg -i'
    shift
    [[ $1 != *.rpm ]] || tool='rpm --force-debian --nodeps --upgrade --replacepkgs --oldpackage'
    process_runs "$lab/nodes/$node/state" || return 1
    mkdir -p "/proc/$PID/root/run/lab-install"
    cp -- "$@" "/proc/$PID/root/run/lab-install/"
    in_node "$lab" "$node" sh -c "cd /run/lab-install && $tool \"\$@\"" sh "${@##*/}" </dev/null || return 1
    in_node "$lab" "$node" rm -rf /run/lab-install
}
