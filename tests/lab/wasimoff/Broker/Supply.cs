namespace HookAgent.Wasimoff.Broker;

/// <summary>Tasks without end: whenever a worker is free there is one, of the lengths given, in turn.</summary>
/// <param name="Milliseconds">At least one.</param>
internal sealed record Supply(IReadOnlyList<int> Milliseconds, int Mebibytes)
{
    public int LengthOf(long turn) => Milliseconds[(int)(turn % Milliseconds.Count)];
}
