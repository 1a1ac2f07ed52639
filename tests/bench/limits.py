"""What the figures must reach: where each stands in the results, at most how much, and how much we aim at."""


def of_commands(name):
    return lambda figures: figures["hook"]["commands"][name]["ratio"]


def of_cold(name):
    return lambda figures: figures["hook"]["cold"][name]["ratio"]


def system_calls(figures):
    counts = figures["hook"]["counts"]
    return counts["system_calls"] - counts["system_calls_empty"]


def idle_tail(figures):
    hook = figures["hook"]["commands"]["slurm-hook"]
    return hook["p99"] / hook["median"]


def worst_tail(figures):
    return max(figures["load"][load]["slurm-hook"]["p99"] / figures["load"][load]["slurm-hook"]["median"]
               for load in ("provider", "job", "both"))


def wakes_while_busy(figures):
    busy = figures["daemon"]["busy"]
    return max(0, busy["voluntary_per_minute"] - busy["watchdog_per_minute"])


def megabytes(program):
    return lambda figures: figures["hook"]["counts"]["bytes"][program] / 1e6


LIMITS = [
    ("hook / `dbus-send`", of_commands("dbus-send"), 0.85, 0.75, ""),
    ("hook / C with sd-bus", of_commands("C, sd-bus"), 0.90, 0.80, ""),
    ("hook / `dbus-send`, cold", of_cold("dbus-send"), 1.0, 0.90, ""),
    ("hook / C with sd-bus, cold", of_cold("C, sd-bus"), 1.0, 0.90, ""),
    ("hook / `busctl call`", of_commands("busctl call"), 0.55, 0.45, ""),
    ("hook / `systemctl start --no-block`", of_commands("systemctl start --no-block"), 0.35, 0.30, ""),
    ("hook / C raw D-Bus call that also writes the record", of_commands("C, raw call and record"), 2.0, 1.5, ""),
    ("hook, idle node: p99 / median", idle_tail, 1.4, 1.3, ""),
    ("hook, both cores busy: p99 / median, worst of three loads", worst_tail, 3, 2, ""),
    ("system calls of the hook, beyond an empty AOT `Main`", system_calls, 40, 30, ""),
    ("`srun true`, slurm-hook / static no-op", lambda figures: figures["slurm"]["srun"]["slurm-hook"]["ratio"], 1.05, 1.02, ""),
    ("handover of a provider that stops at once, median", lambda figures: figures["handover"]["stops at once"]["median"] / 1000, 5.5, 5, " ms"),
    ("daemon's PSS, idle", lambda figures: figures["daemon"]["idle"]["pss_kib"] / 1024, 8.0, 7.5, " MiB"),
    ("daemon's PSS, after the flood of job events", lambda figures: figures["daemon"]["after events"]["pss_kib"] / 1024, 8.5, 8, " MiB"),
    ("daemon's threads", lambda figures: figures["daemon"]["busy"]["threads"], 5, 5, ""),
    ("daemon's voluntary context switches a minute beside a job, watchdog apart", wakes_while_busy, 0, 0, ""),
    ("work beside the daemon / without it, minus the run's own spread",
     lambda figures: figures["noise"]["ratio"] - (figures["noise"]["spread"] - 1), 1.0, None, ""),
    ("size of slurm-hook", megabytes("slurm-hook"), 1.0, 1.0, " MB"),
    ("size of hookagentd", megabytes("hookagentd"), 5.3, 5.0, " MB"),
    ("size of hookctl", megabytes("hookctl"), 7.15, 7.0, " MB"),
]
