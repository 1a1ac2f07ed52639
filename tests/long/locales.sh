# shellcheck shell=bash disable=SC2034,SC2154
what="the suites without a node: in Turkish on the Chatham Islands, just booted, and once more over what the first run left"
reads=("${all[@]}" ':!tests/lab' ':!tests/doctor/'{fix,lib} ':!tests/package')

part() {
    local project
    mkdir "$results/locales"
    localedef --inputfile tr_TR --charmap UTF-8 "$results/locales/tr_TR.UTF-8"
    for project in $(projects); do
        if [[ $project != HookAgent.System.Tests ]]; then
            booted_a_minute_ago TZ=Pacific/Chatham LC_ALL=tr_TR.UTF-8 "LOCPATH=$results/locales"
            remark_of='booted a minute ago, in Turkish on the Chatham Islands'
            dotnet_suite "$project" 'Duration!=long'
            remark_of+=', again'
            dotnet_suite "$project" 'Duration!=long'
        fi
    done
}
