# shellcheck shell=bash
# The lab's one node, com0, and its clocks.

lab() { ./lab --name "$demo_lab" "$@"; }

# Runs a command in the node, as root.
node() { lab exec com0 -- "$@"; }

perl_clock() { node perl -I/usr/local/lib/hookagent-standin -MBoottime -e "print $1"; }

# Whatever has happened, nothing stays behind unless it was asked for.
take_down() {
    local status=$?
    trap '' INT TERM HUP
    if ((status == 1)) && [[ $told == no ]]; then
        printf '\ndemo: broke off: the last command above failed\n'
    fi
    if [[ $keep == no ]]; then
        lab down >/dev/null 2>&1 || true
    fi
    exit "$status"
}

# The journal counts CLOCK_MONOTONIC, which stands still while a laptop sleeps; everybody else counts CLOCK_BOOTTIME.
measure_clocks() { clock_offset=$(perl_clock 'boottime_usec() - monotonic_usec()'); }

# The newest journal entry with these fields, in REPLY as microseconds of CLOCK_BOOTTIME; fails if it is not newer than
# the moment given first.
entry_after() {
    local after=$1
    shift
    REPLY=$(node journalctl -q -o export --output-fields=MESSAGE "$@" | sed -n 's/^__MONOTONIC_TIMESTAMP=//p' | tail -n 1)
    [[ -n $REPLY ]] || return 1
    REPLY=$((REPLY + clock_offset))
    ((REPLY > after))
}

# await SECONDS WHAT COMMAND...: until the command succeeds; gives up, with what was waited for, when the time is over.
await() {
    local seconds=$1 what=$2
    shift 2
    until_true "$seconds" "$@" || give_up "this did not happen within $seconds s: $what"
}
