using System.Runtime.InteropServices;
using HookAgent.Bus;
using HookAgent.Core.Jobs;
using HookAgent.Core.Posix;
using HookAgent.Ctl.Doctor;
using HookAgent.Ctl.Slurm;

namespace HookAgent.Ctl.Reconcile;

/// <summary>
/// <c>hookctl reconcile</c>: asks Slurm which jobs are on this node, and has the daemon forget the others.
/// The order makes it safe beside jobs that come and go: only what was recorded before squeue was asked, and
/// is unchanged after it answered, can be forgotten. Until then nothing is changed. The directory's proof is made last,
/// when the daemon has the list: at no moment does it say more than is known.
/// </summary>
internal static class ReconcileCommand
{
    public static int Run(ReconcileOptions options, Terminal terminal)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return terminal.Fail("only root may reconcile; try it with sudo");
        }

        JobDirectory directory = new(Path.Combine(options.RunDirectory, "jobs"));
        using DirectoryProof proof = new(directory.Path);
        JobReading before = directory.Read(boot: null);
        if (before.Directory != DirectoryCondition.Readable)
        {
            return terminal.Fail(Unreadable(directory.Path, before));
        }

        if (!DaemonLink.TryOpen(options.Bus, out DaemonLink? link, out string? sentence))
        {
            return terminal.Fail(sentence);
        }

        using (link)
        {
            // A daemon that is not there is told of at once, not after squeue's time.
            NodeAnswer answer = link.Node.GetStatus(out _);
            if (!answer.IsOk)
            {
                return terminal.Fail(DaemonLink.Sentence(answer));
            }

            SystemRoot root = new(options.Root);
            SlurmOfHost slurm = new(
                LocalSlurmd.Find(options.Proc), SlurmdUnits.All(root, options.Systemctl ?? "systemctl"), root,
                ThisHost.Find(options.Proc), options.Node, options.Squeue, options.Scontrol);
            return slurm.Ask() switch
            {
                SqueueAnswer.Listed listed => Apply(link, Sure(slurm, Plan.Of(listed, before, directory.Read(boot: null))), directory, proof, options.Json, terminal),
                SqueueAnswer.Failed failed => terminal.Fail($"{failed.Sentence}. Nothing was changed."),
                _ => throw new InvalidOperationException("an answer that is neither"),
            };
        }
    }

    /// <summary>Where Slurm does not say it a second time, what it said the first time stands: unknown is busy.</summary>
    private static Plan Sure(SlurmOfHost slurm, Plan plan) =>
        plan.MustAskAgain && slurm.Ask() is SqueueAnswer.Listed again ? plan.Confirmed(again) : plan;

    private static int Apply(DaemonLink link, Plan plan, JobDirectory directory, DirectoryProof proof, bool asJson, Terminal terminal)
    {
        List<string> listed = [];
        foreach (JobId job in plan.HandedOver)
        {
            listed.Add(job.ToString());
        }

        List<KeyValuePair<string, string>> forget = [];
        foreach (JobId job in plan.Forget)
        {
            forget.Add(new(job.ToString(), plan.Identities[job].ToString()));
        }

        NodeAnswer reconciled = link.Node.Reconciled(listed, forget);
        if (!reconciled.IsOk)
        {
            return terminal.Fail($"the list of jobs could not be handed over: {DaemonLink.Sentence(reconciled)}");
        }

        if (proof.Make() is var errno and not 0)
        {
            string why = errno == Errno.NoSuchEntry ? "the directory was replaced while Slurm was asked; try again" : Marshal.GetPInvokeErrorMessage(errno);
            return terminal.Fail($"the daemon has the list, but {directory.Path}/{DirectoryProof.FileName}, by which it is believed, could not be made: {why}");
        }

        NodeAnswer seen = link.Node.Refresh();
        if (!seen.IsOk)
        {
            return terminal.Fail(DaemonLink.Sentence(seen));
        }

        plan = plan.Without(directory.Read(boot: null));
        if (asJson)
        {
            plan.WriteJson(terminal.Out);
            return ExitCode.Done;
        }

        plan.Tell(terminal.Out);
        return link.TellState(terminal);
    }

    /// <summary>Why the record directory cannot be read, and what to do about it.</summary>
    internal static string Unreadable(string path, JobReading reading) => reading.Directory switch
    {
        DirectoryCondition.Missing => $"there is no {path}; make it with 'systemd-tmpfiles --create hookagent.conf' and try again",
        DirectoryCondition.NotADirectory => $"{path} is not a directory; remove it, make it anew with 'systemd-tmpfiles --create hookagent.conf' and try again",
        DirectoryCondition.Unreadable or DirectoryCondition.Readable => $"{path} cannot be read: {Marshal.GetPInvokeErrorMessage(reading.Errno)}",
    };
}
