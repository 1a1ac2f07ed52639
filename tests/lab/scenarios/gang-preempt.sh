# shellcheck shell=bash
# Fifty jobs, every fifth of which suspends others.
check_gang-preempt() {
    ok "a cluster with gang-preempt" cluster_up gang-preempt
    ok "50 jobs of 1 to 3 nodes" fifty_jobs highPrio
    judge 50
}
