using System.Text;

namespace HookAgent.Bus.Systemd;

/// <summary>Where systemd keeps the object of a unit.</summary>
public static class UnitPath
{
    private const string Prefix = "/org/freedesktop/systemd1/unit/";

    /// <summary>
    /// The object path of a unit: its name as a label in the sense of sd_bus_path_encode(3), in which every
    /// byte but letters, and digits not in front, becomes "_" and two lower-case hexadecimal digits.
    /// </summary>
    public static string Of(string unitName)
    {
        if (unitName.Length == 0)
        {
            return Prefix + "_";
        }

        StringBuilder path = new(Prefix);
        foreach (byte c in Encoding.UTF8.GetBytes(unitName))
        {
            if (char.IsAsciiLetter((char)c) || (char.IsAsciiDigit((char)c) && path.Length > Prefix.Length))
            {
                path.Append((char)c);
            }
            else
            {
                path.Append('_').Append(Convert.ToHexStringLower([c]));
            }
        }

        return path.ToString();
    }
}
