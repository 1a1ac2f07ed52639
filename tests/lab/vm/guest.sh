# shellcheck shell=bash
# What the checks in the guest have in common.

readonly unit=wasimoff-provider.service
# shellcheck disable=SC2034 # for the checks
readonly lent_group=/sys/fs/cgroup/hookagent.slice/$unit

# ok WHAT COMMAND...: one check. What the command says is shown only if it fails.
ok() {
    local what=$1
    shift
    if "$@" >/run/vm-said 2>&1 </dev/null; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        tail -n 10 /run/vm-said | sed 's/^/#   /'
        tell_more
    fi
}

# What explains a failure.
tell_more() {
    {
        hookctl status || true
        sinfo --noheader --Node --long || true
        journalctl --no-pager --quiet --output=short-monotonic --lines=40 || true
    } 2>&1 | sed 's/^/#   /'
}

# As that of wait.sh, but it looks less often: each look costs an emulated processor more than most of what is waited for.
until_true() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.5
    done
}

figure() { echo "# figure: $*"; }

as_alice() { runuser -u alice -- "$@"; }
slurm_is() { [[ $(timeout 5 sinfo --noheader --format=%T) == "$1" ]]; }

# submit SBATCH-OPTION... -- LOAD-WORD...: a job of alice's that is the program `load`. Prints its id.
submit() {
    local options=()
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    shift
    as_alice sbatch --parsable --chdir=/tmp --output=/dev/null "${options[@]}" --wrap "exec /usr/local/lib/vm/load $*"
}
job_state() { scontrol --oneliner show job "$1" | grep -o 'JobState=[A-Z_]*' | cut -d= -f2; }
job_is() { [[ $(job_state "$1") == "$2" ]]; }
job_is_over() {
    local state
    state=$(job_state "$1") && [[ $state != @(PENDING|CONFIGURING|RUNNING|COMPLETING) ]]
}

node_state() { busctl get-property org.hookagent.Node1 /org/hookagent/Node1 org.hookagent.Node1 State 2>/dev/null | cut -d'"' -f2; }
is_lent() { [[ $(node_state) == lending ]]; }

# provider LOAD-WORD...: the node is lent to a provider that does this, whatever became of the one before.
provider() {
    echo "LOAD=$*" >/etc/vm-load
    until_true 90 provider_does "$*"
}
provider_does() {
    local pid
    # Where it has failed, at once: how long the agent would wait is no matter here.
    if ! is_lent; then
        hookctl --quiet retry >/dev/null 2>&1 || true
        # One that is deaf outlasts its job.
        [[ $(node_state) != reclaiming ]] || systemctl kill --signal=KILL "$unit"
        return 1
    fi
    systemctl --quiet is-active "$unit" || return 1
    pid=$(systemctl show --value --property=MainPID "$unit")
    [[ $(tr '\0' ' ' <"/proc/$pid/cmdline") != "/usr/local/lib/vm/load $1 " ]] || return 0
    systemctl kill --signal=KILL "$unit"
    return 1
} 2>/dev/null
# Back to a provider that does nothing, also where it is deaf and being stopped.
provider_end() {
    systemctl kill --signal=KILL "$unit" 2>/dev/null || true
    provider memory 1
}

# resolves NAME ADDRESS
resolves() { [[ $(getent ahostsv4 "$1" | cut -d' ' -f1 | sort -u) == "$2" ]]; }

at_least() { awk -v value="$1" -v least="$2" 'BEGIN { exit !(value >= least) }'; }
between() { awk -v value="$1" -v least="$2" -v most="$3" 'BEGIN { exit !(value >= least && value <= most) }'; }

# counter FILE KEY: of a file with lines "KEY VALUE".
counter() { awk -v key="$2" '$1 == key { print $2 }' "$1"; }

# lent_memory: of the provider, in MiB; 0 when there is none.
lent_memory() {
    local bytes=0
    read -r bytes <"$lent_group/memory.current" || true
    echo $((bytes / 1048576))
} 2>/dev/null

# The process of a job that is the program `load`.
job_process() { pgrep -u alice -x load; }
group_of() { echo "/sys/fs/cgroup$(cut -d: -f3 "/proc/$1/cgroup")"; }
