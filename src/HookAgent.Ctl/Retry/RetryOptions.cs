using CommandLine;

namespace HookAgent.Ctl.Retry;

[Verb("retry", HelpText = "Start a provider that has failed now, without waiting for the backoff (root only).")]
internal sealed class RetryOptions : CommonOptions
{
}
