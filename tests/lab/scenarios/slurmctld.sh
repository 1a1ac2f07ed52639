# shellcheck shell=bash
# Slurm's controller is away for a minute. A job ends meanwhile: the node's own hook says so, and the node is lent.
check_slurmctld() {
    local job gone
    ok "a cluster" cluster_up backfill
    job=$(submit 10 --nodes=1 --nodelist=com1)
    ok "a job on com1" until_true 60 stamped "$job"
    ok "com1 is busy" until_true 20 state_is com1 busy
    controller systemctl stop slurmctld
    gone=$SECONDS
    ok "com0 stays lent" connected com0
    ok "com1 is lent after the job's end" until_true 55 lent com1
    ok "and stays so for the rest of the minute" until_true 70 minute_over "$gone"
    ok "com1 still is" lent com1
    controller systemctl start slurmctld
    ok "Slurm is back" until_true 60 queue_empty
    ok "sacct: the job completed" until_true 120 accounted_as "$job" COMPLETED
    submit 1 --nodes=3 >/dev/null
    ok "the next job runs everywhere" until_true 120 queue_empty
    judge_nodes
}

minute_over() { ((SECONDS - $1 >= 60)); }
