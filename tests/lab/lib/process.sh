# shellcheck shell=bash
# Processes by pid and start time, so that a number the kernel gave away again is never taken for ours.
# A state file holds: HOST_BOOT, PID and STARTED, and for a node SUPERVISOR and SUPERVISOR_STARTED.

host_boot() { read -r REPLY </proc/sys/kernel/random/boot_id; }

# Sets REPLY to the start time of a live process (clock ticks since boot); fails for one that is gone or a zombie.
process_started() {
    local stat fields
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z && ${fields[0]} != X ]] || return 1
    REPLY=${fields[19]}
}

# Is the process with this pid, start time and host boot still the same one?
process_alive() {
    local pid=$1 started=$2 boot=$3
    [[ -n $pid && -n $started ]] || return 1
    host_boot
    [[ $REPLY == "$boot" ]] || return 1
    process_started "$pid" && [[ $REPLY == "$started" ]]
}

process_kill() {
    process_alive "$1" "$2" "$3" || return 0
    kill -KILL "$1" 2>/dev/null || true
}

# Runs a command in the background with nothing of the caller's left open: a node that held a caller's pipe or lock
# would make the caller wait for ever. Its output goes to a file. Sets REPLY to its pid.
detach() {
    local output=$1
    shift
    (
        local fd
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
