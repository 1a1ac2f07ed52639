# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # the page has backquotes; what is read and set here is the suites'
# The system tests on one release of the lab, and docs/releases.md: printed from what these runs saw, never written by hand.

releases=(bullseye bookworm trixie testing)
releases_page=docs/releases.md

# What the classes of tests are about, for the page: a name, and what a test's full name matches.
release_rows=(
    'lending: start, stop, idle delay|SystemTests[.](Lending|Systemd|Status)Tests'
    'Prolog, Epilog and `PrologWait=`|SystemTests[.]PrologWaitTests'
    'refused by systemd itself: beside a record, without a permit|Faults[.](Condition|Permit|ExecCondition)Tests'
    'all other quick faults|Faults[.]'
    '`hookctl doctor` and `reconcile`|SystemTests[.](Doctor|Reconcile|Release)Tests'
)
release_tests='Duration!=long&(Kind=fault|FullyQualifiedName~LendingTests|FullyQualifiedName~SystemTests.SystemdTests|FullyQualifiedName~StatusTests'
release_tests+='|FullyQualifiedName~PrologWaitTests|FullyQualifiedName~.DoctorTests|FullyQualifiedName~ReconcileTests)|FullyQualifiedName~ReleaseTests'

release_suite() {
    local dotnet_limit=2700 packages=("$HOOKAGENT_DEB" "$HOOKAGENT_WASIMOFF_DEB")
    [[ $1 != bullseye ]] || packages=("${HOOKAGENT_RPM:?run it by make}" "${HOOKAGENT_WASIMOFF_RPM:?}")
    HOOKAGENT_LAB_RELEASE=$1 HOOKAGENT_DEB=${packages[0]} HOOKAGENT_WASIMOFF_DEB=${packages[1]} system_suite "$release_tests"
    mkdir -p out/releases
    release_seen >"out/releases/$1"
    release_page
}

# Lines "ROW | SEEN" of the last run: the versions, how many tests of each row passed, and what else the tests told.
release_seen() {
    local trx=$results/HookAgent.System.Tests.trx versions='^(Slurm|systemd|glibc|HookAgent installed from) ' row
    told HookAgent.System.Tests release | grep -E "$versions"
    for row in "${release_rows[@]}"; do
        grep -o '<UnitTestResult [^>]*>' "$trx" | release_count "$row"
    done
    told HookAgent.System.Tests release | grep -vE "$versions" | LC_ALL=C sort
}

# A test belongs to the first row that its name matches.
release_count() {
    awk -v row="$1" -v rows="$(printf '%s\n' "${release_rows[@]}")" '
        BEGIN {
            count = split(rows, pair, "\n")
            for (i = 1; i <= count; i++) {
                bar = index(pair[i], "|")
                pattern[i] = substr(pair[i], bar + 1)
                if (pair[i] == row) { mine = i; title = substr(pair[i], 1, bar - 1) }
            }
        }
        match($0, /testName="[^"(]*/) {
            name = substr($0, RSTART + 10, RLENGTH - 10)
            for (i = 1; i <= count && name !~ pattern[i]; i++);
            if (i == mine) { all++; good += /outcome="Passed"/ }
        }
        END { if (all) printf "%s | %s\n", title, good == all ? all " of " all : "**" good " of " all "**" }'
}

# The page, of the runs that are there; a release that was not run has empty cells.
release_page() {
    local files
    mapfile -t files < <(release_files)
    {
        printf '# Releases\n\nPrinted by `make test-long PART="%s"`: do not edit.\n\n' "${releases[*]/#/release-}"
        printf 'Each column is a node of the lab, whose Slurm and systemd are those of a Debian release, with the packages of one commit. A\n'
        printf 'cell "16 of 16" counts tests that passed. The rows after those tell what a version cannot do or does otherwise, some of them\n'
        printf 'of Slurm or systemd alone, whatever runs there.\n\n'
        awk -F ' [|] ' -v releases="${releases[*]}" '
            FNR == 1 { release = FILENAME; sub(/.*\//, "", release) }
            { if (!($1 in place)) { place[$1] = ++rows; title[rows] = $1 } cell[$1, release] = $2 }
            END {
                count = split(releases, name, " ")
                printf "| "; for (i = 1; i <= count; i++) printf "| %s ", name[i]; print "|"
                printf "|---"; for (i = 1; i <= count; i++) printf "|---"; print "|"
                for (r = 1; r <= rows; r++) {
                    printf "| %s ", title[r]
                    for (i = 1; i <= count; i++) printf "| %s ", cell[title[r], name[i]]
                    print "|"
                }
            }' "${files[@]}"
    } >"$releases_page"
}

release_files() {
    local release
    for release in "${releases[@]}"; do
        [[ ! -e out/releases/$release ]] || printf 'out/releases/%s\n' "$release"
    done
}
