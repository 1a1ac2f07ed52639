# shellcheck shell=bash disable=SC2034,SC2154
what="clusters of three nodes under each scheduler: backfill, gangs, preemption, arrays, requeue, heterogeneous jobs"
reads=("${programs[@]}" "${scenario[@]}" tests/lab/scenarios/{builtin.sh,backfill.sh,gang.sh,preempt.sh,gang-preempt.sh,slices.sh,requeue.sh,arrays.sh,heterogeneous.sh})

part() {
    script_suite tests/lab/scenarios 2700 tests/lab/scenarios/run builtin backfill gang preempt gang-preempt slices requeue arrays heterogeneous
}
