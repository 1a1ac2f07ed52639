# shellcheck shell=bash
# A job of highPrio takes the nodes of another, which goes back into the queue and runs again.
check_requeue() {
    local low high
    ok "a cluster with preempt" cluster_up preempt
    low=$(submit 8 --nodes=3)
    ok "a job of base runs" until_true 60 stamped "$low"
    high=$(submit 2 --nodes=2 --partition=highPrio)
    ok "it is requeued" until_true 60 job_is "$low" PENDING
    ok "the other completes" until_true 60 accounted_as "$high" COMPLETED
    ok "the nodes are lent while it waits" until_true 60 all_lent
    ok "it runs again after the two minutes that slurmctld waits" until_true 240 queue_empty
    judge 2
}
