using System.Diagnostics;

namespace HookAgent.Ctl.Doctor;

/// <summary>What a start of the shipped Wasimoff provider needs, as its own check sees it in the provider's sandbox.</summary>
internal static class ProviderCheck
{
    private const string Whole = "provider";

    public static IEnumerable<Finding> Of(NodeFacts facts) => facts.ProviderReport switch
    {
        null => [],
        ProviderReport.NotMade { Why: var why, Next: var next } => [Finding.Unseen(Whole, why, next)],
        ProviderReport.Made made => [.. made.WithoutDropIns.Select(OfDropIn), .. made.Lines.Select(OfLine)],
        _ => throw new UnreachableException(),
    };

    private static Finding OfLine(ProviderLine line)
    {
        string check = $"{Whole}-{line.Name}";
        string text = Terminal.Plain(line.Text);
        string next = Terminal.Plain(line.Next ?? $"journalctl -u {ProviderCheckUnit.Name}");
        return line.Verdict switch
        {
            "ok" => Finding.Ok(check, text),
            "warning" => Finding.Warning(check, text, next),
            "fault" => Finding.Fault(check, text, next),
            _ => Finding.Unseen(check, text),
        };
    }

    private static Finding OfDropIn(string path) => Finding.Warning(
        Whole,
        $"the check runs without {path}",
        $"install -D --mode=0644 {path} /etc/systemd/system/{ProviderCheckUnit.Name}.d/{Path.GetFileName(path)} && systemctl daemon-reload, unless it sets ExecStart= or Type=");
}
