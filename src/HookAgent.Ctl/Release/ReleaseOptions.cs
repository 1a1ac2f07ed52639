using CommandLine;

namespace HookAgent.Ctl.Release;

[Verb("release", HelpText = "End a hold, or what a stop by hand left behind, and the backoff (root only).")]
internal sealed class ReleaseOptions : CommonOptions
{
}
