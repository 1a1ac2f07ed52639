"""The hook on a node that works: both cores busy with the provider, with a job, with both, also with an agent that goes before
others; and 200 at once."""

from harness import samples
from harness.interleaved import Interleaved
from harness.node import HOOK, PROGRAMS, await_true

from .hook import COMMANDS, ENVIRONMENT, RECORDS, end_job

COMPARED = ["slurm-hook", "C, static, returns 0", "C, sd-bus", "dbus-send"]
BURST = 200

# As the shipped unit has the provider run; a job of Slurm runs here as nothing special.
PROVIDER = ["--slice=hookagent.slice", "--property=Nice=19", "--property=CPUWeight=idle"]
LOADS = {"provider": [PROVIDER], "job": [[]], "both": [PROVIDER, []]}

# How a site may have the agent run, as a drop-in of its unit.
AGENTS = ["as shipped", "Nice=-10", "CPUSchedulingPolicy=rr"]
TURNS = 3
DROP_IN = "/etc/systemd/system/hookagentd.service.d/bench.conf"


def measure(node, quick):
    node.settings("[Node]\nIdleDelay=1h\n")
    commands = Interleaved(node, {command: COMMANDS[command] for command in COMPARED})
    figures = {load: {command: samples.summary(usec) for command, usec in under(node, load, commands, 60 if quick else 500).items()} for load in LOADS}
    figures["agent"] = agents(node, 20 if quick else 200)
    end_job(node)
    figures["burst"] = burst(node)
    return figures


def agents(node, rounds):
    """load -> agent -> the hook, and once what does nothing: the least that a process takes there."""
    least = COMPARED[1]
    commands = Interleaved(node, {command: COMMANDS[command] for command in ("slurm-hook", least)})
    runs = {load: {which: [] for which in [*AGENTS, least]} for load in LOADS}
    for agent in AGENTS * TURNS:
        start_agent(node, agent)
        for load, run in runs.items():
            usec = under(node, load, commands, rounds)
            run[agent] += usec["slurm-hook"]
            run[least] += usec[least]
    start_agent(node, AGENTS[0])
    return {load: {which: samples.summary(usec) for which, usec in run.items()} for load, run in runs.items()}


def start_agent(node, how):
    node.shell(f"mkdir -p $(dirname {DROP_IN})")
    node.write(DROP_IN, f"[Service]\n{'' if how == AGENTS[0] else how}\n")
    node.run("systemctl", "daemon-reload")
    node.run("systemctl", "restart", "hookagentd")


def under(node, load, commands, rounds):
    """command -> µs, while both cores are busy."""
    units = []
    for kind, properties in enumerate(LOADS[load]):
        for core in range(int(node.run("nproc"))):
            units.append(f"bench-burn-{kind}-{core}")
            node.run("systemd-run", "--quiet", "--collect", f"--unit={units[-1]}", "--property=RuntimeMaxSec=10min", *properties,
                     "sh", "-c", "while :; do :; done")
    runs = commands.run(rounds)
    node.run("systemctl", "stop", *units)
    return {command: run["usec"] for command, run in runs.items()}


def burst(node):
    begun = Interleaved(node, {"prolog": f"{ENVIRONMENT}prolog_slurmd {HOOK}"}).burst(BURST)
    records = len(node.run("ls", RECORDS).split())
    if records != BURST:
        raise RuntimeError(f"{BURST} hooks at once left {records} records")
    ended = Interleaved(node, {"epilog": f"{ENVIRONMENT}epilog_slurmd {HOOK}"}).burst(BURST)
    await_true("the records are gone", lambda: not node.run("ls", RECORDS).split(), 5)
    return {"prologs": samples.summary(begun), "epilogs": samples.summary(ended)}
