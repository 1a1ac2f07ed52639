namespace HookAgent.Bus.Sd;

/// <content>What others send to us: signals, and calls to our objects.</content>
public sealed unsafe partial class BusConnection
{
    /// <summary>
    /// Hears signals. <paramref name="installed"/>, where given, gets the bus's answer to the request:
    /// signals sent after it are not missed.
    /// </summary>
    public BusSubscription MatchSignalAsync(
        MatchRule rule,
        Action<BusMessage> seen,
        Action<BusReply>? installed = null)
    {
        nint bus = Bus;
        BusSubscription.Match match = new(this, rule.OnlySender, seen, installed);
        nint slot = 0;
        int result = match.Attach(
            LibSystemd.sd_bus_add_match_async(
                bus,
                &slot,
                rule.ToString(),
                &BusSubscription.Match.OnSignal,
                &BusSubscription.Match.OnInstalled,
                match.Userdata),
            slot);
        if (result < 0 && Errno.MeansLost(-result))
        {
            _lost = true;
            if (installed is not null)
            {
                _unsent.Enqueue(installed);
            }
        }
        else
        {
            SdBusException.Check(result, "sd_bus_add_match_async");
        }

        return new BusSubscription(match);
    }

    /// <summary>Gives every method call to <paramref name="path"/> to the handler, until the connection ends.</summary>
    public void AddObject(string path, BusMethodHandler handler)
    {
        nint bus = Bus;
        ExportedObject target = new(this, handler);
        nint slot = 0;
        SdBusException.Check(
            target.Attach(
                LibSystemd.sd_bus_add_object(bus, &slot, path, &ExportedObject.OnCall, target.Userdata),
                slot),
            "sd_bus_add_object");
    }
}
