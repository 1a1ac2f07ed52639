# shellcheck shell=bash disable=SC2034,SC2154
what="the packages for other machines: what they hold and ask for, the life of the rpm packages, the tests for arm64 under qemu"
reads=(. ':!docs/releases.md' ':!tests/lib' ':!tests/bench' ':!tests/lab/harvest' ':!tests/lab/images' ':!tests/lab/scenarios' ':!tests/lab/vm' ':!tests/herd' ':!tests/monitoring' ':!tests/model' ':!tests/mutants'
    ':!tests/HookAgent.System.Tests' ':!tests/HookAgent.Ctl.Tests/Transcripts' ':!tests/long' ':!.ci')
needs=(rpm deb-arm64)

part() {
    script_suite 'tests/package/check --ports' 600 tests/package/check --ports
    script_suite tests/package/arm64 1800 tests/package/arm64
    script_suite 'tests/package/lifecycle rpm' 900 tests/package/lifecycle rpm
}
