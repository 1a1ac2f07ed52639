# shellcheck shell=bash disable=SC2034,SC2154
what="what doctor proposes, done to the letter on real nodes: one of each kind of fix"
reads=("${programs[@]}" "${node[@]}" "${system_tests_at_once[@]}" tests/doctor)

part() {
    local release
    for release in bookworm trixie; do
        script_suite "tests/doctor/fix $release" 1800 tests/doctor/fix "$release" array-wrong bom comment-whole dispatch-list expansion-alone \
            expansion-list flags-blank flags-run-in-job flags-empty flags-nohold flags-quoted flags-serial flags-x11 include-comment \
            include-equals include-glob include-missing key-unknown mention-echo noexec-script one-line path-folder path-missing \
            pattern-dangling pattern-empty pattern-first pattern-readme pattern-subfolder relative-hook script-crlf script-no-shebang \
            timeout-seconds timeout-own
    done
    system_suite 'Duration=long&FullyQualifiedName~DoctorFixTests'
}
