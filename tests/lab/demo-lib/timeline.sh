# shellcheck shell=bash
# The steps of a handover as a table; their order is asserted as they are printed.

says() {
    case $1 in
    lent) echo "the node is lent: the provider runs|agent's journal" ;;
    submitted) echo "alice submits job $job|the shell, before sbatch" ;;
    entered) echo "Slurm sends the job here: Prolog entered|the hook's record" ;;
    asked) echo "the provider is asked to stop|the provider" ;;
    gone) echo "the provider's last sign of life|the provider" ;;
    inactive) echo "the provider's unit is inactive|systemd, to the agent" ;;
    begin) echo "the job's first line|the job" ;;
    end) echo "the job's end|the job" ;;
    settling) echo "the node is idle: IdleDelay (2 s) begins|agent's journal" ;;
    again) echo "the node is lent again|agent's journal" ;;
    esac
}

# timeline EVENT...: names of variables that handover() has set, in the order in which they must have happened.
timeline() {
    local event words since last=''
    printf '\n  %12s  %12s\n' 'ms since' 'ms since'
    printf '  %12s  %12s  %-42s %s\n' submission 'last step' 'what happened' 'according to'
    for event; do
        words=$(says "$event")
        since=''
        [[ -z $last ]] || since=+$(milliseconds $((${!event} - last)))
        printf '  %12s  %12s  %-42s %s\n' "$(milliseconds $((${!event} - submitted)))" "$since" "${words%|*}" "${words#*|}"
        [[ -z $last ]] || ((${!event} >= last)) || give_up "out of order: ${words%|*}"
        last=${!event}
    done
    printf '\n'
}
