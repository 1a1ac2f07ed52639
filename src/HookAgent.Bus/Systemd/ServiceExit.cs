namespace HookAgent.Bus.Systemd;

/// <summary>
/// How a service's last run ended. <paramref name="Result"/>: "success", "exit-code", "signal", "core-dump",
/// "timeout", "watchdog", "oom-kill", "start-limit-hit", "resources", "exec-condition" (its ExecCondition= refused the
/// start; systemd 243 or newer), …
/// <paramref name="MainCode"/>: 0 never ended, 1 exited, 2 killed, 3 dumped (si_code of sigaction(2));
/// <paramref name="MainStatus"/>: its exit code, or the signal.
/// </summary>
public sealed record ServiceExit(string Result, int MainCode, int MainStatus);
