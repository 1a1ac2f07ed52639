# shellcheck shell=bash
# Of two machines the one that is lent: what its agent says while the controller's user has a job run here.
check_compute() {
    ok "com0 knows the controller by its name" resolves controller 10.77.0.2
    ok "com0's provider is lent, gives the node to the job, and is lent again" until_true 300 gave_and_got
    journalctl --quiet --boot --unit=hookagentd --output=short-monotonic | sed 's/^/#   /'
    # Its checks come after these.
    ok "the controller has switched itself off" until_true 300 controller_is_off
}

# In this order, among other entries.
gave_and_got() {
    local entry wanted=('lending: The node is idle and lent' 'has come to this node' 'reclaiming -> busy' 'has ended on this node' 'lending: The node is idle and lent')
    while read -r entry; do
        ((${#wanted[@]})) || break
        [[ $entry != *"${wanted[0]}"* ]] || wanted=("${wanted[@]:1}")
    done < <(journalctl --quiet --boot --unit=hookagentd --output=cat)
    ((${#wanted[@]} == 0))
}
controller_is_off() { ! timeout 3 bash -c ': </dev/tcp/controller/6817'; } 2>/dev/null
