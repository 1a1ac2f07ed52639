# The units as systemd reads them, without a running systemd.

# Runs a command where the package's files lie over this machine's, so that systemd finds the programs, the manual
# pages and the units they refer to.
installed_here() {
    local over=$work/over
    if [[ ! -d $over ]]; then
        mkdir -p "$over"
        cp -a "$root/usr" "$root/etc" "$over"
        [[ ! -d $root/lib ]] || cp -a "$root/lib" "$over/usr/"
    fi
    unshare --mount --propagation private bash -c '
        over=$1
        shift
        for folder in usr etc; do
            mount -t overlay overlay -o "lowerdir=$over/$folder:/$folder" "/$folder" || exit
        done
        exec "$@"' bash "$over" "$@"
}

units=()
for file in "$root"/{lib,usr/lib}/systemd/system/*; do
    [[ ! -f $file ]] || units+=("${file##*/}")
done

for unit in "${units[@]}"; do
    silent "systemd-analyze verify has nothing to say of $unit" \
        installed_here systemd-analyze verify --recursive-errors=no "$unit"
done
same 'nothing is enabled by the packages but the agent, and the broker by hand' \
    'hookagentd.service wasimoff-broker.service' \
    "$(cd "$work/over/usr/lib/systemd/system" && grep -l '^\[Install\]' -- "${units[@]}" | sort | paste -sd ' ')"

# Exposure as systemd-analyze counts it, from 0 to 10.
while read -r unit limit; do
    exposure=$(systemd-analyze security --offline=true --root="$root" --no-pager "$unit" 2>&1 |
        sed -n 's/^→ Overall exposure level for [^:]*: \([0-9.]*\) .*/\1/p')
    at_most "exposure of $unit" "$limit" "${exposure:-99}" ''
done <<'END'
hookagentd.service 1.2
wasimoff-provider.service 2.0
wasimoff-broker.service 2.0
END

# What must not drift apart.
setting() { sed -n "s/^$2=//p" "$work/over/usr/lib/systemd/system/$1"; }
same 'the provider is bound to the agent' 'hookagentd.service' "$(setting wasimoff-provider.service BindsTo)"
same 'systemd refuses the provider beside a record' '!/run/hookagent/jobs' \
    "$(setting wasimoff-provider.service ConditionDirectoryNotEmpty)"
same 'systemd never restarts the provider' no "$(setting wasimoff-provider.service Restart)"
same "the provider's check differs from it in nothing but what it is for" \
    'Description ExecStart TimeoutStartSec Type' \
    "$(diff <(grep -v -e '^#' -e '^ConditionPathExists=/run/hookagent/permit/' "$work/over/usr/lib/systemd/system/wasimoff-provider.service") \
        "$work/over/usr/lib/systemd/system/wasimoff-provider-check.service" | sed -n 's/^[<>] \([A-Za-z]*\)=.*/\1/p' | sort -u | paste -sd ' ')"
grace=$(sed -n 's/^#\?StopGrace=\([0-9]*\)s$/\1/p' "$root/etc/hookagent/hookagent.conf")
same "the provider's TimeoutStopSec= is the default StopGrace= and 4 s" "$((grace + 4))s" \
    "$(setting wasimoff-provider.service TimeoutStopSec)"

# tmpfiles: the record directory's proof is made at boot alone.
mkdir -p "$work/tmpfiles/etc" && printf 'root:x:0:0::/root:/bin/sh\n' >"$work/tmpfiles/etc/passwd" &&
    printf 'root:x:0:\n' >"$work/tmpfiles/etc/group"
tmpfiles() { systemd-tmpfiles --root="$work/tmpfiles" "$@" "$PWD/systemd/tmpfiles.d/hookagent.conf" 2>&1; }
listing() { (cd "$work/tmpfiles/run" && find . -mindepth 1 -printf '%M %U:%G %p\n' | sort -k 3); }
tmpfiles --create
same 'an installation makes the record directory without its proof' \
    $'drwxr-xr-x 0:0 ./hookagent\n-rw-r--r-- 0:0 ./hookagent/boot-id\ndrwxr-xr-x 0:0 ./hookagent/jobs\ndrwxr-xr-x 0:0 ./hookagent/permit' "$(listing)"
tmpfiles --create --boot
same 'a boot makes the proof' \
    $'drwxr-xr-x 0:0 ./hookagent\n-rw-r--r-- 0:0 ./hookagent/boot-id\ndrwxr-xr-x 0:0 ./hookagent/jobs\n-rw-r--r-- 0:0 ./hookagent/jobs/.complete\ndrwxr-xr-x 0:0 ./hookagent/permit' \
    "$(listing)"

# A soft-reboot is the same boot id and the same /run.
touch -d @1 "$work/tmpfiles/run/hookagent/jobs/.complete"
mkdir -p "$work/tmpfiles/run/hookagent/jobs/18/x" && touch "$work/tmpfiles/run/hookagent/jobs/17" "$work/tmpfiles/run/hookagent/jobs/.17.1"
tmpfiles --create --remove
same 'nothing but a boot discards the records' '.17.1 .complete 17 18 1' \
    "$(cd "$work/tmpfiles/run/hookagent" && echo $(ls -A jobs) "$(stat -c %Y jobs/.complete)")"
tmpfiles --create --remove --boot
same 'a soft-reboot discards the records and makes the proof anew' '.complete later' \
    "$(cd "$work/tmpfiles/run/hookagent" && ls -A jobs) $([ "$(stat -c %Y "$work/tmpfiles/run/hookagent/jobs/.complete")" -gt 1 ] && echo later)"

# Beside an agent that reads, where it is run by hand. The order of lines would be left to chance.
gone=()
for _ in 1 2 3 4 5; do
    touch "$work/tmpfiles/run/hookagent/jobs/17" "$work/tmpfiles/run/hookagent/jobs/.17.1"
    gone+=("$(SYSTEMD_LOG_LEVEL=debug tmpfiles --create --remove --boot | sed -n 's,^rm -rf ".*/,,p' | head -n 1)")
done
same 'the proof goes before the records' '.complete" .complete" .complete" .complete" .complete"' "${gone[*]}"

# systemd 239 knows no other modifiers than these, passes over a line that has one, and removes by a pattern last.
same 'systemd 239 passes over what would remove the proof that it has made' 'd d d d f+ f+!' \
    "$(echo $(sed -nE 's,^([A-Za-z][!+]*) .*,\1,p' "$PWD/systemd/tmpfiles.d/hookagent.conf"))"

same 'the provider runs as a static system user without a shell' 'u wasimoff - /usr/sbin/nologin' \
    "$(sed -n 's/^\(u wasimoff -\) ".*" [^ ]* \(.*\)/\1 \2/p' "$root/usr/lib/sysusers.d/hookagent-wasimoff.conf")"
