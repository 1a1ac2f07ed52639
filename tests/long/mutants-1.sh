# shellcheck shell=bash disable=SC2034,SC2154
what="small faults in the sources, each of which a class of tests must notice: half 1 of 2"
reads=(src tests/mutants 'tests/*.Tests/*' tests/Shared systemd packaging/man/{hookagentd,slurm-hook}.8.scd debian 'Directory.*' global.json
    ':!tests/HookAgent.System.Tests' ':!tests/HookAgent.Core.Tests/Node/NodeProperties.cs' ':!tests/HookAgent.Ctl.Tests/Transcripts') # no mutant meets these

part() {
    script_suite tests/mutants/run 5400 tests/mutants/run --part 1/2
}
