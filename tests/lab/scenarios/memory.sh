# shellcheck shell=bash
# More memory is wanted than there is: the kernel must take the provider, never the job.
check_memory() {
    local job pid
    ok "a cluster" cluster_up backfill
    pid=$(on com0 systemctl show --value --property=MainPID wasimoff-provider)
    ok "the kernel's first choice is the provider" gives 1000 on com0 cat "/proc/$pid/oom_score_adj"
    job=$(as_alice srun --nodes=1 --nodelist=com1 cat /proc/self/oom_score_adj)
    ok "and not a job ($job)" test "$job" -lt 1000
    if ! on com0 grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
        echo "# This host gives its nodes no memory controller (cgroup v1 beside v2): MemoryMax does not bite here, and is not tried."
        return
    fi
    on com0 systemctl set-property --runtime wasimoff-provider MemoryMax=256M
    broker -X POST '/tasks?count=2&milliseconds=5000&mebibytes=400' >/dev/null
    ok "the provider is killed at its limit" until_true 60 killed_for_memory com0
    ok "the node's agent is well" on com0 systemctl is-active hookagentd
}

killed_for_memory() { on "$1" journalctl -q _PID=1 UNIT=wasimoff-provider.service | grep -q "oom-kill"; }
