# shellcheck shell=bash
# How the demo writes on the page: headings, sentences, what was typed, and what was found.

bold='' plain=''
if [[ -t 1 ]]; then
    bold=$'\e[1m' plain=$'\e[0m'
fi

# section TITLE SENTENCES
section() {
    printf '\n%s%s%s\n' "$bold" "$1" "$plain"
    [[ -z $2 ]] || sentence "$2"
}

# Folded anew, wherever the source had to break the line.
sentence() {
    local words
    read -r -d '' -a words <<<"$*" || true
    fold -s -w 92 <<<"${words[*]}" | sed 's/^/  /; s/ *$//'
}

indented() { sed 's/^/    /'; }

commands() { printf '    # %s\n' "$@"; }

# A command in the node, as one would type it there, and what it says.
shown() {
    printf '    com0# %s\n' "$*"
    node "$@" 2>&1 | fold -s -w 92 | indented
}

milliseconds() { printf '%.1f' "$1e-3"; }

# check SENTENCE 1|0
check() {
    if (($2)); then
        printf '  ok  %s\n' "$1"
    else
        printf '  NOT SO: %s\n' "$1"
        give_up "this was not so: $1"
    fi
}

# Says what did not happen, and shows the node's own words on it.
give_up() {
    # shellcheck disable=SC2034 # read by take_down
    told=yes
    printf '\n%sdemo: %s%s\n' "$bold" "$1" "$plain"
    {
        node hookctl status
        node journalctl -q --no-pager --no-hostname -n 40 \
            _SYSTEMD_UNIT={hookagentd,wasimoff-provider}.service + UNIT={hookagentd,wasimoff-provider}.service + \
            SYSLOG_IDENTIFIER=slurm-hook
        node tail -n 20 /var/log/slurm/slurmd.log | grep -vi 'mpi[/_: ]'
    } 2>&1 | indented || true
    exit 1
}
