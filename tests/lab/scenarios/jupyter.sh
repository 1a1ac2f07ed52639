# shellcheck shell=bash
# shellcheck disable=SC2154 # lab, home, here, scratch: run's own
# A newcomer's way: a cluster with its login node, `lab browse`, the example notebook run in a browser, and what its
# pictures show. On bookworm with the classic notebook, on trixie with JupyterLab. With HOOKAGENT_SCREENSHOTS, a folder,
# pictures of the page.
check_jupyter() {
    local release
    for release in bookworm trixie; do
        "$lab" down 2>/dev/null
        ok "$release: up with a login node and InfluxDB" "$lab" up multi --release "$release" --profile influxdb
        notebook_drawn "$release"
        dashboard_served
    done
}

notebook_drawn() {
    local release=$1 address browse job
    free_port
    "$lab" browse --port "$port" >"$scratch/browse-$release" 2>/dev/null </dev/null &
    browse=$!
    ok "browse says where the notebook is" until_true 10 test -s "$scratch/browse-$release"
    address=$(<"$scratch/browse-$release")
    ok "and so does status, with the token" prints "token=${address##*=}" "$lab" status
    ok "Jupyter answers through it" until_true 10 curl --silent --fail --output /dev/null "http://127.0.0.1:$port/api"
    ok "but tells nothing without the token" gives 403 curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/api/kernels"
    ok "nor on another address than loopback" nobody_else
    ok "a browser runs the notebook" in_browser "$address" "$release"
    # What is left of the page when it broke off.
    [[ -s $scratch/notebook.json ]] || echo '{"text": "", "errors": [], "pictures": []}' >"$scratch/notebook.json"
    ok "no cell has failed" notebook_has 'not page["errors"]'
    ok "srun has run on a node" notebook_has 're.search(r"^com\d$", page["text"], re.M)'
    ok "sbatch has submitted the three waves" notebook_has 'page["text"].count("Submitted batch job") == 3'
    ok "sacct: all jobs of the notebook are completed" until_true 60 all_completed 9
    ok "it counts the handovers that the agents do" notebook_has "re.search(r'handovers: $(handovers), median', page['text'])"
    ok "four pictures came out" notebook_has 'len(page["pictures"]) == 4 and all(p["width"] > 800 for p in page["pictures"])'
    # A colour's bands from top to bottom: one of the legend, and one a node.
    ok "each node has a lane with lending, jobs and the agent's word on them" notebook_has 'all(bands(0, colour) == 4 for colour in (LENDING, BUSY, JOB))'
    ok "and handovers" notebook_has 'bands(0, HANDOVER) == 4'
    ok "most of the lanes is lent, and jobs have a part of it" notebook_has 'pixels(0, LENDING) > pixels(0, BUSY) > 2000 and pixels(0, JOB) > 1000'
    ok "the handovers are drawn for each node" notebook_has 'bands(1, HANDOVER) == 3'
    ok "Prometheus has seen nodes lent and busy" notebook_has 'pixels(2, LENDING) > pixels(2, BUSY) > 2000'
    ok "curves are drawn on what each node did" notebook_has 'bands(3, "#f9f5bd") == 3 and bands(3, "#a6cde4") == 3 and pixels(3, "#000000") > 500'

    job=$(controller sacct --allusers --allocations --noheader --parsable2 --format=JobIDRaw --name=load)
    ok "InfluxDB has the load's memory: 200 MB" until_true 30 between 195000 215000 most RSS "$job"
    # Two processors for a whole cluster, a notebook and a browser: a core is the most it can have, not the least.
    ok "and its processor time" between 30 110 most CPUUtilization "$job"
    ok "of a job that sleeps, next to nothing" between 0 5 most CPUUtilization "$(controller sacct --allusers --allocations --noheader --parsable2 --format=JobIDRaw --name=wide)"
    kill "$browse"
    wait "$browse" 2>/dev/null || true
    ok "nothing listens once browse is gone" gone_from "$port"
    judge_cluster
}

free_port() { port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'); }
gone_from() { ! curl --silent --output /dev/null "http://127.0.0.1:$1/"; }
nobody_else() { [[ $(ss -Hltn "sport = :$port" | awk '{ print $4 }') == "127.0.0.1:$port" ]]; }

in_browser() { "$here/lib/run-notebook" "$1" "${HOOKAGENT_SCREENSHOTS:-$scratch}/notebook-$2.png" >"$scratch/notebook.json"; }

# notebook_has PYTHON: does this hold of the page? pixels and bands are of picture N and a colour.
notebook_has() {
    python3 - "$1" "$scratch/notebook.json" <<'END_PYTHON'
import json, re, sys

LENDING, BUSY, JOB, HANDOVER = "#f0e442", "#0072b2", "#009e73", "#d55e00"
page = json.load(open(sys.argv[2]))
def of(picture, colour): return page["pictures"][picture]["colours"].get(colour, {"pixels": 0, "bands": 0})
def pixels(picture, colour): return of(picture, colour)["pixels"]
def bands(picture, colour): return of(picture, colour)["bands"]
print(page["text"], *page["errors"], sep="\n")
for picture in page["pictures"]:
    print({name: one for name, one in picture["colours"].items() if one["pixels"] > 500})
sys.exit(not eval(sys.argv[1]))
END_PYTHON
}

# Of all agents, since they began.
handovers() {
    local node
    for node in $(com_nodes); do on "$node" hookctl status --json; done |
        python3 -c 'import json, sys; print(sum(len(json.loads(line)["handovers"]) for line in sys.stdin))'
}

# most FIELD JOB: the highest value of any task, by a query of our own.
most() {
    controller curl --silent --fail --get http://localhost:8086/query --data-urlencode db=slurm \
        --data-urlencode "q=SELECT max(\"value\") FROM \"$1\" WHERE \"job\" = '$2' AND \"step\" = '0'" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["series"][0]["values"][0][1])'
}
# between LOW HIGH COMMAND...
between() {
    local low=$1 high=$2 value
    value=$("${@:3}")
    echo "$value"
    awk -v low="$low" -v high="$high" -v value="${value:-none}" 'BEGIN { exit !(value != "none" && value >= low && value <= high) }'
}

dashboard_served() {
    local browse
    free_port
    "$lab" browse prometheus --port "$port" >/dev/null 2>&1 </dev/null &
    browse=$!
    ok "Prometheus answers through browse" until_true 10 curl --silent --fail --output /dev/null "http://127.0.0.1:$port/-/ready"
    ok "it has the dashboard's nodes, and the shipped rules" prometheus_has_all
    kill "$browse"
    wait "$browse" 2>/dev/null || true
}
prometheus_has_all() {
    [[ $(curl --silent "http://127.0.0.1:$port/api/v1/query?query=count(hookagent_info)") == *'"3"]'* ]] &&
        curl --silent "http://127.0.0.1:$port/api/v1/rules" | grep -q HookAgentFailed
}
