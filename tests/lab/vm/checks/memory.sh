# shellcheck shell=bash
# shellcheck disable=SC2154 # unit: guest.sh's
# Jobs that take the node's RealMemory beside a provider that ignores the SIGTERM and has nearly all that MemoryMax= allows. Both
# want more than the machine has: the kernel must take the provider, and no job.
check_memory() {
    local real most=$(($(systemctl show --value --property=MemoryMax "$unit") / 1048576 - 6)) alone longest well ended
    real=$(scontrol --oneliner show node com0 | grep -o 'RealMemory=[0-9]*' | cut -d= -f2)
    echo "# $(grep MemAvailable /proc/meminfo) of an idle node without swap, RealMemory=$real; the provider has $most MiB"

    provider deaf memory 1
    memory_job
    alone=$job_seconds
    ok "a job has the node's memory beside a provider that has none" test "$job_ended" == COMPLETED

    # Kernel and StopGrace as Debian and the package set them.
    stop_grace 10s
    memory_jobs 20 deaf memory "$most"
    ok "all jobs ended well" test "$well" == 20
    figure "a job that takes the node's memory: alone $alone s, beside a provider that has its own at most $longest s"
    memory_jobs 5 greedy memory "$most"
    ok "all jobs ended well beside a provider that takes more from the SIGTERM on" test "$well" == 5
    figure "the same beside a provider that takes more from the SIGTERM on: at most $longest s"

    # The kernel alone: the agent would wait until the job is over.
    stop_grace 2min
    memory_jobs 1 deaf memory "$most"
    figure "the same where the kernel has to kill it: at most $longest s ($job_ended)"
    # What the kernel has for this: it does not go on for minutes with the few pages of programs that are left to it, but kills as
    # soon as it cannot keep those of the last second.
    echo y >/sys/kernel/mm/lru_gen/enabled
    echo 1000 >/sys/kernel/mm/lru_gen/min_ttl_ms
    memory_jobs 1 deaf memory "$most"
    figure "the same with min_ttl_ms=1000: at most $longest s ($job_ended)"
    echo 0 >/sys/kernel/mm/lru_gen/min_ttl_ms
    echo n >/sys/kernel/mm/lru_gen/enabled
    ok "the kernel killed nothing but providers" only_providers_killed

    figure "of a provider that is killed by hand beside a job that computes, $most MiB are free after $(seconds_to_end "$most" by_hand) s"
    stop_grace 100ms
    ended=$(seconds_to_end "$most" by_agent)
    figure "the same where the agent kills it, 2.1 s of its signals among them: $ended s"
    ok "what the agent kills frees its memory at once" between "$ended" 2 15
    stop_grace 2min
    provider_end
}

# memory_jobs COUNT LOAD-WORD...: sets longest, and well: how many jobs ended so.
memory_jobs() {
    local count=$1 number killed
    longest=0 well=0
    shift
    for ((number = 1; number <= count; number++)); do
        provider "$@"
        until_true 60 provider_has "${!#}"
        killed=$(times_killed)
        memory_job
        echo "# job $number beside a provider that is $*: $job_ended after $job_seconds s"
        [[ $job_ended != COMPLETED ]] || well=$((well + 1))
        ((job_seconds <= longest)) || longest=$job_seconds
        ok "the provider was killed" until_true 10 was_killed_since "$killed"
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
times_killed() { journalctl --quiet --boot _PID=1 --output=cat --grep="$unit: Main process exited, code=killed, status=9/KILL" | wc -l; }
was_killed_since() { (($(times_killed) > $1)); }
only_providers_killed() { ! dmesg | grep 'oom-kill:' | grep -v "task_memcg=/hookagent.slice/$unit,"; }

# stop_grace SPAN
stop_grace() {
    printf '[Node]\nStopGrace=%s\n' "$1" >/etc/hookagent/hookagent.conf.d/zz-grace.conf
    systemctl reload hookagentd
}

# seconds_to_end MEBIBYTES by_hand|by_agent: from the SIGKILL by hand, or from the job's beginning, until the memory is free.
seconds_to_end() {
    local job since
    provider deaf memory "$1"
    until_true 60 provider_has "$1"
    since=$EPOCHREALTIME
    job=$(submit -- cpu 60)
    until_true 30 job_process >/dev/null
    if [[ $2 == by_hand ]]; then
        since=$EPOCHREALTIME
        systemctl kill --signal=KILL "$unit"
    fi
    until_true 100 has_ended
    awk -v since="$since" -v now="$EPOCHREALTIME" 'BEGIN { printf "%.1f", now - since }'
    until_true 100 job_is_over "$job"
}
has_ended() { (($(lent_memory) < 4)); }
