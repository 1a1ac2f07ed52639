# shellcheck shell=bash
# shellcheck disable=SC2154 # unit, rebooting: guest.sh's and checks-in-order's
# What a node does after a boot. It is lent before the first, and slurmd is started long after the agent, so that a node which is
# lent too early is seen. Before the second it loses its power in mid-job, and slurmd is among what the boot starts, but has to wait.
check_reboot() {
    local job from='' phase=/var/lib/vm/reboot
    [[ ! -e $phase ]] || from=$(cat "$phase")
    case $from in
    '')
        slurmd_comes_late "ExecStart=/bin/systemctl start slurmd"
        systemctl --quiet disable slurmd
        provider memory 1
        reboot_from lent systemctl start --no-block reboot.target
        ;;
    lent)
        after_boot "a reboot of a lent node"
        ok "not before slurmd is up" in_order "$agent_at" "$slurmd_at" "$lent_at"
        # An entry of the journal may come late.
        ok "nor before the node has then been idle for 2 s" in_order "$slurmd_at" "$idle_at" "$(awk -v at="$lent_at" 'BEGIN { print at - 1.5 }')"
        job=$(submit --no-requeue -- memory 1 600)
        ok "a job takes the node" until_true 120 job_process
        ok "and the node is the job's" until_true 60 node_is busy
        echo "$job" >/var/lib/vm/job
        systemctl --quiet enable slurmd
        slurmd_comes_late
        install -d /etc/systemd/system/slurmd.service.d
        printf '[Unit]\nRequires=vm-late.service\nAfter=vm-late.service\n' >/etc/systemd/system/slurmd.service.d/late.conf
        reboot_from busy systemctl reboot --force --force
        ;;
    busy)
        after_boot "a power cut in mid-job"
        ok "not before slurmd is up, whose start was queued from the boot on" in_order "$agent_at" "$slurmd_at" "$lent_at"
        job=$(cat /var/lib/vm/job)
        # When Slurm itself would give it up depends on how long it had run.
        scancel "$job"
        ok "the job that was cut off can be cancelled" until_true 120 job_is_over "$job"
        job=$(submit -- memory 1 5)
        ok "the next job takes the node" until_true 120 node_is busy
        ok "it ends well" until_true 60 job_is "$job" COMPLETED
        ok "and the node is lent again" until_true 60 is_lent
        rm "$phase" /var/lib/vm/job
        rm -r /etc/systemd/system/{slurmd.service.d,vm-late.service,multi-user.target.wants/vm-late.service}
        ;;
    esac
}

# reboot_from PHASE COMMAND...: does not return.
reboot_from() {
    local phase=/var/lib/vm/reboot
    echo "$1" >"$phase"
    cat /proc/sys/kernel/random/boot_id >/var/lib/vm/boot
    sync
    touch "$rebooting"
    "${@:2}"
    sleep infinity
}

# after_boot WHAT: sets agent_at, slurmd_at, idle_at and lent_at, in seconds of uptime.
after_boot() {
    ok "$1: another boot" test "$(cat /var/lib/vm/boot)" != "$(cat /proc/sys/kernel/random/boot_id)"
    ok "$1: no record is left" no_record
    ok "$1: the node is lent again" until_true 90 is_lent
    until_true 60 systemctl --quiet is-active slurmd
    agent_at=$(monotonic_of hookagentd.service ActiveEnterTimestampMonotonic)
    slurmd_at=$(monotonic_of slurmd.service ActiveEnterTimestampMonotonic)
    idle_at=$(entered settling)
    lent_at=$(monotonic_of "$unit" ExecMainStartTimestampMonotonic)
    figure "$1: agent up at $agent_at s, slurmd at $slurmd_at s, idle from $idle_at s on, lent at $lent_at s"
}

# slurmd_comes_late [LINE]: from the next boot on, a service that takes its time.
slurmd_comes_late() {
    printf '[Service]\nType=oneshot\nExecStart=/bin/sleep 20\n%s\n' "${1:-}" >/etc/systemd/system/vm-late.service
    ln -sfn ../vm-late.service /etc/systemd/system/multi-user.target.wants/vm-late.service
}

no_record() { [[ -d /run/hookagent/jobs && -z $(ls /run/hookagent/jobs) ]]; }
node_is() { [[ $(node_state) == "$1" ]]; }
monotonic_of() { systemctl show --value --property="$2" "$1" | awk '{ printf "%.2f", $1 / 1e6 }'; }
# entered STATE: when this boot's agent last came into it.
entered() {
    journalctl --quiet --boot --unit=hookagentd --output=short-monotonic --grep="-> $1:" | sed -n 's/^\[ *\([0-9.]*\)\].*/\1/p' | tail -n 1
}
in_order() { printf '%s\n' "$@" | sort --check=quiet --general-numeric-sort; }
