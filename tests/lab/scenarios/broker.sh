# shellcheck shell=bash
# The broker is away for a minute. Who is lent waits for it; who should be lent meanwhile fails, and tries again.
check_broker() {
    local gone
    ok "a cluster" cluster_up backfill
    controller systemctl stop wasimoff-broker
    gone=$SECONDS
    submit 1 --nodes=1 --nodelist=com1 >/dev/null
    ok "a job meanwhile" until_true 60 queue_empty
    ok "its node's provider fails: it has no broker" until_true 60 state_is com1 failed
    ok "the others stay lent" state_is com0 lending
    ok "a minute" until_true 70 minute_over "$gone"
    controller systemctl start wasimoff-broker
    tasks_for_ever
    ok "who waited is connected at once" until_true 30 connected com0
    # The backoff has grown to at most 64 s by then.
    ok "who failed is, too" until_true 150 connected com1
    ok "sacct: the job completed" until_true 60 all_completed 1
    judge_nodes
}

minute_over() { ((SECONDS - $1 >= 60)); }
