# shellcheck shell=bash disable=SC2016,SC2154
# One version's life: installed beside running jobs, wired into Slurm in each of the three ways, replaced by another
# build of itself with a changed configuration file, removed, installed again, purged.

next_version "$HOOKAGENT_DEB" "$work/hookagent.deb"
next_version "$HOOKAGENT_WASIMOFF_DEB" "$work/hookagent-wasimoff.deb"
put "${old[0]}" <"$HOOKAGENT_DEB"
put "${old[1]}" <"$HOOKAGENT_WASIMOFF_DEB"
put "${new[0]}" <"$work/hookagent.deb"
put "${new[1]}" <"$work/hookagent-wasimoff.deb"
files >"$work/before"

echo "# installed beside a running job"
job beside
beside=$REPLY
that 'the packages are installed' install "${old[@]}"
printf '[Node]\nIdleDelay=1s\n' | put /etc/hookagent/hookagent.conf.d/50-test.conf
that 'the agent takes the settings' node systemctl reload hookagentd
that 'the agent knew nothing of the jobs at first' \
    sh_node 'journalctl -u hookagentd -o cat | grep "^unknown: The job directory was made after boot"'
soon 'the installation asked Slurm' is 'unknown job-without-record'
that 'the job that ran before is known' sh_node 'hookctl status | grep "Jobs:.*\b'"$beside"'\b"'
same 'the provider has never been started' 0 "$(starts)"
that 'the node is held, because Slurm does not run the hook yet' \
    sh_node 'hookctl status | grep -F "Held: until released (also after a reboot), by root: \"Slurm does not run the hook yet\""'
mapfile -t lines < <(example)
slurm_conf "${lines[@]}"
end_job beside
fine 'installed beside a job' "$beside"
soon 'held when that job has ended' is 'held operator-hold'
that 'an operator releases the node' node hookctl release
soon 'lent when it is released' lent
that 'the unit is fenced while it works' sh_node 'systemd-analyze security --no-pager hookagentd.service | tail -n 1 |
    sed "s/.*: \([0-9.]*\) .*/\1/" | awk "{ print; exit !(\$1 > 0 && \$1 <= 1.2) }"'
that 'so is the provider' sh_node 'systemd-analyze security --no-pager wasimoff-provider.service | tail -n 1 |
    sed "s/.*: \([0-9.]*\) .*/\1/" | awk "{ print; exit !(\$1 > 0 && \$1 <= 2.0) }"'
# The check has the provider's user and sandbox, and may run without a permit. The pressure of its memory is for it to watch.
printf '%s\n' '[Service]' ExecStart= 'ExecStart=-find / -path /proc -prune -o ( -type d -o -type f ) -writable ! -name memory.pressure -print' |
    put /run/systemd/system/wasimoff-provider-check.service.d/50-test.conf
node systemctl daemon-reload
that 'what the provider may write can be listed' node systemctl start wasimoff-provider-check
same 'the provider may write its cache and its own /tmp and /var/tmp, and nothing else' $'/tmp\n/var/cache/wasimoff\n/var/tmp' \
    "$(node journalctl --quiet --output=cat _SYSTEMD_UNIT=wasimoff-provider-check.service _COMM=find | grep '^/' | sort)"
node rm -r /run/systemd/system/wasimoff-provider-check.service.d
node systemctl daemon-reload
same 'of /run the agent may write its own folder alone' $'/run ro\n/run/hookagent rw' \
    "$(node awk '$5 == "/run" || $5 == "/run/hookagent" { print $5, substr($6, 1, 2) }' "/proc/$(agent)/mountinfo" | sort)"
that 'dpkg finds its files as it left them' sh_node 'test -z "$(dpkg --verify hookagent hookagent-wasimoff)"'

# wiring NAME: a job is recorded and the node is lent again after it.
wiring() {
    soon "$1: the node is lent" lent
    job "${1// /-}"
    soon "$1: the job has its record" node test -e "/run/hookagent/jobs/$REPLY"
    soon "$1: the node is busy" is 'busy jobs-recorded'
    end_job "${1// /-}"
    fine "$1" "$REPLY"
    soon "$1: the record is gone" not node test -e "/run/hookagent/jobs/$REPLY"
    soon "$1: the node is lent again" lent
    if node dpkg --remove hookagent-wasimoff hookagent >"$work/said" 2>&1; then
        not_ok "$1: removal is refused"
        install "${old[@]}"
    else
        that "$1: removal is refused, and says how" grep -q 'scontrol reconfigure' "$work/said"
    fi
    that "$1: and the agent runs on" node systemctl is-active hookagentd
    # Its dependent may have gone before the refusal.
    install "${old[1]}" >/dev/null 2>&1
}

echo "# wired by slurm.conf's lines"
wiring 'own lines'

echo "# wired by links in folders of scripts"
node mkdir -p /etc/slurm/prolog.d /etc/slurm/epilog.d
for script in prolog epilog; do
    for place in 10-site yy-site; do
        printf '#!/bin/sh\nls /run/hookagent/jobs | tr "\\n" " " >>/tmp/%s-%s\n' $script $place |
            put "/etc/slurm/$script.d/$place"
        node chmod 755 "/etc/slurm/$script.d/$place"
    done
done
commented 'ln -s ' >"$work/links"
same 'the example names two links' 2 "$(wc -l <"$work/links")"
put /root/links <"$work/links"
that 'they can be made as it says' node sh -e /root/links
mapfile -t globs < <(commented '\(Prolog\|Epilog\)=/etc')
slurm_conf "${globs[@]}" PrologFlags=Alloc
wiring 'links'
same "the record is there before the site's first prolog" "$REPLY" "$(sh_node 'set -- $(cat /tmp/prolog-yy-site); echo $1')"
same "and until the site's last epilog has ended" "$REPLY" "$(sh_node 'set -- $(cat /tmp/epilog-10-site); echo $1')"
node rm -rf /etc/slurm/prolog.d /etc/slurm/epilog.d

echo "# wired by a line in the site's own scripts"
for script in prolog epilog; do
    { echo '#!/bin/sh'; commented "/usr/libexec/hookagent/slurm-hook $script"; echo "echo site >>/tmp/$script-own"; } |
        put /etc/slurm/$script.sh
    node chmod 755 /etc/slurm/$script.sh
done
slurm_conf Prolog=/etc/slurm/prolog.sh Epilog=/etc/slurm/epilog.sh PrologFlags=Alloc
wiring 'own scripts'
that "the site's scripts ran to their end" node grep -q site /tmp/prolog-own /tmp/epilog-own
node rm -f /etc/slurm/prolog.sh /etc/slurm/epilog.sh

slurm_conf "${lines[@]}"
soon 'lent before the upgrades' lent

echo "# upgraded while lent"
node sh -c 'echo "# A line of the administrator." >>/etc/hookagent/hookagent.conf'
started=$(starts) pid=$(agent)
that 'an upgrade while lent' install "${new[@]}"
that 'the agent is a new one' test "$(agent)" != "$pid"
soon 'lent again after the upgrade, without a hold' lent
that 'the provider was restarted with the agent' test "$(starts)" -gt "$started"
same 'the new version is there' "$(dpkg-deb --field "$work/hookagent.deb" Version)" \
    "$(node dpkg-query --show --showformat '${Version}' hookagent)"
that "the administrator's configuration file survives" \
    node grep -q '^# A line of the administrator' /etc/hookagent/hookagent.conf
that 'and the new one lies beside it' node grep -q 'next version' /etc/hookagent/hookagent.conf.dpkg-dist

# under_job NAME DEB...: another version installed while a job runs.
under_job() {
    local name=$1 before id
    shift
    soon "$name: the node is lent" lent
    job "$name"
    id=$REPLY
    soon "$name: the node is busy" is 'busy jobs-recorded'
    before="$(records) $(starts)"
    that "$name under a job" install "$@"
    soon "$name: the node is busy as before" is 'busy jobs-recorded'
    same "$name: the same record, and no provider started" "$before" "$(records) $(starts)"
    that "$name: the job runs on" job_is "$id" RUNNING
    end_job "$name"
    fine "$name" "$id"
    soon "$name: lent when the job has ended" lent
}
echo "# another version under a job"
under_job downgrade "${old[@]}"
under_job upgrade "${new[@]}"

echo "# upgraded in a storm of jobs"
node runuser -u alice -- sh -c 'cd /tmp; for i in $(seq 60); do srun --quiet true || echo "failed: $i"; done; echo stormed' >"$work/storm" 2>&1 &
storm=$!
for _ in 1 2 3; do install "${old[@]}" && install "${new[@]}"; done >"$work/said" 2>&1 || not_ok 'installations in a storm' "$(tail -n 20 "$work/said")"
wait $storm
same 'no job failed in a storm of upgrades' stormed "$(cat "$work/storm")"
that 'nor was the node drained' sh -c '! "$0" exec com0 -- scontrol show node com0 | grep -i drain' "$lab"
soon 'lent after the storm' lent

echo "# removed"
slurm_conf
that 'removal, when slurm.conf names the hook no more' node dpkg --remove hookagent-wasimoff hookagent
that 'Slurm runs jobs without it' node runuser -u alice -- srun --chdir=/tmp true
that 'the agent is gone' not quiet node systemctl is-active hookagentd
that 'the provider is gone' not quiet node systemctl is-active wasimoff-provider
that 'the name is off the bus' sh_node '! busctl list | grep hookagent'
that 'no record is left to be believed later' node test ! -e /run/hookagent
that 'the configuration stays' node grep -q 'administrator' /etc/hookagent/hookagent.conf

echo "# installed again"
that 'the packages are installed again' install "${new[@]}"
soon 'asked Slurm and held' is 'held operator-hold'
that "the administrator's configuration file is still there" node grep -q 'administrator' /etc/hookagent/hookagent.conf
slurm_conf "${lines[@]}"
that 'an operator releases the node again' node hookctl release
wiring 'installed again'
that 'dpkg finds its other files as it left them' sh_node \
    'test -z "$(dpkg --verify hookagent hookagent-wasimoff | grep -v hookagent.conf$)"'

echo "# the provider's package alone"
soon 'lent' lent
that 'the provider is removed while lent' node dpkg --remove hookagent-wasimoff
soon 'the agent says what is missing' is 'failed unit-missing'
that 'the provider is installed again' install "${new[1]}"
soon 'lent at once: the removal was no stop by hand' lent
that 'an operator stops the provider' node systemctl stop wasimoff-provider
soon 'held' is 'held hand-stopped'
that 'the provider is removed while held' node dpkg --remove hookagent-wasimoff
that 'and installed' install "${new[1]}"
soon "the operator's stop still counts" is 'held hand-stopped'

echo "# booted with the package"
that 'the node boots' "$lab" reboot-node com0
soon 'the record directory was made at boot' node test -e /run/hookagent/jobs/.complete
node systemctl start wasimoff-provider
soon 'lent' lent
that 'without asking Slurm' sh_node '! journalctl -b -u hookagentd -o cat | grep "made after boot"'

echo "# forced"
that 'removal by force while slurm.conf names the hook' \
    node env HOOKAGENT_FORCE_REMOVE=1 dpkg --remove hookagent-wasimoff hookagent
slurm_conf

echo "# purged"
that 'both are purged' node dpkg --purge hookagent-wasimoff hookagent
files >"$work/after"
same 'no file is left' '' "$(comm -13 <(sort "$work/before") <(sort "$work/after"))"
that 'no unit is left' sh_node '! systemctl list-units --all --plain --no-legend | grep -E "hookagent|wasimoff"'
that 'no unit file is left' sh_node '! systemctl list-unit-files --no-legend | grep -E "hookagent|wasimoff"'
that 'the name is off the bus' sh_node '! busctl list | grep hookagent'
that 'root may no longer own the name' sh_node \
    '! dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.RequestName string:org.hookagent.Node1 uint32:0'
that 'dpkg knows them no more' sh_node '! dpkg-query --list "hookagent*" 2>/dev/null | grep -E "^[a-z]c|^ii"'
that 'Slurm runs jobs' node runuser -u alice -- srun --chdir=/tmp true
