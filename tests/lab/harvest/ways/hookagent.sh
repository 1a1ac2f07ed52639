# shellcheck shell=bash
# shellcheck disable=SC2034 # way_title is run's
# HookAgent with PrologWait=0, and an IdleDelay longer than the short gaps.
way_title='HookAgent' idle_delay=2s
way_set_up() {
    on com0 install -d /etc/hookagent/hookagent.conf.d
    on com0 tee /etc/hookagent/hookagent.conf.d/harvest.conf >/dev/null <<END
[Node]
IdleDelay=$idle_delay
[Hook]
PrologWait=0
END
    on com0 systemctl restart hookagentd
    controller ln -s /usr/libexec/hookagent/slurm-hook /shared/harvest/hook
    timed_hooks
}
