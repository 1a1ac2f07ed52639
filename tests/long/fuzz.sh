# shellcheck shell=bash disable=SC2034,SC2154
what="a minute of each input that make test tries for seconds, and reports of large journals"
reads=("${programs[@]}" "${tests_without_node[@]}" tests/Directory.Build.props)

part() {
    local project
    for project in $(projects); do
        if [[ -n $(find "tests/$project" -name '*FuzzTests.cs') ]]; then
            HOOKAGENT_FUZZ_SECONDS=60 dotnet_suite "$project" 'FullyQualifiedName~FuzzTests'
        fi
    done
    dotnet_suite HookAgent.Ctl.Tests 'Duration=long&Kind!=browser'
    figures HookAgent.Ctl.Tests
}
