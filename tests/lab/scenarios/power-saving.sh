# shellcheck shell=bash
# Slurm switches idle nodes off, which are lent, and on again for a job.
check_power-saving() {
    local node word switch
    ok "a cluster" cluster_up backfill
    for node in com1 com2; do boot_told "$node"; done
    for word in off on; do
        controller tee "/shared/bin/power-$word" >/dev/null <<<"#!/bin/sh
scontrol show hostnames \"\$1\" | sed 's/^/$word /' >>/shared/power"
        controller chmod 0755 "/shared/bin/power-$word"
    done
    controller sh -c ': >/shared/power && chmod 0666 /shared/power'
    switch_power &
    switch=$!
    slurm_settings SuspendProgram=/shared/bin/power-off ResumeProgram=/shared/bin/power-on SuspendTime=15 SuspendTimeout=30 \
        ResumeTimeout=90 SuspendExcNodes=com0 SuspendRate=0 ResumeRate=0
    controller systemctl restart slurmctld
    ok "Slurm powers two lent nodes down" until_true 120 both_down
    ok "the third stays lent" lent com0
    controller sed -i 's/SuspendTime=.*/SuspendTime=3600/' /shared/slurm/slurm.conf
    controller scontrol reconfigure
    submit 2 --nodes=3 >/dev/null
    ok "and up for a job, which runs" until_true 150 queue_empty
    kill "$switch" 2>/dev/null || true
    wait "$switch" 2>/dev/null || true
    ok "Slurm has all nodes back" until_true 120 all_idle
    judge_nodes
    ok "sacct: the job completed" until_true 60 all_completed 1
}

both_down() { is_down com1 && is_down com2; }

# The mains of com1 and com2: what Slurm's programs wrote is done. For five minutes at most.
switch_power() {
    local done=0 word node until=$((SECONDS + 300))
    while ((SECONDS < until)); do
        while read -r word node; do
            done=$((done + 1))
            if [[ $word == off ]]; then "$lab" stop-node "$node"; else "$lab" start-node "$node"; fi
        done < <(controller sed -n "$((done + 1)),\$p" /shared/power)
        sleep 1
    done
} >/dev/null 2>&1 </dev/null
