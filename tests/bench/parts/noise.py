"""What a computing job loses to the daemon: a fixed amount of work on each core, with it and without."""

from harness import samples
from harness.node import PROGRAMS


def measure(node, quick):
    node.settings("[Node]\nIdleDelay=1h\n")
    cores = int(node.run("nproc"))
    seconds, rounds = (3, 2) if quick else (20, 6)
    runs = {"without": [], "with": []}
    for turn in range(2 * rounds):
        which = "with" if turn % 2 else "without"
        node.run("systemctl", "start" if which == "with" else "stop", "hookagentd")
        runs[which].append(work(node, cores, seconds))
    node.run("systemctl", "start", "hookagentd")
    means = {which: [sum(run) / len(run) for run in of_kind] for which, of_kind in runs.items()}
    return {
        "nsec": {which: tail([value for run in of_kind for value in run]) for which, of_kind in runs.items()},
        "ratio": samples.ratio(means["with"], means["without"]),
        "spread": max(max(values) / min(values) for values in means.values()),
    }


def tail(values):
    return samples.summary(values) | {"mean": sum(values) / len(values), "p99.9": samples.percentile(values, 0.999)}


def work(node, cores, seconds):
    """The ns that each piece of work took, all cores at once."""
    # A file for each: two writers of one pipe tear each other's lines.
    files = [f"{PROGRAMS}/quantum.{core}" for core in range(cores)]
    work_all = "".join(f"{PROGRAMS}/quantum {core} {seconds} >{file} & " for core, file in enumerate(files))
    node.shell(f"{work_all} wait")
    return [int(line) for line in node.run("cat", *files).split()]
