# shellcheck shell=bash disable=SC2016,SC2154
# What keeps the package on a node whose slurmd runs the hook, in every way that slurmd comes to its configuration; and
# what lets it go. The node is as a site's would be, with the hook in force: each time a job is seen to get its record.

put "${old[0]}" <"$HOOKAGENT_DEB"
that 'hookagent is installed' install "${old[0]}"
# slurmctld and slurmd must agree on the flags, whoever else of them names the hook.
mapfile -t lines < <(example | grep -E '^(Prolog|Epilog)=')
readonly hook=/usr/libexec/hookagent/slurm-hook
other_conf() { { cat tests/lab/micro/slurm.conf; printf '%s\n' PrologFlags=Alloc "${@:2}"; } | put "$1"; }
other_conf /etc/slurm/slurm.conf
node scontrol reconfigure

# slurmd_unit LINE...: how systemd starts slurmd from now on.
slurmd_unit() {
    printf '%s\n' '[Service]' "$@" | put /etc/systemd/system/slurmd.service.d/50-test.conf
    node systemctl daemon-reload
    node systemctl restart slurmd
    until_true "$limit" quiet node sh -c 'scontrol show node com0 | grep -E "State=(IDLE|MIXED|ALLOCATED)"' || not_ok 'slurmd is back'
}
exec_start() { slurmd_unit Type=simple ExecStart= "ExecStart=/usr/sbin/slurmd $1"; }

slurmctld_names_none() {
    until_true "$limit" quiet node sh -c 'said=$(scontrol show config) && ! echo "$said" | grep slurm-hook' ||
        not_ok 'slurmctld has the configuration without the hook'
}

remove() { node dpkg --remove hookagent; }

# refused WAY [FINDING]: a job gets its record, removal is refused and says what was found, and the next job runs.
refused() {
    local way=$1 finding=${2:-} harm=$bad seen
    job "${way//[^a-z0-9]/-}"
    soon "$way: slurmd runs the hook" node test -e "/run/hookagent/jobs/$REPLY"
    end_job "${way//[^a-z0-9]/-}"
    if remove >"$work/said" 2>&1; then
        not_ok "$way: removal is refused"
        install "${old[0]}" >/dev/null 2>&1
    else
        ok "$way: removal is refused"
    fi
    seen=$(grep -E '^  (fault|warning) |^hookagent: not removed, because hookctl' "$work/said" | head -n 1 | tr -s ' ')
    [[ -z $finding ]] || that "$way: it names what it found" grep -F -- "$finding" "$work/said"
    that "$way: the agent runs on" node systemctl is-active hookagentd
    fine "$way" "$REPLY"
    echo "# fault: removal, $way | ${seen:-nothing found} | none | $( ((bad == harm)) && echo ok || echo FAILED)"
}

echo "# where slurmd finds its slurm.conf"
other_conf /srv/site/slurm.conf "${lines[@]}"
# slurmd looks for it beside its slurm.conf.
node cp /etc/slurm/cgroup.conf /srv/site/
readonly found="/srv/site/slurm.conf:"
slurmd_unit 'Environment=SLURM_CONF=/srv/site/slurm.conf'
refused 'SLURM_CONF in the unit' "$found"
echo 'SLURM_CONF=/srv/site/slurm.conf' | put /srv/site/environment
slurmd_unit 'EnvironmentFile=/srv/site/environment'
refused 'SLURM_CONF in a file of the unit' "$found"
echo '# emptied since' | put /srv/site/environment
refused 'SLURM_CONF of the process alone' "$found"
exec_start '-D -f /srv/site/slurm.conf'
refused '-f FILE' "$found"
exec_start '-D -f/srv/site/slurm.conf'
refused '-fFILE' "$found"
exec_start '-Dsf /srv/site/slurm.conf'
refused '-Dsf FILE' "$found"
slurmd_unit 'BindReadOnlyPaths=/srv/site/slurm.conf:/etc/slurm/slurm.conf'
refused 'another file in the place of slurm.conf, for slurmd alone' '/etc/slurm/slurm.conf:'
node rm -r /etc/systemd/system/slurmd.service.d
node systemctl daemon-reload
node systemctl restart slurmd

echo "# told by slurmctld"
other_conf /etc/slurm/slurm.conf "${lines[@]}" SlurmctldParameters=enable_configless
node systemctl restart slurmctld
exec_start '-D --conf-server com0'
other_conf /etc/slurm/slurm.conf SlurmctldParameters=enable_configless
node systemctl restart slurmctld
slurmctld_names_none
refused 'the cache of a configless slurmd' '/run/slurm/conf/slurm.conf:'
node rm -r /etc/systemd/system/slurmd.service.d /run/slurm/conf /var/lib/slurm/slurmd/conf-cache
node systemctl daemon-reload

echo "# what slurmd read last"
other_conf /etc/slurm/slurm.conf "${lines[@]}"
node systemctl restart slurmctld slurmd
refused 'slurm.conf in its usual place' 'slurmctld says'
other_conf /etc/slurm/slurm.conf
refused 'slurm.conf has changed, and nobody has read it' 'slurmctld says'
node systemctl restart slurmctld
slurmctld_names_none
refused 'slurm.conf has changed, and slurmctld alone has read it' 'may still go by an earlier /etc/slurm/slurm.conf'
node systemctl stop slurmctld
if remove >"$work/said" 2>&1; then
    not_ok 'slurmctld is down: removal is refused' "$(cat "$work/said")"
    install "${old[0]}" >/dev/null 2>&1
else
    that 'slurmctld is down: removal is refused' grep -F 'may still go by an earlier' "$work/said"
fi
node systemctl start slurmctld
slurmctld_names_none
other_conf /etc/slurm/slurm.conf "${lines[@]}"
node systemctl restart slurmd
refused 'slurmd alone has read what names the hook' '/etc/slurm/slurm.conf:'
other_conf /etc/slurm/slurm.conf "Prolog=$hook# by HookAgent" "Epilog=$hook# by HookAgent"
node scontrol reconfigure
refused 'a comment right behind the hook' '/etc/slurm/slurm.conf:'

echo "# what cannot be looked at"
node mv /usr/bin/hookctl /usr/bin/hookctl.away
refused 'hookctl is missing' ''
printf '#!/bin/sh\nkill -SEGV $$\n' | put /usr/bin/hookctl
node chmod 755 /usr/bin/hookctl
refused 'hookctl fails' ''
node mv /usr/bin/hookctl.away /usr/bin/hookctl

echo "# nothing runs it"
other_conf /etc/slurm/slurm.conf
node scontrol reconfigure
node systemctl restart slurmd
for prefix in /usr/local /opt/slurm; do
    other_conf "$prefix/etc/slurm.conf" "${lines[@]}"
    that "a slurm.conf below $prefix that names it: removal is refused" not remove
    node rm -r "$prefix/etc/slurm.conf"
done
other_conf /srv/site/slurm.conf
exec_start '-D -f /srv/site/slurm.conf'
other_conf /etc/slurm/slurm.conf "${lines[@]}"
that 'slurmd is told a slurm.conf without it, and one that nobody reads names it: removed' remove
that 'slurmd goes on with what it is told' node runuser -u alice -- srun --chdir=/tmp true
that 'it is installed once more' install "${old[0]}"
other_conf /etc/slurm/slurm.conf
node rm -r /etc/systemd/system/slurmd.service.d
node systemctl daemon-reload
node scontrol reconfigure
node systemctl restart slurmd
that 'nothing names it: apt removes it' node apt-get remove --yes hookagent
that 'Slurm runs jobs without it' node runuser -u alice -- srun --chdir=/tmp true
that 'it is installed again' install "${old[0]}"
node systemctl stop slurmctld
that 'slurmctld is down, and slurmd has read what is there: removed' remove
node systemctl start slurmctld
that 'it is installed again, too' install "${old[0]}"
node systemctl stop slurmd slurmctld
that 'nothing of Slurm runs: removed' remove
