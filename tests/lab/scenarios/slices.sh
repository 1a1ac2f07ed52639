# shellcheck shell=bash
# Two jobs take turns on all nodes. Slurm calls no hook for that, and the suspended one keeps the provider off.
check_slices() {
    local first second
    ok "a cluster with gang" cluster_up gang
    # Long enough for turns of five seconds that come late: a job's time goes on while it is suspended.
    first=$(submit 25 --nodes=3)
    second=$(submit 25 --nodes=3)
    ok "the first is suspended for the second" until_true 60 job_is "$first" SUSPENDED
    ok "and goes on later" until_true 60 job_is "$first" RUNNING
    ok "both end" until_true 120 queue_empty
    ok "the second had its turn" accounted_as "$second" COMPLETED
    judge 2
}
