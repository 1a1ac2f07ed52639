# shellcheck shell=bash
# lab up --provider DIR: a real Wasimoff checkout and Deno in the place of the stand-in provider. The shipped unit and
# its starter run as they are; the broker stays the stand-in, which the real provider connects to and gets no task from.

# Where `npm install deno` puts the program, in the checkout or beside it.
provider_deno_places=(node_modules/@deno/linux-x64-glibc/deno node_modules/@deno/linux-arm64-glibc/deno)

# Sets provider to the checkout, deno to the program and deno_cache to the folder of what was fetched with it.
provider_find() {
    local place
    provider=$(realpath -e -- "$1" 2>/dev/null) || usage_error "--provider: no such folder: $1"
    [[ $provider != *[[:space:]]* ]] || usage_error "--provider: a path without spaces, please: $provider"
    [[ -r $provider/denoprovider/main.ts ]] ||
        usage_error "--provider: $provider is no Wasimoff checkout: it has no denoprovider/main.ts"
    deno=${DENO:-}
    for place in "${provider_deno_places[@]/#/$provider/}" "${provider_deno_places[@]/#/$provider/../}"; do
        [[ -n $deno || ! -x $place ]] || deno=$place
    done
    [[ -n $deno ]] || deno=$(type -P deno) ||
        usage_error "--provider: no Deno: run 'npm install deno' in $provider, or set DENO=/path/to/deno"
    deno=$(realpath -e -- "$deno") || usage_error "--provider: DENO names no file"
    deno_cache=$(realpath -m -- "${DENO_DIR:-$HOME/.cache/deno}")
    [[ -d $deno_cache ]] ||
        usage_error "--provider: the nodes have no network and $deno_cache is not there: DENO_DIR=... $deno cache --sloppy-imports $provider/denoprovider/main.ts"
}

# The checkout and Deno are this machine's own, read-only. The cache is written to, so each node has its own copy.
provider_node_files() {
    local lab=$1 node=$2 services=$3 upper=$1/nodes/$2/upper
    [[ ,$services, == *,hookagentd,* ]] || return 0
    printf '%s /opt/wasimoff ro\n%s /usr/local/bin/deno ro\n' "$provider" "$deno" >>"$lab/nodes/$node/binds"
    rm "$upper/etc/systemd/system/wasimoff-provider.service.d/50-standin.conf"
    mkdir -p "$upper/etc/systemd/system/wasimoff-provider.service.d"
    printf '[Service]\nEnvironment=WASIMOFF_BROKER_URL=http://controller:4080 WASIMOFF_WORKERS=2 DENO=/usr/local/bin/deno\n' \
        >"$upper/etc/systemd/system/wasimoff-provider.service.d/50-lab.conf"
}

# After the packages, which bring the user and the folder.
provider_fill_caches() {
    local lab=$1 node
    for node in $(topology_nodes_with "$lab/topology" hookagentd); do
        process_runs "$lab/nodes/$node/state"
        cp -R "$deno_cache/." "/proc/$PID/root/var/cache/wasimoff/"
        in_node "$lab" "$node" chown -R wasimoff:wasimoff /var/cache/wasimoff
    done
}
