using HookAgent.Ctl.Host;

namespace HookAgent.Ctl.Slurm.Scripts;

/// <summary>How a script leaves its place: the rest of it, of a function or of a loop's body is passed over.</summary>
internal enum ShellJump
{
    None,
    Turn,
    Loop,
    Function,
    Script,
}

/// <summary>
/// Follows a shell script from top to bottom without running anything, and tells what it runs: a condition holds, does
/// not hold, or depends on the job (null). What only mentions a program does not run it. Both ways of an unknown
/// condition are followed, and what is run there is run "maybe".
/// </summary>
internal sealed class ShellScript
{
    /// <summary>How deep functions and files that are read in are followed. It also ends circles.</summary>
    private const int Deepest = 8;

    private static readonly string[] Printing = ["echo", "printf", "logger", "true", ":", "export", "local", "declare", "readonly", "typeset", "set", "shopt", "umask", "ulimit", "unset", "shift"];

    /// <summary>The exit code of a shell that does not understand its script.</summary>
    private const int SyntaxError = 2;

    /// <summary>Folders of the system's own programs: none of them is a site's script.</summary>
    private static readonly string[] SystemFolders = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/lib", "/usr/lib"];

    private readonly SystemRoot _root;
    private readonly ShellVariables _variables;
    private readonly ShellTest _test;
    private readonly Func<string, IReadOnlyList<string>, bool?> _run;
    private readonly Dictionary<string, List<ShellToken>> _functions;
    private readonly List<ShellToken> _tokens;
    private readonly int _depth;
    private int _at;
    private IEnumerable<string> _piped = [];
    private bool _isBehindPipe;

    /// <summary>Set when a condition that depends on the job may have ended the script well.</summary>
    private bool _mayHaveEnded;

    private ShellJump _jump;

    /// <summary>Set when a condition that depends on the job may have passed over the rest of a loop's body or of a function.</summary>
    private bool _mayHaveLeft;

    /// <summary>The variable that the last "read" has set from a pipe; null for none.</summary>
    private string? _readInto;

    /// <summary>Set where a block goes on to the end of the text: a shell runs nothing of it, and ends.</summary>
    private bool _isUnclosed;

    private ShellScript(ShellScript caller, List<ShellToken> tokens)
    {
        (_root, _variables, _test, _run, _functions) = (caller._root, caller._variables, caller._test, caller._run, caller._functions);
        (_tokens, _depth) = (tokens, caller._depth + 1);
    }

    private ShellScript(SystemRoot root, ShellVariables variables, List<ShellToken> tokens, Func<string, IReadOnlyList<string>, bool?> run)
    {
        (_root, _variables, _tokens, _run) = (root, variables, tokens, run);
        _test = new ShellTest(root, variables);
        _functions = [];
    }

    /// <summary>Whether the hook is run: null for "depends on the job".</summary>
    public bool? RunsHook { get; private set; } = false;

    /// <summary>The code that the script ends with in any case; null where that is not written in it.</summary>
    public int? ExitCode { get; private set; }

    /// <param name="root">The node's files.</param>
    /// <param name="path">The script's path, "$0".</param>
    /// <param name="text">What it says.</param>
    /// <param name="arguments">Its "$1" and so on.</param>
    /// <param name="context">"prolog" or "epilog".</param>
    /// <param name="run">Whether a program that the script runs is the hook, or runs it in turn.</param>
    public static ShellScript Follow(
        SystemRoot root, string path, string text, IReadOnlyList<string> arguments, string context, Func<string, IReadOnlyList<string>, bool?> run)
    {
        ShellVariables variables = new(root, context);
        ShellScript script = new(root, variables, ShellTokens.Of(text), run);
        script.Arguments([path, .. arguments]);
        script.List(true);
        return script;
    }

    private void Arguments(IReadOnlyList<string> words)
    {
        for (int i = 0; i < 10; i++)
        {
            if (i > 0 || _depth == 0)
            {
                _variables[$"{i}"] = [i < words.Count ? words[i] : ""];
            }
        }

        _variables["@"] = _variables["*"] = words.Count > 1 ? [.. words.Skip(1)] : [""];
    }

    private ShellToken? Next => _at < _tokens.Count ? _tokens[_at] : null;

    private bool IsWord(params ReadOnlySpan<string> words) => Next is { IsOperator: false } token && words.Contains(token.Text);

    private bool IsOperator(params ReadOnlySpan<string> signs) => Next is { IsOperator: true } token && signs.Contains(token.Text);

    private bool Take(string text)
    {
        bool fits = Next?.Text == text;
        _at += fits ? 1 : 0;
        return fits;
    }

    private void Close(string text) => _isUnclosed |= !Take(text) && _at == _tokens.Count;

    /// <summary>Nothing is run behind the end; behind an end that depends on the job, nothing is run for sure.</summary>
    private bool? Now(bool? when) => _jump != ShellJump.None ? false : _mayHaveEnded || _mayHaveLeft ? when & null : when;

    private bool? List(bool? when, params ReadOnlySpan<string> ends)
    {
        bool? value = true;
        while (_at < _tokens.Count && !IsWord(ends) && !IsOperator(ends))
        {
            if (IsOperator("\n", ";", "&"))
            {
                _at++;
                continue;
            }

            (int before, bool? ran) = (_at, RunsHook);
            value = AndOr(when);
            _at += _at == before ? 1 : 0;
            if (_isUnclosed)
            {
                (RunsHook, ExitCode) = (ran, SyntaxError);
            }
        }

        return value;
    }

    private bool? AndOr(bool? when)
    {
        bool? value = Pipeline(when);
        while (IsOperator("&&", "||"))
        {
            bool isAnd = _tokens[_at++].Text == "&&";
            SkipLines();
            bool? next = Pipeline(when & (isAnd ? value : !value));
            value = isAnd ? value & next : value | next;
        }

        return value;
    }

    private void SkipLines()
    {
        while (IsOperator("\n"))
        {
            _at++;
        }
    }

    private bool? Pipeline(bool? when)
    {
        bool negated = false;
        while (Take("!"))
        {
            negated = !negated;
        }

        // What a pipe brings to a loop is read by the loop's first command.
        _piped = _isBehindPipe ? _piped : [];
        _isBehindPipe = false;
        bool? value = Command(when);
        while (IsOperator("|"))
        {
            _at++;
            SkipLines();
            _isBehindPipe = true;
            value = Command(when);
            _isBehindPipe = false;
        }

        return negated ? !value : value;
    }

    private bool? Command(bool? when)
    {
        if (IsOperator("("))
        {
            _at++;
            if (IsOperator("("))
            {
                _at = _tokens.FindIndex(_at, static token => token.Text == ")") is >= 0 and var end ? end + 2 : _tokens.Count;
                return null;
            }

            // A subshell: its exit is its own.
            (ShellJump jump, bool mayHaveEnded) = (_jump, _mayHaveEnded);
            bool? value = List(when, ")");
            (_jump, _mayHaveEnded) = (jump, mayHaveEnded);
            Close(")");
            return value;
        }

        switch (Next)
        {
            case { IsOperator: false, Text: "if" }:
                return If(when);
            case { IsOperator: false, Text: "while" or "until" }:
                return Loop(when);
            case { IsOperator: false, Text: "for" or "select" }:
                return For(when);
            case { IsOperator: false, Text: "case" }:
                return Case(when);
            case { IsOperator: false, Text: "{" }:
                _at++;
                bool? value = List(when, "}");
                Close("}");
                return value;
            case { IsOperator: false, Text: "[[" }:
                return Brackets();
            case { IsOperator: false, Text: "function" }:
                _at++;
                return Function();
            case { IsOperator: false } when _at + 2 < _tokens.Count && _tokens[_at + 1] is { IsOperator: true, Text: "(" } && _tokens[_at + 2].Text == ")":
                return Function();
            default:
                return Simple(when);
        }
    }

    private bool? Brackets()
    {
        int from = ++_at;
        while (_at < _tokens.Count && !IsWord("]]"))
        {
            _at++;
        }

        string[] words = [.. _tokens[from.._at].Select(static token => token.Text)];
        Take("]]");
        return _test.Of(words);
    }

    private bool? If(bool? when)
    {
        bool? left = when;
        do
        {
            _at++;
            bool? holds = List(left, "then");
            Take("then");
            List(left & holds, "elif", "else", "fi");
            left &= !holds;
        }
        while (IsWord("elif"));

        if (Take("else"))
        {
            List(left, "fi");
        }

        Close("fi");
        return null;
    }

    private bool? Loop(bool? when)
    {
        bool isUntil = _tokens[_at++].Text == "until";
        _readInto = null;
        bool? holds = List(when, "do");
        Take("do");
        bool? runs = when & (isUntil ? !holds : holds);
        if (_readInto is { } name)
        {
            Turns(name, [.. _variables[name].Select(value => new Turn(value, runs))]);
        }
        else
        {
            Body(runs);
        }

        return null;
    }

    /// <summary>A body once for each value of its variable; of none it is passed over.</summary>
    private void Turns(string name, List<Turn> turns)
    {
        int from = _at;
        bool isOver = turns.Count == 0;
        for (int i = 0; i == 0 || i < turns.Count; i++)
        {
            _at = from;
            if (!isOver)
            {
                _variables[name] = [turns[i].Value];
            }

            isOver = Body(isOver ? false : turns[i].When);
        }
    }

    /// <summary>A turn of a loop: the value of its variable, and whether the turn is made.</summary>
    private sealed class Turn(string value, bool? when)
    {
        public string Value => value;

        public bool? When => when;
    }

    /// <returns>Whether the loop is left.</returns>
    private bool Body(bool? when)
    {
        bool mayHaveLeft = _mayHaveLeft;
        List(when, "done");
        Close("done");
        bool isOver = _jump is not (ShellJump.None or ShellJump.Turn);
        (_jump, _mayHaveLeft) = (_jump is ShellJump.Turn or ShellJump.Loop ? ShellJump.None : _jump, mayHaveLeft);
        return isOver || when == false;
    }

    private bool? For(bool? when)
    {
        _at++;
        string name = Next?.Text ?? "";
        _at++;
        SkipLines();
        List<Turn> turns = [];
        if (Take("in"))
        {
            for (; Next is { IsOperator: false } word; _at++)
            {
                turns.AddRange(_variables.Files(word.Text).Select(value => new Turn(value, when)));
                turns.AddRange(_variables.Guesses(word.Text).Select(value => new Turn(value, when & null)));
            }
        }
        else
        {
            turns.AddRange(_variables["@"].Select(value => new Turn(value, when)));
        }

        while (_at < _tokens.Count && !IsWord("do"))
        {
            _at++;
        }

        Take("do");
        if (when == false)
        {
            Body(false);
        }
        else
        {
            Turns(name, turns);
        }

        return null;
    }

    private bool? Case(bool? when)
    {
        _at++;
        IReadOnlyList<string> subjects = _variables.Expand(Next?.Text ?? "");
        _at++;
        SkipLines();
        Take("in");
        bool? left = when;
        while (_at < _tokens.Count && !IsWord("esac"))
        {
            if (IsOperator("\n", ";;", ";", "("))
            {
                _at++;
                continue;
            }

            bool? fits = false;
            for (; _at < _tokens.Count && !IsOperator(")"); _at++)
            {
                fits |= IsOperator("|") ? false : Fits(subjects, _tokens[_at].Text);
            }

            Take(")");
            List(left & fits, ";;", "esac");
            left &= !fits;
        }

        Close("esac");
        return null;
    }

    private bool? Fits(IReadOnlyList<string> subjects, string word)
    {
        string pattern = _variables.Expand(word)[0];
        return pattern == "*" ? true
            : subjects.All(ShellVariables.IsKnown) && ShellVariables.IsKnown(pattern) ? subjects.Any(subject => GlobPattern.Fits(pattern, subject)) : null;
    }

    /// <summary>Keeps the body for when the function is called.</summary>
    private bool? Function()
    {
        string name = Next?.Text ?? "";
        _at++;
        _at += IsOperator("(") ? 2 : 0;
        SkipLines();
        int from = _at;
        Command(false);
        _functions[name] = _tokens[from..Math.Min(_at, _tokens.Count)];
        return true;
    }

    private bool? Simple(bool? when)
    {
        List<string> words = [];
        for (; Next is { IsOperator: false } token; _at++)
        {
            words.Add(token.Text);
        }

        // A "(" here is an array's, or a "<(": its words are looked at like any other's.
        when = Now(when);
        if (when == false)
        {
            return null;
        }

        foreach (string word in words)
        {
            Substituted(word, when);
        }

        while (words.Count > 0 && Assigns(words[0], when))
        {
            words.RemoveAt(0);
        }

        return words.Count == 0 ? true : Run(words, when);
    }

    /// <summary>"NAME=value" in front of a command.</summary>
    private bool Assigns(string word, bool? when)
    {
        int length = ShellVariables.NameLength(word);
        if (length == 0 || length >= word.Length || word[length] != '=')
        {
            return false;
        }

        IReadOnlyList<string> value = _variables.Expand(word[(length + 1)..]);
        string name = word[..length];
        _variables[name] = when == true || _variables[name] is [""] ? value : [.. _variables[name], .. value];
        return true;
    }

    /// <summary>What "$(…)" in a word runs.</summary>
    private void Substituted(string word, bool? when)
    {
        for (int i = 0; i < word.Length && word[0] != '\''; i++)
        {
            bool isNew = word[i] == '$' && i + 1 < word.Length && word[i + 1] == '(';
            if (isNew || word[i] == '`')
            {
                int open = isNew ? i + 1 : i;
                int end = ShellTokens.EndOf(word, open);
                Inner(ShellTokens.Of(word[(open + 1)..end]), when);
                i = end;
            }
        }
    }

    /// <summary>Follows other text in this script's place; where it jumps to stays its own.</summary>
    private ShellScript? Inner(List<ShellToken> tokens, bool? when)
    {
        if (_depth >= Deepest)
        {
            return null;
        }

        ShellScript inner = new(this, tokens);
        inner.List(when);
        Found(inner.RunsHook, true);
        return inner;
    }

    private void Found(bool? runs, bool? when)
    {
        // Once seen for sure it stays so; a "maybe" is better than nothing.
        RunsHook |= runs & when;
    }

    private bool? Run(List<string> words, bool? when)
    {
        string name = Path.GetFileName(words[0]);
        switch (words[0])
        {
            case "[" or "test":
                return _test.Of([.. words.Skip(1).Where((word, at) => word != "]" || at < words.Count - 2)]);
            case "export" or "local" or "declare" or "readonly" or "typeset":
                foreach (string word in words.Skip(1))
                {
                    Assigns(word, when);
                }

                return true;
            case ":":
                foreach (string word in words.Skip(1))
                {
                    _variables.Expand(word); // "${NAME:=default}" sets it
                }

                return true;
            case "false":
                return false;
            case "cd":
                string folder = Path.Combine(_variables.Folder, _variables.Expand(words.ElementAtOrDefault(1) ?? "/")[0]);
                bool isThere = _root.IsFolder(folder);
                _variables.Folder = isThere ? folder : _variables.Folder;
                return isThere;
            case "exit" or "return" or "continue" or "break":
                Jump(words, when);
                return null;
            case "read":
                string[] piped = [.. _piped];
                string variable = words.LastOrDefault(static word => !word.StartsWith('-')) ?? "REPLY";
                _readInto = piped.Length > 0 ? variable : null;
                _variables[variable] = piped.Length > 0 ? piped : [ShellVariables.UnknownOrEmpty.ToString()];
                return piped.Length > 0 ? true : null;
            case "trap":
                // Called whatever the script's end is.
                if (words.Count > 2 && words[^1] is "EXIT" or "0")
                {
                    Inner(ShellTokens.Of(_variables.Expand(words[1])[0]), when);
                }

                return true;
            case "." or "source" when words.Count > 1:
                return Source(words[1], when);
        }

        if (Printing.Contains(name))
        {
            return true;
        }

        if (_functions.TryGetValue(words[0], out List<ShellToken>? body))
        {
            IReadOnlyList<string> before = _variables["@"];
            Arguments(["", .. words.Skip(1).Select(word => _variables.Expand(word)[0])]);
            ShellScript? inner = Inner(body, when);
            Arguments(["", .. before]);
            if (inner is { _jump: ShellJump.Script })
            {
                (_jump, ExitCode) = (ShellJump.Script, inner.ExitCode);
            }

            return null;
        }

        return Start(words, when);
    }

    private void Jump(List<string> words, bool? when)
    {
        ShellJump jump = words[0] switch { "exit" => ShellJump.Script, "return" => ShellJump.Function, "break" => ShellJump.Loop, _ => ShellJump.Turn };
        string code = words.Count > 1 ? _variables.Expand(words[1])[0] : "";
        if (when == true)
        {
            _jump = jump;
            ExitCode = jump == ShellJump.Script && int.TryParse(code, out int number) ? number : ExitCode;
        }
        else if (jump != ShellJump.Script)
        {
            _mayHaveLeft = true;
        }
        else if (code is "0" or "")
        {
            _mayHaveEnded = true;
        }
    }

    private bool? Source(string word, bool? when)
    {
        string path = Path.Combine(_variables.Folder, _variables.Expand(word)[0]);
        if (!ShellVariables.IsKnown(path) || _root.TryReadText(path, out _) is not { } text)
        {
            return null;
        }

        if (Inner(ShellTokens.Of(text), when) is { _jump: ShellJump.Script } inner)
        {
            (_jump, ExitCode) = (ShellJump.Script, inner.ExitCode);
        }

        return true;
    }

    /// <summary>A program, whatever starts it: "exec", "timeout 5", "sh -c", "run-parts", "find -exec", "xargs".</summary>
    private bool? Start(List<string> words, bool? when)
    {
        bool isExec = words[0] == "exec";
        if (isExec && words.Count == 1)
        {
            return true; // redirections alone
        }

        string[] left = [.. words];
        while (StartPrefix.Skip(left) is { } rest)
        {
            if (rest.Length == 0)
            {
                return null;
            }

            left = rest;
        }

        bool? value = Program(left, when);
        if (isExec && when == true)
        {
            _jump = ShellJump.Script;
        }

        return value;
    }

    private bool? Program(string[] words, bool? when)
    {
        string name = Path.GetFileName(_variables.Expand(words[0])[0]);
        switch (name)
        {
            case "sh" or "bash" or "dash" or "ksh":
                int script = Array.FindIndex(words, 1, static word => !word.StartsWith('-'));
                if (script < 0)
                {
                    return null;
                }
                else if (words[1..script].Any(static option => option.EndsWith('c')))
                {
                    Inner(ShellTokens.Of(_variables.Expand(words[script])[0]), when);
                }
                else
                {
                    Source(words[script], when);
                    _jump = _jump == ShellJump.Script ? ShellJump.None : _jump;
                }

                return null;
            case "run-parts":
                Each(RunParts.Of(_root, [.. words.Skip(1).Select(word => _variables.Expand(word)[0])]), [], when);
                return null;
            case "find" or "ls":
                _piped = _variables.Listed(words);
                if (words.Contains("-exec") || words.Contains("-execdir"))
                {
                    Each(_piped, [], when);
                }

                return true;
            case "xargs":
                Each(_piped, [], when);
                return null;
            case "sort" or "grep" or "cat":
                return null;
        }

        _piped = [];
        string[] arguments = [.. words.Skip(1).Select(word => _variables.Expand(word)[0])];
        Each(_variables.Guesses(words[0]), arguments, when & null);
        return Each(_variables.Files(words[0]), arguments, when);
    }

    private bool? Each(IEnumerable<string> programs, IReadOnlyList<string> arguments, bool? when)
    {
        bool isHook = false;
        foreach (string program in programs.Where(static program => program.Length > 0 && ShellVariables.IsKnown(program)))
        {
            string? path = program.Contains('/') ? Path.Combine(_variables.Folder, program) : OnPath(program);
            if (path is not null && !SystemFolders.Contains(Path.GetDirectoryName(path)))
            {
                bool? runs = _run(path, arguments);
                isHook |= runs == true;
                Found(runs, when);
            }
        }

        return isHook ? true : null;
    }

    private string? OnPath(string name) => _variables["PATH"].SelectMany(static path => path.Split(':', StringSplitOptions.RemoveEmptyEntries))
        .Select(folder => Path.Combine("/", folder, name)).FirstOrDefault(path => ShellVariables.IsKnown(path) && _root.IsFile(path));
}
