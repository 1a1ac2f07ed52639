"""The results as a Markdown page."""

from limits import LIMITS


def page(results):
    figures, machine, begun = results["figures"], results["machine"], results["begun"]
    lines = [
        "# Benchmark",
        "",
        f"HookAgent {results['version']}; made by `{results['command']}`.",
        f"Kernel {machine['kernel']}, {machine['processor']}, {machine['cores']} cores, {machine['memory_mib']} MiB.",
        "The machine's load before each part: "
        + ", ".join(f"{part} {begun[part]['load']:.2f} ({begun[part]['at']})" for part in PARTS if part in begun) + ".",
        "What is compared ran in turn in one run, so that whatever else the machine did fell on all alike.",
        "",
    ]
    for part, write in PARTS.items():
        if part in figures:
            lines += [*write(figures[part]), ""]
    lines += limits(figures)
    return "\n".join(lines) + "\n"


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(map(str, row)) + " |" for row in rows)]


def milliseconds(usec):
    return f"{usec / 1000:.2f}"


def hook(part):
    rows = [(name, milliseconds(run["median"]), milliseconds(run["p99"]), f"{run['ratio']:.2f}", f"{run['page_faults']:.0f}")
            for name, run in part["commands"].items()]
    cold = [(name, milliseconds(run["median"]), milliseconds(run["p99"]), f"{run['ratio']:.2f}") for name, run in part["cold"].items()]
    counts = part["counts"]
    return [
        "## The hook, whole process", "",
        *table(("command", "median, ms", "p99, ms", "slurm-hook / it", "page faults"), rows), "",
        "Cold: one a second, the processors' caches swept before each.", "",
        *table(("command", "median, ms", "p99, ms", "slurm-hook / it"), cold), "",
        f"The hook makes {counts['system_calls']:.0f} system calls, an empty AOT `Main` {counts['system_calls_empty']:.0f}; "
        f"it takes {counts['instructions'] / 1e6:.2f} million instructions (callgrind).",
        "hyperfine's medians, one command after another: "
        + ", ".join(f"{name} {milliseconds(usec)} ms" for name, usec in part["hyperfine"].items()) + ".",
    ]


def load(part):
    rows = [(f"both cores busy with the {name}" if name != "both" else "both cores busy with both", command,
             milliseconds(run["median"]), milliseconds(run["p99"]), f"{run['p99'] / run['median']:.1f}")
            for name in ("provider", "job", "both") for command, run in part[name].items()]
    rows += [("200 hooks at once", f"slurm-hook ({which})", milliseconds(run["median"]), milliseconds(run["p99"]), "")
             for which, run in part["burst"].items()]
    agents = [(f"busy with the {load}" if load != "both" else "busy with both",
               *(f"{milliseconds(run['median'])} / {milliseconds(run['p99'])}" for run in runs.values()))
              for load, runs in part["agent"].items()]
    return [
        "## Under load", "", *table(("node", "command", "median, ms", "p99, ms", "p99 / median"), rows), "",
        "slurm-hook with the agent run in other ways, in turns: median / p99, ms.", "",
        *table(("both cores", *next(iter(part["agent"].values()))), agents),
    ]


def slurm(part):
    rows = [(kind, f"{run['median'] / 1000:.1f}", f"{run['p99'] / 1000:.1f}", f"{run['ratio']:.2f}",
             f"{part['batch'][kind]['seconds']:.1f}") for kind, run in part["srun"].items()]
    jobs = next(iter(part["batch"].values()))["jobs"]
    return [
        "## In Slurm", "",
        *table(("Prolog and Epilog", "`srun true`, median, ms", "p99, ms", "/ static no-op", f"{jobs} jobs of sbatch, s"), rows), "",
        "The first row is Slurm without hooks, and so without PrologFlags=Alloc, which costs an srun 0.1 s of Slurm's own waiting. "
        "In a queue it is the slowest: no Epilog tells slurmctld to look for the next job, which waits for the scheduler's next turn.",
    ]


def handover(part):
    rows = [(name, run["n"], milliseconds(run["median"]), milliseconds(run["p99"]), milliseconds(run["max"])) for name, run in part.items()]
    return ["## Handover", "", "From the hook's first instruction to the provider's end.", "",
            *table(("provider", "n", "median, ms", "p99, ms", "max, ms"), rows)]


def daemon(part):
    rows = [(state, f"{run['rss_kib'] / 1024:.1f}", f"{run['pss_kib'] / 1024:.1f}", f"{run['private_dirty_kib'] / 1024:.1f}", run["threads"],
             f"{run['voluntary_per_minute']:.1f} ({run['watchdog_per_minute']:.0f})", f"{run['involuntary_per_minute']:.1f}", f"{run['cpu_msec_per_minute']:.2f}")
            for state, run in part.items() if state in ("idle", "lending", "busy")]
    events, after = part["events"], part["after events"]
    return [
        "## The daemon", "",
        *table(("node", "RSS, MiB", "PSS, MiB", "private dirty, MiB", "threads", "voluntary switches a minute (the watchdog's)",
                "involuntary", "CPU, ms a minute"), rows), "",
        f"Ready {milliseconds(part['start_usec']['median'])} ms after its start. {events['events']} job events at {events['per_second']:.0f} a second; "
        f"15 s after them RSS {after['rss_kib'] / 1024:.1f} MiB, PSS {after['pss_kib'] / 1024:.1f} MiB"
        + (f" ({events['pss_kib'] / 1024:.1f} MiB at once)." if "pss_kib" in events else "."),
    ]


def noise(part):
    rows = [(which, run["n"], *(f"{run[figure] / 1e6:.3f}" for figure in ("median", "mean", "p99", "p99.9", "max")))
            for which, run in part["nsec"].items()]
    return [
        "## Noise", "",
        "The same piece of work again and again, on all cores at once.", "",
        *table(("the daemon", "pieces", "median, ms", "mean, ms", "p99, ms", "p99.9, ms", "max, ms"), rows), "",
        f"With the daemon a piece takes {part['ratio']:.4f} times as long as without it (medians of the runs' means); runs of one kind "
        f"differ by up to a factor of {part['spread']:.4f} among themselves.",
    ]


def limits(figures):
    rows = []
    for name, value, most, aim, unit in LIMITS:
        try:
            seen = value(figures)
        except KeyError:
            rows.append((name, "not measured", f"{most}{unit}", "" if aim is None else f"{aim}{unit}", "-"))
            continue
        verdict = "missed" if seen > most else "reached" if aim is None or seen <= aim else "within the limit"
        rows.append((name, f"{seen:.2f}{unit}", f"{most}{unit}", "" if aim is None else f"{aim}{unit}", verdict))
    return ["## Against what it must reach", "", *table(("figure", "measured", "at most", "aim", ""), rows)]


PARTS = {"hook": hook, "load": load, "slurm": slurm, "handover": handover, "daemon": daemon, "noise": noise}
