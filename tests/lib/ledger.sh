# shellcheck shell=bash
# shellcheck disable=SC2154 # reads, part_file: of the part that is loaded
# The ledger of the long tests: a line "PART COMMIT WHEN green|red PASSED FAILED SECONDS" for each run of a part. It is
# a file of the sources that no part reads, so that another machine knows what this one ran. What a part was run on
# must be a commit; with changes to what it reads that no commit has, its run is not in the ledger.
ledger=${HOOKAGENT_LEDGER:-tests/long/ledger}

ledger_begin() {
    ledger_commit=$(git rev-parse --verify --quiet HEAD) || ledger_commit=
}

# changed_since COMMIT: prints what of that which the part reads, or is run by, is not as it was there; also what git does
# not know. Of the part's own file its function counts: what it is said to read does not change what it does. Of
# tests/run it is what runs parts.
changed_since() {
    differs_from "$1" "${reads[@]}" && differs_from "$1" tests/lib/suites.sh &&
        function_differs_from "$1" tests/run run_parts && function_differs_from "$1" "$part_file" part
}
# function_differs_from COMMIT FILE FUNCTION: a file that has no such function does, too.
function_differs_from() {
    local now
    now=$(function_of "$3" <"$2")
    [[ -n $now && $now == "$(git show "$1:$2" 2>/dev/null | function_of "$3")" ]] || echo "$2"
}
function_of() { sed -n "/^$1() {/,/^}/p"; }
differs_from() {
    git diff --name-only --no-renames "$1" -- "${@:2}" && git ls-files --others --exclude-standard -- "${@:2}"
}

# ledger_end PART PASSED FAILED SECONDS
ledger_end() {
    local changed colour=red
    (($2 == 0 || $3 > 0)) || colour=green
    if [[ -z $ledger_commit ]]; then
        printf '\nPart %s was %s. Not in the ledger: this is no git tree.\n' "$1" "$colour"
    elif changed=$(changed_since "$ledger_commit") && [[ -n $changed ]]; then
        printf '\nPart %s was %s. Not in the ledger: no commit has these changes:\n%s\n' "$1" "$colour" "$changed"
    else
        mkdir -p "$(dirname "$ledger")"
        printf '%s %s %s %s %d %d %d\n' "$1" "$ledger_commit" "$(date -u +%FT%TZ)" "$colour" "$2" "$3" "$4" >>"$ledger"
        printf '\nPart %s was %s on %.12s in %d minutes: %s\n' "$1" "$colour" "$ledger_commit" $((($4 + 30) / 60)) "$ledger"
    fi
}

# Fails unless each part was green on a commit since which nothing that it reads has changed.
ledger_show() {
    local name stale=0
    {
        printf 'PART | LAST GREEN | ON | TOOK | WHAT IT READS\n'
        for name in $(part_names); do
            part_load "$name"
            ledger_row "$name" || stale=1
        done
    } > >(sed 's/ *| */|/g' | column -t -s '|' -o '  ')
    wait $!
    return "$stale"
}

# A path that fits nothing would let changes pass: git takes "tests/*.Tests" for no folder.
reads_nothing_by() {
    local path
    for path in "${reads[@]}"; do
        [[ -n $(git ls-files -- "${path#:!}" | head -n 1) ]] || echo "$path"
    done
}

ledger_row() {
    local commit when seconds latest changed count nothing
    nothing=$(reads_nothing_by | paste -sd ' ')
    if [[ -n $nothing ]]; then
        printf '%s | unknown: nothing fits %s | | |\n' "$1" "$nothing"
        return 1
    fi
    read -r latest commit when seconds < <(awk -v part="$1" '
        $1 == part { latest = $4 }
        $1 == part && $4 == "green" { last = $2 " " $3 " " $7 }
        END { print latest, last }' "$ledger" 2>/dev/null)
    if [[ -z $commit ]]; then
        printf '%s | never | | |\n' "$1"
        return 1
    fi
    printf '%s | %s | %.12s | %d min | ' "$1" "$when" "$commit" $(((seconds + 30) / 60))
    if ! changed=$(changed_since "$commit" 2>/dev/null); then
        printf 'unknown: the commit is not in this repository\n'
        return 1
    fi
    if [[ -z $changed ]]; then
        [[ $latest == red ]] || { printf 'unchanged\n' && return 0; }
        printf 'unchanged, but red when run again\n'
        return 1
    fi
    count=$(wc -l <<<"$changed")
    printf 'changed: %s%s\n' "$(head -n 1 <<<"$changed")" "$( ((count == 1)) || printf ' and %d more' $((count - 1)))"
    return 1
}
