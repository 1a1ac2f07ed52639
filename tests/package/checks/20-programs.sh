# The programs as linked.

dynamic() { readelf --dynamic --wide "$1"; }

# its limit's name in tests/bench/accepted, its loader, libraries it may be linked with
while read -r path accepted loader libraries; do
    limit=$(awk -v name="$accepted" '$1 == name { print $2 }' tests/bench/accepted)
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
    newest=$(objdump --dynamic-syms "$program" 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort --unique --version-sort | tail -n 1)
    same "$name needs no glibc newer than 2.34" GLIBC_2.34 "$(printf '%s\n' GLIBC_2.34 "$newest" | sort --version-sort | tail -n 1)"
    interpreter=$(readelf --program-headers --wide "$program" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
    same "the loader of $name" "$loader" "${interpreter:-none}"
done <<'END'
usr/libexec/hookagent/slurm-hook hook-bytes none none
usr/sbin/hookagentd daemon-bytes /lib64/ld-linux-x86-64.so.2 libc.so.6,ld-linux-x86-64.so.2,libm.so.6
usr/bin/hookctl ctl-bytes /lib64/ld-linux-x86-64.so.2 libc.so.6,ld-linux-x86-64.so.2,libm.so.6
END

# Entries for the journal that are larger than a datagram are the agent's alone.
same "only hookagentd has the code for memory files" "$root/usr/sbin/hookagentd" \
    "$(grep --files-with-matches --binary-files=text hookagentd-journal-entry "$root"/usr/libexec/hookagent/slurm-hook "$root"/usr/sbin/hookagentd "$root"/usr/bin/hookctl)"
