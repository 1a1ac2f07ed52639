using System.Runtime.InteropServices;

namespace HookAgent.Bus.Sd;

/// <summary>
/// Something of ours that sd-bus calls back: the slot it gave us, and the handle by which its callback finds
/// this object again. The owning connection keeps the list, so that nothing outlives it.
/// </summary>
internal abstract class BusSlot
{
    private static int s_alive;
    private GCHandle _self;
    private nint _slot;

    protected BusSlot(BusConnection owner)
    {
        Owner = owner;
        _self = GCHandle.Alloc(this);
        Interlocked.Increment(ref s_alive);
    }

    /// <summary>How many are not released: what the tests look at for leaks.</summary>
    internal static int Alive => Volatile.Read(ref s_alive);

    internal BusConnection Owner { get; }

    /// <summary>What sd-bus is given as userdata.</summary>
    internal nint Userdata => GCHandle.ToIntPtr(_self);

    internal bool IsReleased => !_self.IsAllocated;

    internal static BusSlot Of(nint userdata) => (BusSlot)GCHandle.FromIntPtr(userdata).Target!;

    /// <summary>Takes over the slot, or gives everything back where sd-bus made none.</summary>
    internal int Attach(int result, nint slot)
    {
        if (result < 0)
        {
            Release();
            return result;
        }

        _slot = slot;
        Owner.Register(this);
        return result;
    }

    /// <summary>Gives the answer this still owes, if any, because no bus will. Does nothing the second time.</summary>
    internal abstract void AnswerLost();

    /// <summary>After this sd-bus calls no more. Allowed inside the callback itself: sd-bus holds the slot meanwhile.</summary>
    internal void Release()
    {
        if (IsReleased)
        {
            return;
        }

        Owner.Unregister(this);
        LibSystemd.sd_bus_slot_unref(_slot);
        _slot = 0;
        _self.Free();
        Interlocked.Decrement(ref s_alive);
    }
}
