using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HookAgent.SystemTests.Harness;

/// <summary>The node's Slurm, used as the ordinary user alice uses it.</summary>
internal sealed partial class Slurm(Node node)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private const string SavedJobs = "/var/lib/slurm/slurmctld/job_state";
    private const string Configuration = "/etc/slurm/slurm.conf";

    private readonly ConcurrentQueue<JobRun> _runs = [];

    /// <summary>All jobs that were seen to run since the test's begin.</summary>
    public IReadOnlyCollection<JobRun> Runs => _runs;

    public void ForgetRuns()
    {
        _runs.Clear();
        node.Shell("rm -f /home/alice/job-*");
    }

    /// <summary>What a short job of alice's says of the node it runs on.</summary>
    public string Said(string script) => node.AsAlice("srun", "sh", "-c", script).Text;

    /// <summary>Runs a stamped job and waits for it.</summary>
    public JobRun Srun(double seconds) => Saw(node.AsAlice("srun", "sh", "-c", StampedJob(seconds)).Output);

    /// <summary>An allocation without a step, in which the user runs something on the machine he is on.</summary>
    public JobRun Salloc(double seconds) => Saw(node.AsAlice("salloc", "--quiet", "sh", "-c", StampedJob(seconds)).Output);

    /// <summary>
    /// An allocation whose first step does nothing for a while, then nothing runs for a while, and whose last step is
    /// stamped.
    /// </summary>
    public Task<JobRun> SteppedSalloc(double first, double pause, double last) => Task.Run(() => Saw(node.AsAlice(
        "salloc", "--quiet", "sh", "-c",
        string.Create(CultureInfo.InvariantCulture, $"echo job $SLURM_JOB_ID; srun sleep {first}; sleep {pause}; srun stamped-job {last}")).Output));

    /// <summary>Queues a stamped job; its id. More <c>sbatch</c> options may be given.</summary>
    public string Sbatch(double seconds, params string[] options) => node.AsAlice(
        ["sbatch", "--parsable", "-D", "/home/alice", "-o", "/home/alice/job-%A-%a", .. options, "--wrap", StampedJob(seconds)]).Text;

    /// <summary>Waits until a queued job has ended, Epilog included, as it should.</summary>
    public JobRun Finished(string id)
    {
        Completed(id);
        return Saw(node.Shell($"cat /home/alice/job-{id}-*").Output);
    }

    /// <summary>The same for all tasks of a job array.</summary>
    public IReadOnlyList<JobRun> FinishedArray(string id, int tasks)
    {
        Eventually.True($"{tasks} tasks of the array {id} are COMPLETED", TimeSpan.FromMinutes(3), () =>
            node.Run("scontrol", "-o", "show", "job", id).Lines.Count(line => State(line) == "COMPLETED") == tasks);
        return [.. Enumerable.Range(1, tasks).Select(task => Saw(node.Read($"/home/alice/job-{id}-{task}")))];
    }

    public void Completed(string id) => Eventually.Get(
        $"job {id} is COMPLETED", s_limit, () => StateOf(id) == "COMPLETED" ? "" : null, () => $"It is {StateOf(id)}.");

    /// <summary>Waits until a queued job's own process runs.</summary>
    public void Begun(string id) => Eventually.Get(
        $"job {id} has begun", s_limit, () => node.Try("sh", "-c", $"grep -hs begin /home/alice/job-{id}-*").Succeeded ? "" : null, () => $"It is {StateOf(id)}.");

    /// <summary>Waits until a power cut would not make slurmctld forget what it knows now.</summary>
    public void Saved()
    {
        string now = node.Run("date", "+%s").Text;
        Eventually.True("slurmctld has saved its state", s_limit, () => node.Try("sh", "-c", $"test $(stat -c %Y {SavedJobs}) -gt {now}").Succeeded);
    }

    public string StateOf(string id) => State(node.Run("scontrol", "-o", "show", "job", id).Text);

    public bool NoJobs => node.Run("squeue", "-h").Text.Length == 0;

    /// <summary>"IDLE", "MIXED", "IDLE+DRAIN", …</summary>
    public string NodeState() => State(node.Run("scontrol", "-o", "show", "node", node.Name).Text);

    public void CancelAll() => node.Run("scancel", "--user=alice");

    public void Resume() => node.Run("scontrol", "update", $"nodename={node.Name}", "state=resume");

    /// <summary>Adds lines to slurm.conf, the way an administrator merges them.</summary>
    public void Merge(IEnumerable<string> lines)
    {
        node.Write(Configuration, $"{node.Read(Configuration).TrimEnd()}\n{string.Join('\n', lines)}\n");
        node.Run("scontrol", "reconfigure");
    }

    /// <summary>Names another program as Prolog and Epilog. slurmd takes it over some time after.</summary>
    public void SetHook(string program)
    {
        node.Shell($"sed -Ei 's,^(Prolog|Epilog)=.*,\\1={program},' {Configuration}");
        node.Run("scontrol", "reconfigure");
    }

    private JobRun Saw(string output)
    {
        JobRun run = JobRun.Parse(output);
        _runs.Enqueue(run);
        return run;
    }

    private static string StampedJob(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"echo job $SLURM_JOB_ID; exec stamped-job {seconds}");

    private static string State(string line) => StateField().Match(line).Groups[1].Value;

    [GeneratedRegex(@"\b(?:Job)?State=([A-Z_+*]+)")]
    private static partial Regex StateField();
}
