# shellcheck shell=bash
# shellcheck disable=SC2154 # unit: guest.sh's
# How systemd itself judges the sandboxes, from 0 to 10, with the units as they are loaded. A row without a mark costs nothing.
check_exposure() {
    local name most level
    while read -r name most; do
        systemd-analyze security --no-pager "$name" >/run/vm-exposure
        grep -v -e '✓' /run/vm-exposure | sed 's/^/# /'
        level=$(sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\) .*/\1/p' /run/vm-exposure)
        figure "exposure of $name by systemd-analyze security: $level of 10"
        ok "the exposure of $name is at most $most" between "${level:-99}" 0 "$most"
    done <<<"hookagentd.service 1.2
$unit 2.0"
}
