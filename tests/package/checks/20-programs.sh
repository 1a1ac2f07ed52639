# The programs as linked.

dynamic() { readelf --dynamic --wide "$1"; }

# limit in bytes, libraries it may be linked with
while read -r path limit libraries; do
    program=$root/$path
    name=${path##*/}
    at_most "size of $name" "$limit" "$(stat --format %s "$program")" bytes
    if readelf --file-header "$program" | grep -q 'DYN (Position-Independent'; then
        ok "$name is position-independent"
    else
        not_ok "$name is position-independent"
    fi
    same "$name is bound at start" "FLAGS_1 NOW PIE" \
        "$(dynamic "$program" | sed -n 's/.*(\(FLAGS_1\)) *Flags: \(.*\)/\1 \2/p')"
    same "$name has no run path" "" "$(dynamic "$program" | grep -i runpath)"
    needed=$(dynamic "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    same "$name is linked with nothing but $libraries" "" "$(grep -vxFf <(tr , '\n' <<<"$libraries") <<<"$needed")"
done <<'END'
usr/libexec/hookagent/slurm-hook 1363149 libc.so.6,ld-linux-x86-64.so.2,libm.so.6
usr/sbin/hookagentd 5242880 libc.so.6,ld-linux-x86-64.so.2,libm.so.6,libsystemd.so.0
usr/bin/hookctl 6291456 libc.so.6,ld-linux-x86-64.so.2,libm.so.6,libsystemd.so.0
END
