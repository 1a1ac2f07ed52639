# shellcheck shell=bash disable=SC2034,SC2154
what="start, stop, Prolog, conditions, quick faults, doctor and reconcile on Debian testing (Slurm 26.05, systemd 262); its column of docs/releases.md"
reads=("${programs[@]}" "${node[@]}" "${system_tests_at_once[@]}" tests/lib/releases.sh)

part() {
    release_suite testing
}
