# shellcheck shell=bash
# shellcheck disable=SC2154 # unit: guest.sh's
# Jobs that take the node's RealMemory beside a provider that ignores the SIGTERM and has nearly all that MemoryMax= allows. Both
# want more than the machine has: the kernel must take the provider, and no job.
check_memory() {
    local real most=$(($(systemctl show --value --property=MemoryMax "$unit") / 1048576 - 6)) alone longest well again
    real=$(scontrol --oneliner show node com0 | grep -o 'RealMemory=[0-9]*' | cut -d= -f2)
    echo "# $(grep MemAvailable /proc/meminfo) of an idle node without swap, RealMemory=$real; the provider has $most MiB"

    provider deaf memory 1
    memory_job
    alone=$job_seconds
    ok "a job has the node's memory beside a provider that has none" test "$job_ended" == COMPLETED

    # What the kernel has for this: it does not go on for minutes with the few pages of programs that are left to it, but kills as
    # soon as it cannot keep those of the last second.
    echo y >/sys/kernel/mm/lru_gen/enabled
    echo 1000 >/sys/kernel/mm/lru_gen/min_ttl_ms
    memory_jobs 20 deaf memory "$most"
    ok "all jobs ended well" test "$well" == 20
    ok "the kernel killed nothing but providers" only_providers_killed
    figure "a job that takes the node's memory: alone $alone s, beside a provider that has its own at most $longest s"

    # No check: what is killed gets no processor beside the job, and may still have its memory when the kernel looks for more.
    memory_jobs 3 greedy memory "$most"
    figure "beside a provider that takes more from the SIGTERM on, $well of 3 jobs ended well; $(kernel_says 'oom_reaper: unable to reap') times the kernel could not free the memory of what it had killed"

    # The kernel as Debian sets it.
    echo 0 >/sys/kernel/mm/lru_gen/min_ttl_ms
    echo n >/sys/kernel/mm/lru_gen/enabled
    provider deaf memory "$most"
    until_true 60 provider_has "$most"
    again=$(counter /proc/vmstat workingset_refault_file)
    memory_job
    again=$(($(counter /proc/vmstat workingset_refault_file) - again))
    figure "without min_ttl_ms, as Debian sets the kernel: $job_seconds s ($job_ended), in which $again pages of files were read again"
    provider_end

    figure "of a killed provider beside a job that computes, $most MiB are free after $(seconds_to_end "$most") s"
    systemctl set-property --runtime hookagent.slice CPUWeight=100
    figure "the same with CPUWeight=100 on hookagent.slice: $(seconds_to_end "$most") s"
    systemctl revert hookagent.slice
    provider_end
}

# memory_jobs COUNT LOAD-WORD...: sets longest, and well: how many jobs ended so.
memory_jobs() {
    local count=$1 number pid
    longest=0 well=0
    shift
    for ((number = 1; number <= count; number++)); do
        provider "$@"
        until_true 60 provider_has "${!#}"
        pid=$(systemctl show --value --property=MainPID "$unit")
        memory_job
        echo "# job $number beside a provider that is $*: $job_ended after $job_seconds s"
        [[ $job_ended != COMPLETED ]] || well=$((well + 1))
        ((job_seconds <= longest)) || longest=$job_seconds
        [[ $1 != deaf ]] || ok "the kernel killed the provider" killed_for_memory "$pid"
    done
}

# A job with all of the node's memory, for 5 s. slurmstepd is in the same limit. Sets job_ended and job_seconds.
memory_job() {
    local job
    job=$(submit --mem=0 -- memory "$((real - 25))" 5)
    until_true 300 job_is_over "$job"
    job_ended=$(job_state "$job")
    job_seconds=$(scontrol --oneliner show job "$job" | sed -n 's/.* RunTime=\([0-9]*\):\([0-9]*\):\([0-9]*\) .*/\1 \2 \3/p' | awk '{ print $1 * 3600 + $2 * 60 + $3 }')
}

provider_has() { (($(lent_memory) >= $1)); }
killed_for_memory() { (($(kernel_says "task_memcg=/hookagent.slice/$unit,task=load,pid=$1,"))); }
# kernel_says TEXT: how often.
kernel_says() { dmesg | awk -v text="$1" 'index($0, text) { count++ } END { print count + 0 }'; }
only_providers_killed() { ! dmesg | grep 'oom-kill:' | grep -v "task_memcg=/hookagent.slice/$unit,"; }

# seconds_to_end MEBIBYTES: from a SIGKILL until the memory is free.
seconds_to_end() {
    local job since
    provider deaf memory "$1"
    until_true 60 provider_has "$1"
    job=$(submit -- cpu 40)
    until_true 30 job_process >/dev/null
    since=$EPOCHREALTIME
    systemctl kill --signal=KILL "$unit"
    until_true 100 has_ended
    awk -v since="$since" -v now="$EPOCHREALTIME" 'BEGIN { printf "%.1f", now - since }'
    until_true 100 job_is_over "$job"
}
has_ended() { (($(lent_memory) < 4)); }
