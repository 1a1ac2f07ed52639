# shellcheck shell=bash disable=SC2034,SC2154
what="start, stop, Prolog, conditions, quick faults, doctor and reconcile on Debian 11 (Slurm 20.11, systemd 247, glibc 2.31), from the rpm; its column of docs/releases.md"
reads=("${programs[@]}" "${node[@]}" "${system_tests_at_once[@]}" tests/lib/releases.sh)
needs=(rpm)

part() {
    release_suite bullseye
}
