# shellcheck shell=bash
# Each lab has one cgroup in the unified hierarchy and each node one below it, which is what the node sees as its root.

# Sets REPLY to where the unified hierarchy is mounted; fails where there is none.
unified_hierarchy() {
    local mount
    for mount in /sys/fs/cgroup /sys/fs/cgroup/unified; do
        if [[ -e $mount/cgroup.controllers ]]; then
            REPLY=$mount
            return 0
        fi
    done
    return 1
}

# Sets REPLY to this lab's cgroup. Its name carries the lab's folder too: labs of one name may stand in two.
cgroup_name() {
    unified_hierarchy || fail "no cgroup2 file system is mounted"
    REPLY=$REPLY/hookagent-lab.$lab_name.$(printf '%s' "$lab_root" | cksum | cut -d' ' -f1)
}

# Makes the lab's cgroup and hands down what controllers there are (none on a hybrid host).
cgroup_create() {
    local cgroup=$1 parent=${1%/*} controller
    mkdir -p "$cgroup/outside"
    for controller in cpu io memory pids; do
        echo "+$controller" >"$parent/cgroup.subtree_control" || true
        echo "+$controller" >"$cgroup/cgroup.subtree_control" || true
    done 2>/dev/null
}

# Ends every process in a cgroup: being in it proves that the lab started it, or a process of the lab's did.
cgroup_kill() {
    local cgroup=$1 file pid
    [[ -d $cgroup ]] || return 0
    if [[ -e $cgroup/cgroup.kill ]]; then
        echo 1 >"$cgroup/cgroup.kill" || true
        return 0
    fi
    while read -r file; do
        while read -r pid; do
            ((pid == 0)) || kill -KILL "$pid" || true
        done <"$file"
    done < <(find "$cgroup" -name cgroup.procs) 2>/dev/null
}

cgroup_empty() {
    local populated=1
    [[ -d $1 ]] || return 0
    populated=$(awk '$1 == "populated" { print $2 }' "$1/cgroup.events" 2>/dev/null) || return 0
    [[ $populated == 0 ]]
}

cgroup_gone() {
    [[ ! -d $1 ]] || find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [[ ! -d $1 ]]
}

cgroup_remove() {
    local cgroup=$1
    cgroup_kill "$cgroup"
    until_true 10 cgroup_empty "$cgroup" || fail "processes in $cgroup do not die"
    until_true 5 cgroup_gone "$cgroup" || fail "cannot remove the cgroup $cgroup"
}
