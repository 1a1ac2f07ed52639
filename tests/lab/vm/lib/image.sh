# shellcheck shell=bash
# shellcheck disable=SC2154 # lab_home, here, base, work: run's own
# The guest's disks.

# root_make FILE: the lab's base, the packages as dpkg installs them, the stand-in, and what is in guest/.
root_make() {
    local file=$1 root=$work/root
    say "making the guest's root file system"
    cp -a --reflink=auto "$base" "$root"
    cp -R "$here/guest/." "$root/"
    printf 'com0\n' >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n10.77.0.10 com0\n' >"$root/etc/hosts"
    tr -d '\n-' </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
    echo >>"$root/etc/machine-id"
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
    truncate --size=1200M "$file"
    mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root" "$file"
    rm -rf "$root"
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
