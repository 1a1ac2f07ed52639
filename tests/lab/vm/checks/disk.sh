# shellcheck shell=bash
# shellcheck disable=SC2154 # unit: guest.sh's
# One process of a job reads from a disk of 200 operations a second beside eight threads of the provider: what the job gets, by
# the disk's scheduler.
check_disk() {
    local scheduler share
    mount -o ro /dev/vdb /mnt
    for scheduler in none mq-deadline bfq; do
        echo "$scheduler" >/sys/block/vdb/queue/scheduler
        provider deaf read /mnt/data 8
        disk_share
        figure "one reader of a job beside eight of the provider gets $share % of what both read, with the disk's scheduler $scheduler"
        [[ $scheduler != bfq ]] || ok "with bfq a job gets most of the disk" test "${share%.*}" -ge 80
        provider_end
    done
}

# Sets share to the job's percentage over ten seconds.
disk_share() {
    local job mine theirs before=() after=()
    theirs=$(systemctl show --value --property=MainPID "$unit")
    job=$(submit -- read /mnt/data 1 14)
    until_true 30 job_process >/dev/null
    mine=$(job_process)
    before=("$(counter "/proc/$mine/io" read_bytes:)" "$(counter "/proc/$theirs/io" read_bytes:)")
    sleep 10 # the span that is measured
    after=("$(counter "/proc/$mine/io" read_bytes:)" "$(counter "/proc/$theirs/io" read_bytes:)")
    share=$(awk -v job=$((after[0] - before[0])) -v lent=$((after[1] - before[1])) 'BEGIN { printf "%.1f", 100 * job / (job + lent) }')
    until_true 60 job_is_over "$job"
}
