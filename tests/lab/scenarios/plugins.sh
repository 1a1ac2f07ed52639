# shellcheck shell=bash
# shellcheck disable=SC2154 # lab, scratch: run's own
# Slurm's other plugins, one after another on a node that is lent, each with a job: the job completes, the agent takes the
# node back for it and lends it again, no record is left, and Slurm drains nothing. A plugin that asks for what a node of
# the lab does not have is a row, too: slurmd must say what it lacks, and the node stays lent.
check_plugins() {
    "$lab" down 2>/dev/null
    ok "a cluster with InfluxDB's plugin" "$lab" up mini --no-jupyter --profile influxdb
    on com0 install -d /etc/hookagent/hookagent.conf.d
    on com0 tee /etc/hookagent/hookagent.conf.d/scenario.conf <<<$'[Node]\nIdleDelay=1s' >/dev/null
    on com0 systemctl restart hookagentd
    controller cp /shared/slurm/slurm.conf /shared/slurm/slurm.conf.first

    plugin AcctGatherProfileType=acct_gather_profile/influxdb
    plugin TaskPlugin=task/affinity
    plugin TaskPlugin=task/cgroup,task/affinity
    plugin ProctrackType=proctrack/pgid
    plugin SelectType=select/cons_tres SelectTypeParameters=CR_Core_Memory
    plugin SelectType=select/cons_res SelectTypeParameters=CR_CPU_Memory
    plugin PriorityType=priority/basic
    plugin PriorityType=priority/multifactor
    plugin JobAcctGatherType=jobacct_gather/none
    plugin JobCompType=jobcomp/filetxt JobCompLoc=/var/log/slurm/jobcomp
    plugin JobSubmitPlugins=all_partitions
    plugin JobContainerType=job_container/cncu
    plugin MpiDefault=pmi2
    # It reads the processor's registers, which are no business of a node's: it says so, and jobs run.
    plugin AcctGatherEnergyType=acct_gather_energy/rapl
    plugin_of_cgroups ProctrackType=proctrack/cgroup 'unable to create freezer cgroup namespace'
    plugin_of_cgroups JobAcctGatherType=jobacct_gather/cgroup 'initializing memory or cpu controller'
    plugin SelectType=select/linear # as it was
    judge_cluster
}

# plugin KEY=VALUE...: the first is the plugin, the others what it needs.
plugin() {
    ok "$1 is in force" with_settings "$@"
    ok "$1: a job completes, and the node is taken back and lent again" job_disturbs_nothing
}

# plugin_of_cgroups KEY=VALUE TEXT: where the node has no controllers, slurmd refuses it in these words.
plugin_of_cgroups() {
    if on com0 grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
        plugin "$1"
        return
    fi
    ok "$1 cannot run on this host (no controllers in cgroup v2): slurmd says so" refused "$@"
    ok "$1: a node without slurmd is not lent" until_true 20 state_is com0 held
}

# Slurm is started anew, because that is what most of these settings take.
with_settings() {
    settle "$@"
    on com0 systemctl restart slurmd && controller systemctl start slurmctld || return 1
    until_true 30 all_idle && in_force "$1"
}
settle() {
    local setting
    controller systemctl stop slurmctld
    controller cp /shared/slurm/slurm.conf.first /shared/slurm/slurm.conf
    for setting; do
        controller sed -i "/^${setting%%=*}=/d" /shared/slurm/slurm.conf
        controller tee -a /shared/slurm/slurm.conf <<<"$setting" >/dev/null
    done
}
in_force() {
    controller scontrol show config >"$scratch/config"
    grep -E "^${1%%=*} " "$scratch/config"
    grep -Eq "^${1%%=*} += ${1#*=}( |$)" "$scratch/config"
}

job_disturbs_nothing() {
    local before job
    until_true 30 lent com0 || return 1
    before=$(stops)
    job=$(as_alice sbatch --parsable --chdir=/shared --output=/dev/null --nodes=1 --wrap 'srun sleep 1') || return 1
    until_true 30 job_is "$job" COMPLETED || {
        controller scontrol show job "$job"
        on com0 tail -n 5 /var/log/slurm/slurmd.log
        return 1
    }
    until_true 30 lent com0 && no_records && nobody_drained && (($(stops) == before + 1))
}
stops() { on com0 hookctl status --json | sed 's/.*"provider_stops":\([0-9]*\).*/\1/'; }

refused() {
    settle "$1"
    on com0 truncate --size=0 /var/log/slurm/slurmd.log
    on com0 systemctl --no-block restart slurmd
    until_true 30 on com0 grep -F "$2" /var/log/slurm/slurmd.log
}
