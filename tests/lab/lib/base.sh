# shellcheck shell=bash
# The base: one Debian system that all nodes' roots are laid over, made once and kept until its recipe changes. There is
# one for each release of Debian, and for the cluster topologies one with accounting besides.

# A release that the lab knows is a folder with what differs in it.
releases() {
    local folder
    for folder in "$lab_home"/releases/*/; do
        folder=${folder%/}
        printf '%s ' "${folder##*/}"
    done
}

# Prints the lists of packages a base is made of: the cluster's are further ones.
base_package_lists() {
    printf '%s\n' base/packages
    [[ $1 != cluster ]] || printf '%s\n' base/packages-cluster
}

# Sets REPLY to the folder of the base that this recipe makes. Its name is the stamp.
base_folder() {
    local release=$1 kind=$2 stamp
    stamp=$(cd "$lab_home" && {
        base_package_lists "$kind" | xargs cat lib/base.sh base/masked-units
        find base/files -type f -print0 | LC_ALL=C sort -z | xargs -0 tail -v -n +1
    } | sha256sum)
    REPLY=$lab_root/base/$release-$kind-${stamp:0:12}
}

# Builds the base unless it is there. Works under a temporary name: an interrupted build is never taken for a base.
base_build() {
    local base=$1 release=$2 kind=$3 building=$1.building mirror packages
    [[ ! -d $base ]] || return 0
    mkdir -p "$lab_root/base" "$lab_root/debs"
    exec {base_lock}>"$lab_root/base/lock"
    flock -w 600 "$base_lock" || fail "another lab has been building a base for 10 minutes"
    if [[ ! -d $base ]]; then
        require_to_build "$release" "$kind"
        mirror=$(debian_mirror "$release")
        [[ -n $mirror ]] || fail "no Debian mirror in this machine's apt sources; name one with HOOKAGENT_LAB_MIRROR=URL"
        packages=$(cd "$lab_home" && base_package_lists "$kind" | xargs sed -e 's/#.*//' -e '/^[[:space:]]*$/d' | paste -sd,)
        rm -rf "$building"
        say "building the base (once, some minutes): downloading and unpacking Debian $release"
        base_bootstrap "$building" "$release" "$mirror" "$packages"
        say "building the base: setting up users, units and journal"
        base_set_up "$building"
        mv -T "$building" "$base"
        base_prune
    fi
    exec {base_lock}>&-
}

# In namespaces of its own and bound to this process: whatever it mounts or starts is gone with it, however it ends.
base_bootstrap() {
    local target=$1 release=$2 mirror=$3 packages=$4 log=$lab_root/base/build.log http_proxy=${http_proxy:-}
    [[ -n $http_proxy ]] || eval "$(apt-config shell http_proxy Acquire::http::Proxy 2>/dev/null)"
    http_proxy=$http_proxy DEBIAN_FRONTEND=noninteractive \
        setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
        debootstrap --variant=minbase --cache-dir="$lab_root/debs" --include="$packages" \
        "$release" "$target" "$mirror" </dev/null 2>&1 | base_progress "$log" ||
        fail "debootstrap failed: $(grep -E '^(E|W): ' "$log" | grep -v " for details" | tail -n 1) (all of it in $log)"
}

# Takes what debootstrap says: all of it goes to the log, and every fiftieth package of each step is told.
base_progress() {
    local line step
    local -A packages=([Retrieving]=0 [Unpacking]=0 [Configuring]=0)
    while read -r line; do
        printf '%s\n' "$line"
        step=${line#I: }
        step=${step%% *}
        [[ -n $step && -n ${packages[$step]:-} ]] || continue
        packages[$step]=$((packages[$step] + 1))
        ((packages[$step] % 50)) || say "  ${step,} packages: ${packages[$step]}"
    done >"$1"
}

base_set_up() {
    local base=$1 unit
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$lab_home/base/masked-units" | while read -r unit; do
        ln -sfn /dev/null "$base/etc/systemd/system/$unit"
    done
    # Its package makes dbus-broker the system's bus on installation; here the topology chooses.
    rm -f "$base/etc/systemd/system/dbus.service"
    cp -R "$lab_home/base/files/." "$base/"
    chroot "$base" useradd --uid 2000 --user-group --create-home --shell /bin/bash alice
    : >"$base/etc/machine-id"
    : >"$base/etc/resolv.conf"
    : >"$base/etc/fstab"
    rm -rf "$base"/etc/munge/munge.key "$base"/var/cache/apt/* "$base"/var/lib/apt/lists/* \
        "$base"/usr/share/{doc,man,locale}/* "$base"/var/log/*.log
}

# Removes half-made bases, and those that no lab has stood on for a week: other checkouts may have recipes of their own.
base_prune() {
    local old
    rm -rf "$lab_root"/base/*.building
    while read -r old; do
        grep -qsxF "base=$old" "$lab_root"/labs/*/lab || rm -rf "$old"
    done < <(find "$lab_root/base" -mindepth 1 -maxdepth 1 -type d -mtime +7)
}
