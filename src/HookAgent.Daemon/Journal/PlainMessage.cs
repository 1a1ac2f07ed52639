using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Parsing;

namespace HookAgent.Daemon.Journal;

/// <summary>The sentence of a log event. Serilog's own rendering puts every text in quotes.</summary>
internal static class PlainMessage
{
    public static string Of(LogEvent entry)
    {
        StringBuilder sentence = new();
        foreach (MessageTemplateToken token in entry.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && entry.Properties.TryGetValue(property.PropertyName, out LogEventPropertyValue? value))
            {
                sentence.Append(value is ScalarValue scalar
                    ? Convert.ToString(scalar.Value, CultureInfo.InvariantCulture)
                    : value.ToString());
            }
            else
            {
                sentence.Append(token);
            }
        }

        return sentence.ToString();
    }
}
