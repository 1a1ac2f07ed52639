# shellcheck shell=bash
# lab down

verb_down() {
    (($# == 0)) || usage_error "down takes no argument: $1"
    lab_lock
    if lab_left; then
        lab_remove
    else
        say "no lab '$lab_name' is there, nothing to do"
    fi
}

# Ends and removes whatever is there of the lab, also of one that was interrupted half-way. All its processes are in
# its cgroup. Mounts and network links need no care: they live in namespaces that go with their last process.
lab_remove() {
    cgroup_name
    cgroup_remove "$REPLY"
    rm -rf "$lab"
}
