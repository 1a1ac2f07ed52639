# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # some words are for the node's shell; lab, here, scratch: run's own
# The cluster of one way, and what is read out of it.

on() {
    local node=$1
    shift
    "$lab" exec "$node" -- "$@"
}
controller() { on controller "$@"; }

cluster_up() {
    local file
    "$lab" up mini --no-jupyter
    controller install -d --mode=1777 /shared/harvest
    for file in "$here"/nodes/{trace,job,blocking-hook,pilot} "$scratch/timed-hook"; do
        controller sh -c 'cat >"$0" && chmod 0755 "$0"' "/shared/harvest/${file##*/}" <"$file"
    done
    on com0 tee /etc/systemd/system/harvest-provider.service <"$here/nodes/harvest-provider.service" >/dev/null
    on com0 systemctl daemon-reload
    controller curl --silent --fail -X POST 'http://localhost:4080/supply?milliseconds=200,500,1000' >/dev/null
}

without_agent() { on com0 systemctl --quiet mask --now hookagentd; }

# Slurm runs /shared/harvest/hook, and is timed.
timed_hooks() {
    controller tee /shared/slurm/hooks.conf >/dev/null \
        <<<$'Prolog=/shared/harvest/timed-hook\nEpilog=/shared/harvest/timed-hook\nPrologFlags=Alloc'
    restart_slurm
}

# Slurm treats a job differently where it has hooks at all.
hooks_that_do_nothing() {
    controller ln -s /bin/true /shared/harvest/hook
    timed_hooks
}

# scripts_are SYSTEMCTL-OPTION
scripts_are() {
    without_agent
    controller sh -c 'echo "$0" >/shared/harvest/how' "$1"
    controller ln -s blocking-hook /shared/harvest/hook
    timed_hooks
    on com0 systemctl start harvest-provider
}

restart_slurm() {
    controller systemctl restart slurmctld
    on com0 systemctl restart slurmd
    until_true 60 idle
}
idle() { [[ $(controller timeout 5 sinfo --noheader --format=%T 2>/dev/null | sort -u) == idle ]]; }

# Each begins with a provider at work, but the one that has none.
await_ready() { [[ $1 == none ]] || until_true 60 working; }
working() { controller curl --silent http://localhost:4080/metrics | grep -q '^wasimoff_tasks_completed_total.* [1-9]'; }

# The moment of each start of a provider, whoever started it.
provider_starts() {
    on com0 journalctl -q -o short-unix --no-pager _PID=1 UNIT=harvest-provider.service + _PID=1 UNIT=wasimoff-provider.service |
        awk '/ Starting / { print $1 }'
    controller sh -c 'test ! -e /shared/harvest/pilots || cat /shared/harvest/pilots' | awk '{ print $2 }'
}

# Each end of a provider's connection, and how many tasks it had completed.
provider_ends() {
    controller journalctl -q -o short-unix --no-pager -u wasimoff-broker |
        sed -n 's/^\([0-9.]*\) .* provider com0 gone after \([0-9]*\) tasks.*/\1 \2/p'
}

table_head() {
    cat <<'END'
| way | submit → first line, queue empty: median (max) | end → next start, queue full: median | Prolog: median (max) | Epilog: median (max) | tasks completed: short gaps / long gaps | tasks lost | starts without a task: in gaps shorter than 2 s / longer, of all | idle time harvested: long gaps / all |
|---|---|---|---|---|---|---|---|---|
END
}

# row TITLE FOLDER: one line of the table from what the trace left.
row() { awk -v title="$1" -v folder="$2" -v idle_delay=2 -f "$here/row.awk" /dev/null; }

# What HookAgent promises against the blocking scripts; fails if something does not hold.
compare() {
    local broken=0 a_taskless a_hooks a_lost a_done b_taskless b_hooks b_lost b_done
    read -r a_taskless a_hooks a_lost a_done <"$scratch/hookagent/figures"
    read -r b_taskless b_hooks b_lost b_done <"$scratch/blocking/figures"
    printf '\nHookAgent against the blocking scripts:\n'
    holds "starts without a task in gaps shorter than IdleDelay: $a_taskless (theirs: $b_taskless)" $((a_taskless == 0))
    holds "Prolog and Epilog together take 1/$((b_hooks / a_hooks)) of theirs; promised: 1/20" $((a_hooks * 20 <= b_hooks))
    holds "tasks lost: $a_lost (theirs: $b_lost)" $((a_lost <= b_lost))
    holds "tasks completed in the long gaps: $((100 * a_done / b_done)) % of theirs; promised: 95 %" $((a_done * 100 >= b_done * 95))
    ((broken == 0))
}

holds() {
    if (($2)); then
        printf 'ok %s\n' "$1"
    else
        printf 'not ok %s\n' "$1"
        broken=1
    fi
}
