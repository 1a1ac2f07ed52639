# shellcheck shell=bash
# shellcheck disable=SC2154 # lent_group: guest.sh's
# A job that computes beside a provider that does, too, and ignores the SIGTERM: what the job gets of the processor that both want.
check_cpu() {
    local share
    provider deaf cpu
    cpu_shares 20
    figure "beside a busy provider with CPUWeight=idle, a job gets $share % of the processor time of both, by their cpu.stat"
    ok "a job gets 97 % and more beside a busy provider" at_least "$share" 97

    provider_end
    # The same without the fence: the check sees the difference.
    provider deaf cpu
    systemctl set-property --runtime hookagent.slice CPUWeight=100
    cpu_shares 10
    systemctl revert hookagent.slice
    figure "the same with CPUWeight=100 on hookagent.slice: $share %"
    ok "without CPUWeight=idle it would get about half" between "$share" 30 70
    provider_end
}

# Sets share to the job's percentage over so many seconds.
cpu_shares() {
    local job group before=() after=()
    job=$(submit -- cpu 3600)
    until_true 30 job_process >/dev/null
    group=$(group_of "$(job_process)")
    echo "# the job's control group: ${group#/sys/fs/cgroup}; cpu.idle of hookagent.slice: $(cat /sys/fs/cgroup/hookagent.slice/cpu.idle)"
    before=("$(counter "$group/cpu.stat" usage_usec)" "$(counter "$lent_group/cpu.stat" usage_usec)")
    sleep "$1" # the span that is measured
    after=("$(counter "$group/cpu.stat" usage_usec)" "$(counter "$lent_group/cpu.stat" usage_usec)")
    share=$(awk -v job=$((after[0] - before[0])) -v lent=$((after[1] - before[1])) 'BEGIN { printf "%.2f", 100 * job / (job + lent) }')
    scancel "$job"
    until_true 60 job_is_over "$job"
}
