# shellcheck shell=bash
# lab standin: the stand-in provider in place of the real one, in every node.

verb_standin() {
    local node root
    (($# == 0)) || usage_error "standin takes no argument: $1"
    require_all_nodes
    for node in $(lab_nodes); do
        process_runs "$lab/nodes/$node/state"
        root=/proc/$PID/root
        install -D --mode=0755 --target-directory="$root/usr/local/lib/hookagent-standin" "$lab_home/standin/provider"
        install --mode=0644 "$lab_home/standin/Boottime.pm" "$root/usr/local/lib/hookagent-standin/"
        install -D --mode=0755 --target-directory="$root/usr/local/bin" "$lab_home/standin/stamped-job"
        install -D --mode=0644 --target-directory="$root/etc/systemd/system/wasimoff-provider.service.d" \
            "$lab_home/standin/50-standin.conf"
        in_node "$lab" "$node" systemctl daemon-reload
    done
}
