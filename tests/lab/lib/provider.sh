# shellcheck shell=bash
# lab up --provider DIR: a real Wasimoff checkout and Deno in the place of the stand-in provider, and the broker that
# WASIMOFF_BROKER= names in the place of the stand-in broker. The shipped units and their start programs run as they are.

# Where `npm install deno` puts the program, in the checkout or beside it.
provider_deno_places=(node_modules/@deno/linux-x64-glibc/deno node_modules/@deno/linux-arm64-glibc/deno)

# Sets provider to the checkout, deno to the program, deno_cache to the folder of what was fetched with it, and broker to
# the broker's program or nothing.
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
    broker=${WASIMOFF_BROKER:-}
    [[ -z $broker ]] || broker=$(realpath -e -- "$broker") || usage_error "--provider: WASIMOFF_BROKER names no file"
    deno=$(realpath -e -- "$deno") || usage_error "--provider: DENO names no file"
    deno_cache=$(realpath -m -- "${DENO_DIR:-${HOME:-/root}/.cache/deno}")
    [[ -d $deno_cache || -d $provider/denoprovider/node_modules ]] ||
        usage_error "--provider: the nodes have no network, and neither $provider/denoprovider/node_modules nor $deno_cache is there; in denoprovider: DENO_DIR=... $deno install --sloppy-imports --allow-scripts=npm:node-datachannel --entrypoint main.ts"
}

# The checkout, with its node_modules, and Deno are this machine's own, read-only. The cache is written to, so each node
# has its own copy. The provider's check has the same settings.
provider_node_files() {
    local lab=$1 node=$2 services=$3 upper=$1/nodes/$2/upper unit
    if [[ -n $broker && ,$services, == *,wasimoff-broker,* ]]; then
        printf '%s /usr/local/bin/wasimoff-broker ro\n' "$broker" >>"$lab/nodes/$node/binds"
        rm "$upper/etc/systemd/system/wasimoff-broker.service.d/50-standin.conf"
    fi
    [[ ,$services, == *,hookagentd,* ]] || return 0
    printf '%s /opt/wasimoff ro\n%s /usr/local/bin/deno ro\n' "$provider" "$deno" >>"$lab/nodes/$node/binds"
    rm "$upper/etc/systemd/system/wasimoff-provider.service.d/50-standin.conf"
    for unit in wasimoff-provider wasimoff-provider-check; do
        mkdir -p "$upper/etc/systemd/system/$unit.service.d"
        printf '[Service]\nEnvironment=WASIMOFF_BROKER_URL=http://controller:4080 WASIMOFF_WORKERS=2 DENO=/usr/local/bin/deno\n' \
            >"$upper/etc/systemd/system/$unit.service.d/50-lab.conf"
    done
    mkdir -p "$upper/var/cache/wasimoff"
    [[ ! -d $deno_cache ]] || cp -R "$deno_cache/." "$upper/var/cache/wasimoff/"
}

# After the packages, which bring the user.
provider_own_caches() {
    local lab=$1 node
    for node in $(topology_nodes_with "$lab/topology" hookagentd); do
        in_node "$lab" "$node" chown -R wasimoff:wasimoff /var/cache/wasimoff
    done
}
