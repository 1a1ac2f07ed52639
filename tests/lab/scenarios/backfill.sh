# shellcheck shell=bash
# Fifty jobs under the scheduler of this name.
check_backfill() {
    ok "a cluster with backfill" cluster_up backfill
    ok "50 jobs of 1 to 3 nodes" fifty_jobs
    judge 50
}
