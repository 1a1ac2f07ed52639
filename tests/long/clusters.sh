# shellcheck shell=bash disable=SC2034,SC2154
what="the lab's own clusters: services, network, reboots, schedulers, the provider run by Deno"
reads=("${programs[@]}" "${cluster[@]}" tests/lab/self-test-cluster tests/lab/self-test-lib)

part() {
    script_suite tests/lab/self-test-cluster 2400 tests/lab/self-test-cluster
}
