# shellcheck shell=bash disable=SC2034,SC2154
what="the Ansible role: a cluster with jobs gets HookAgent and an upgrade, and is rid of it again"
reads=("${programs[@]}" "${scenario[@]}" tests/lab/scenarios/roll-out.sh packaging/ansible)

part() {
    script_suite tests/lab/scenarios 1800 tests/lab/scenarios/run roll-out
}
