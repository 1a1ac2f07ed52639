# shellcheck shell=bash
# shellcheck disable=SC2034 # way_title is run's
# No harvesting: Slurm alone.
way_title='no harvesting'
way_set_up() {
    without_agent
    hooks_that_do_nothing
}
