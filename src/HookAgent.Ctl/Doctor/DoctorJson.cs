namespace HookAgent.Ctl.Doctor;

/// <summary>The findings for programs, as hookctl(1) documents them key by key.</summary>
internal static class DoctorJson
{
    public static void Write(IReadOnlyList<CheckGroup> groups, TextWriter to) => JsonLine.Write(to, json =>
    {
        Finding[] all = [.. groups.SelectMany(static group => group.Findings)];
        json.WriteNumber("faults", all.Count(static finding => finding.Verdict == Verdict.Fault));
        json.WriteNumber("warnings", all.Count(static finding => finding.Verdict == Verdict.Warning));
        json.WriteStartArray("checks");
        foreach (Finding finding in all)
        {
            json.WriteStartObject();
            json.WriteString("check", finding.Check);
            json.WriteString("verdict", DoctorText.Word(finding.Verdict));
            json.WriteString("text", finding.Text);
            json.WriteString("mend", finding.Mend);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
