# shellcheck shell=bash
# Fifty jobs under the scheduler of this name.
check_builtin() {
    ok "a cluster with builtin" cluster_up builtin
    ok "50 jobs of 1 to 3 nodes" fifty_jobs
    judge 50
}
