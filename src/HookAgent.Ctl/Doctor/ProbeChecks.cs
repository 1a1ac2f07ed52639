using HookAgent.Core.Text;
using HookAgent.Ctl.Output;

namespace HookAgent.Ctl.Doctor;

/// <summary>Whether one short job was seen from its Prolog to its Epilog.</summary>
internal static class ProbeChecks
{
    private const string Watch = "hookctl doctor --all says how slurmd comes to the hook; journalctl -u slurmd -u hookagentd";

    /// <param name="node">This node's name.</param>
    public static IEnumerable<Finding> Of(Probe probe, string node)
    {
        if (probe.Problem is { } problem)
        {
            return [Finding.Warning("probe", $"no job was run: {Terminal.Printable(problem)}", $"squeue -w {Terminal.Printable(node)} and sinfo -R -n {Terminal.Printable(node)} show what keeps the node; SLURM_PARTITION and SLURM_ACCOUNT choose where the job may run")];
        }

        string job = Terminal.Printable(probe.Job ?? "");
        return
        [
            Finding.Ok("probe", $"job {job} ran here, in {SpanText.Of(probe.Took)} of srun"),
            probe.Prolog is { } prolog
                ? Finding.Ok("probe-prolog", $"the hook ran as Prolog, {SpanText.Of(prolog)} after srun began")
                : Finding.Fault("probe-prolog", $"the hook did not run as Prolog of job {job}", Watch),
            OfHandover(probe, job),
            probe.Epilog is { } epilog
                ? Finding.Ok("probe-epilog", $"the hook ran as Epilog, {SpanText.Of(epilog)} after srun's end")
                : Finding.Fault("probe-epilog", $"the hook did not run as Epilog of job {job} within 10 s", Watch),
        ];
    }

    private static Finding OfHandover(Probe probe, string job)
    {
        const string check = "probe-handover";
        return probe switch
        {
            { Handover: { } handover } => Finding.Ok(check, $"the provider was gone {SpanText.OfMicroseconds(handover.Usec)} after the hook began, {SpanText.OfMicroseconds(handover.OverlapUsec)} of it beside the job"),
            { WasLent: false } => Finding.Ok(check, "the node was not lent, so nothing was handed over"),
            { Prolog: null } => Finding.Fault(check, $"the node was lent, and was not taken back for job {job}: they shared it", Fixes.HoldMeanwhile),
            _ => Finding.Ok(check, $"the provider was still being stopped when job {job} had ended; 'hookctl status' has the time later"),
        };
    }
}
