# shellcheck shell=bash
# The login node of mini and multi: Jupyter for alice, and Prometheus. Slurm's commands, munge and /shared are there; no
# daemon of Slurm's runs. A release says in its file "login" which packages it takes.

login_port=8888

# After the topology was laid out: who wants no Jupyter has neither the node nor what the com nodes do for it.
login_leave_out() { sed -i -E -e '/[ ,]jupyter(,|$)/d' -e 's/,exports$//' "$1/nodes"; }

# What is to be in its root before its first boot.
login_node_files() {
    local lab=$1 upper=$2 targets
    install -d --mode=0700 "$upper/etc/lab"
    printf 'JUPYTER_TOKEN=%s\n' "$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')" >"$upper/etc/lab/jupyter.env"
    targets=$(topology_nodes_with "$lab/topology" exports | sed 's/$/:9100/' | paste -sd,)
    sed -i "s/@TARGETS@/$targets/" "$upper/etc/prometheus/prometheus.yml"
    cp "$lab_home/../../packaging/prometheus/hookagent.rules.yml" "$upper/etc/prometheus/"
}

login_node() { topology_nodes_with "$lab/topology" jupyter; }

login_wait() {
    local node
    node=$(login_node)
    until_true 90 login_answers "$node" || {
        in_node "$lab" "$node" journalctl --no-pager -n 20 -u jupyter >&2 || true
        fail "Jupyter does not answer after 90 s"
    }
}
login_answers() { in_node "$lab" "$1" curl --silent --fail --output /dev/null "http://127.0.0.1:$login_port/api"; }

# login_address [PORT]: prints where the example is, once it is brought to a port of this machine.
login_address() {
    local path=lab/tree release
    state_value "$lab/lab" release && release=$REPLY
    grep -qx jupyterlab "$lab_home/releases/$release/login" || path=notebooks
    printf 'http://127.0.0.1:%s/%s/cluster.ipynb?token=%s\n' "${1:-$login_port}" "$path" "$(login_token)"
}
login_token() { sed -n 's/^JUPYTER_TOKEN=//p' "$lab/nodes/$(login_node)/upper/etc/lab/jupyter.env"; }
