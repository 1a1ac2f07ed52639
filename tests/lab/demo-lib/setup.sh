# shellcheck shell=bash
# The first part: a node as an admin would set it up.

# The Makefile says which packages; by hand, those that lie in out/.
find_packages() {
    local file
    packages=("${HOOKAGENT_DEB:-}" "${HOOKAGENT_WASIMOFF_DEB:-}")
    [[ -n ${packages[0]} && -n ${packages[1]} ]] || packages=(../../out/hookagent_*.deb ../../out/hookagent-wasimoff_*.deb)
    for file in "${packages[@]}"; do
        [[ -f $file ]] || {
            printf 'demo: the packages are not built yet: make demo\n' >&2
            exit 1
        }
    done
}

boot_and_install() {
    local file output
    find_packages
    section "1. A node" "com0 is a real Slurm node (slurmctld, slurmd, munge, systemd, D-Bus) in namespaces of this
        machine. On it go the two packages, as on your nodes."
    lab up micro 2>&1 | indented
    [[ ${PIPESTATUS[0]} == 0 ]] || exit 1
    for file in "${packages[@]}"; do
        printf '    com0# dpkg -i %s\n' "${file##*/}"
    done
    output=$(lab install "${packages[@]}" 2>&1) || give_up "the packages cannot be installed: $output"
    lab standin
    sentence "A small script stands in for the real provider, which is a Deno program and wants a broker and a
        network: same unit, same sandbox, but it lends out nothing."
    measure_clocks
}

# The three lines of the packaged example, into the slurm.conf that is there.
wire_slurm() {
    local lines before
    lines=$(node grep -E '^(Prolog|Epilog|PrologFlags)=' /usr/share/doc/hookagent/examples/slurm.conf)
    [[ $(wc -l <<<"$lines") == 3 ]] || give_up "the packaged slurm.conf example has not the three lines"
    printf '\n'
    sentence "Merged into /etc/slurm/slurm.conf, so that slurmd tells the agent of every job:"
    indented <<<"$lines"
    before=$(node stat -c %s /var/log/slurm/slurmd.log)
    node sh -c 'cat >>/etc/slurm/slurm.conf' <<<"$lines"
    printf '    com0# scontrol reconfigure\n'
    node scontrol reconfigure
    await 15 "slurmd reads its settings again" slurmd_has_said_more "$before"
    printf '\n'
    sentence "Until now the package has held the node, because a job that comes without the hook is not seen:"
    printf '    com0# hookctl release\n'
    node hookctl release 2>&1 | indented
    [[ ${PIPESTATUS[0]} == 0 ]] || give_up "the node cannot be released"
}

slurmd_has_said_more() { (($(node stat -c %s /var/log/slurm/slurmd.log) > $1)); }

# Short enough to watch. A restart, because a reload lets an IdleDelay that has begun run out.
short_idle_delay() {
    printf '\n'
    sentence "And a drop-in, so that nobody has to wait 5 s for an idle node to be lent:"
    node install -d /etc/hookagent/hookagent.conf.d
    node tee /etc/hookagent/hookagent.conf.d/idle.conf <<<$'[Node]\nIdleDelay=2s' | indented
    printf '    com0# systemctl restart hookagentd\n'
    node systemctl restart hookagentd 2>&1 | indented
    [[ ${PIPESTATUS[0]} == 0 ]] || give_up "hookagentd cannot be started"
    await 30 "the node is lent" provider_ready
}

# settings PROLOGWAIT
settings() {
    local asked
    asked=$(perl_clock 'boottime_usec()')
    node sh -c 'cat >/etc/hookagent/hookagent.conf.d/prolog.conf' <<<$'[Hook]\nPrologWait='"$1"
    node systemctl reload hookagentd 2>/dev/null || give_up "hookagentd does not run, so it cannot be given its settings"
    await 10 "hookagentd takes its new settings" settings_taken "$asked" "$1"
}

settings_taken() {
    entry_after "$1" -u hookagentd --grep '^Settings reloaded' &&
        node grep -qx "PROLOG_WAIT_USEC=$((${2%s} * 1000000))" /run/hookagent/hook.conf
}

# next_provider KEY=VALUE: how the stand-in behaves from its next start on.
next_provider() {
    await 30 "the node is lent" provider_ready
    node sh -c 'cat >/etc/hookagent-standin.conf' <<<"$1"
}

provider_ready() {
    node systemctl -q is-active wasimoff-provider && entry_after 0 HOOKAGENT_STATE=lending HOOKAGENT_REASON=running
}
