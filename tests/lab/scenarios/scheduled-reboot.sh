# shellcheck shell=bash
# Slurm reboots a node with a job once that has ended, and a lent one at once.
check_scheduled-reboot() {
    local job node
    ok "a cluster" cluster_up backfill
    slurm_settings RebootProgram=/usr/sbin/reboot ResumeTimeout=120
    for node in com1 com2; do boot_told "$node"; done
    job=$(submit 12 --nodes=1 --nodelist=com1)
    ok "a job on com1" until_true 60 stamped "$job"
    ok "reboots are asked for" controller scontrol reboot ASAP nextstate=RESUME reason=kernel com1,com2
    ok "the lent node goes down" until_true 60 is_down com2
    ok "the other not before its job has ended" job_is "$job" RUNNING
    ok "it ends well" until_true 60 job_is "$job" COMPLETED
    ok "and then its node goes down" until_true 60 is_down com1
    for node in com1 com2; do ok "$node boots" "$lab" start-node "$node"; done
    ok "Slurm has all nodes back" until_true 120 all_idle
    submit 1 --nodes=3 >/dev/null
    ok "a job runs on all of them" until_true 60 queue_empty
    judge 2
}
