namespace HookAgent.Bus.Wire;

/// <summary>Error names of the D-Bus specification, and of systemd in sd-bus-errors(3), that this project meets.</summary>
public static class BusErrorNames
{
    public const string AccessDenied = "org.freedesktop.DBus.Error.AccessDenied";
    public const string Disconnected = "org.freedesktop.DBus.Error.Disconnected";
    public const string Failed = "org.freedesktop.DBus.Error.Failed";
    public const string InconsistentMessage = "org.freedesktop.DBus.Error.InconsistentMessage";
    public const string InvalidArgs = "org.freedesktop.DBus.Error.InvalidArgs";
    public const string NameHasNoOwner = "org.freedesktop.DBus.Error.NameHasNoOwner";
    public const string NoReply = "org.freedesktop.DBus.Error.NoReply";
    public const string PropertyReadOnly = "org.freedesktop.DBus.Error.PropertyReadOnly";
    public const string ServiceUnknown = "org.freedesktop.DBus.Error.ServiceUnknown";
    public const string UnknownInterface = "org.freedesktop.DBus.Error.UnknownInterface";
    public const string UnknownMethod = "org.freedesktop.DBus.Error.UnknownMethod";
    public const string UnknownProperty = "org.freedesktop.DBus.Error.UnknownProperty";
}
