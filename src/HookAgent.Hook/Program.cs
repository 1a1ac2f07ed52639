using HookAgent.Core.Jobs;
using HookAgent.Core.Linux;
using HookAgent.Core.Settings;
using HookAgent.Hook.Bus;

namespace HookAgent.Hook;

/// <summary>
/// slurmd's Prolog and Epilog: note that a job begins or has ended, tell the agent, and be gone. Whatever
/// happens the exit code is 0, since Slurm drains a node for any other, and the end comes by the deadline.
/// </summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        try
        {
            Run(Entry.Now(), CommandLine.Parse(arguments));
        }
        catch (Exception fault)
        {
            LastWords(fault);
        }

        Libc.Exit(0);
    }

    internal static void Run(Entry entry, CommandLine line)
    {
        HookLog log = new(line.JournalSocket);
        Invocation asked = Invocation.Of(line);
        if (asked.Action != HookAction.Run)
        {
            log.NotRun(asked);
            return;
        }

        if (Libc.GetEffectiveUserId() != 0)
        {
            log.NotRoot(asked);
            return;
        }

        JobDirectory jobs = new(line.JobDirectory);
        RecordChange change = asked.Script == SlurmScript.Prolog
            ? jobs.Add(SlurmEnvironment.Describe(asked.Job, entry, line.BootIdFile))
            : jobs.Remove(asked.Job);
        log.Recorded(asked, change, jobs.Path);

        HookSettings settings = HookSettings.Read(line.SettingsFile, out HookSettingsFault fault);
        log.Settings(asked, fault, line.SettingsFile);

        Deadline deadline = Deadline.Of(asked.Script, entry.BootTime, settings);
        CallResult answer = NodeCall.Make(line.BusSocket, NodeCall.MethodFor(asked.Script, change), asked.Job, deadline);
        log.Outcome(asked, answer, line.BusSocket);
    }

    private static void LastWords(Exception fault)
    {
        try
        {
            new HookLog(CommandLine.Default.JournalSocket).Fault(fault);
        }
        catch (Exception)
        {
            // An exception that leaves Main drains the node, which is worse than silence.
        }
    }
}
