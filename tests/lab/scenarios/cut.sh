# shellcheck shell=bash
# A node is cut off in mid-job, until Slurm takes it for dead, and comes back.
check_cut() {
    local job
    ok "a cluster" cluster_up backfill
    job=$(submit 240 --nodes=1 --nodelist=com2 --no-requeue)
    ok "a job on com2" until_true 60 stamped "$job"
    ok "com2 is busy" until_true 20 state_is com2 busy
    "$lab" cut-node com2
    ok "Slurm takes the node for dead" until_true 200 job_is "$job" NODE_FAIL
    ok "com2 is busy still, whatever the network: its job runs" state_is com2 busy
    "$lab" join-node com2
    ok "the node is Slurm's again" until_true 200 nobody_drained
    ok "and ends the job" until_true 120 state_leaves com2 busy
    judge_nodes
}

state_leaves() { ! state_is "$1" "$2"; }
