using System.Text;
using HookAgent.Core.Text;

namespace HookAgent.Core.Tests.Text;

public sealed class DigitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("9", 9)]
    [InlineData("10", 10)]
    [InlineData("4294967296", 4294967296)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Reads_and_writes(string text, long value)
    {
        Assert.Equal(value, Digits.Read(Encoding.ASCII.GetBytes(text)));
        Span<byte> buffer = stackalloc byte[Digits.Most];
        Assert.Equal(text, Encoding.ASCII.GetString(buffer[..Digits.Write(value, buffer)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 ")]
    [InlineData("1,000")]
    [InlineData("9223372036854775808")]
    [InlineData("9223372036854775810")]
    [InlineData("99999999999999999999")]
    [InlineData("18446744073709551617")]
    public void Refuses(string text) => Assert.Null(Digits.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_number_of_32_bits_ends_there()
    {
        Assert.Equal(uint.MaxValue, Digits.ReadUInt32("4294967295"u8));
        Assert.Null(Digits.ReadUInt32("4294967296"u8));
    }
}
