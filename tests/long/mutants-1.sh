# shellcheck shell=bash disable=SC2034,SC2154
what="small faults in the sources, each of which a class of tests must notice: half 1 of 2"
reads=("${mutants[@]}")

part() {
    script_suite tests/mutants/run 5400 tests/mutants/run --part 1/2
}
