# shellcheck shell=bash
# shellcheck disable=SC2034 # the moments are read by their names, in timeline()
# One real job on a lent node, and the times of its handover, each from whoever knows it.

stamps=/var/lib/hookagent-standin/stamps

# handover SECONDS: sets job, and in microseconds of CLOCK_BOOTTIME lent, submitted, entered, asked, gone, inactive,
# begin, end, settling, started, again.
handover() {
    local answer
    await 30 "the node is lent" provider_ready
    lent=$REPLY
    # The time just before sbatch, and the job's number. The job itself reads what the hook wrote about it.
    answer=$(node sh -c 'perl -I/usr/local/lib/hookagent-standin -MBoottime -e "print boottime_usec()"; echo
        exec runuser -u alice -- sbatch --parsable --chdir=/tmp --output=/tmp/job-%j.out' <<END
#!/bin/sh
stamped-job $1
grep -H . /run/hookagent/jobs/\$SLURM_JOB_ID
END
    ) || give_up "sbatch failed: $answer"
    { read -r submitted && read -r job; } <<<"$answer"

    await 60 "job $job begins" stamp_of_job begin
    begin=$REPLY
    await $(($1 + 30)) "job $job ends" stamp_of_job end
    end=$REPLY
    await 30 "the node settles after job $job" entry_after "$end" HOOKAGENT_STATE=settling
    settling=$REPLY
    await 30 "the node is lent again after job $job" entry_after "$end" HOOKAGENT_STATE=lending HOOKAGENT_REASON=running
    again=$REPLY
    read_provider
    await 5 "the agent measures the handover to job $job" agent_measured
    inactive=$((entered + REPLY))
}

# The line of the job's own output with this event, in REPLY.
stamp_of_job() {
    REPLY=$(node sed -n "s/^\([0-9]*\) $1\$/\1/p" "/tmp/job-$job.out" 2>/dev/null) && [[ -n $REPLY ]]
}

# What the hook, the provider itself and systemd wrote down meanwhile.
read_provider() {
    local pid at who event
    entered=$(node sed -n 's/.*:STARTED_BOOTTIME_USEC=//p' "/tmp/job-$job.out")
    [[ -n $entered ]] || give_up "this did not happen: the Prolog of job $job recorded the job for the agent"
    pid='' asked='' gone='' started=''
    while read -r at who event; do
        if ((at < submitted)); then
            [[ $event != start ]] || pid=$who
        elif [[ $who == "$pid" ]]; then
            [[ $event != term ]] || asked=${asked:-$at}
            [[ $event != end ]] || gone=$at
        elif [[ $event == start ]]; then
            started=${started:-$at}
        fi
    done < <(node cat "$stamps")
    [[ -n $asked ]] || give_up "this did not happen: the provider was asked to stop for job $job"
    [[ -n $gone ]] || give_up "this did not happen: the provider stopped for job $job by itself"
    [[ -n $started ]] || give_up "this did not happen: the provider started again after job $job"
}

# From the Prolog's entry until systemd told the agent that the unit is inactive, in microseconds.
agent_measured() {
    REPLY=$(node journalctl -q -o cat --output-fields=HOOKAGENT_HANDOVER_USEC "SLURM_JOB_ID=$job" | grep -x '[0-9]*') && [[ -n $REPLY ]]
}
