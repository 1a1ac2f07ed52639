# shellcheck shell=bash
# Of two machines the one with slurmctld and the broker: its user's job takes the other from the provider, and gives it back.
check_controller() {
    local job
    ok "the controller knows com0 by its name" resolves com0 10.77.0.10
    ok "the broker is a service" systemctl is-active wasimoff-broker.service
    ok "com0's provider comes to it over the bridge" until_true 120 providers_are 1
    ask POST '/tasks?count=4&milliseconds=200&mebibytes=1' >/dev/null
    ok "it does the broker's tasks" until_true 60 tasks_done 4
    job=$(as_alice sbatch --parsable --chdir=/tmp --output=/dev/null --wrap 'sleep 20')
    ok "a job runs on com0" until_true 60 job_is "$job" RUNNING
    ok "its provider is gone meanwhile" until_true 60 providers_are 0
    ok "and the job still runs" job_is "$job" RUNNING
    ok "the job ends well" until_true 60 job_is "$job" COMPLETED
    ok "the provider is back" until_true 60 providers_are 1
    ask POST '/tasks?count=4&milliseconds=200&mebibytes=1' >/dev/null
    ok "it goes on with the broker's tasks" until_true 60 tasks_done 8
}


# ask METHOD PATH: the broker.
ask() {
    local broker answer
    exec {broker}<>/dev/tcp/localhost/4080 || return 1
    printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' "$1" "$2" >&"$broker"
    answer=$(timeout 10 cat <&"$broker")
    exec {broker}>&-
    printf '%s\n' "$answer"
    [[ $answer == 'HTTP/1.1 200 '* ]]
} 2>/dev/null
count() { ask GET /metrics | awk -v metric="$1" 'index($1, metric "{") == 1 { sum += $2 } END { print sum + 0 }'; }
providers_are() { [[ $(count wasimoff_provider_connected) == "$1" ]]; }
tasks_done() { (($(count wasimoff_tasks_completed_total) >= $1)); }
