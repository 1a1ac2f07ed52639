# shellcheck shell=bash
# What lab says: progress and faults go to stderr, so that stdout is the answer alone.

say() { printf 'lab: %s\n' "$*" >&2; }

# Something on this machine or in the lab is not as it must be.
fail() {
    printf 'lab: %s\n' "$*" >&2
    exit 1
}

# The command line itself is wrong.
usage_error() {
    printf 'lab: %s\n' "$*" >&2
    exit 2
}
