using System.Text;
using HookAgent.Core.Node;

namespace HookAgent.Report;

/// <summary>
/// The words for the reasons of states, each with a small number: those of the agent, those of the report for a
/// node without an agent, and what else a newer agent writes.
/// </summary>
internal sealed class ReasonList
{
    /// <summary>Nothing is in the journal of this time.</summary>
    public const byte NoData = 0;

    /// <summary>hookagentd was stopped.</summary>
    public const byte AgentStopped = 1;

    /// <summary>hookagentd was killed, or ended by a fault.</summary>
    public const byte AgentFailed = 2;

    /// <summary>The node went down without stopping hookagentd.</summary>
    public const byte NodeDown = 3;

    /// <summary>The state is known, its reason is not: the entry that told it is not there.</summary>
    public const byte Untold = 4;

    /// <summary>A word that is none, or one of too many.</summary>
    private const byte Other = 5;

    private const int MostLength = 40;

    private readonly List<string> _words = ["no-data", "agent-stopped", "agent-failed", "node-down", "", "other"];
    private readonly List<byte[]> _bytes = [];

    public ReasonList()
    {
        _words.AddRange(Array.ConvertAll(Enum.GetValues<Reason>(), static reason => reason.Word()));
        _bytes.AddRange(_words.ConvertAll(Encoding.ASCII.GetBytes));
        Starting = Number("starting"u8);
        DirectoryUnread = Number("directory-unread"u8);
    }

    public byte Starting { get; }

    public byte DirectoryUnread { get; }

    public string this[byte number] => _words[number];

    public byte Number(ReadOnlySpan<byte> word)
    {
        for (int i = Untold; i < _bytes.Count; i++)
        {
            if (word.SequenceEqual(_bytes[i]))
            {
                return (byte)i;
            }
        }

        if (word.Length > MostLength || _words.Count > byte.MaxValue || word.IndexOfAnyExcept(s_letters) >= 0)
        {
            return Other;
        }

        _bytes.Add([.. word]);
        _words.Add(Encoding.ASCII.GetString(word));
        return (byte)(_words.Count - 1);
    }

    private static readonly System.Buffers.SearchValues<byte> s_letters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
}
