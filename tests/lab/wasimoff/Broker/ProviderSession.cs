using HookAgent.Wasimoff.Wire;

namespace HookAgent.Wasimoff.Broker;

/// <summary>A provider's connection, from its hello to whatever end.</summary>
internal sealed class ProviderSession(TaskBoard board, Peer peer)
{
    private TaskBoard.Seat? _seat;

    public async Task RunAsync()
    {
        try
        {
            await peer.ListenAsync(Hear);
        }
        finally
        {
            if (_seat is not null)
            {
                IReadOnlyList<long> lost = board.Disconnect(_seat);
                Log.Line($"provider {_seat.Name} gone after {_seat.Completed} tasks{(lost.Count == 0 ? "" : $", lost: {string.Join(' ', lost)}")}");
            }
        }
    }

    private void Hear(Message message)
    {
        switch (message)
        {
            case Message.Hello hello when _seat is null:
                Log.Line($"provider {hello.Name} connected");
                _seat = board.Connect(hello.Name, item => peer.Say(new Message.Run(item)));
                break;
            case Message.Workers workers when _seat is not null:
                board.Resize(_seat, workers.Count);
                break;
            case Message.Done done when _seat is not null:
                board.Complete(_seat, done.Id);
                break;
        }
    }
}
