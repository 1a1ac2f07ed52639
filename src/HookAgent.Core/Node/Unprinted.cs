namespace HookAgent.Core.Node;

/// <summary>
/// A record whose text only tests print. The compiler writes a method for each, which the released program would carry along:
/// together a percent of it.
/// </summary>
public abstract record Unprinted
{
#if !DEBUG
    public sealed override string ToString() => GetType().Name;
#endif
}
