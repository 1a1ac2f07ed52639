"""From the Prolog's first instruction to the provider's end, and from the job's end to the provider's start."""

import json

from harness import samples
from harness.node import await_true

PROVIDERS = {
    "stops at once": ("", 40),
    "drains 5 s": ("drain_seconds=5\n", 4),
    "ignores SIGTERM (StopGrace=2s)": ("ignore_sigterm=yes\n", 4),
}
JOB_SECONDS = {"stops at once": "0.2"}


def measure(node, quick):
    from .slurm import wire, point, CONFIGURATION
    from harness.node import HOOK
    original = node.run("cat", CONFIGURATION)
    point(node, (HOOK, HOOK))
    wire(node, original)
    figures = {}
    for name, (behaviour, rounds) in PROVIDERS.items():
        node.provider(behaviour)
        node.settings("[Node]\nIdleDelay=0\nStopGrace=" + ("2s" if "StopGrace" in name else "10s") + "\n")
        handovers, starts = [], []
        for _ in range(max(2, rounds // 4) if quick else rounds):
            one_job(node, JOB_SECONDS.get(name, "7"), handovers, starts)
        figures[name] = samples.summary(handovers)
        if name == "stops at once":
            figures["job's end -> provider started"] = samples.summary(starts)
    node.provider("")
    return figures


def one_job(node, seconds, handovers, starts):
    node.await_lent()
    ready = "grep -c ready /var/lib/hookagent-standin/stamps || true"
    await_true("the stand-in is ready", lambda: int(node.run("sh", "-c", ready)) > len(handovers), 30)
    job = node.run("runuser", "-u", "alice", "--", "srun", "--quiet", "sh", "-c", f"sleep {seconds}; echo $SLURM_JOB_ID").strip()
    entry = await_entry(node, job, "HOOKAGENT_HANDOVER_USEC")
    handovers.append(float(entry["HOOKAGENT_HANDOVER_USEC"]))
    node.await_lent()
    ended = entry_of(node, f"SLURM_JOB_ID={job}", "--grep", "has ended on this node")
    started = float(node.run("systemctl", "show", "--property=InactiveExitTimestampMonotonic", "--value", "wasimoff-provider"))
    starts.append(started - float(ended["__MONOTONIC_TIMESTAMP"]))


def await_entry(node, job, field):
    found = []

    def seen():
        found[:] = [entry for entry in entries(node, f"SLURM_JOB_ID={job}") if field in entry]
        return bool(found)
    await_true(f"the journal has the {field} of job {job}", seen, 30)
    return found[0]


def entry_of(node, *matches):
    return entries(node, *matches)[-1]


def entries(node, *matches):
    return [json.loads(line) for line in node.run("journalctl", "--quiet", "--output=json", *matches).splitlines()]
