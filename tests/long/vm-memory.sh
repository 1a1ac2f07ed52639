# shellcheck shell=bash disable=SC2034,SC2154
what="jobs that take a node's memory beside a provider that has its own, in a virtual machine with Debian's kernel"
reads=("${programs[@]}" "${node[@]}" tests/lab/vm/{checks/memory.sh,checks-in-order,guest,guest.sh,init.c,lib,load.c,run})
needs=(vm-deps)

part() {
    script_suite tests/lab/vm/run 2600 tests/lab/vm/run memory
}
