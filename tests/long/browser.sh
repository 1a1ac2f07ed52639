# shellcheck shell=bash disable=SC2034,SC2154
what="the report's page in a real browser (Debian's Chromium): what it shows, tells and finds, with 300 nodes"
reads=(src/HookAgent.Report src/HookAgent.Ctl src/HookAgent.Core tests/HookAgent.Ctl.Tests tests/Shared)
needs=(browser-deps)

part() {
    dotnet_suite HookAgent.Ctl.Tests 'Kind=browser'
}
