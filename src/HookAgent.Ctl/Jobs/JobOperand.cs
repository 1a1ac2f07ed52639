using HookAgent.Core.Jobs;
using HookAgent.Ctl.Agent;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Jobs;

/// <summary>The JOBID of the verbs that take one.</summary>
internal static class JobOperand
{
    /// <summary>Null where it is none, which is said; <see cref="ExitCode.Usage"/> then.</summary>
    public static JobId? Read(CommonOptions options, Terminal terminal)
    {
        string word = options.Words.Single();
        if (JobId.TryParse(word, out JobId job))
        {
            return job;
        }

        terminal.Refuse($"'{word}' is no job id of Slurm's, which is a number from 1 to 4294967293 without leading zeros, and of an array task the one that SLURM_JOB_ID has ('sacct -n -o JobIDRaw -j 20_1'); 'hookctl jobs' lists those on this node");
        return null;
    }
}
