# shellcheck shell=bash
# Thirty short tasks of a job array: each is a job to the hooks, and between two of them no provider starts.
check_arrays() {
    local starts
    ok "a cluster" cluster_up backfill
    starts=$(count wasimoff_provider_connections_total)
    submit 0.3 --nodes=1 --array=1-30 >/dev/null
    ok "an array of 30" until_true 180 queue_empty
    judge 30
    ok "each node was taken and lent once" test "$(count wasimoff_provider_connections_total)" == $((starts + 3))
}
