# shellcheck shell=bash
# A node loses its power in mid-job. Its records go with its boot.
check_reboot() {
    local job
    ok "a cluster" cluster_up backfill
    job=$(submit 300 --nodes=1 --nodelist=com1 --no-requeue)
    ok "a job on com1" until_true 60 stamped "$job"
    # Of a younger job slurmctld would believe that it is still to start (BatchStartTimeout and MessageTimeout).
    ok "which has run for a while" until_true 60 has_run "$job" 25
    ok "power cut" "$lab" stop-node com1 --crash
    ok "and boot" "$lab" start-node com1
    ok "Slurm gives the job up" until_true 120 job_is "$job" NODE_FAIL
    ok "sacct knows it" until_true 60 accounted_as "$job" NODE_FAIL
    ok "the node is idle again" until_true 120 nobody_drained
    submit 1 --nodes=3 >/dev/null
    ok "the next job runs everywhere" until_true 120 queue_empty
    judge_nodes
}
