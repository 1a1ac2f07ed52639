# shellcheck shell=bash
# Waiting for something to become true, never for a fixed time.

# until_true SECONDS COMMAND...: polls until the command succeeds; fails when the time is over.
until_true() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.02
    done
}
