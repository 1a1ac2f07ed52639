namespace HookAgent.Core.Linux;

/// <summary>What /proc/ID/stat has (proc_pid_stat(5)): one line of fields, of which the name may have blanks and parentheses.</summary>
internal static class ProcessStat
{
    /// <param name="stat">The whole line.</param>
    /// <param name="number">As the man page counts, from 3 on, the state, which follows the name.</param>
    /// <returns>Empty where the line does not have it.</returns>
    public static string Field(string stat, int number)
    {
        const int first = 3;
        int name = stat.LastIndexOf(')');
        string[] fields = name < 0 ? [] : stat[(name + 1)..].Trim().Split(' ');
        return number - first < fields.Length ? fields[number - first] : "";
    }
}
