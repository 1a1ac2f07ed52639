# shellcheck shell=bash
# Fifty jobs under the scheduler of this name.
check_gang() {
    ok "a cluster with gang" cluster_up gang
    ok "50 jobs of 1 to 3 nodes" fifty_jobs
    judge 50
}
