# shellcheck shell=bash disable=SC2034,SC2154
what="nodes as sites have them: from an image, configless, slurmd elsewhere or several, health checks, reboots, maintenance, power saving"
reads=("${programs[@]}" "${scenario[@]}" tests/lab/scenarios/{scheduled-reboot.sh,maintenance.sh,power-saving.sh} "${system_tests_at_once[@]}")

part() {
    system_suite 'Kind=site|FullyQualifiedName~SeveralSlurmdTests'
    script_suite tests/lab/scenarios 2400 tests/lab/scenarios/run scheduled-reboot maintenance power-saving
}
