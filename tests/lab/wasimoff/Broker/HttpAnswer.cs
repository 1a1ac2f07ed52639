using System.Globalization;
using System.Text;

namespace HookAgent.Wasimoff.Broker;

internal sealed record HttpAnswer(string Status, string Body)
{
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"HTTP/1.1 {Status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\nConnection: close\r\n\r\n{Body}");
}
