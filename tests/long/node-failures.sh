# shellcheck shell=bash disable=SC2034,SC2154
what="clusters of three nodes of which nodes, controller, broker, network and memory fail"
reads=("${programs[@]}" tests/lab ':!tests/lab/harvest')

part() {
    script_suite tests/lab/scenarios 2700 tests/lab/scenarios/run reboot slurmctld broker cut memory
}
