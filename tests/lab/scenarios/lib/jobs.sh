# shellcheck shell=bash
# Jobs of alice's.

# submit SECONDS [SBATCH-OPTION...]: prints the job's number. It runs `stamped` on each of its nodes.
submit() {
    local seconds=$1
    shift
    as_alice sbatch --parsable --chdir=/shared/out --output=/shared/out/%j "$@" \
        --wrap "srun --ntasks-per-node=1 --oversubscribe /shared/bin/stamped $seconds"
}

job_state() { controller scontrol --oneliner show job "$1" | grep -o 'JobState=[A-Z_]*' | cut -d= -f2 | sort -u | paste -sd,; }
job_is() { [[ $(job_state "$1") == "$2" ]]; }
stamped() { [[ -n $(controller sh -c "cat /shared/stamps/$1.* 2>/dev/null") ]]; }
ended() { controller sh -c "cat /shared/stamps/$1.*" | grep -q end; }
# has_run JOB SECONDS: since its first line.
has_run() { controller sh -c "cat /shared/stamps/$1.*" | awk -v now="$EPOCHREALTIME" -v seconds="$2" 'NR == 1 { exit !(now - $2 >= seconds) }'; }
queue_empty() { [[ -z $(controller squeue --noheader) ]]; }

# As slurmdbd has it, for each job or component: "JOB STATE".
accounted() { controller sacct --allusers --allocations --noheader --parsable2 --delimiter=' ' --format=JobID,State "$@"; }
accounted_as() { [[ $(accounted --jobs="$1" | awk '{ print $2 }' | sort -u | paste -sd,) == "$2" ]]; }

# fifty_jobs [PARTITION-OF-EVERY-FIFTH]: in five bursts of ten, one to three nodes each, of 0.2 to 2 s; between the bursts
# the nodes are lent.
fifty_jobs() {
    local high=${1:-} burst i
    for burst in 0 1 2 3 4; do
        for i in 0 1 2 3 4 5 6 7 8 9; do
            submit "$((i % 4 / 2)).$((2 + i * 7 % 8))" --nodes=$((1 + (burst + i) % 3)) \
                ${high:+$( ((i % 5 != 4)) || echo "--partition=$high")} >/dev/null
        done
        until_true 240 queue_empty || return 1
        until_true 60 all_lent || return 1
    done
}
