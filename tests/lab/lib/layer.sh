# shellcheck shell=bash
# A layer: Debian's packages that only some nodes have, laid over the base. It is made once, is kept beside the bases, and
# costs nothing where nobody asks for it.

# Sets REPLY to the folder of the layer that these packages make over this base. Its name is the stamp.
layer_folder() {
    local base=$1 name=$2 stamp
    shift 2
    stamp=$(printf '%s\n' "$@" | cat - "$lab_home/lib/layer.sh" | sha256sum)
    REPLY=$lab_root/layers/${base##*/}-$name-${stamp:0:12}
}

# Builds the layer unless it is there. As with a base, an interrupted build is never taken for a layer.
layer_build() {
    local layer=$1 base=$2 release=$3 building=$1.building
    shift 3
    if [[ -d $layer ]]; then
        touch "$layer"
        return 0
    fi
    mkdir -p "$lab_root/layers"
    exec {layer_lock}>"$lab_root/layers/lock"
    flock -w 600 "$layer_lock" || fail "another lab has been building a layer for 10 minutes"
    if [[ ! -d $layer ]]; then
        require_room 2500
        say "building a layer (once, a minute or two): $*"
        rm -rf "$building"
        mkdir -p "$building"/{upper,work,root}
        layer_install "$building" "$base" "$release" "$@"
        mv -T "$building/upper" "$layer"
        rm -rf "$building"
        layer_prune
    fi
    exec {layer_lock}>&-
}

# This machine's apt downloads, that of the base installs, without a network, in namespaces that go with it.
layer_install() {
    local building=$1 base=$2 release=$3 folder=$lab_root/apt/$3 debs=()
    shift 3
    apt_update "$folder" "$release"
    apt_download "$folder" "$base/var/lib/dpkg/status" "$@"
    # shellcheck disable=SC2016
    setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child --net sh -euc '
        building=$1 base=$2 debs=$3
        shift 3
        root=$building/root
        mount -t overlay overlay -o "lowerdir=$base,upperdir=$building/upper,workdir=$building/work" "$root"
        mount -t proc proc "$root/proc"
        mount -t tmpfs tmpfs "$root/mnt"
        mkdir "$root/mnt/debs"
        mount --bind "$debs" "$root/mnt/debs"
        DEBIAN_FRONTEND=noninteractive chroot "$root" sh -c "cd /mnt/debs && exec apt-get install --yes --no-install-recommends \"\$@\"" sh "$@"
        rm -rf "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* "$root"/var/lib/apt/lists/*
    ' sh "$building" "$base" "$lab_root/debs" "${debs[@]/#*\//./}" >"$lab_root/layers/build.log" 2>&1 </dev/null ||
        fail "the packages $* cannot be installed over the base (all of it in $lab_root/layers/build.log): $(grep '^E: ' "$lab_root/layers/build.log" | tail -n 1)"
}

# Removes what no lab has used for a week.
layer_prune() {
    local old
    rm -rf "$lab_root"/layers/*.building
    while read -r old; do
        grep -qsF "$old" "$lab_root"/labs/*/nodes/*/lower || rm -rf "$old"
    done < <(find "$lab_root/layers" -mindepth 1 -maxdepth 1 -type d -mtime +7)
}
