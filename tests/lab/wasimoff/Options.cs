using System.Globalization;
using System.Net;

namespace HookAgent.Wasimoff;

internal enum Role
{
    Broker,
    Provider,
}

/// <summary>The command line, with the real programs' names where they have one.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: wasimoff-standin broker [--listen [ADDRESS]:PORT]
               wasimoff-standin provider --url http://HOST:PORT [--workers N] [--name NAME] [--retry]
        The broker also takes its address from WASIMOFF_HTTP_LISTEN; the default is :4080.
        """;

    /// <summary>A worker of the real provider is a thread of V8: no node has more.</summary>
    private const int MostWorkers = 256;

    public required Role Role { get; init; }

    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 4080);

    public Uri Url { get; init; } = new("http://localhost:4080");

    public int Workers { get; init; } = 1;

    /// <summary>What the broker's counts call this provider.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Connect again when the broker is lost. Not when it is missing at the start: so does the real one.</summary>
    public bool Retry { get; init; }

    /// <summary>Null for a command line that makes no sense.</summary>
    public static Options? Parse(string[] words, Func<string, string?> environment)
    {
        Options? options = words.FirstOrDefault() switch
        {
            "broker" => Listening(new() { Role = Role.Broker }, environment("WASIMOFF_HTTP_LISTEN") ?? ":4080"),
            "provider" => new() { Role = Role.Provider },
            _ => null,
        };
        bool hasUrl = false;
        for (int i = 1; i < words.Length && options is not null; i++)
        {
            string value = i + 1 < words.Length ? words[i + 1] : "";
            switch (options.Role, words[i])
            {
                case (Role.Provider, "--retry"):
                    options = options with { Retry = true };
                    continue;
                case (Role.Broker, "--listen"):
                    options = Listening(options, value);
                    break;
                case (Role.Provider, "--url") when Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp:
                    options = options with { Url = url };
                    hasUrl = true;
                    break;
                case (Role.Provider, "--workers") when Number(value) is > 0 and <= MostWorkers and int workers:
                    options = options with { Workers = workers };
                    break;
                case (Role.Provider, "--name") when value.Length > 0 && value.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'):
                    options = options with { Name = value };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return options?.Role == Role.Provider && !hasUrl ? null : options;
    }

    private static Options? Listening(Options options, string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon < 0 || Number(address[(colon + 1)..]) is not (>= 0 and <= IPEndPoint.MaxPort and int port))
        {
            return null;
        }

        IPAddress? host = IPAddress.Any;
        return colon == 0 || IPAddress.TryParse(address[..colon], out host) ? options with { Listen = new(host, port) } : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
