# shellcheck shell=bash
# lab apt [--reinstall] PACKAGE...: Debian's own packages, with all that they need, into every node. The nodes have no
# network, so this machine's apt downloads what a node's dpkg lacks, for the node's release; the node's own apt installs it.

verb_apt() {
    local node release folder reinstall=()
    [[ ${1:-} != --reinstall ]] || { reinstall=("$1") && shift; }
    (($#)) || usage_error "install what? lab apt [--reinstall] PACKAGE..."
    require_all_nodes
    state_value "$lab/lab" base || fail "the lab '$lab_name' does not say what it stands on: lab down, then lab up"
    release=${REPLY##*/}
    release=${release%%-*}
    folder=$lab_root/apt/$release
    apt_update "$folder" "$release"
    for node in $(lab_nodes); do
        apt_into "$folder" "$node" "${reinstall[@]}" "$@"
    done
}

# The release's list of packages, from the mirror of the bases. A mirror out of reach is no fault while a list is there.
apt_update() {
    local folder=$1 release=$2 mirror
    mirror=$(debian_mirror "$release")
    [[ -n $mirror ]] || fail "no Debian mirror in this machine's apt sources; name one with HOOKAGENT_LAB_MIRROR=URL"
    mkdir -p "$folder"/state/lists/partial "$lab_root/debs/partial"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$release" >"$folder/sources.list"
    apt_for "$folder" /dev/null update >"$folder/log" 2>&1 || fail "apt-get update failed (all of it in $folder/log): $(tail -n 1 "$folder/log")"
}

apt_into() {
    local folder=$1 node=$2 status=$1/status debs
    shift 2
    # A copy, because apt resolves links itself and would end at this machine's own.
    in_node "$lab" "$node" cat /var/lib/dpkg/status >"$status"
    apt_download "$folder" "$status" "$@"
    ((${#debs[@]} > 0)) || return 0
    process_runs "$lab/nodes/$node/state" || fail "node $node is not running: lab start-node $node"
    mkdir -p "/proc/$PID/root/run/lab-install"
    cp -- "${debs[@]}" "/proc/$PID/root/run/lab-install/"
    # shellcheck disable=SC2016
    in_node "$lab" "$node" sh -c 'cd /run/lab-install && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" ./*.deb' sh \
        "${reinstall[@]}" </dev/null || fail "apt failed in node $node"
    in_node "$lab" "$node" rm -rf /run/lab-install
}

# Sets the caller's debs to the files that these packages lack where dpkg has this status, and fetches them.
apt_download() {
    local folder=$1 status=$2
    shift 2
    apt_for "$folder" "$status" install --download-only --yes "$@" >"$folder/log" 2>&1 ||
        fail "apt-get cannot download $* (all of it in $folder/log): $(grep '^E: ' "$folder/log" | head -n 1)"
    # What is in the cache already has no address to be printed, and is asked for without a cache.
    mapfile -t debs < <(apt_for "$folder" "$status" install --print-uris --yes -qq -o Dir::Cache::archives="$folder/none/" "$@" |
        sed -n "s,^'[^']*' \([^ ]*\.deb\) .*,$lab_root/debs/\1,p")
}

# apt-get with the release's lists, a node's dpkg status, and this machine's way to the network.
apt_for() {
    local folder=$1 status=$2
    shift 2
    mkdir -p "$folder/none/partial"
    DEBIAN_FRONTEND=noninteractive apt-get -o APT::Sandbox::User=root -o APT::Install-Recommends=false \
        -o Dir::State="$folder/state" -o Dir::State::status="$status" -o Dir::Cache="$folder" \
        -o Dir::Cache::archives="$lab_root/debs/" -o Dir::Etc::SourceList="$folder/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null "$@" </dev/null
}
