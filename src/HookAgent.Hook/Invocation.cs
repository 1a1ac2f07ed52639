using HookAgent.Core.Jobs;

namespace HookAgent.Hook;

internal enum HookAction
{
    /// <summary>Do what a Prolog or Epilog does.</summary>
    Run,

    Help,

    Version,

    /// <summary>Run as a script of Slurm's that is neither.</summary>
    OtherContext,

    /// <summary>It is not said which job.</summary>
    NoJob,

    /// <summary>What is said is no job id.</summary>
    BadJob,

    Misused,
}

/// <summary>What the hook is asked to do, from its command line and, where that leaves it open, from slurmd.</summary>
/// <param name="Action">Whether it is to run, or why it is not.</param>
/// <param name="Script">As which script; meaningless unless it is to run.</param>
/// <param name="Job">For which job; likewise.</param>
/// <param name="Text">If it is not to run: the context, the bad id, or what was wrong.</param>
internal readonly record struct Invocation(HookAction Action, SlurmScript Script = default, JobId Job = default, string Text = "")
{
    private const string PrologContext = "prolog_slurmd";
    private const string EpilogContext = "epilog_slurmd";

    public static Invocation Of(CommandLine line)
    {
        if (line.WantsHelp || line.WantsVersion)
        {
            return new Invocation(line.WantsHelp ? HookAction.Help : HookAction.Version);
        }

        if (line.Problem is { } problem)
        {
            return new Invocation(HookAction.Misused, Text: problem);
        }

        string? context = SlurmEnvironment.Text("SLURM_SCRIPT_CONTEXT\0"u8);
        if (context is not (null or PrologContext or EpilogContext))
        {
            return new Invocation(HookAction.OtherContext, Text: context);
        }

        SlurmScript? script = line.Words.Count > 0
            ? line.Words[0] switch { "prolog" => SlurmScript.Prolog, "epilog" => SlurmScript.Epilog, _ => null }
            : context switch { PrologContext => SlurmScript.Prolog, EpilogContext => SlurmScript.Epilog, _ => null };
        return (script, line.Words.Count) switch
        {
            (null, 0) => new Invocation(HookAction.Misused, Text: "it was told neither 'prolog' nor 'epilog', and SLURM_SCRIPT_CONTEXT is not set"),
            (null, _) => new Invocation(HookAction.Misused, Text: $"'{line.Words[0]}' is neither 'prolog' nor 'epilog'"),
            (_, > 2) => new Invocation(HookAction.Misused, Text: $"there is no place for '{line.Words[2]}'"),
            ({ } of, int words) => OfJob(of, words == 2 ? line.Words[1] : SlurmEnvironment.Text("SLURM_JOB_ID\0"u8)),
        };
    }

    private static Invocation OfJob(SlurmScript script, string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return new Invocation(HookAction.NoJob, script);
        }

        return JobId.TryParse(id, out JobId job)
            ? new Invocation(HookAction.Run, script, job)
            : new Invocation(HookAction.BadJob, script, Text: id);
    }
}
