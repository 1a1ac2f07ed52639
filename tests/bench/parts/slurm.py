"""What a job pays in Slurm: `srun true`, and 500 jobs of sbatch, with each kind of Prolog and Epilog."""

import re
import time
from pathlib import Path

from harness import samples
from harness.node import HOOK, PROGRAMS, await_true

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
LINKS = {"Prolog": f"{PROGRAMS}/prolog", "Epilog": f"{PROGRAMS}/epilog"}
CONFIGURATION = "/etc/slurm/slurm.conf"

NO_HOOKS = "no hooks"
NO_OP = "static no-op"
OURS = "slurm-hook"

UNIT = """[Service]
ExecStart=/bin/sleep infinity
"""

# srun's own time, without that of entering the node.
STOPWATCH = "use Boottime; my $begin = boottime_usec(); system(@ARGV) == 0 or exit 1; print boottime_usec() - $begin"


def measure(node, quick):
    node.settings("[Node]\nIdleDelay=100ms\nStopGrace=100ms\n")
    node.write("/etc/systemd/system/bench-provider.service", UNIT)
    node.shell("systemctl daemon-reload")
    kinds = {
        NO_OP: (f"{PROGRAMS}/nothing", f"{PROGRAMS}/nothing"),
        "blocking scripts": (node.bring(SCRIPTS / "blocking-prolog"), node.bring(SCRIPTS / "blocking-epilog")),
        "systemctl --no-block": (node.bring(SCRIPTS / "no-block-prolog"), node.bring(SCRIPTS / "no-block-epilog")),
        OURS: (HOOK, HOOK),
    }
    point(node, kinds[NO_OP])
    original = node.run("cat", CONFIGURATION)
    try:
        sruns = measure_sruns(node, kinds, rounds=3 if quick else 15)
        batches = {NO_HOOKS: batch(node, quick)}
        wire(node, original)
        for kind, hooks in kinds.items():
            point(node, hooks)
            batches[kind] = batch(node, quick)
    finally:
        node.write(CONFIGURATION, original)
        node.run("scontrol", "reconfigure")
    no_op = sruns[NO_OP]
    return {
        "srun": {kind: samples.summary(run) | {"ratio": samples.ratio(run, no_op)} for kind, run in sruns.items()},
        "batch": batches,
    }


def measure_sruns(node, kinds, rounds):
    """In blocks of ten, the kinds in turn; the first of a block is not counted."""
    sruns = {kind: [] for kind in [NO_HOOKS, *kinds]}
    original = node.run("cat", CONFIGURATION)
    for _ in range(rounds):
        unwire(node, original)
        sruns[NO_HOOKS] += block(node)
        wire(node, original)
        for kind, hooks in kinds.items():
            point(node, hooks)
            sruns[kind] += block(node)
    unwire(node, original)
    return sruns


def block(node):
    times = []
    for _ in range(11):
        said = node.run("runuser", "-u", "alice", "--", "perl", "-I/usr/local/lib/hookagent-standin", "-e", STOPWATCH, "srun", "true")
        times.append(float(said))
        await_true("no job is left", lambda: not node.run("squeue", "--noheader").strip(), 30)
    return times[1:]


def batch(node, quick):
    """How many jobs a second one node gets through, from the first one's start to the last one's end."""
    count = 50 if quick else 500
    begin = time.monotonic()
    said = node.run("runuser", "-u", "alice", "--", "sbatch", "--parsable", "--chdir=/tmp", "--output=/dev/null",
                    f"--array=1-{count}", "--wrap=true")
    await_true(f"all of job {said.strip()} have ended", lambda: not node.run("squeue", "--noheader").strip(), 1800)
    return {"jobs": count, "seconds": time.monotonic() - begin}


def point(node, hooks):
    for link, target in zip(LINKS.values(), hooks):
        node.run("ln", "-sfn", target, link)


def without_hooks(text):
    return "".join(line for line in text.splitlines(keepends=True) if not re.match(r"(Prolog|Epilog|PrologFlags)=", line))


def wire(node, original):
    configure(node, without_hooks(original) + f"Prolog={LINKS['Prolog']}\nEpilog={LINKS['Epilog']}\nPrologFlags=Alloc\n")


def unwire(node, original):
    configure(node, without_hooks(original))


def configure(node, text):
    """slurmd's log says more once it has read its settings again."""
    log = node.root / "var/log/slurm/slurmd.log"
    before = log.stat().st_size
    node.write(CONFIGURATION, text)
    node.run("scontrol", "reconfigure")
    await_true("slurmd reads its settings again", lambda: log.stat().st_size > before, 15)
