"""The hook as a whole process, against what a site would put into Prolog= instead."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from harness import samples
from harness.interleaved import Interleaved
from harness.node import HOOK, PROGRAMS

JOB = "424242"
RECORDS = "/run/hookagent/jobs"
ENVIRONMENT = (
    f"SLURM_JOB_ID={JOB} SLURM_JOB_UID=1000 SLURM_JOB_USER=alice SLURM_JOB_PARTITION=debug SLURM_JOB_CPUS_PER_NODE=2 "
    "SLURM_JOB_RESTART_COUNT=0 SLURM_CONF=/etc/slurm/slurm.conf SLURM_SCRIPT_CONTEXT="
)
NODE1 = "org.hookagent.Node1"

# Each makes the same call to the same agent, but for those that only show what a process costs.
COMMANDS = {
    "slurm-hook": f"{ENVIRONMENT}prolog_slurmd {HOOK}",
    "C, static, returns 0": f"{PROGRAMS}/nothing",
    "empty AOT Main": f"{PROGRAMS}/empty",
    "C, raw D-Bus call": f"{PROGRAMS}/raw-call {JOB}",
    "C, raw call and record": f"{PROGRAMS}/raw-call {JOB} {RECORDS}",
    "C, sd-bus": f"{PROGRAMS}/sd-call {JOB}",
    "dbus-send": f"/usr/bin/dbus-send --system --print-reply --dest={NODE1} /org/hookagent/Node1 {NODE1}.JobStarted string:{JOB}",
    "busctl call": f"/usr/bin/busctl call {NODE1} /org/hookagent/Node1 {NODE1} JobStarted s {JOB}",
    "systemctl start --no-block": "/usr/bin/systemctl start --no-block bench-nothing.service",
    "sh -c true": "/bin/sh -c true",
}

# A Prolog is always cold: seconds of other programs lie between two of them.
COLD = ["slurm-hook", "C, static, returns 0", "C, sd-bus", "dbus-send"]

UNIT = """[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
"""


def measure(node, quick):
    node.write("/etc/systemd/system/bench-nothing.service", UNIT)
    node.shell("systemctl daemon-reload && systemctl start bench-nothing")
    # The machine is as in a cluster's normal life: a job is there, and each call has the directory read again.
    node.settings("[Node]\nIdleDelay=1h\n")
    runs = Interleaved(node, COMMANDS).run(100 if quick else 1000)
    hook = runs["slurm-hook"]["usec"]
    figures = {
        "commands": {
            name: samples.summary(run["usec"]) | {"ratio": samples.ratio(hook, run["usec"]), "page_faults": samples.median(run["faults"])}
            for name, run in runs.items()
        },
        "cold": cold(node, quick),
        "hyperfine": hyperfine(node, quick),
        "counts": counts(node),
    }
    end_job(node)
    return figures


def cold(node, quick):
    runs = Interleaved(node, {name: COMMANDS[name] for name in COLD}).cold(15 if quick else 60)
    hook = runs["slurm-hook"]["usec"]
    return {name: samples.summary(run["usec"]) | {"ratio": samples.ratio(hook, run["usec"])} for name, run in runs.items()}


def begin_job(node):
    run_hook(node, "prolog_slurmd")


def end_job(node):
    run_hook(node, "epilog_slurmd")


def run_hook(node, context):
    node.run("env", "-i", *f"{ENVIRONMENT}{context}".split(), HOOK)


def hyperfine(node, quick):
    """A second opinion, by a tool that runs one command's rounds after another's. Medians in µs."""
    compared = ["slurm-hook", "C, sd-bus", "dbus-send", "busctl call"]
    node.bring("/usr/bin/hyperfine")
    words = ["env", *(f"{word}" for word in (ENVIRONMENT + "prolog_slurmd").split()), f"{PROGRAMS}/hyperfine", "-N", "--warmup=10",
             f"--runs={50 if quick else 500}", "--style=none", f"--export-json={PROGRAMS}/hyperfine.json"]
    node.run(*words, *(HOOK if name == "slurm-hook" else COMMANDS[name] for name in compared))
    results = json.loads(node.run("cat", f"{PROGRAMS}/hyperfine.json"))["results"]
    return {name: result["median"] * 1e6 for name, result in zip(compared, results)}


def counts(node):
    """What does not depend on the machine's speed."""
    return {
        "system_calls": system_calls(node, f"{ENVIRONMENT}prolog_slurmd {HOOK}"),
        "system_calls_empty": system_calls(node, f"{PROGRAMS}/empty"),
        "instructions": instructions(node),
        "bytes": {name: (node.root / path).stat().st_size for name, path in
                  {"slurm-hook": HOOK[1:], "hookagentd": "usr/sbin/hookagentd", "hookctl": "usr/bin/hookctl"}.items()},
    }


def system_calls(node, line):
    """Of all threads, the median of five runs: what the finalizer's thread gets done before the end differs."""
    seen = []
    for _ in range(5):
        node.run("sh", "-c", f"env -i {'strace -f -qq -e signal=none -o /tmp/trace'.join(split(line))}")
        trace = node.run("cat", "/tmp/trace").splitlines()
        seen.append(sum(1 for entry in trace if "resumed>" not in entry and "+++" not in entry))
    return samples.median(seen)


def split(line):
    """The environment and the command of a line, each with a space where the tracer's name goes between."""
    words = line.split()
    first = next(i for i, word in enumerate(words) if "=" not in word)
    return " ".join(words[:first]) + " ", " " + " ".join(words[first:])


def instructions(node):
    """By valgrind on this machine, which reaches the node's bus and records through /proc."""
    root = node.root
    variables = dict(word.split("=", 1) for word in (ENVIRONMENT + "prolog_slurmd").split())
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", str(root / HOOK[1:]),
             "--bus", f"unix:path={root}/run/dbus/system_bus_socket", "--run-dir", f"{root}/run/hookagent"],
            env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))
