using HookAgent.Bus.Systemd;

namespace HookAgent.Bus.Tests.Systemd;

public sealed class UnitPathTests
{
    [Theory]
    [InlineData("wasimoff-provider.service", "wasimoff_2dprovider_2eservice")]
    [InlineData("3com.service", "_33com_2eservice")]
    [InlineData("a@b\\x2d.service", "a_40b_5cx2d_2eservice")]
    [InlineData("_", "_5f")]
    [InlineData("", "_")]
    [InlineData("ü1", "_c3_bc1")]
    public void A_unit_has_its_object_where_systemd_puts_it(string unit, string label) =>
        Assert.Equal("/org/freedesktop/systemd1/unit/" + label, UnitPath.Of(unit));
}
