# shellcheck shell=bash
# shellcheck disable=SC2034 # way_title is run's
# Scripts as a site writes them at first: systemctl in Prolog and Epilog, and squeue.
way_title='blocking scripts'
way_set_up() { scripts_are ''; }
