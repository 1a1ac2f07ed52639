# shellcheck shell=bash
# shellcheck disable=SC2154 # lab_home, here, base, work: run's own
# The guest's disks.

# tree_make: the lab's base, the packages as dpkg installs them, and what is in guest/: a node by itself.
tree_make() {
    local root=$work/root
    say "making the guest's root file system"
    cp -a --reflink=auto "$base" "$root"
    cp -R "$here/guest/." "$root/"
    printf '127.0.0.1 localhost\n10.77.0.2 controller\n10.77.0.10 com0\n' >"$root/etc/hosts"
    head -c 1024 /dev/urandom >"$root/etc/munge/munge.key"
    chmod 0400 "$root/etc/munge/munge.key"
    chown --reference="$root/etc/munge" "$root/etc/munge/munge.key"

    install -D --mode=0644 --target-directory="$root/etc/systemd/system/wasimoff-provider.service.d" "$lab_home/standin/50-standin.conf"
    install -D --mode=0755 --target-directory="$root/usr/local/lib/vm" "$here/checks-in-order"
    install -D --mode=0644 --target-directory="$root/usr/local/lib/vm" "$here/guest.sh" "$lab_home/lib/wait.sh"
    install -D --mode=0644 --target-directory="$root/usr/local/lib/vm/checks" "$here"/checks/*.sh
    gcc -O2 -static -Wall -Werror -pthread -o "$root/usr/local/lib/vm/load" "$here/load.c"

    cp "$HOOKAGENT_DEB" "$HOOKAGENT_WASIMOFF_DEB" "$root/root/"
    # shellcheck disable=SC2016 # for the inner shell
    setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child sh -c '
        mount -t proc proc "$0/proc" && chroot "$0" sh -c "DEBIAN_FRONTEND=noninteractive dpkg -i /root/*.deb && rm /root/*.deb"' "$root" \
        </dev/null >"$work/dpkg" 2>&1 || fail "the packages cannot be installed: $(tail -n 5 "$work/dpkg")"
}

# tree_of_pair: the tree is from now on that of two machines, with the settings as shipped and the stand-ins of the lab's clusters.
tree_of_pair() {
    local root=$work/root
    rm -r "$root/etc/systemd/system/wasimoff-provider.service.d" "$root/etc/hookagent/hookagent.conf.d/vm.conf"
    cp -R "$lab_home/cluster/files/hookagentd/." "$lab_home/cluster/files/wasimoff-broker/." "$root/"
    install -D --mode=0755 "$HOOKAGENT_STANDIN" "$root/usr/local/lib/wasimoff-standin/wasimoff-standin"
    sed -i 's/^SlurmctldHost=.*/SlurmctldHost=controller/' "$root/etc/slurm/slurm.conf"
}

# machine_of_pair NAME ADDRESS OTHERS-SERVICE...: the tree is from now on this one's.
machine_of_pair() {
    local system=$work/root/etc/systemd/system service
    printf 'LINK=eth0\nADDRESS=%s/24\n' "$2" >"$work/root/etc/vm-network"
    rm -f "$system"/{slurmctld,slurmd,wasimoff-broker}.service "$system/multi-user.target.wants/wasimoff-broker.service"
    for service in "${@:3}"; do ln -s /dev/null "$system/$service.service"; done
    [[ $1 != controller ]] || ln -s /lib/systemd/system/wasimoff-broker.service "$system/multi-user.target.wants/"
}

# image_make NAME HOST: the disk NAME.img, of the tree as it is.
image_make() {
    local root=$work/root
    printf '%s\n' "$2" >"$root/etc/hostname"
    tr -d '\n-' </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    echo >>"$root/etc/machine-id"
    truncate --size=1200M "$work/$1.img"
    mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root" "$work/$1.img"
}

# scratch_make FILE: a disk with a file to read from.
scratch_make() {
    mkdir -p "$work/scratch"
    head -c 64M /dev/urandom >"$work/scratch/data"
    chmod 0644 "$work/scratch/data"
    truncate --size=128M "$1"
    mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$work/scratch" "$1"
    rm -r "$work/scratch"
}
