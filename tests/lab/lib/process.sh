# shellcheck shell=bash
# Processes by pid and start time, so that a number the kernel gave away again is never taken for ours.
# A state file of one process holds PID, STARTED (clock ticks since boot) and HOST_BOOT.

PID=''

# Sets REPLY to the start time of a live process; fails for one that is gone or a zombie.
process_started() {
    local stat fields
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z && ${fields[0]} != X ]] || return 1
    REPLY=${fields[19]}
}

process_record() {
    local file=$1 pid=$2 boot
    process_started "$pid" || return 1
    read -r boot </proc/sys/kernel/random/boot_id
    printf 'PID=%s\nSTARTED=%s\nHOST_BOOT=%s\n' "$pid" "$REPLY" "$boot" >"$file"
}

# Does the process that a state file names still run? Sets PID to it.
process_runs() {
    local STARTED='' HOST_BOOT='' boot
    PID=''
    [[ -e $1 ]] || return 1
    # shellcheck disable=SC1090
    . "$1"
    read -r boot </proc/sys/kernel/random/boot_id
    [[ -n $PID && $HOST_BOOT == "$boot" ]] && process_started "$PID" && [[ $STARTED == "$REPLY" ]]
}

# Starts a command in a cgroup with nothing of the caller's left open: a node that held a caller's pipe or lock would
# make the caller wait for ever. It joins the cgroup by itself and first, so that it can be found there however the
# caller ends. Its output goes to a file. Sets REPLY to its pid.
process_detach() {
    local cgroup=$1 output=$2
    shift 2
    (
        local fd
        echo "$BASHPID" >"$cgroup/cgroup.procs"
        exec </dev/null >>"$output" 2>&1
        for fd in "/proc/$BASHPID/fd"/*; do
            fd=${fd##*/}
            ((fd <= 2)) || eval "exec $fd>&-"
        done
        exec setsid "$@"
    ) &
    REPLY=$!
    disown
}
