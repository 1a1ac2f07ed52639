namespace HookAgent.Wasimoff.Wire;

/// <param name="Milliseconds">How long it takes, by the clock: it sleeps, so that a lab of many nodes fits on few processors.</param>
/// <param name="Mebibytes">What it holds meanwhile, beside the worker's own.</param>
internal sealed record WorkItem(long Id, int Milliseconds, int Mebibytes);
