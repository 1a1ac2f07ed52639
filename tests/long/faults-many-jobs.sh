# shellcheck shell=bash disable=SC2034,SC2154
what="the long tests of one node that many jobs run on: an agent that is killed again and again, bursts, requeue, how soon jobs start"
reads=("${programs[@]}" "${node[@]}" "${system_tests_at_once[@]}")

part() {
    local dotnet_limit=2700
    system_suite 'Duration=long&(FullyQualifiedName~KilledDaemonTests|FullyQualifiedName~JobLatencyTests|FullyQualifiedName~JobFateTests)'
}
