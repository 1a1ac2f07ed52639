using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Tests;

public sealed class MessageTests
{
    [Fact]
    public void Messages_come_back_as_they_went()
    {
        Message[] all = [new Message.Hello("com0"), new Message.Workers(2), new Message.Run(new WorkItem(7, 250, 33)), new Message.Done(7)];
        Assert.Equal(all, all.Select(static message => Message.Parse(message.Text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("hello com0 2")]
    [InlineData("workers -1")]
    [InlineData("workers 2147483648")]
    [InlineData("run 1 2")]
    [InlineData("run 1 99999999999 1")]
    [InlineData("done -1")]
    [InlineData("done 1 2")]
    public void Anything_else_is_no_message(string text) => Assert.Null(Message.Parse(text));
}
