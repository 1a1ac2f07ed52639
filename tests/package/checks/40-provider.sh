# What the start programs of the Wasimoff units say when something is missing, and what they start when nothing is. A
# checkout here has upstream's shape and no code, and Deno is a script that tells how it was called.

# checkout FOLDER [OPTION...]: one whose main.ts knows these options.
checkout() {
    local dir=$work/$1
    mkdir -p "$dir/denoprovider" "$dir/webprovider/lib"
    echo '{ "imports": { "@wasimoff/": "../webprovider/lib/" } }' >"$dir/denoprovider/deno.json"
    printf '  { name: "%s" },\n' "${@:2}" >"$dir/denoprovider/main.ts"
    touch "$dir/denoprovider/deno.lock"
}
mkdir -p "$work/bin"
# shellcheck disable=SC2016 # for the script
printf '%s\n' '#!/bin/sh' '[ "$1" != --version ] || { echo "deno ${VERSION:-2.9.6} (stable)"; exit; }' \
    'case " $* " in *" - "*) [ ! "$SAYS" ] || { echo "$SAYS"; exit 1; }; exit ;; esac' \
    'echo "$@"' '[ ! "$LINES_TOO" ] || cat "$LINES_TOO"' 'exit "${CODE:-0}"' >"$work/bin/deno"
chmod 755 "$work" "$work/bin" "$work/bin/deno"
checkout wasimoff url workers retry
checkout before url workers
cp "$root"/usr/libexec/hookagent/wasimoff-* "$work/bin/"

# The broker, as far as the start program asks: one that takes connections, on a port that it names.
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", ReuseAddr => 1, Listen => 9) or die $!;
    print $s->sockport, "\n"; close STDOUT; alarm 300; while ($c = $s->accept) { close $c }' >"$work/port" &
listener=$!
for _ in {1..100}; do
    [[ ! -s $work/port ]] || break
    sleep 0.05
done
broker=http://127.0.0.1:$(<"$work/port")

# start PROGRAM [VARIABLE=VALUE...]
start() {
    timeout 20 env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "${@:2}" "$work/bin/$1" 2>&1
    echo "exit $?"
}
good=(DENO="$work/bin/deno" WASIMOFF_DIR="$work/wasimoff" WASIMOFF_BROKER_URL="$broker")

# complains TEXT WHAT OUTPUT: what is missing, its cause and the next step, at the journal's priority, and EX_CONFIG.
complains() {
    local lines
    mapfile -t lines <<<"$3"
    if [[ ${#lines[@]} == 4 && "${lines[0]} ${lines[1]}" == "<3>"*"$2"* && ${lines[1]} == '<3>Cause: '* &&
        ${lines[2]} == '<3>Next: '* && ${lines[3]} == 'exit 78' ]]; then
        ok "$1"
    else
        not_ok "$1" "$3"
    fi
}

# lacks TEXT WHAT VARIABLE=VALUE...: the provider with these settings says so.
lacks() {
    complains "a provider with $1 says so" "$2" "$(start wasimoff-provider "${good[@]}" "${@:3}")"
}

# ---- Deno
# Takes ten seconds, which the others are run in.
printf '%s\n' '#!/bin/sh' 'exec sleep 60' >"$work/bin/hangs"
chmod 755 "$work/bin/hangs"
start wasimoff-provider "${good[@]}" DENO="$work/bin/hangs" >"$work/hanging" &
hanging=$!
complains 'a provider without Deno says so' 'Deno is missing' "$(start wasimoff-provider "${good[@]:1}")"
lacks 'a wrong DENO' "$work/none is missing" DENO="$work/none"
lacks 'an old Deno' 'Deno 1.46.3 is too old' VERSION=1.46.3
lacks 'a DENO that is no full path' 'DENO=deno is no full path' DENO=deno
lacks 'a folder for DENO' "$work/bin is a folder" DENO="$work/bin"
printf 'no program' >"$work/bin/data"
lacks 'a DENO that may not be executed' 'data is there, but may not be executed' DENO="$work/bin/data"
install --mode=755 "$work/bin/data" "$work/bin/broken"
lacks 'a DENO that is no program' 'broken cannot be run' DENO="$work/bin/broken"
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
if as_nobody true 2>/dev/null; then
    install --mode=700 "$work/bin/deno" "$work/bin/own"
    install -D --mode=755 "$work/bin/deno" "$work/closed/deno"
    chmod 700 "$work/closed"
    for place in bin/own closed/deno; do
        complains "Deno in $place, mode 700, is not told as missing" 'nobody may not' \
            "$(as_nobody env "${good[@]}" DENO="$work/$place" "$work/bin/wasimoff-provider" 2>&1; echo "exit $?")"
    done
fi

# ---- the checkout
lacks 'no Wasimoff' '/none/denoprovider/main.ts is missing' WASIMOFF_DIR="$work/none"
checkout half url workers && rm -r "$work/half/webprovider"
lacks 'half a checkout' 'the Wasimoff checkout is not complete' WASIMOFF_DIR="$work/half"
checkout headless url workers && rm "$work/headless/denoprovider/main.ts"
mkdir -p "$work/headless/broker" && touch "$work/headless/broker/main.go"
lacks 'a checkout without its main.ts' 'the Wasimoff checkout is not complete' WASIMOFF_DIR="$work/headless"
mkdir -p "$work/first/broker" && touch "$work/first/broker/main.go"
lacks 'a Wasimoff from before its provider for Deno' 'has no provider for Deno' WASIMOFF_DIR="$work/first"
checkout old url workers && echo 'if (!/^wss?:\/\//.test(url)) throw "";' >>"$work/old/denoprovider/main.ts"
lacks 'a Wasimoff that wants a WebSocket' 'this version of Wasimoff is too old' WASIMOFF_DIR="$work/old"
checkout other address
mkdir -p "$work/other/.git/refs/heads" && echo 'ref: refs/heads/main' >"$work/other/.git/HEAD"
echo 0123456789abcdef0123456789abcdef01234567 >"$work/other/.git/refs/heads/main"
lacks 'a Wasimoff that nobody knows' 'not known ('"$work"'/other, commit 0123456)' WASIMOFF_DIR="$work/other"

# ---- its modules
checkout webrtc url workers retry
echo '{ "imports": { "webrtc-polyfill": "npm:webrtc-polyfill@^1" }, "nodeModulesDir": "auto" }' >"$work/webrtc/denoprovider/deno.json"
lacks 'a Wasimoff without its modules' 'the modules of Wasimoff are missing' WASIMOFF_DIR="$work/webrtc"
addon=$work/webrtc/denoprovider/node_modules/.deno/node-datachannel@0.32.3/node_modules/node-datachannel
mkdir -p "$addon"
lacks 'a Wasimoff without its addon' 'the addon node-datachannel of Wasimoff is missing' WASIMOFF_DIR="$work/webrtc"
mkdir -p "$addon/build/Release" && touch "$addon/build/Release/node_datachannel.node"

# ---- the settings
lacks 'no broker' 'no broker is named' WASIMOFF_BROKER_URL=
lacks 'a WebSocket for a broker' 'is a WebSocket address' WASIMOFF_BROKER_URL=ws://controller:4080
lacks 'WebRTC for a broker' 'asks for WebRTC' WASIMOFF_BROKER_URL=ad://controller
for url in controller:4080 http:// http://controller:port http://controller:70000 'http://controller:4080 --retry'; do
    lacks "WASIMOFF_BROKER_URL=$url" "no broker's address" WASIMOFF_BROKER_URL="$url"
done
for workers in 0 -1 two '1 --url'; do
    lacks "WASIMOFF_WORKERS=$workers" 'is no number of workers' WASIMOFF_WORKERS="$workers"
done
lacks 'a certificate that is not there' 'certificate of the private CA cannot be read' DENO_CERT="$work/none"

# ---- the check
check() { timeout 20 env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "${good[@]}" "$@" "$work/bin/wasimoff-provider" --check 2>&1; }
same 'what is misspelt like a setting is told, and what another program reads is not' \
    'warning settings: WASIMOFF_BROKER_URl is no setting
warning settings: WASIMOFF_WORKER is no setting
warning settings: deno_cert is no setting' \
    "$(check WASIMOFF_BROKER_URl=http://a WASIMOFF_WORKER=2 deno_cert=/a DENO_V8_FLAGS=--a HTTPS_PROXY=http://a |
        sed -n 's/^\(warning .*\): nothing reads it -> .*/\1/p' | LC_ALL=C sort)"
cp -r "$work/webrtc" "$work/bare" && rm -r "$work/bare/denoprovider/node_modules"
same 'the path of a file is told as it is written' \
    "fault modules: the modules of Wasimoff are missing. The checkout's denoprovider/deno.json wants them" \
    "$(check WASIMOFF_DIR="$work/bare" | sed -n 's/^\(fault modules: .* wants them\).*/\1/p')"
words=$(printf 'word%s ' {001..060})
same 'a long text of Deno ends with a whole word' "Deno: ${words:0:295} …" \
    "$(check SAYS="$words" | sed -n 's/^fault load: the modules of Wasimoff cannot be loaded. \(.*\) -> .*/\1/p')"

# ---- the start
# runs TEXT WANTED VARIABLE=VALUE...: what Deno is given, up to the broker, which is always the same.
runs() {
    local said
    said=$(start wasimoff-provider "${good[@]}" "${@:3}" | head -n 1)
    same "$1" "$2" "${said/ --url $broker/}"
}
rights='run --cached-only --no-prompt --unstable-sloppy-imports --allow-env --allow-net'
reads() { echo "--allow-read=$work/$1/denoprovider,$work/$1/webprovider"; }
runs 'the provider starts with what it is told' \
    "$rights $(reads wasimoff) $work/wasimoff/denoprovider/main.ts --workers 3 --retry" WASIMOFF_WORKERS=3
runs 'the provider has a worker a CPU by default' \
    "$rights $(reads wasimoff) $work/wasimoff/denoprovider/main.ts --workers $(nproc) --retry"
runs 'a version before --retry is not given it' \
    "$rights $(reads before) $work/before/denoprovider/main.ts --workers 3" WASIMOFF_WORKERS=3 WASIMOFF_DIR="$work/before"
runs 'native code may be loaded from node_modules alone' \
    "$rights $(reads webrtc) --allow-ffi=$work/webrtc/denoprovider/node_modules $work/webrtc/denoprovider/main.ts --workers 3 --retry" \
    WASIMOFF_WORKERS=3 WASIMOFF_DIR="$work/webrtc"
runs 'more flags of the site come last' \
    "$rights $(reads before) --allow-sys --v8-flags=--jitless $work/before/denoprovider/main.ts --workers 3" \
    WASIMOFF_WORKERS=3 WASIMOFF_DIR="$work/before" WASIMOFF_DENO_FLAGS='--allow-sys --v8-flags=--jitless'
checkout unlocked url workers && rm "$work/unlocked/denoprovider/deno.lock"
runs 'Deno is kept from writing a deno.lock where there is none' \
    "$rights $(reads unlocked) --no-lock $work/unlocked/denoprovider/main.ts --workers 3" WASIMOFF_WORKERS=3 WASIMOFF_DIR="$work/unlocked"
runs 'the provider finds Deno in PATH' \
    "$rights $(reads before) $work/before/denoprovider/main.ts --workers 3" \
    DENO= PATH="$work/bin:/usr/bin:/bin" WASIMOFF_WORKERS=3 WASIMOFF_DIR="$work/before"

# ---- its end
same 'a provider that ends by itself is a failure, and said' $'<3>Next: hookctl doctor; where that finds nothing, see that provider and broker are of one version of Wasimoff\nexit 7' \
    "$(start wasimoff-provider "${good[@]}" CODE=7 | tail -n 2)"
complains 'a right that this version lacks is told with the flag that gives it' '"cpus"' \
    "$(start wasimoff-provider "${good[@]}" CODE=1 SAYS='error: NotCapable: Requires sys access to "cpus", run again with the --allow-sys flag' | sed 1d)"
complains 'a source file that is missing is of the checkout, not of its modules' 'the Wasimoff checkout is not complete' \
    "$(start wasimoff-provider "${good[@]}" CODE=1 SAYS='error: Module not found "file:///w/denoprovider/util.ts".' | sed 1d)"
complains 'a file that is missing in node_modules is of the modules' 'the modules of Wasimoff cannot be loaded' \
    "$(start wasimoff-provider "${good[@]}" CODE=1 SAYS='error: Module not found "file:///w/denoprovider/node_modules/x/x.js".' | sed 1d)"
printf '%s\n' '[RPCHandler] 1-a {' '  args: [ "secret" ],' '}' 'between' '[RPCHandler] 1-b { args: [] }' \
    'aborted tasks: [' '  { worker: 0, task: "1-a" },' ']' 'aborted tasks: [ { worker: 1 } ]' 'after' >"$work/lines"
same 'of a task its id goes to the journal, and what was aborted as a warning' \
    "$(printf '%s\n' '[RPCHandler] 1-a {' between '[RPCHandler] 1-b { args: [] }' '<4>aborted tasks: [' \
        '<4>  { worker: 0, task: "1-a" },' '<4>]' '<4>aborted tasks: [ { worker: 1 } ]' after)" \
    "$(start wasimoff-provider "${good[@]}" LINES_TOO="$work/lines" | sed '1d;/^<3>/,$d')"

# ---- the broker that is away
kill "$listener"
wait "$listener" 2>/dev/null
env -i PATH="$PATH" "${good[@]}" "$work/bin/wasimoff-provider" >"$work/waiting" 2>&1 &
waiting=$!
for _ in {1..100}; do
    [[ ! -s $work/waiting ]] || break
    sleep 0.05
done
kill "$waiting"
wait "$waiting"
same 'a provider without its broker waits, says so, and ends well when it is told to' \
    "<4>Waiting for the broker at ${broker#http://}: Connection refused"$'\nexit 0' "$(cat "$work/waiting"; echo "exit $?")"

# When it is back, the nodes of a cluster see that within seconds.
# returned VARIABLE=VALUE...: what the provider says of a broker that is away and comes back.
returned() {
    local port=${broker##*:} waiting listener
    : >"$work/returned"
    env -i PATH="$PATH" "${good[@]}" "$@" "$work/bin/wasimoff-provider" >>"$work/returned" 2>&1 &
    waiting=$!
    said_by 'Waiting for the broker'
    perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, ReuseAddr => 1,
        Listen => 9) or die $!; alarm 300; while ($c = $s->accept) { close $c }' "$port" &
    listener=$!
    said_by 'started in|--workers'
    kill "$waiting" 2>/dev/null
    wait "$waiting"
    printf 'exit %s\n' $? >>"$work/returned"
    kill "$listener"
    wait "$listener" 2>/dev/null
    cat "$work/returned"
}
said_by() {
    for _ in {1..200}; do
        ! grep -Eq "$1" "$work/returned" || return 0
        sleep 0.05
    done
}
said=$(returned HOOKAGENT_START_JITTER_USEC=3600000000)
if [[ $said =~ The\ provider\ is\ started\ in\ ([0-9]+)\ s ]] && ((BASH_REMATCH[1] <= 3600)) &&
    [[ $said != *--workers* && $said == *'exit 0' ]]; then
    ok 'a provider whose broker is back waits for its share of StartJitter='
else
    not_ok 'a provider whose broker is back waits for its share of StartJitter=' "$said"
fi
for jitter in 0 never; do
    said=$(returned HOOKAGENT_START_JITTER_USEC=$jitter)
    if [[ $said == *--workers* && $said != *'started in'* ]]; then
        ok "with a jitter of $jitter it starts at once"
    else
        not_ok "with a jitter of $jitter it starts at once" "$said"
    fi
done

wait "$hanging"
complains 'a Deno that does not answer says so' 'hangs cannot be run' "$(<"$work/hanging")"

# ---- the broker's own start
complains 'a broker that is not there says so' "$work/none is missing" \
    "$(start wasimoff-broker WASIMOFF_BROKER="$work/none")"
same 'the broker is started' $'\nexit 0' "$(start wasimoff-broker WASIMOFF_BROKER="$work/bin/deno")"

for env in wasimoff-provider wasimoff-broker; do
    unknown=$(sed -n 's/^#\?\([A-Z_]*\)=.*/\1/p' "$root/etc/hookagent/$env.env" |
        grep -vxE 'WASIMOFF_(BROKER_URL|WORKERS|DIR|DENO_FLAGS|BROKER|HTTP_LISTEN|FILESTORAGE|ALLOWED_ORIGINS|METRICS)|DENO|DENO_CERT')
    same "$env.env names nothing that nobody reads" '' "$unknown"
done
