# shellcheck shell=bash
# What this machine must offer. Each lack is one line that says how to get it.

require_root() { ((EUID == 0)) || fail "must be root: run it with sudo"; }

require_to_run() {
    local command
    require_root
    [[ $lab_root == /* && $lab_root != *[,:\\[:space:]]* ]] ||
        fail "HOOKAGENT_LAB must be an absolute path without spaces, , : or \\: $lab_root"
    mkdir -p "$lab_root" 2>/dev/null || fail "cannot make the folder $lab_root: set HOOKAGENT_LAB to another"
    for command in unshare:util-linux nsenter:util-linux setsid:util-linux setpriv:util-linux flock:util-linux ip:iproute2; do
        type -P "${command%:*}" >/dev/null || fail "${command%:*} is missing: apt-get install ${command#*:}"
    done
    unified_hierarchy || fail "no cgroup2 file system on /sys/fs/cgroup or /sys/fs/cgroup/unified: boot with systemd.unified_cgroup_hierarchy=1"
    { mkdir -p "$REPLY/hookagent-lab.probe.$$" && rmdir "$REPLY/hookagent-lab.probe.$$"; } 2>/dev/null ||
        fail "cannot make a cgroup below $REPLY: in a container, it must be writable (docker run --privileged --cgroupns=host)"
    unshare --mount --pid --fork --uts --ipc --net --cgroup true 2>/dev/null ||
        fail "cannot make namespaces: the kernel needs mount, pid, uts, ipc, net and cgroup namespaces, and a container must be privileged"
    unshare --net ip link add probe type veth peer name probe2 2>/dev/null ||
        fail "the kernel has no veth links: modprobe veth"
    unshare --net ip link add probe type bridge 2>/dev/null ||
        fail "the kernel has no bridges: modprobe bridge"
    require_overlay
}

require_overlay() {
    local probe=$lab_root/overlay-probe.$$
    mkdir -p "$probe"/{lower,upper,work,root}
    # shellcheck disable=SC2016
    unshare --mount --propagation private sh -c \
        'mount -t overlay overlay -o "lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work" "$0/root"' "$probe" 2>/dev/null ||
        fail "cannot mount an overlay on $lab_root: modprobe overlay, or point HOOKAGENT_LAB to a folder on ext4, xfs or tmpfs"
    rm -rf "$probe"
}

require_to_build() {
    local release=$1 kind=$2 need=1000
    [[ $kind != cluster ]] || need=1800
    type -P debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
    [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
        fail "Debian's archive keys are missing: apt-get install debian-archive-keyring"
    [[ -e /usr/share/debootstrap/scripts/$release ]] ||
        fail "this machine's debootstrap does not know Debian $release: install a newer one"
    require_room "$need"
}

require_room() {
    local need=$1 free
    free=$(df --output=avail -m "$lab_root" | tail -n 1)
    ((free >= need)) || fail "$lab_root has $((free)) MB free, this needs $need: make room or set HOOKAGENT_LAB to another folder"
}
