# shellcheck shell=bash disable=SC2034,SC2154
what="jobs and faults at random on a real node, for HOOKAGENT_SOAK (10min if unset)"
reads=("${programs[@]}" "${node[@]}" "${system_tests_at_once[@]}")

part() {
    # Room for a soak that was asked to be longer.
    local dotnet_limit=10800
    system_suite 'FullyQualifiedName~SoakTests'
}
