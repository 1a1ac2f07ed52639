using HookAgent.Core.Node;
using HookAgent.Core.Time;

namespace HookAgent.Core.Tests.Node;

internal static class Holds
{
    public static readonly Hold Operator = new(HoldKind.Operator, "root", "new disk", null, null, false);

    public static readonly Hold HandStopped = new(HoldKind.HandStopped, "systemctl", "", null, null, false);

    public static Hold For(TestNode node, double seconds) => Operator with { Until = node.Now + TestNode.Seconds(seconds) };
}
