# shellcheck shell=bash disable=SC2034,SC2154
what="all faults on a real node, and the other long tests of one"
reads=("${programs[@]}" "${lab[@]}" "${system_tests[@]}" tests/doctor/corpus)

part() {
    local dotnet_limit=2700
    system_suite '(Duration=long|Kind=fault)&Kind!=site&FullyQualifiedName!~SoakTests&FullyQualifiedName!~DoctorFixTests'
}
