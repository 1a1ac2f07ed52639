# shellcheck shell=bash
# shellcheck disable=SC2034 # way_title is run's
# Slurm does it: the provider is a job of a partition that every other preempts.
way_title='preemptible partition'
way_set_up() {
    without_agent
    hooks_that_do_nothing
    controller tee /shared/slurm/scheduler.conf >/dev/null <<'END'
SchedulerType=sched/backfill
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
PartitionName=base Default=YES PriorityTier=2
PartitionName=harvest PriorityTier=1 GraceTime=0
END
    restart_slurm
    controller runuser -u alice -- sbatch --quiet --partition=harvest --nodes=1 --array=1-300%1 --chdir=/tmp \
        --output=/dev/null /shared/harvest/pilot
}
