# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154,SC2317 # lines for other programs; lab, home, here, scratch are run's own; called through ok
# Debian's Prometheus scrapes the com nodes' exporters while faults happen: each alert is seen to fire, on the node that has
# the fault and on no other, and to resolve. The rules are the shipped ones with all times cut by 60: sed makes a minute a
# second, an hour a minute and a day 24 minutes, and a scrape comes each second in place of each minute. Then every query of
# the dashboard is evaluated, while a node is failed and after jobs have come.
check_monitoring() {
    ok "a cluster" cluster_up backfill
    ok "its exporters answer" exporters_up
    ok "Prometheus scrapes them" prometheus_up
    ok "no alert fires on a cluster that is well" nothing_fires
    fault_unknown
    fault_failed
    ok "every query of the dashboard returns data, with a node that is failed" dashboard_has_data
    mend_failed
    fault_prolog_wait
    fault_deadline
    fault_stale
    fault_stopped
    fault_crashed
    fault_versions
    ok "in the end no alert fires" until_true 90 nothing_fires
    ok "each alert of the rules has fired" all_seen
    ok "all nodes are lent again" until_true 90 all_lent
    prometheus_down
}

rules=$home/../../packaging/prometheus/hookagent.rules.yml
dashboard=$home/../monitoring/dashboard
prometheus_pid=''
fired=()

# ---- Prometheus, in the controller's network and with its files in the scratch folder.

# The systemd collector tells of an agent that crashed.
exporters_up() {
    local node
    for node in $(com_nodes); do
        on "$node" sh -c 'echo ARGS=--collector.systemd >/etc/default/prometheus-node-exporter &&
            systemctl unmask --quiet prometheus-node-exporter && systemctl restart prometheus-node-exporter' || return 1
        until_true 30 has_metrics "$node" || return 1
    done
}
has_metrics() { controller curl --silent --fail "http://$1:9100/metrics" | grep -q ^hookagent_info; }

prometheus_up() {
    local node pid
    pid=$(sed -n 's/^PID=//p' "${HOOKAGENT_LAB:-/var/tmp/hookagent-lab}/labs/$HOOKAGENT_LAB_NAME/nodes/controller/state")
    sed -E 's/\b([0-9]+)m\b/\1s/g; s/\b([0-9]+)h\b/\1m/g; s/\b1d\b/24m/g' "$rules" >"$scratch/rules.yml"
    {
        printf '%s\n' 'global: { scrape_interval: 1s, evaluation_interval: 1s }' "rule_files: [$scratch/rules.yml]" \
            'scrape_configs:' '  - job_name: node' '    static_configs:'
        for node in $(com_nodes); do
            printf "      - { targets: ['%s'], labels: { instance: %s } }\n" "$(address_of "$node"):9100" "$node"
        done
    } >"$scratch/prometheus.yml"
    nsenter --target "$pid" --net -- setpriv --pdeathsig TERM prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/tsdb" \
        --web.listen-address=127.0.0.1:9090 >"$scratch/prometheus.log" 2>&1 </dev/null &
    prometheus_pid=$!
    until_true 60 all_scraped || {
        tail -n 20 "$scratch/prometheus.log"
        return 1
    }
}
prometheus_down() {
    kill "$prometheus_pid" 2>/dev/null
    wait "$prometheus_pid" 2>/dev/null || true
}
address_of() { controller getent hosts "$1" | awk '{ print $1 }'; }
all_scraped() { [[ $(value 'count(hookagent_info and on (instance) up == 1)') == 3 ]]; }

# query EXPRESSION: Prometheus's answer, JSON.
query() { controller curl --silent --fail --data-urlencode "query=$1" http://localhost:9090/api/v1/query; }
# value EXPRESSION: of the first sample; nothing where there is none.
value() { query "$1" | python3 -c 'import json, sys
for one in json.load(sys.stdin)["data"]["result"][:1]: print(one["value"][1])' 2>/dev/null; }

# ---- Alerts.

# alerts STATE: "NAME INSTANCE" of each; of what is not a node's, "-".
alerts() {
    controller curl --silent --fail http://localhost:9090/api/v1/alerts | python3 -c 'import json, sys
for one in json.load(sys.stdin)["data"]["alerts"]:
    if one["state"] == sys.argv[1]: print(one["labels"]["alertname"], one["labels"].get("instance", "-"))' "$1" | sort
}
nothing_fires() { [[ $(query 'vector(1)') == *success* && -z $(alerts firing) ]]; }
fires() {
    alerts firing | grep -qx "$1 $2" || return 1
    fired+=("$1")
}
fires_not() { [[ $(query 'vector(1)') == *success* ]] && ! fires "$1" "$2"; }
fires_alone() {
    alerts firing
    [[ $(alerts firing | grep "^$1 ") == "$1 $2" ]]
}

# fires_for ALERT NODE: after the fault. It is not there before its `for` is over, which rules.test.yml holds.
fires_for() {
    ok "$1 fires on $2" until_true 90 fires "$1" "$2"
    ok "and on no other" fires_alone "$1" "$2"
}
resolves() { ok "$1 resolves on $2" until_true 120 fires_not "$1" "$2"; }
all_seen() {
    diff <(sed -n 's/^ *- alert: //p' "$rules" | sort) <(printf '%s\n' "${fired[@]}" | sort -u)
}

# ---- Faults.

fault_unknown() {
    on com0 touch /run/hookagent/jobs/foreign
    fires_for HookAgentUnknown com0
    on com0 rm /run/hookagent/jobs/foreign
    resolves HookAgentUnknown com0
}

fault_failed() {
    on com1 sh -c 'mkdir -p /etc/systemd/system/wasimoff-provider.service.d
        printf "[Service]\nExecStart=\nExecStart=/bin/false\n" >/etc/systemd/system/wasimoff-provider.service.d/zz-fault.conf
        systemctl daemon-reload && systemctl kill --signal=KILL wasimoff-provider'
    fires_for HookAgentFailed com1
}
# daemon-reload ends the backoff.
mend_failed() {
    on com1 sh -c 'rm /etc/systemd/system/wasimoff-provider.service.d/zz-fault.conf; systemctl daemon-reload'
    resolves HookAgentFailed com1
}

settings_of_com2() {
    on com2 sh -c 'printf "%b" "$1" >/etc/hookagent/hookagent.conf.d/fault.conf && systemctl reload hookagentd' sh "$1"
}

# Tasks of eight seconds, which the provider ends before it stops.
fault_prolog_wait() {
    settings_of_com2 '[Hook]\nPrologWait=500ms\n'
    broker -X DELETE /supply >/dev/null
    ok "no short task is left" until_true 60 no_task_runs
    broker -X POST '/supply?milliseconds=8000' >/dev/null
    ok "com2 has a task that takes its time" until_true 60 task_runs
    submit 1 --nodelist=com2 >/dev/null
    fires_for HookAgentPrologWaitExceeded com2
    tasks_for_ever
    settings_of_com2 ''
    ok "the job ends" until_true 60 queue_empty
    resolves HookAgentPrologWaitExceeded com2
}
task_runs() { lent com2 && (($(tasks_running) > 0)); }
no_task_runs() { lent com2 && [[ $(tasks_running) == 0 ]]; }
tasks_running() { broker /metrics | awk '$1 == "wasimoff_tasks_running" { print $2 }'; }

# The agent is stopped for longer than the hook waits (1 s), and for less than its watchdog does (10 s).
fault_deadline() {
    ok "com2 is lent" until_true 60 lent com2
    on com2 systemctl kill --signal=STOP hookagentd
    submit 1 --nodelist=com2 >/dev/null
    ok "a job begins without the agent" until_true 8 job_has_begun
    on com2 systemctl kill --signal=CONT hookagentd
    fires_for HookAgentHookDeadline com2
    ok "the job ends" until_true 60 queue_empty
    resolves HookAgentHookDeadline com2
}
job_has_begun() { [[ -n $(on com2 journalctl -q --no-pager --since=-10s SYSLOG_IDENTIFIER=slurm-hook 2>/dev/null) ]]; }

fault_stale() {
    on com0 sh -c 'printf "JOB_ID=4000000\nEND_TIME=1\n" >/run/hookagent/jobs/.new && mv /run/hookagent/jobs/.new /run/hookagent/jobs/4000000'
    fires_for HookAgentStaleRecords com0
    on com0 hookctl forget 4000000 >/dev/null
    resolves HookAgentStaleRecords com0
}

fault_stopped() {
    on com1 systemctl stop hookagentd
    fires_for HookAgentDown com1
    on com1 systemctl start hookagentd
    resolves HookAgentDown com1
}

# A damaged program: systemd tries it again and again, and the last metrics stay.
fault_crashed() {
    on com1 sh -c 'mv /usr/sbin/hookagentd /usr/sbin/hookagentd.good && install -m 755 /bin/false /usr/sbin/hookagentd &&
        systemctl kill --signal=KILL hookagentd'
    fires_for HookAgentDown com1
    ok "while the last metrics stay" on com1 test -e /var/lib/prometheus/node-exporter/hookagent.prom
    on com1 mv /usr/sbin/hookagentd.good /usr/sbin/hookagentd
    resolves HookAgentDown com1
}

# The version in the program itself, as another build has it.
fault_versions() {
    local version other
    version=$(on com2 hookctl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])')
    other=${version%.*}.9
    on com2 cp /usr/sbin/hookagentd /usr/sbin/hookagentd.good
    ok "com2 runs version $other" other_program "$version" "$other"
    fires_for HookAgentVersionsDiffer -
    on com2 sh -c 'mv /usr/sbin/hookagentd.good /usr/sbin/hookagentd && systemctl restart hookagentd'
    resolves HookAgentVersionsDiffer -
}
# A string of the program is UTF-16, whose last byte, a zero, the native compiler leaves to the string that follows.
other_program() {
    on com2 cat /usr/sbin/hookagentd.good | python3 -c 'import sys
old, new = (word.encode("utf-16-le")[:-1] for word in sys.argv[1:])
sys.stdout.buffer.write(sys.stdin.buffer.read().replace(old, new))' "$1" "$2" >"$scratch/hookagentd" || return 1
    on com2 sh -c 'cat >/usr/sbin/hookagentd.new && chmod 755 /usr/sbin/hookagentd.new && mv /usr/sbin/hookagentd.new /usr/sbin/hookagentd &&
        systemctl restart hookagentd' <"$scratch/hookagentd" || return 1
    until_true 30 version_is "$2"
}
version_is() { on com2 hookctl status --json | grep -qF "\"version\":\"$1\""; }

# ---- The dashboard.

# A job first, for which a provider is stopped.
dashboard_has_data() {
    local panel ref expr answer bad=0 queries=0
    submit 1 --nodelist=com2 >/dev/null
    until_true 60 queue_empty && until_true 60 lent com2 || return 1
    while IFS=$'\t' read -r panel ref expr; do
        queries=$((queries + 1))
        answer=$(query "$expr" </dev/null | python3 -c 'import json, sys
values = [one["value"][1] for one in json.load(sys.stdin)["data"]["result"]]
print(len(values) - values.count("NaN"))')
        printf '%s %s: %s\n' "$panel" "$ref" "${answer:-refused}"
        ((${answer:-0} > 0)) || bad=1
    done < <("$dashboard" queries --job=node --range=2m --interval=1m)
    ((bad == 0 && queries > 15))
}
