# shellcheck shell=bash
# shellcheck disable=SC2154 # lab: the self-test's own
# What the self-tests of the lab have in common: how a check is written, and what must not be left behind.

scratch=$(mktemp -d)
passed=0 failed=0

# ok DESCRIPTION COMMAND...: one check. What the command says is shown only if it fails.
ok() {
    local description=$1
    shift
    if "$@" >"$scratch/said" 2>&1 </dev/null; then
        passed=$((passed + 1))
        printf 'ok %s\n' "$description"
    else
        failed=$((failed + 1))
        printf 'not ok %s\n' "$description"
        tail -n 20 "$scratch/said" | sed 's/^/#  /'
    fi
}

# says TEXT STATUS COMMAND...: does the command end with this status, and say this in one line?
says() {
    local text=$1 status=$2 real=0
    shift 2
    "$@" >"$scratch/output" 2>&1 || real=$?
    cat "$scratch/output"
    echo "(exit $real)"
    [[ $real == "$status" && $(wc -l <"$scratch/output") == 1 ]] && grep -qF -- "$text" "$scratch/output"
}

# prints REGEX COMMAND...: does it succeed and print a line that matches?
prints() {
    local regex=$1
    shift
    "$@" >"$scratch/output" 2>&1
    cat "$scratch/output"
    grep -Eq -- "$regex" "$scratch/output"
}

# gives TEXT COMMAND...: does it succeed and print exactly this?
gives() {
    local text=$1 output
    shift
    output=$("$@")
    printf '%s\n' "$output"
    [[ $output == "$text" ]]
}

no_process_of() { ! grep -qsF "hookagent-lab.$1." /proc/[0-9]*/cgroup; }
no_cgroup_of() { [[ -z $(find /sys/fs/cgroup -name "hookagent-lab.$1.*" 2>/dev/null) ]]; }
# Of these namespaces, one a line as /proc names them.
no_namespace_of() { ! grep -qxF "$1" <(readlink /proc/[0-9]*/ns/{net,mnt,pid} 2>/dev/null); }

# A dead process stays in the list until the host's init has read its exit code, so for these there is a deadline.
nothing_left() {
    local name=${1:-$HOOKAGENT_LAB_NAME} folder
    folder=$HOOKAGENT_LAB/labs/$name
    ok "no process is left" until_true 10 no_process_of "$name"
    # shellcheck disable=SC2016
    ok "no mount is left" bash -c '! grep -F "$0/" /proc/self/mountinfo' "$folder"
    ok "no cgroup is left" no_cgroup_of "$name"
    ok "no link is left" bash -c '! ip -o link | grep -E "lab0|com0|controller"'
    ok "no folder is left" test ! -e "$folder"
}

# run_checks NAME...: runs check_NAME for each, and ends the self-test.
run_checks() {
    local check
    ((EUID == 0)) || {
        echo "${0##*/}: must be root: run it with sudo" >&2
        exit 1
    }
    for check; do
        printf '# %s\n' "$check"
        "check_$check"
    done
    printf '%d passed, %d failed\n' "$passed" "$failed"
    exit $((failed > 0))
}
