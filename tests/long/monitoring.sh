# shellcheck shell=bash disable=SC2034,SC2154
what="Prometheus on a cluster of three nodes: each alert fires and resolves, each query of the dashboard has data"
reads=("${programs[@]}" packaging/prometheus packaging/grafana "${scenario[@]}" tests/lab/scenarios/monitoring.sh tests/monitoring)

part() {
    script_suite tests/lab/scenarios 1800 tests/lab/scenarios/run monitoring
}
