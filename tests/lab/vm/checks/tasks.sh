# shellcheck shell=bash
# shellcheck disable=SC2154 # unit, lent_group: guest.sh's
# A provider that starts threads as long as it may: TasksMax= ends that, and a job still starts beside it.
check_tasks() {
    local most
    most=$(systemctl show --value --property=TasksMax "$unit")
    provider deaf threads
    ok "a provider that starts threads without end comes to TasksMax=$most" until_true 60 at_tasks_max
    figure "threads of a provider that starts them without end: $(cat "$lent_group/pids.current")"
    ok "and has no more than that" test "$(cat "$lent_group/pids.current")" -le "$most"
    # shellcheck disable=SC2016 # for the job's shell
    ok "a job of many processes runs beside it" as_alice srun --chdir=/tmp sh -c 'for i in $(seq 100); do sleep 1 & done; wait'
    provider_end
}

at_tasks_max() { (($(counter "$lent_group/pids.events" max) > 0)); }
