# shellcheck shell=bash
# lab browse [SERVICE] [--port N]: a service of the lab on a port of this machine's loopback, for as long as this runs.

verb_browse() {
    local service='' port='' node runs at needs
    while (($#)); do
        case $1 in
        --port)
            (($# >= 2)) || usage_error "--port needs a value; see lab --help"
            port=$2
            shift
            ;;
        --port=*) port=${1#--port=} ;;
        -*) usage_error "unknown option of browse: $1" ;;
        *)
            [[ -z $service ]] || usage_error "browse takes one service, not also '$1'"
            service=$1
            ;;
        esac
        shift
    done
    browse_find "${service:=notebook}"
    : "${port:=$at}"
    [[ $port =~ ^[1-9][0-9]{0,4}$ && $port -le 65535 ]] || usage_error "--port takes a number from 1 to 65535: $port"
    require_root
    lab_exists || lab_missing mini
    node=$(topology_nodes_with "$lab/topology" "$runs")
    [[ -n $node ]] || fail "the lab '$lab_name' has no $service: $needs"
    node_runs "$lab" "$node" || fail "node $node is not running: lab start-node $node"
    browse_forward
}

# Sets for verb_browse what runs the service, at which port, and what a lab takes to have it.
browse_find() {
    needs='lab up mini, without --no-jupyter and --plain'
    case $1 in
    notebook) runs=jupyter at=$login_port ;;
    prometheus) runs=prometheus at=9090 ;;
    influxdb) runs=influxdb at=8086 needs='lab up mini --profile influxdb' ;;
    *) usage_error "unknown service '$1'; there are: notebook prometheus influxdb" ;;
    esac
}

# systemd's own proxy: a socket belongs to the network in which it was opened, here this machine's, and what it is joined
# to belongs to the node's. A node that is booted again has a network of its own, and gets a proxy of its own.
browse_forward() {
    local pid proxy='' command
    for command in systemd-socket-activate /lib/systemd/systemd-socket-proxyd; do
        type -P "$command" >/dev/null || fail "$command is missing: apt-get install systemd"
    done
    ! browse_taken "$port" || fail "port $port of 127.0.0.1 is taken: lab$(browse_lab) browse $service --port ANOTHER"
    if [[ $service == notebook ]]; then login_address "$port"; else printf 'http://127.0.0.1:%s/\n' "$port"; fi
    say "until Ctrl-C"
    trap '[[ -z $proxy ]] || kill "$proxy" 2>/dev/null || true' EXIT
    trap 'exit 0' INT TERM HUP
    while lab_exists; do
        until_true 60 browse_may_go_on || fail "node $node is down: lab$(browse_lab) start-node $node"
        browse_runs || continue
        pid=$PID
        systemd-socket-activate --listen="127.0.0.1:$port" \
            nsenter --target "$pid" --net -- /lib/systemd/systemd-socket-proxyd "127.0.0.1:$at" </dev/null 2>"$lab/browse.log" &
        proxy=$!
        while browse_runs && [[ $PID == "$pid" ]]; do
            kill -0 "$proxy" 2>/dev/null || fail "the forwarder has ended: $(tail -n 1 "$lab/browse.log")"
            sleep 0.2
        done
        kill "$proxy" 2>/dev/null || true
        wait "$proxy" 2>/dev/null || true
    done
    say "the lab '$lab_name' is down"
}
browse_may_go_on() { browse_runs || ! lab_exists; }
browse_runs() { node_runs "$lab" "$node"; }
browse_lab() { [[ $lab_name == lab ]] || printf ' --name %s' "$lab_name"; }
browse_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
