# shellcheck shell=bash
# shellcheck disable=SC2154 # lab, home, here: run's own
# The cluster a scenario runs on, and the broker.

on() {
    local node=$1
    shift
    "$lab" exec "$node" -- "$@"
}
controller() { on controller "$@"; }
as_alice() { controller runuser -u alice -- "$@"; }
com_nodes() { controller sinfo -h -N -o %N | sort -u; }

# cluster_up SCHEDULER [DENO]: three com nodes whose agents lend after 2 s, and tasks without end. With the folder that
# deno-provider/build makes, the provider is run by Deno through the shipped start program; else it is the native stand-in.
cluster_up() {
    local node deno=${2:-}
    "$lab" down 2>/dev/null
    DENO=$deno/deno DENO_DIR=$deno/cache "$lab" up multi --no-jupyter --scheduler "$1" ${deno:+--provider "$deno/upstream"} 2>"$scratch/up" || {
        cat "$scratch/up" >&2
        return 1
    }
    controller install -d --owner=alice /shared/bin /shared/stamps /shared/out
    controller tee /shared/bin/stamped <"$here/nodes/stamped" >/dev/null
    controller chmod 0755 /shared/bin/stamped
    for node in $(com_nodes); do
        on "$node" install -d /etc/hookagent/hookagent.conf.d
        on "$node" tee /etc/hookagent/hookagent.conf.d/scenario.conf <<<$'[Node]\nIdleDelay=2s' >/dev/null
        [[ -z $deno ]] || on "$node" tee -a /etc/hookagent/wasimoff-provider.env >/dev/null \
            <<<$'JSR_URL=http://127.0.0.1/\nNPM_CONFIG_REGISTRY=http://127.0.0.1/\nLAB_NAME='"$node"
        on "$node" systemctl restart hookagentd
    done
    tasks_for_ever
    until_true 60 all_lent
}

tasks_for_ever() { broker -X POST '/supply?milliseconds=200,500,1000' >/dev/null; }

# broker CURL-OPTION... PATH
broker() { controller curl --silent --fail "${@:1:$#-1}" "http://localhost:4080${!#}"; }

# count METRIC [NODE]: of the node, or of all together.
count() { broker /metrics | awk -v metric="$1" -v node="${2:-}" '
    index($1, metric "{") == 1 && (node == "" || index($1, "\"" node "\"")) { sum += $2 } END { print sum + 0 }'; }

connected() { [[ $(count wasimoff_provider_connected "$1") == 1 ]]; }

state_of() { on "$1" busctl get-property org.hookagent.Node1 /org/hookagent/Node1 org.hookagent.Node1 State 2>/dev/null | cut -d'"' -f2; }
state_is() { [[ $(state_of "$1") == "$2" ]]; }
lent() { state_is "$1" lending && connected "$1"; }
all_lent() {
    local node
    for node in $(com_nodes); do
        lent "$node" || return 1
    done
}

# A node that is going down may have let the command in, and not let it out.
is_down() {
    local status=0
    timeout 3 "$lab" exec "$1" -- true 2>/dev/null || status=$?
    ((status == 125))
}
all_idle() { [[ $(controller sinfo --noheader -N -o %T | sort -u) == idle ]]; }

# A node of the lab shows its host's uptime, by which slurmctld could not tell that it was down; by this slurmd says so.
boot_told() { on "$1" sh -c 'echo SLURMD_OPTIONS=-b >/etc/default/slurmd'; }

# slurm_settings LINE...: into the slurm.conf of all, which then go by it.
slurm_settings() {
    printf '%s\n' "$@" | controller tee -a /shared/slurm/slurm.conf >/dev/null
    controller scontrol reconfigure
}
