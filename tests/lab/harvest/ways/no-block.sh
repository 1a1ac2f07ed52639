# shellcheck shell=bash
# shellcheck disable=SC2034 # way_title is run's
# The same, but systemctl does not wait.
way_title='the same with --no-block'
way_set_up() { scripts_are --no-block; }
