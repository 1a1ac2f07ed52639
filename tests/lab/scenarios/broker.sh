# shellcheck shell=bash
# The broker is away for a minute, or for HOOKAGENT_BROKER_AWAY seconds. Who is connected stays; who should be lent
# meanwhile waits for it without Deno, fails nowhere, and is lent soon after its return. The real Deno and the shipped
# start program, whose wait it is.
check_broker() {
    local away=${HOOKAGENT_BROKER_AWAY:-60} gone
    ok "a cluster with Deno" cluster_up backfill "${HOOKAGENT_DENO:-$home/../../out/deno}"
    controller systemctl stop wasimoff-broker
    gone=$SECONDS
    submit 1 --nodes=1 --nodelist=com1 >/dev/null
    ok "a job meanwhile" until_true 60 queue_empty
    ok "its node's start waits for the broker" until_true 60 waits_for_broker com1
    ok "the others stay lent" state_is com0 lending
    ok "$away s" until_true $((away + 10)) away_for "$gone" "$away"
    ok "waiting is no failure" state_is com1 lending
    ok "and takes no Deno" on com1 sh -c '! pgrep -x deno'
    controller systemctl start wasimoff-broker
    tasks_for_ever
    ok "who waited is at work within 20 s" until_true 20 at_work com1
    ok "who was connected is, too" until_true 20 at_work com0
    ok "sacct: the job completed" until_true 60 all_completed 1
    judge_nodes
    ok "agents and hooks complain of nothing" no_complaints
}

waits_for_broker() { on "$1" journalctl -q --no-pager -u wasimoff-provider | grep -q 'Waiting for the broker'; }
away_for() { ((SECONDS - $1 >= $2)); }
at_work() { (($(count wasimoff_tasks_completed_total "$1") > 0)); }
