# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # here is run's, and the others are for it
# The same with a longer IdleDelay.
. "$here/ways/hookagent.sh"
way_title='HookAgent, IdleDelay=5s' idle_delay=5s
