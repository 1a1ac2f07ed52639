# shellcheck shell=bash
# shellcheck disable=SC2154 # lab_root, lab_home, here: run's own
# Debian's kernel, and the first file system it sees.

# kernel_fetch FOLDER: the kernel that linux-image-amd64 stands for, from the mirror of the bases, and its modules. Kept until
# somebody removes the folder.
kernel_fetch() {
    local folder=$1 apt=$lab_root/apt/bookworm package
    [[ ! -e $folder/vmlinuz ]] || return 0
    apt_update "$apt" bookworm
    # On a machine with nothing installed, apt names all that would be needed; the kernel itself is enough.
    package=$(apt_for "$apt" /dev/null install --print-uris --yes -qq -o Dir::Cache::archives="$apt/none/" linux-image-amd64 |
        sed -n 's,^.*/\(linux-image-[0-9][^_]*-amd64\)_.*,\1,p' | head -n 1)
    [[ -n $package ]] || fail "apt does not say which kernel linux-image-amd64 stands for"
    say "fetching $package"
    rm -rf "$folder.building"
    mkdir -p "$folder.building"
    (cd "$folder.building" && apt_for "$apt" /dev/null download "$package" >"$apt/log" 2>&1) ||
        fail "apt-get cannot download $package (all of it in $apt/log)"
    dpkg-deb --extract "$folder.building"/*.deb "$folder.building"
    rm "$folder.building"/*.deb
    depmod --basedir "$folder.building" "${package#linux-image-}"
    cp "$folder.building/boot/vmlinuz-${package#linux-image-}" "$folder.building/vmlinuz"
    rm -rf "$folder"
    mv -T "$folder.building" "$folder"
}

# initrd_make FILE KERNEL-FOLDER: a program that loads the modules, in their order, and goes on to the disk.
initrd_make() {
    local file=$1 kernel=$2 version module number=100 tree=$work/initrd.tree
    version=$(basename "$kernel"/lib/modules/*)
    mkdir -p "$tree"/{dev,root,modules}
    gcc -Os -static -Wall -Werror -o "$tree/init" "$here/init.c"
    while read -r module; do
        number=$((number + 1))
        cp "$module" "$tree/modules/$number-${module##*/}"
    done < <(for module in virtio_pci virtio_blk virtio_net crc32c_generic ext4 bfq autofs4; do
        modprobe --dirname "$kernel" --set-version "$version" --show-depends "$module"
    done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }')
    (cd "$tree" && find . | cpio --quiet --create --format=newc) | gzip -1 >"$file"
}
