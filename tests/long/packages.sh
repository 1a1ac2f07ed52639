# shellcheck shell=bash disable=SC2034,SC2154
what="the packages: what is in them, built twice, and their life on a node with either bus"
reads=("${packages[@]}" ':!tests/*.Tests/*' ':!tests/package/'{arm64,ports})

part() {
    local bus step
    script_suite tests/package/check 1800 tests/package/check --long
    for bus in dbus-daemon dbus-broker; do
        for step in one-version other-version removal image; do
            script_suite "tests/package/lifecycle --bus $bus $step" 900 tests/package/lifecycle --bus "$bus" "$step"
        done
    done
    printf '\nFaults of the package life cycle:\n'
    {
        printf 'FAULT | SEEN | OVERLAP OF PROVIDER AND JOB | VERDICT\n'
        sed -n 's/^# fault: //p' "$results"/tests-package-lifecycle*.log
    } | sed 's/ *| */|/g' | column -t -s '|' -o ' | '
}
