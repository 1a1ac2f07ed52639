# shellcheck shell=bash disable=SC2034,SC2154
what="the packages for other machines: what they hold and ask for, the life of the rpm packages, the tests for arm64 under qemu"
reads=("${packages[@]}")
needs=(rpm deb-arm64)

part() {
    script_suite 'tests/package/check --ports' 600 tests/package/check --ports
    script_suite tests/package/arm64 1800 tests/package/arm64
    script_suite 'tests/package/lifecycle rpm' 900 tests/package/lifecycle rpm
}
