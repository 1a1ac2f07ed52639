# prerm: what it takes for a Slurm that still runs the hook. The scripts of the package run on a root of our own.

dpkg-deb --control "$HOOKAGENT_DEB" "$work/control"

# slurm_root: a new root with the hook in it; its path in REPLY.
slurm_root() {
    REPLY=$(mktemp -d -p "$work")
    mkdir -p "$REPLY"/{etc/slurm,etc/default,usr/bin,usr/libexec/hookagent}
    cp "$root/usr/bin/hookctl" "$REPLY/usr/bin/"
    install -m 755 /dev/null "$REPLY/usr/libexec/hookagent/slurm-hook"
}

prerm() { DPKG_ROOT=$1 "$work/control/prerm" remove 2>&1; }

# refuses TEXT ROOT FINDING: and names the finding.
refuses() {
    local said status
    said=$(prerm "$2")
    status=$?
    if ((status == 1)) && grep -E '^  (fault|warning) ' <<<"$said" | grep -qF -- "$3"; then ok "$1"; else not_ok "$1" "ended with $status: $said"; fi
}

hook=/usr/libexec/hookagent/slurm-hook

slurm_root
silent 'removal without Slurm is allowed' prerm "$REPLY"
printf 'SlurmctldHost=ctl\n#Prolog=%s\nPrologSlurmctld=%s\n' $hook $hook >"$REPLY/etc/slurm/slurm.conf"
silent 'removal is allowed where only a comment or another kind of prolog names it' prerm "$REPLY"
printf 'SlurmctldHost=ctl\n  prolog = %s # ours\n' $hook >"$REPLY/etc/slurm/slurm.conf"
refuses 'removal is refused while Prolog= names the hook' "$REPLY" "/etc/slurm/slurm.conf:2: Prolog=$hook"
said=$(HOOKAGENT_FORCE_REMOVE=1 prerm "$REPLY"); status=$?
if ((status == 0)) && [[ $said == *"$hook"* ]]; then ok 'removal can be forced, and says what it leaves'; else
    not_ok 'removal can be forced, and says what it leaves' "ended with $status: $said"; fi
silent 'an upgrade is never refused' env DPKG_ROOT="$REPLY" "$work/control/prerm" upgrade 9
printf 'Epilog=\\\n%s\n' $hook >"$REPLY/etc/slurm/slurm.conf"
refuses 'removal is refused while Epilog= names the hook on a continued line' "$REPLY" "/etc/slurm/slurm.conf:1: Epilog=$hook"
printf 'Prolog=%s# ours\n' $hook >"$REPLY/etc/slurm/slurm.conf"
refuses 'removal is refused while a comment follows the hook at once' "$REPLY" "/etc/slurm/slurm.conf:1: Prolog=$hook"
printf 'Include none.conf\n' >"$REPLY/etc/slurm/slurm.conf"
refuses 'removal is refused while an Include cannot be read' "$REPLY" '/etc/slurm/slurm.conf:1 includes /etc/slurm/none.conf'

slurm_root
for broken in missing failing; do
    if [[ $broken == missing ]]; then rm "$REPLY/usr/bin/hookctl"; else
        printf '#!/bin/sh\nexit 134\n' >"$REPLY/usr/bin/hookctl"
        chmod 755 "$REPLY/usr/bin/hookctl"
    fi
    said=$(prerm "$REPLY"); status=$?
    if ((status == 1)) && [[ $said == *'hookctl, which looks'* ]]; then ok "removal is refused with a $broken hookctl"; else
        not_ok "removal is refused with a $broken hookctl" "ended with $status: $said"; fi
    said=$(HOOKAGENT_FORCE_REMOVE=1 prerm "$REPLY"); status=$?
    if ((status == 0)); then ok "and can be forced with a $broken hookctl"; else not_ok "and can be forced with a $broken hookctl" "$said"; fi
done

slurm_root
mkdir -p "$REPLY/etc/slurm/site"
printf 'Include site/hooks.conf\n' >"$REPLY/etc/slurm/slurm.conf"
printf 'Include /etc/slurm/slurm.conf\nEpilog="%s"\n' $hook >"$REPLY/etc/slurm/site/hooks.conf"
refuses 'an Include is followed, also in a circle' "$REPLY" "/etc/slurm/site/hooks.conf:2: Epilog=$hook"

slurm_root
mkdir -p "$REPLY/etc/slurm/p.d"
printf 'Prolog=p.d/*\n' >"$REPLY/etc/slurm/slurm.conf"
printf '#!/bin/sh\nexit 0\n' >"$REPLY/etc/slurm/p.d/10-site"
silent "a site's own prologs do not hinder removal" prerm "$REPLY"
ln -s $hook "$REPLY/etc/slurm/p.d/zz-hookagent"
refuses 'a link in a folder of prologs is found' "$REPLY" '/etc/slurm/slurm.conf:1: Prolog=p.d/* runs /etc/slurm/p.d/zz-hookagent'
ln -sfn ../../../usr/libexec/hookagent/slurm-hook "$REPLY/etc/slurm/p.d/zz-hookagent"
refuses 'a relative link too' "$REPLY" '/etc/slurm/slurm.conf:1: Prolog=p.d/* runs /etc/slurm/p.d/zz-hookagent'
rm "$REPLY/etc/slurm/p.d/zz-hookagent"
printf '#!/bin/sh\n# %s\n%s || true\n' $hook $hook >"$REPLY/etc/slurm/p.d/10-site"
refuses 'a script that calls the hook is found' "$REPLY" '/etc/slurm/slurm.conf:1: Prolog=p.d/* runs /etc/slurm/p.d/10-site'
sed -i 3d "$REPLY/etc/slurm/p.d/10-site"
silent 'a script that only speaks of it is not' prerm "$REPLY"

slurm_root
mkdir -p "$REPLY/etc/slurm/epilog.d"
ln -s $hook "$REPLY/etc/slurm/epilog.d/00-hookagent"
refuses 'a link in epilog.d is found without a slurm.conf' "$REPLY" 'link or script that runs the hook: /etc/slurm/epilog.d/00-hookagent'

for place in "SLURM_CONF=/srv/slurm.conf" "SLURMD_OPTIONS='-vv -f /srv/slurm.conf'" 'SLURMD_OPTIONS="-f/srv/slurm.conf -M"'; do
    slurm_root
    mkdir -p "$REPLY/srv"
    printf '%s\n' "$place" >"$REPLY/etc/default/slurmd"
    printf 'Prolog=%s\n' $hook >"$REPLY/srv/slurm.conf"
    refuses "slurm.conf is found by $place" "$REPLY" "/srv/slurm.conf:1: Prolog=$hook"
done
slurm_root
mkdir -p "$REPLY/run/slurm/conf"
printf 'Prolog=%s\n' $hook >"$REPLY/run/slurm/conf/slurm.conf"
refuses 'the slurm.conf of a configless node is found' "$REPLY" "/run/slurm/conf/slurm.conf:1: Prolog=$hook"

# A slurmd that runs with -f, as it looks in /proc: a shell of that name. /run is hidden, so that no systemd of
# this machine is spoken to, and hookctl lies where the package has it.
mkdir -p "$work/slurmd" "$work/bin"
printf 'Prolog=%s\n' $hook >"$work/slurmd/other.conf"
cp "$(type -P bash)" "$work/slurmd/slurmd"
cp "$root/usr/bin/hookctl" "$work/bin/"
mkfifo "$work/slurmd/end"
"$work/slurmd/slurmd" -c 'read -r line <"$0"' "$work/slurmd/end" -Dvf "$work/slurmd/other.conf" &
# shellcheck disable=SC2016 # for the inner shell
said=$(unshare --mount --propagation private sh -c 'mount -t tmpfs tmpfs /run &&
    mount -t overlay overlay -o "lowerdir=$1:/usr/bin" /usr/bin && exec "$2" remove' sh "$work/bin" "$work/control/prerm" 2>&1)
status=$?
echo >"$work/slurmd/end"
wait
if ((status == 1)) && grep -qF "$work/slurmd/other.conf:1: Prolog=$hook" <<<"$said"; then
    ok "slurm.conf is found by the -f of a slurmd that runs"
else
    not_ok "slurm.conf is found by the -f of a slurmd that runs" "ended with $status: $said"
fi
