# shellcheck shell=bash disable=SC2034,SC2154
what="the faults once more on dbus-broker"
reads=("${programs[@]}" "${node[@]}" "${system_tests[@]}")

part() {
    # Of those that wait long only the ones that have a node of their own.
    HOOKAGENT_LAB_BUS=dbus-broker system_suite \
        'Kind=fault&(Duration!=long|FullyQualifiedName~SoftRebootTests|FullyQualifiedName~SeveralSlurmdTests)'
}
