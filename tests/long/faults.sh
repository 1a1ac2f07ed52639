# shellcheck shell=bash disable=SC2034,SC2154
what="faults that take long on a real node, and the other long tests of one, but those of many jobs; make test and the releases have the quick ones"
reads=("${programs[@]}" "${node[@]}" "${system_tests[@]}" tests/doctor/corpus)

part() {
    local dotnet_limit=2700
    system_suite "Duration=long&Kind!=site&FullyQualifiedName!~SoakTests&FullyQualifiedName!~DoctorFixTests&FullyQualifiedName!~ReleaseTests\
&FullyQualifiedName!~KilledDaemonTests&FullyQualifiedName!~JobLatencyTests&FullyQualifiedName!~JobFateTests"
}
