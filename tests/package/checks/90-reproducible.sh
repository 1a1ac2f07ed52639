# The same sources give the same packages, in another folder, at another time, for somebody else.

# The generator of log methods writes several classes in an order that differs from build to build.
same 'the log methods stand in one file' src/HookAgent.Daemon/Journal/NodeLog.cs \
    "$(grep -rl --include='*.cs' '\[LoggerMessage(' src)"

# A second build takes its time: only in the long run.
[[ -n $long ]] || return 0

other=$(mktemp -d -p /var/tmp hookagent-elsewhere-XXXXXX)
if (umask 077 && env -u HOOKAGENT_BIN -u HOOKAGENT_ROOT TZ=Pacific/Apia LC_ALL=C.UTF-8 HOME="$work" USER=somebody \
    NUGET_PACKAGES="${HOOKAGENT_DEB%/*}/nuget" packaging/build-deb "$other/out" >"$work/second-build" 2>&1); then
    # Those for another processor, which may lie there too, are another build's.
    for deb in "${HOOKAGENT_DEB%/*}"/hookagent*_{"$(dpkg --print-architecture)",all}.deb; do
        if cmp -s "$deb" "$other/out/${deb##*/}"; then
            ok "${deb##*/} is the same from another folder"
        else
            not_ok "${deb##*/} is the same from another folder" \
                "$(type -P diffoscope >/dev/null && diffoscope --text - "$deb" "$other/out/${deb##*/}" | head -n 100)"
        fi
    done
else
    not_ok 'a second build in another folder' "$(tail -n 20 "$work/second-build")"
fi
rm -rf "$other"
