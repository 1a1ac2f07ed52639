# The portable programs as linked, and those for arm64.

unpack_deb() { mkdir -p "$2" && dpkg-deb --extract "$1" "$2"; }
unpack_deb "$out/hookagent_${version}_arm64.deb" "$work/arm64"

# linked WHERE PROGRAM LOADER: no glibc newer than 2.28, and no library but glibc's own.
linked() {
    local program=$work/$1/$2 name="${2##*/} of $1" newest
    newest=$(aarch64-linux-gnu-readelf --wide --version-info "$program" | grep -o 'GLIBC_[0-9.]*' | sort --unique --version-sort | tail -n 1)
    same "$name needs no glibc newer than 2.28" GLIBC_2.28 "$(printf '%s\n' GLIBC_2.28 "$newest" | sort --version-sort | tail -n 1)"
    same "$name is linked with nothing but glibc's own libraries" '' \
        "$(readelf --dynamic --wide "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
            grep -vxE 'lib(c\.so\.6|m\.so\.6|pthread\.so\.0|dl\.so\.2|rt\.so\.1)|ld-linux-(x86-64\.so\.2|aarch64\.so\.1)')"
    same "the loader of $name" "$3" "$(readelf --program-headers --wide "$program" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')"
}
for where in x86_64=/lib64/ld-linux-x86-64.so.2 aarch64=/lib/ld-linux-aarch64.so.1 arm64=/lib/ld-linux-aarch64.so.1; do
    linked "${where%%=*}" usr/libexec/hookagent/slurm-hook ''
    linked "${where%%=*}" usr/sbin/hookagentd "${where#*=}"
    linked "${where%%=*}" usr/bin/hookctl "${where#*=}"
done

code() { objcopy --dump-section .text="$work/code" "$1" /dev/null && sha256sum <"$work/code"; }
same 'the hook of the rpm is that of the .deb' "$(code "$root/usr/libexec/hookagent/slurm-hook")" "$(code "$work/x86_64/usr/libexec/hookagent/slurm-hook")"
same "the .deb for arm64 asks for glibc 2.28" 'libc6 (>= 2.28)' \
    "$(dpkg-deb --field "$out/hookagent_${version}_arm64.deb" Depends | tr ',' '\n' | sed -n 's/^ *\(libc6\)/\1/p')"
# Machine code makes words, which are other ones with each change of a program.
silent 'lintian has nothing to say of the package for arm64' lintian --allow-root --pedantic --display-info --suppress-tags spelling-error-in-binary \
    --fail-on error,warning,info,pedantic "$out/hookagent_${version}_arm64.changes"
