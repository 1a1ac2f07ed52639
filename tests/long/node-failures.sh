# shellcheck shell=bash disable=SC2034,SC2154
what="clusters of three nodes of which nodes, controller, broker, network and memory fail"
reads=("${programs[@]}" "${scenario[@]}" tests/lab/scenarios/{reboot.sh,slurmctld.sh,broker.sh,cut.sh,memory.sh})

part() {
    script_suite tests/lab/scenarios 2700 tests/lab/scenarios/run reboot slurmctld broker cut memory
}
