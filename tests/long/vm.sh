# shellcheck shell=bash disable=SC2034,SC2154
what="fences that bite: virtual machines with Debian's kernel and all controllers of cgroup v2, real slurmstepd scopes; processor, tasks, disk, reboots, two machines on a bridge"
reads=("${programs[@]}" "${node[@]}" tests/lab/vm tests/lab/cluster/files)
needs=(vm-deps)

part() {
    script_suite tests/lab/vm/run 2400 tests/lab/vm/run exposure cpu tasks disk reboot pair
}
