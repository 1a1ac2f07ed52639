using System.Text;
using System.Text.Json;

namespace HookAgent.Ctl.Report;

/// <summary>Two reports whole, as each alone would be, and what became of each figure. Keys are only ever added.</summary>
internal static class ComparisonJson
{
    public static void Write(Comparison comparison, TextWriter to)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("before");
            comparison.BeforeJson.WriteTo(json);
            json.WritePropertyName("after");
            comparison.AfterJson.WriteTo(json);
            json.WriteStartObject("figures");
            foreach (ComparedFigure figure in comparison.Figures())
            {
                json.WriteStartObject(figure.Name);
                Write(json, "before", figure.Before);
                Write(json, "after", figure.After);
                Write(json, "difference", figure.Difference);
                Write(json, "ratio", figure.Ratio);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, string name, double? known)
    {
        if (known is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
