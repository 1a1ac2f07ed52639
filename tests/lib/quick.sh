# shellcheck shell=bash
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # what suites.sh has and counts, also in a shell of its own
# What `make test` runs. The tests of the whole system wait most of their time (for IdleDelay, for a provider's end), so
# that what neither needs a node nor asks for milliseconds runs beside them, with a lower priority.

# These ask for no milliseconds.
projects_beside=(HookAgent.{Bus,Core,Ctl,Wasimoff}.Tests)

run_quick() {
    local project
    script_suite tests/format 300 tests/format
    build_tests || return
    for project in $(projects); do
        [[ " ${projects_beside[*]} HookAgent.System.Tests " != *" $project "* ]] || continue
        # The agent's own suite has clocks, deadlines and the files that last over a boot; the others are as the machine is.
        # shellcheck disable=SC2119 # no settings
        [[ $project != HookAgent.Daemon.Tests ]] || booted_a_minute_ago
        quick_suite "$project"
        as_it_is
    done
    beside_begin run_beside
    script_suite tests/lab/self-test 600 tests/lab/self-test
    script_suite tests/lab/self-test-cluster 600 tests/lab/self-test-cluster usage mini services provider down
    system_suite 'Duration!=long'
    beside_end
}

run_beside() {
    local project
    for project in "${projects_beside[@]}"; do
        quick_suite "$project"
    done
    script_suite tests/model/check 300 tests/model/check
    script_suite tests/herd/check 300 tests/herd/check
    script_suite tests/monitoring/check 120 tests/monitoring/check
    script_suite tests/package/check 600 tests/package/check
}

quick_suite() { dotnet_suite "$1" 'Duration!=long' && figures "$1"; }

# All at once, so that no two suites build the same project at the same time: MSBuild takes a property of this name for
# dotnet test's --no-build.
build_tests() {
    heading 'dotnet build'
    if ! dotnet build HookAgent.sln --nologo -p:UseSharedCompilation=false </dev/null; then
        suite 'dotnet build' 0 1 'the tests do not build: none has run'
        return 1
    fi
    export VSTestNoBuild=true
    summary+=("$(printf '%-32s %5d s' 'dotnet build' "$((SECONDS - counted))")")
    counted=$SECONDS
}

# beside_begin FUNCTION: runs it at the same time as what follows, up to beside_end, which prints what it said and adds
# what it counted.
beside_begin() {
    rm -f "$results/beside.counts"
    (
        renice --priority 10 --pid "$BASHPID" >/dev/null
        passed=0 failed=0 summary=() failures=() counted=$SECONDS
        "$1"
        declare -p passed failed summary failures | sed 's/^declare -[^ ]* /&beside_/' >"$results/beside.counts"
    ) >"$results/beside.log" 2>&1 &
    beside=$!
    counted=$SECONDS
}

beside_end() {
    local beside_passed=0 beside_failed=1 beside_summary=('what runs beside the system: broke off') beside_failures=()
    wait "$beside"
    cat "$results/beside.log"
    # shellcheck source=/dev/null
    [[ ! -s $results/beside.counts ]] || . "$results/beside.counts"
    passed=$((passed + beside_passed))
    failed=$((failed + beside_failed))
    summary+=("${beside_summary[@]}")
    failures+=("${beside_failures[@]}")
}
