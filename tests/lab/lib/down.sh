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
}

# Ends and removes whatever is there of the lab, also of one that was interrupted half-way. All its processes are in
# its cgroup. Mounts and network links need no care: they live in namespaces that go with their last process.
lab_remove() {
    [[ -e $lab ]] || return 0
    if state_value "$lab/lab" cgroup; then
        cgroup_remove "$REPLY"
    fi
    rm -rf "$lab"
}
