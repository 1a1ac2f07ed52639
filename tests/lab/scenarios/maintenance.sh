# shellcheck shell=bash
# Nodes that Slurm gives no job: a maintenance reservation, a drained node, and the way back.
check_maintenance() {
    local job
    ok "a cluster" cluster_up backfill
    ok "a maintenance reservation of com1" controller scontrol create reservation=maintenance nodes=com1 starttime=now duration=60 users=root flags=maint
    ok "Slurm keeps jobs off it" until_true 30 slurm_calls com1 maint
    job=$(submit 2 --nodes=3)
    ok "com1 stays lent" lent com1
    ok "a job of the reservation takes it" root_runs --reservation=maintenance --nodelist=com1
    ok "and gives it back" until_true 60 lent com1
    controller scontrol delete reservation=maintenance
    ok "the job that waited runs" until_true 90 job_is "$job" COMPLETED

    # Drained beside a job: the job ends well, and takes its node back to itself until then.
    job=$(submit 10 --nodes=1 --nodelist=com2)
    ok "a job on com2" until_true 60 stamped "$job"
    controller scontrol update nodename=com2 state=drain reason=test
    ok "com2 is busy while it drains" state_is com2 busy
    ok "the job ends well" until_true 60 job_is "$job" COMPLETED
    ok "Slurm calls it drained" until_true 30 slurm_calls com2 drained
    # As docs/limits.md says; an ExecCondition= would keep the provider off.
    ok "a drained node is lent" until_true 60 lent com2
    controller scontrol update nodename=com2 state=resume
    submit 1 --nodes=3 >/dev/null
    ok "resumed, it runs jobs" until_true 60 queue_empty
    judge 4
}

slurm_calls() { [[ $(controller sinfo --noheader -N -n "$1" -o %T) == "$2" ]]; }
root_runs() { controller timeout 60 srun --nodes=1 "$@" true; }
