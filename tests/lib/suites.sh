# shellcheck shell=bash
# How suites are run and counted: a project of dotnet test, or a program that prints "ok" and "not ok" lines. A skipped
# test has failed; so has a suite that ran no test, wrote no result or broke off.
dotnet_limit=1200 # seconds

# results_in NAME: where the suites that follow leave their result files. What an earlier run left under this name goes.
results_in() {
    results=$PWD/out/test-results/$1
    rm -rf "$results"
    mkdir -p "$results"
}

projects() {
    local project
    for project in tests/*.Tests/; do basename "$project"; done
}

passed=0
failed=0
counted=0
summary=()
failures=() # by name, for whoever sees only the end

# suite NAME PASSED FAILED REMARK...: with the seconds since the suite before.
suite() {
    local name=$1 good=$2 bad=$3
    shift 3
    passed=$((passed + good))
    failed=$((failed + bad))
    summary+=("$(printf '%-32s %5d s %5d passed, %d failed%s' "$name" "$((SECONDS - counted))" "$good" "$bad" "${*:+  ($*)}")")
    counted=$SECONDS
}

heading() {
    printf '\n=== %s\n' "$1"
}

# counter TRX NAME: an attribute of the result file's <Counters>.
counter() {
    sed -n "s/.*<Counters .*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}

# One project of tests/; what its result file says, and whether dotnet agrees. A filter of dotnet test may follow. What
# stands in `before` runs dotnet, such as env or unshare, and `remark_of` says so in the summary.
before=()
remark_of=
dotnet_suite() {
    local project=$1 trx=$results/$1.trx status total good bad remark=$remark_of
    heading "$project${remark_of:+ ($remark_of)}"
    rm -f "$trx"
    "${before[@]}" timeout --kill-after=30 "$dotnet_limit" dotnet test "tests/$project" --nologo ${2:+--filter "$2"} \
        --logger "trx;LogFileName=$trx" --logger 'console;verbosity=normal' \
        -p:UseSharedCompilation=false </dev/null
    status=$?
    if [[ ! -s $trx ]]; then
        suite "$project" 0 1 "${remark_of:+$remark_of; }no result file; dotnet test ended with $status"
        return
    fi
    total=$(counter "$trx" total)
    good=$(counter "$trx" passed)
    bad=$((${total:-0} - ${good:-0}))
    if ((${total:-0} == 0)); then
        bad=1 remark+="${remark:+; }ran no test"
    elif ((status != 0 && bad == 0)); then
        bad=1 remark+="${remark:+; }broke off: dotnet test ended with $status"
    elif ((bad > $(counter "$trx" failed))); then
        remark+="${remark:+; }$((bad - $(counter "$trx" failed))) of them not run"
    fi
    suite "$project" "${good:-0}" "$bad" ${remark:+"$remark"}
    mapfile -t -O "${#failures[@]}" failures < <(
        grep -o '<UnitTestResult [^>]*outcome="Failed"[^>]*>' "$trx" | sed 's/.* testName="\([^"]*\)".*/\1/')
}

# A time namespace in which the machine was booted a minute ago, with the settings that its arguments give to env.
booted_a_minute_ago() {
    local ago
    ago=$(($(cut -d. -f1 /proc/uptime) - 60))
    before=(unshare --time --boottime "-$ago" --monotonic "-$ago" env "$@")
    remark_of="booted a minute ago${*:+, $*}"
}

as_it_is() {
    before=() remark_of=
}

# What the tests of a project said of a kind: the lines of their output that begin with its name.
told() {
    sed -n "s/^\\(.*>\\)\\?$2: //p" "$results/$1.trx" | sed 's/<.*//; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
}

# What the tests of a project measured.
figures() {
    told "$1" figure | sed 's/^/  /'
}

# The faults of a project with what was seen of each, and the worst of all. An overlap of which there may be none has no
# share of its bound: its own row tells it.
fault_table() {
    {
        printf 'FAULT | SEEN | OVERLAP OF PROVIDER AND JOB | VERDICT\n'
        told "$1" fault
        told "$1" worst | awk -F ' [|] ' '
            $3 > 0 && $2 / $3 > share[$1] { share[$1] = $2 / $3; seen[$1] = $2; limit[$1] = $3; where[$1] = $4 }
            function worst(kind, name, digits) {
                if (!(kind in share)) return
                printf "%s | %s | %." digits "f of %." digits "f s | %s\n", name, where[kind], seen[kind] / 1e6, limit[kind] / 1e6,
                    share[kind] <= 1 ? "ok" : "FAILED"
            }
            END {
                worst("overlap", "worst overlap against its bound", 1)
                worst("hook", "hook'\''s longest run against its deadline + 0.2 s", 3)
            }'
    } | sed 's/ *| */|/g' | column -t -s '|' -o ' | '
}

# A program that prints "ok ..." and "not ok ..." lines.
script_suite() {
    local name=$1 limit=$2 log=$results/${1//\//-}.log status good bad remark=
    shift 2
    heading "$name"
    timeout --kill-after=30 "$limit" "$@" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    good=$(grep -Ec '^ok ' "$log")
    bad=$(grep -Ec '^not ok ' "$log")
    local skipped
    skipped=$(grep -Eic '^ok .*# *skip' "$log")
    if ((skipped > 0)); then
        good=$((good - skipped)) bad=$((bad + skipped)) remark="$skipped of them skipped"
    fi
    if ((good + bad == 0)); then
        bad=1 remark="ran no test; ended with $status"
    elif ((status != 0 && bad == 0)); then
        bad=1 remark="broke off: ended with $status"
    fi
    suite "$name" "$good" "$bad" ${remark:+"$remark"}
    mapfile -t -O "${#failures[@]}" failures < <(grep -E '^not ok |^ok .*# *[Ss][Kk][Ii][Pp]' "$log" | sed "s|^|$name: |")
}

# The whole system, on real Slurm nodes.
system_suite() {
    dotnet_suite HookAgent.System.Tests "$1"
    printf '\nFigures:\n'
    figures HookAgent.System.Tests
    printf '\nFaults:\n'
    fault_table HookAgent.System.Tests
}

finish() {
    printf '\n=== Summary\n'
    printf '%s\n' "${summary[@]}"
    ((${#failures[@]} == 0)) || printf 'FAILED  %s\n' "${failures[@]}"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    ((failed == 0 && passed > 0))
    exit
}
