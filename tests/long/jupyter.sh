# shellcheck shell=bash disable=SC2034,SC2154
what="the lab's login node: its notebook run in a real browser, jobs' CPU and memory in InfluxDB, Slurm's other plugins"
reads=("${programs[@]}" packaging/prometheus "${scenario[@]}" tests/lab/scenarios/{jupyter.sh,plugins.sh})
needs=(browser-deps)

part() {
    script_suite tests/lab/scenarios 2400 tests/lab/scenarios/run jupyter plugins
}
