# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what a part sets is for run and the ledger
# The parts of the long tests: a file of tests/long each, which sets
#   what    what it is, in a line
#   reads   what its outcome depends on, as paths of git's (":!PATH": not this one), beside what the suites are run by
#   needs   what make must have made for it, beside lab-parts; may be left out
# and has a function `part` that runs its suites, in 45 minutes at most on two cores.

# What goes into the packages and does something there.
programs=(src systemd debian packaging/{build-deb,build-rpm,compile,deps,examples,hookagent.conf,offline.sh,rpm,slurm.conf.example,sysroot,wasimoff}
    Makefile global.json 'Directory.*' ':!*.md' ':!debian/copyright')
system_tests=(tests/HookAgent.System.Tests tests/Shared tests/Directory.Build.props .editorconfig)
# But for a class that only the parts of the faults run.
system_tests_at_once=("${system_tests[@]}" ':!tests/HookAgent.System.Tests/Faults/SoftRebootTests.cs')
# A node of the lab, a cluster, and what each scenario has of both.
node=(tests/lab/{base,lab,lib,micro,releases,ssh,standin,wasimoff})
cluster=("${node[@]}" tests/lab/{cluster,deno-provider,mini,multi})
scenario=("${cluster[@]}" tests/lab/scenarios/{lib,nodes,run})
# The tests that need no node, but for what no mutant and no fuzzing meets: random scripts, and what is shown.
tests_without_node=('tests/*.Tests/*' tests/Shared ':!tests/HookAgent.System.Tests' ':!tests/HookAgent.Core.Tests/Node/NodeProperties.cs'
    ':!tests/HookAgent.Ctl.Tests/Transcripts')
# What the mutants are made of and noticed by: no fuzz test is named with one.
mutants=(src tests/mutants "${tests_without_node[@]}" systemd packaging/man/{hookagentd,slurm-hook}.8.scd debian 'Directory.*' global.json
    ':!tests/*FuzzTests.cs')
# All but what runs the suites, and what is of others alone.
all=(. ':!docs/releases.md' ':!tests/run' ':!tests/lib' ':!tests/long' ':!.ci' ':!tests/bench' ':!tests/model' ':!tests/mutants'
    ':!tests/HookAgent.System.Tests')
# All but what neither goes into a package nor has to do with its life.
packages=("${all[@]}" ':!tests/lab/'{harvest,images,scenarios,vm} ':!tests/herd' ':!tests/monitoring' ':!tests/HookAgent.Ctl.Tests/Transcripts')

part_names() {
    local file
    for file in tests/long/*.sh; do basename "$file" .sh; done
}

part_exists() { [[ $1 != */* && -e tests/long/$1.sh ]]; }

part_load() {
    needs=()
    # shellcheck source=/dev/null
    . "tests/long/$1.sh"
    part_file=tests/long/$1.sh
}

part_needs() {
    local name
    # shellcheck disable=SC2046 # names have no blanks
    (($#)) || set -- $(part_names)
    for name; do
        part_exists "$name" || continue
        part_load "$name"
        ((${#needs[@]} == 0)) || printf "%s\n" "${needs[@]}"
    done | sort -u
}

part_list() {
    local name
    for name in $(part_names); do
        part_load "$name"
        printf '%-20s %s\n' "$name" "$what"
    done
}
