# shellcheck shell=bash
# Fifty jobs, every fifth of which takes the nodes of others, which start anew.
check_preempt() {
    ok "a cluster with preempt" cluster_up preempt
    # A requeued job waits for two minutes; without requeue a preempted job would be lost.
    ok "50 jobs of 1 to 3 nodes" fifty_jobs highPrio
    judge 50
}
