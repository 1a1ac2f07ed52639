# shellcheck shell=bash
# Finds the Debian mirror that this machine's own apt uses, so that no host name is written here.

# Prints "URI SUITES... | COMPONENTS..." for each binary source below an apt folder, in both forms apt knows.
apt_sources() {
    local etc=$1 file
    for file in "$etc"/sources.list.d/*.sources; do
        [[ -r $file ]] || continue
        awk '
            function flush(   i, n, u) {
                if (types ~ /(^| )deb( |$)/ && tolower(enabled) != "no") {
                    n = split(uris, u, " ")
                    for (i = 1; i <= n; i++) print u[i], suites, "|", components
                }
                types = uris = suites = components = enabled = ""
            }
            /^#/ { next }
            /^[ \t]*$/ { flush(); next }
            {
                if (match($0, /^[A-Za-z-]+:/)) {
                    key = tolower(substr($0, 1, RLENGTH - 1))
                    value = substr($0, RLENGTH + 1)
                } else value = $0
                gsub(/[ \t]+/, " ", value); sub(/^ /, "", value); sub(/ $/, "", value)
                if (key == "types") types = types " " value
                else if (key == "uris") uris = uris " " value
                else if (key == "suites") suites = suites " " value
                else if (key == "components") components = components " " value
                else if (key == "enabled") enabled = value
            }
            END { flush() }
        ' "$file"
    done
    for file in "$etc"/sources.list "$etc"/sources.list.d/*.list; do
        [[ -r $file ]] || continue
        awk '
            { sub(/#.*/, "") }
            $1 == "deb" {
                sub(/^[ \t]*deb[ \t]+/, ""); sub(/^\[[^]]*\][ \t]*/, "")
                line = $1 " " $2 " |"
                for (i = 3; i <= NF; i++) line = line " " $i
                print line
            }
        ' "$file"
    done
}

# Prints the mirror to build a suite from. Best: a source of that very suite whose path ends in /debian, as Debian's
# own mirrors do and other vendors' rarely; then any /debian source (a mirror carries all suites), then the suite alone.
# A wrong guess is harmless: debootstrap checks the signature against Debian's keyring.
debian_mirror() {
    local suite=$1 etc=${2:-/etc/apt}
    if [[ -n ${HOOKAGENT_LAB_MIRROR:-} ]]; then
        printf '%s\n' "$HOOKAGENT_LAB_MIRROR"
        return 0
    fi
    apt_sources "$etc" | awk -v suite="$suite" '
        $1 !~ /^(https?|file):/ { next }
        {
            main = named = 0; seen = 0
            for (i = 2; i <= NF; i++) {
                if ($i == "|") seen = 1
                else if (seen && $i == "main") main = 1
                else if (!seen && $i == suite) named = 1
            }
            if (!main) next
            debian = ($1 ~ /\/debian\/?$/)
            rank = named && debian ? 3 : debian ? 2 : named ? 1 : 0
            if (rank > best) { best = rank; uri = $1 }
        }
        END { if (best) print uri }
    '
}
