# What the start scripts of the Wasimoff units say when something is missing, and what they start when nothing is.

mkdir -p "$work/wasimoff/denoprovider" "$work/bin"
touch "$work/wasimoff/denoprovider/main.ts"
printf '#!/bin/sh\necho "$@"\n' >"$work/bin/deno"
chmod +x "$work/bin/deno"

# start SCRIPT [VARIABLE=VALUE...]
start() {
    local script=$root/usr/libexec/hookagent/$1
    shift
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" "$script" 2>&1
    echo "exit $?"
}

# complains TEXT WHAT OUTPUT: what is missing, its cause and the next step, at the journal's priority, and EX_CONFIG.
complains() {
    local lines
    mapfile -t lines <<<"$3"
    if [[ ${#lines[@]} == 4 && ${lines[0]} == "<3>"*"$2"* && ${lines[1]} == '<3>Cause: '* &&
        ${lines[2]} == '<3>Next: '* && ${lines[3]} == 'exit 78' ]]; then
        ok "$1"
    else
        not_ok "$1" "$3"
    fi
}

good=(DENO="$work/bin/deno" WASIMOFF_DIR="$work/wasimoff" WASIMOFF_BROKER_URL=http://broker.example:4080)
complains 'a provider without Deno says so' 'Deno is missing' "$(start wasimoff-provider "${good[@]:1}")"
complains 'a provider with a wrong DENO says so' "$work/none is missing" \
    "$(start wasimoff-provider "${good[@]}" DENO="$work/none")"
complains 'a provider without Wasimoff says so' '/denoprovider/main.ts is missing' \
    "$(start wasimoff-provider "${good[@]}" WASIMOFF_DIR="$work/none")"
complains 'a provider without a broker says so' 'no broker is named' \
    "$(start wasimoff-provider "${good[@]}" WASIMOFF_BROKER_URL=)"
for workers in 0 -1 two '1 --url'; do
    complains "a provider with WASIMOFF_WORKERS=$workers says so" 'is no number of workers' \
        "$(start wasimoff-provider "${good[@]}" WASIMOFF_WORKERS="$workers")"
done
command="run --cached-only --no-prompt --sloppy-imports --allow-env --allow-net \
--allow-read=$work/wasimoff/denoprovider,$work/wasimoff/webprovider $work/wasimoff/denoprovider/main.ts \
--workers N --url http://broker.example:4080 --retry"
same 'the provider starts with what it is told' "${command/workers N/workers 3}"$'\nexit 0' \
    "$(start wasimoff-provider "${good[@]}" WASIMOFF_WORKERS=3)"
same 'the provider has a worker a CPU by default' "${command/workers N/workers $(nproc)}"$'\nexit 0' \
    "$(start wasimoff-provider "${good[@]}")"
same 'the provider finds Deno in PATH' "${command/workers N/workers 3}"$'\nexit 0' \
    "$(start wasimoff-provider "${good[@]:1}" WASIMOFF_WORKERS=3 PATH="$work/bin:/usr/bin:/bin")"
complains 'a broker that is not there says so' "$work/none is missing" \
    "$(start wasimoff-broker WASIMOFF_BROKER="$work/none")"
same 'the broker is started' $'\nexit 0' "$(start wasimoff-broker WASIMOFF_BROKER="$work/bin/deno")"

for env in wasimoff-provider wasimoff-broker; do
    unknown=$(sed -n 's/^#\?\([A-Z_]*\)=.*/\1/p' "$root/etc/hookagent/$env.env" |
        grep -vxE 'WASIMOFF_(BROKER_URL|WORKERS|DIR|BROKER|HTTP_LISTEN|ALLOWED_ORIGINS|METRICS)|DENO')
    same "$env.env names nothing that nobody reads" '' "$unknown"
done
