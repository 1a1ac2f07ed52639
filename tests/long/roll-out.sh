# shellcheck shell=bash disable=SC2034,SC2154
what="the Ansible role: a cluster with jobs gets HookAgent and an upgrade, and is rid of it again"
reads=("${programs[@]}" tests/lab ':!tests/lab/harvest')

part() {
    script_suite tests/lab/scenarios 1800 tests/lab/scenarios/run roll-out
}
