using System.Reflection;
using HookAgent.Core.Journal;

namespace HookAgent.Core.Tests.Journal;

public sealed class MessageIdsTests
{
    [Fact]
    public void Each_is_a_128_bit_id_of_its_own()
    {
        string[] ids = [.. typeof(MessageIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];
        Assert.NotEmpty(ids);
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.Distinct(ids);
    }
}
