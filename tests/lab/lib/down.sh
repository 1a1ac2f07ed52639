# shellcheck shell=bash
# lab down

verb_down() {
    (($# == 0)) || usage_error "down takes no argument: $1"
    ((EUID == 0)) || fail "must be root: run it with sudo"
    if [[ ! -e $lab ]]; then
        say "no lab '$lab_name' is there, nothing to do"
        return
    fi
    lab_lock
    lab_remove
    rm -f "$lab.lock"
}

# Ends and removes whatever is there of the lab, also of one that was interrupted half-way.
# Mounts and network links need no care: they live in namespaces that go with their last process.
lab_remove() {
    local node HOST_BOOT='' PID='' STARTED=''
    [[ -e $lab ]] || return 0
    for node in $(lab_nodes); do
        node_kill "$lab" "$node"
    done
    if [[ -e $lab/switch ]]; then
        # shellcheck disable=SC1091
        . "$lab/switch"
        process_kill "$PID" "$STARTED" "$HOST_BOOT"
    fi
    if state_value "$lab/lab" cgroup; then
        cgroup_remove "$REPLY"
    fi
    rm -rf "$lab"
}
