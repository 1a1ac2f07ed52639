# shellcheck shell=bash disable=SC2016,SC2154
# The version before and this one, in both directions: replaced while lent, under a job, with a Prolog that waits for
# the provider, in a storm of jobs, with an agent of each alive, and with only one of the two packages replaced. No job
# shares the node with the provider for a moment, no end of a job is lost, no node is drained, and it is lent again.

if ! before=$(tests/package/version-before 2>"$work/why"); then
    not_ok 'the packages of the version before are at hand' "$(cat "$work/why")"
    return
fi
for deb in "$before"/hookagent*.deb; do put "/root/before/${deb##*/}" <"$deb"; done
for deb in "$HOOKAGENT_DEB" "$HOOKAGENT_WASIMOFF_DEB"; do put "/root/now/${deb##*/}" <"$deb"; done
arch=$(dpkg --print-architecture)
version_of() { node dpkg-query --show --showformat '${Version}' hookagent; }

# replace VERSION...: both packages, as an administrator does it.
replace() {
    node sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install --yes --allow-downgrades "$@"' sh \
        "/root/$1/hookagent_$2_${arch}.deb" "/root/$1/hookagent-wasimoff_$2_all.deb"
}

# What runs in the jobs here: says when it began and ended, which ends when it is told to or after two minutes.
put /usr/local/bin/until-told <<'END'
#!/usr/bin/perl
use strict;
use warnings;
use lib '/usr/local/lib/hookagent-standin';
use Boottime;
$| = 1;
print boottime_usec(), " begin\n";
for (1 .. 12000) {
    last if -e "/tmp/end-$ARGV[0]";
    select undef, undef, undef, 0.01;
}
print boottime_usec(), " end\n";
END
node chmod 755 /usr/local/bin/until-told
node mkdir -m 1777 /tmp/jobs

# timed_job NAME: submits one; its id in REPLY.
timed_job() {
    REPLY=$(node runuser -u alice -- sbatch --parsable --output="/tmp/jobs/%j" --chdir=/tmp --job-name="$1" --wrap \
        "/usr/local/bin/until-told $1")
}

# beside: for how long a job and the provider ran side by side, in microseconds, of all jobs that there were.
beside() {
    {
        node sh -c 'cat /var/lib/hookagent-standin/stamps; sed "s/$/ alive/; s/^0*//; s/ 0*/ /" /var/lib/hookagent-standin/alive'
        node sh -c 'cat /tmp/jobs/* 2>/dev/null'
    } | awk '
        $3 == "start" { from[$2] = $1; to[$2] = $1 }
        ($3 == "end" || $3 == "alive") && ($2 in from) && $1 > to[$2] { to[$2] = $1 }
        $2 == "begin" { began[++jobs] = $1; ended[jobs] = 1e18 }
        $2 == "end" { ended[jobs] = $1 }
        END {
            for (run in from)
                for (job = 1; job <= jobs; job++) {
                    first = from[run] > began[job] ? from[run] : began[job]
                    last = to[run] < ended[job] ? to[run] : ended[job]
                    if (last > first) sum += last - first
                }
            printf "%d\n", sum
        }'
}
jobs_seen() { node sh -c 'grep -hs begin /tmp/jobs/* | wc -l'; }

# unharmed WHAT: what must hold after each of them.
unharmed() {
    soon "$1: lent again" lent
    same "$1: the provider ran beside no job ($(jobs_seen) jobs so far)" 0 "$(beside)"
    same "$1: no record is left" '' "$(node ls /run/hookagent/jobs)"
    that "$1: Slurm has not drained the node" sh -c '! "$0" exec com0 -- scontrol show node com0 | grep -iE "drain|down|Reason="' "$lab"
    echo "# fault: $1 | $(version_of), $(jobs_seen) jobs | $(beside) us | $( ((bad == harm)) && echo ok || echo FAILED)"
}

standin_conf() { printf '%s\n' "$@" | put /etc/hookagent-standin.conf; }

while_lent() {
    local what="$1 while lent" pid
    harm=$bad
    soon "$what: lent" lent
    pid=$(agent)
    that "$what" replace "$2" "$3"
    that "$what: the agent is a new one" test "$(agent)" != "$pid"
    same "$what: it is of that version" "$3" "$(version_of)"
    that "$what: no configuration file is asked about or left behind" sh_node \
        'test -z "$(dpkg --verify hookagent hookagent-wasimoff; find /etc/hookagent -name "*.dpkg-*")"'
    unharmed "$what"
}

during_a_job() {
    local what="$1 during a job" record started
    harm=$bad
    soon "$what: lent" lent
    timed_job "$1-job"
    soon "$what: the job runs" job_is "$REPLY" RUNNING
    soon "$what: busy" is 'busy jobs-recorded'
    record=$(records) started=$(starts)
    that "$what" replace "$2" "$3"
    soon "$what: busy as before" is 'busy jobs-recorded'
    [[ $1 != upgrade ]] || that "$what: the record directory is believed as before" \
        sh_node '! journalctl "_PID=$0" -o cat | grep "made after boot"' "$(agent)"
    same "$what: the same record, no start of the provider" "$record $started" "$(records) $(starts)"
    end_job "$1-job"
    fine "$what" "$REPLY"
    unharmed "$what"
}

# The provider takes 8 s to stop, and the job's Prolog waits for it.
with_a_waiting_prolog() {
    local what="$1 with a waiting Prolog"
    harm=$bad
    standin_conf drain_seconds=8
    # The one that runs has read the settings of before.
    node hookctl hold >/dev/null
    soon "$what: held" is 'held operator-hold'
    node hookctl release >/dev/null
    soon "$what: lent" lent
    timed_job "$1-waiting"
    soon "$what: the Prolog waits" is 'reclaiming stop-asked'
    that "$what" replace "$2" "$3"
    soon "$what: the job runs" job_is "$REPLY" RUNNING
    standin_conf
    end_job "$1-waiting"
    fine "$what" "$REPLY"
    unharmed "$what"
}

# Another version's agent, started by hand beside the one of the package: the same bus name, the same folders. First it
# waits for the name, then it has it and the package's waits, then it is killed under a job.
with_two_agents() {
    local what="an agent of $2 beside that of $3"
    harm=$bad
    soon "$what: lent" lent
    node sh -c 'rm -rf /root/second && dpkg-deb --extract "$1" /root/second' sh "/root/$1/hookagent_$2_${arch}.deb"
    node systemd-run --quiet --unit=second-agent /root/second/usr/sbin/hookagentd
    soon "$what: it waits for the name" sh_node 'journalctl -u second-agent -o cat | grep "org.hookagent.Node1"'
    for second in waits has-the-name; do
        [[ $second == waits ]] || that "$what: the package's is restarted" node systemctl restart hookagentd
        # An agent of before makes no permit, so what has a new unit is not lent by it.
        [[ $second$2 == "has-the-name$old_version" ]] || soon "$what: lent while it $second" lent
        timed_job "$second-$2"
        soon "$what: a job runs while it $second" job_is "$REPLY" RUNNING
        soon "$what: the job has its record" node test -e "/run/hookagent/jobs/$REPLY"
        that "$what: the provider is off" sh_node '! systemctl is-active wasimoff-provider'
        [[ $second == waits ]] || node systemctl kill --signal=KILL second-agent
        end_job "$second-$2"
        fine "$what, which $second" "$REPLY"
    done
    soon "$what: it is gone" sh_node '! systemctl is-active second-agent'
    node systemctl reset-failed second-agent
    unharmed "$what"
}

in_a_storm() {
    local what='back and forth in a storm of jobs' storm
    harm=$bad
    # Now and then a gap in which the node is lent.
    node runuser -u alice -- sh -c 'cd /tmp; for i in $(seq 60); do
        [ $((i % 12)) -ne 0 ] || sleep 2
        srun --quiet /usr/local/bin/stamped-job 0.05 >/tmp/jobs/storm-$i || echo "failed: $i"; done; echo stormed' >"$work/storm" 2>&1 &
    storm=$!
    for _ in 1 2; do
        replace before "$old_version" && replace now "$new_version"
    done >"$work/said" 2>&1 || not_ok "$what" "$(tail -n 20 "$work/said")"
    wait "$storm"
    same "$what: every job ran" stormed "$(cat "$work/storm")"
    unharmed "$what"
}

# A job beside which nothing may run, whatever is installed.
a_job() {
    timed_job "$2"
    soon "$1: a job runs" job_is "$REPLY" RUNNING
    end_job "$2"
    fine "$1" "$REPLY"
    same "$1: the provider ran beside no job" 0 "$(beside)"
}

new_version=$(dpkg-deb --field "$HOOKAGENT_DEB" Version)
old_version=$(dpkg-deb --field "$before"/hookagent_*.deb Version)

echo "# from $old_version to $new_version and back"
that "$old_version is installed" replace before "$old_version"
printf '[Node]\nIdleDelay=1s\n[Hook]\nPrologWait=15s\n' | put /etc/hookagent/hookagent.conf.d/50-test.conf
that 'the agent takes the settings' node systemctl reload hookagentd
mapfile -t lines < <(example)
slurm_conf "${lines[@]}"
while_lent upgrade now "$new_version"
while_lent downgrade before "$old_version"
during_a_job upgrade now "$new_version"
during_a_job downgrade before "$old_version"
with_a_waiting_prolog upgrade now "$new_version"
with_a_waiting_prolog downgrade before "$old_version"
with_two_agents now "$new_version" "$old_version"
that "$new_version is installed" replace now "$new_version"
with_two_agents before "$old_version" "$new_version"
in_a_storm

echo "# only one of the two packages"
that "$old_version is installed" replace before "$old_version"
that 'the new agent is not installed beside the old unit without a word' not \
    node dpkg --install "/root/now/hookagent_${new_version}_${arch}.deb"
# dpkg leaves the provider's package unconfigured, which is an error of its own, and its unit where it is.
node dpkg --auto-deconfigure --install "/root/now/hookagent_${new_version}_${arch}.deb" >"$work/said" 2>&1
same 'but when it is told to' "$new_version" "$(version_of)"
harm=$bad
soon 'a new agent with the old unit: lent' lent
a_job 'a new agent with the old unit' new-old
that 'the unit is replaced, too' node dpkg --install "/root/now/hookagent-wasimoff_${new_version}_all.deb"
unharmed 'a new agent with the old unit for a while'
harm=$bad
that 'the old agent alone, with the new unit' node dpkg --force-depends --install "/root/before/hookagent_${old_version}_${arch}.deb"
a_job 'an old agent with the new unit' old-new
that 'the agent is replaced, too' node dpkg --install "/root/now/hookagent_${new_version}_${arch}.deb"
unharmed 'an old agent with the new unit for a while'

slurm_conf
that 'removed' node dpkg --remove hookagent-wasimoff hookagent
