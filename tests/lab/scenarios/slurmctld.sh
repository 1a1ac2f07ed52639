# shellcheck shell=bash
# Slurm's controller is away for a minute. A job ends meanwhile: slurmd runs no Epilog until the controller has heard of
# it, so its node is not lent before. The others go on as they were.
check_slurmctld() {
    local job gone
    ok "a cluster" cluster_up backfill
    job=$(submit 10 --nodes=1 --nodelist=com1)
    ok "a job on com1" until_true 60 stamped "$job"
    ok "com1 is busy" until_true 20 state_is com1 busy
    controller systemctl stop slurmctld
    gone=$SECONDS
    ok "the job ends" until_true 40 ended "$job"
    ok "a minute" until_true 70 minute_over "$gone"
    ok "com1 is busy until Slurm knows" state_is com1 busy
    ok "com0 is lent all the time" lent com0
    controller systemctl start slurmctld
    ok "Slurm is back" until_true 60 queue_empty
    ok "com1 is lent" until_true 60 lent com1
    ok "sacct: the job completed" until_true 120 accounted_as "$job" COMPLETED
    submit 1 --nodes=3 >/dev/null
    ok "the next job runs everywhere" until_true 120 queue_empty
    judge_nodes
}

minute_over() { ((SECONDS - $1 >= 60)); }
