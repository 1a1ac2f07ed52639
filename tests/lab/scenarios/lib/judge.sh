# shellcheck shell=bash
# What must hold after each scenario.

# Half a minute of slack for slurmdbd to hear of the last job.
all_completed() { [[ $(accounted | awk '$2 == "COMPLETED"' | wc -l) == "$1" && $(accounted | wc -l) == "$1" ]]; }
nobody_drained() { [[ -z $(controller sinfo --noheader -N --states=down,drain,fail --format='%N %T %E') ]]; }

no_records() {
    local node
    for node in $(com_nodes); do
        [[ -z $(on "$node" ls /run/hookagent/jobs) ]] || return 1
    done
}

# Agents and hooks have nothing to complain of; else the whole story of the node that has, and last the complaints.
no_complaints() {
    local node said all=
    for node in $(com_nodes); do
        said=$(on "$node" journalctl -q --no-pager --priority=warning _SYSTEMD_UNIT=hookagentd.service + SYSLOG_IDENTIFIER=slurm-hook)
        if [[ -n $said ]]; then
            all+=$said$'\n'
            on "$node" journalctl -q --no-pager --output=short-precise SYSLOG_IDENTIFIER=slurm-hook + _SYSTEMD_UNIT=hookagentd.service \
                + _SYSTEMD_UNIT=wasimoff-provider.service + UNIT=wasimoff-provider.service
        fi
    done
    printf %s "$all"
    [[ -z $all ]]
}

# "job NODE BEGIN END NUMBER" and "provider NODE START STOP -" in seconds of the one clock that all nodes have.
presence() {
    local node
    controller sh -c 'cd /shared/stamps && grep -H "" -- *' | awk '
        { split($1, where, ":"); at = where[1]; number = at; sub(/[.].*/, "", number); node = at; sub(/[^.]*[.]/, "", node) }
        where[2] == "begin" { begin[at] = $2 }
        where[2] == "end" { print "job", node, begin[at], $2, number }'
    for node in $(com_nodes); do
        on "$node" journalctl -q -o short-unix --no-pager _PID=1 UNIT=wasimoff-provider.service | awk -v node="$node" '
            / Starting wasimoff-provider/ { start = $1 }
            /(Deactivated successfully|Failed with result)/ && start { print "provider", node, start, $1, "-"; start = 0 }
            END { if (start) print "provider", node, start, systime() + 3600, "-" }'
    done
}

# A provider never starts beside a job, and is gone StopGrace and 3 s after a job has come. Prints the longest overlap.
never_too_long_together() {
    presence >"$scratch/presence"
    awk '
        $1 == "job" { node[++jobs] = $2; begin[jobs] = $3; end[jobs] = $4; number[jobs] = $5 }
        $1 == "provider" { where[++runs] = $2; start[runs] = $3; stop[runs] = $4 }
        END {
            for (j = 1; j <= jobs; j++)
                for (r = 1; r <= runs; r++) {
                    if (node[j] != where[r]) continue
                    if (start[r] > begin[j] && start[r] < end[j]) {
                        printf "the provider started on %s at %s beside job %s (%s-%s)\n", node[j], start[r], number[j], begin[j], end[j]
                        bad = 1
                    }
                    from = start[r] > begin[j] ? start[r] : begin[j]
                    to = stop[r] < end[j] ? stop[r] : end[j]
                    if (to - from > longest) longest = to - from
                }
            if (longest > 13) bad = 1
            printf "%d job presences, %d provider runs, longest together %.3f s\n", jobs, runs, longest
            exit bad || jobs == 0 || runs == 0
        }' "$scratch/presence" | tee "$scratch/together"
}

# judge JOBS: after a scenario in which so many jobs have completed and nothing has failed.
judge() {
    ok "sacct: $1 jobs completed" until_true 60 all_completed "$1"
    judge_nodes
    ok "agents and hooks complain of nothing" no_complaints
}

# What holds after failures, too.
judge_nodes() {
    ok "no node is drained" nobody_drained
    ok "all nodes are lent again" until_true 90 all_lent
    ok "no record is left" no_records
    ok "provider and jobs are never together for too long" never_too_long_together
    ok "the broker: tasks were completed" test "$(count wasimoff_tasks_completed_total)" -gt 0
    printf '# %s; tasks: %s completed, %s lost; %s fruitless provider starts\n' "$(tail -n 1 "$scratch/together")" \
        "$(count wasimoff_tasks_completed_total)" "$(count wasimoff_tasks_lost_total)" "$(count wasimoff_provider_fruitless_total)"
}

# For a cluster that has neither stamped jobs nor tasks.
judge_cluster() {
    ok "no node is drained" nobody_drained
    ok "all nodes are lent again" until_true 90 all_lent
    ok "no record is left" no_records
    ok "agents and hooks complain of nothing" no_complaints
}
