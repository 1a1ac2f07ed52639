"""The hook on a node that works: both cores busy with the provider, with a job, with both; and 200 at once."""

from harness import samples
from harness.interleaved import Interleaved
from harness.node import HOOK, PROGRAMS, await_true

from .hook import COMMANDS, ENVIRONMENT, RECORDS, end_job

COMPARED = ["slurm-hook", "C, static, returns 0", "C, sd-bus", "dbus-send"]
BURST = 200

# As the shipped unit has the provider run.
PROVIDER = ["--slice=hookagent.slice", "--property=Nice=19", "--property=CPUWeight=idle"]
# As a job of Slurm runs here: nothing special.
JOB = []


def measure(node, quick):
    node.settings("[Node]\nIdleDelay=1h\n")
    cores = int(node.run("nproc"))
    figures = {}
    for name, kinds in {"provider": [PROVIDER], "job": [JOB], "both": [PROVIDER, JOB]}.items():
        units = [f"bench-burn-{kind}-{core}" for kind in range(len(kinds)) for core in range(cores)]
        for unit in units:
            kind = int(unit.split("-")[2])
            node.run("systemd-run", "--quiet", "--collect", f"--unit={unit}", "--property=RuntimeMaxSec=10min", *kinds[kind],
                     "sh", "-c", "while :; do :; done")
        runs = Interleaved(node, {command: COMMANDS[command] for command in COMPARED}).run(60 if quick else 500)
        node.run("systemctl", "stop", *units)
        figures[name] = {command: samples.summary(run["usec"]) for command, run in runs.items()}
    end_job(node)
    figures["burst"] = burst(node)
    return figures


def burst(node):
    begun = Interleaved(node, {"prolog": f"{ENVIRONMENT}prolog_slurmd {HOOK}"}).burst(BURST)
    records = len(node.run("ls", RECORDS).split())
    if records != BURST:
        raise RuntimeError(f"{BURST} hooks at once left {records} records")
    ended = Interleaved(node, {"epilog": f"{ENVIRONMENT}epilog_slurmd {HOOK}"}).burst(BURST)
    await_true("the records are gone", lambda: not node.run("ls", RECORDS).split(), 5)
    return {"prologs": samples.summary(begun), "epilogs": samples.summary(ended)}
