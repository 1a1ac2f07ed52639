using HookAgent.Hook.Bus;
using Xunit.Abstractions;

namespace HookAgent.Hook.Tests.Bus;

/// <summary>Whatever a bus says, in whatever pieces: the talk ends with one of its outcomes.</summary>
public sealed class ConversationFuzzTests(ITestOutputHelper output)
{
    /// <summary>What real buses say, and the messages in it by themselves.</summary>
    private static readonly byte[][] s_talks =
    [
        Recordings.DbusDaemon, Recordings.DbusBroker,
        [.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. Recordings.ReturnLittleEndian],
        [.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. Recordings.ErrorBigEndian],
        Recordings.ErrorLittleEndian, Recordings.ReturnBigEndian,
        "REJECTED EXTERNAL DBUS_COOKIE_SHA1\r\n"u8.ToArray(),
    ];

    [Fact]
    public void A_talk_ends_with_one_of_its_outcomes() => Fuzz.Run(output, 3, mutator =>
    {
        byte[] said = mutator.Mutate(s_talks);
        if (mutator.Pick(2) == 0)
        {
            // Past the authentication, so that more than the first line is seen.
            said = [.. "OK 0123456789abcdef0123456789abcdef\r\n"u8, .. said];
        }

        CallResult? result = Fuzz.Within(1 << 20, () => ConversationTests.Hear(said, mutator.Pick(200) + 1));
        Assert.True(Enum.IsDefined(result!.Value.Outcome));
        Assert.InRange(result.Value.Detail.Length, 0, 2000);
    });
}
