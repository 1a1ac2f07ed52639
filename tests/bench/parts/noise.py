"""What a computing job loses to the daemon: a fixed amount of work on each core, with it and without."""

from harness import samples
from harness.node import PROGRAMS


def measure(node, quick):
    node.settings("[Node]\nIdleDelay=1h\n")
    cores = int(node.run("nproc"))
    seconds, rounds = (3, 2) if quick else (20, 6)
    means = {"with": [], "without": []}
    for turn in range(2 * rounds):
        which = "with" if turn % 2 else "without"
        node.run("systemctl", "start" if which == "with" else "stop", "hookagentd")
        means[which].append(work(node, cores, seconds))
    node.run("systemctl", "start", "hookagentd")
    spread = {which: max(values) / min(values) for which, values in means.items()}
    return {
        "mean_nsec": {which: samples.median(values) for which, values in means.items()},
        "ratio": samples.ratio(means["with"], means["without"]),
        "spread": max(spread.values()),
    }


def work(node, cores, seconds):
    """The mean time that a piece of work took, all cores at once."""
    script = "".join(f"{PROGRAMS}/quantum {core} {seconds} & " for core in range(cores)) + "wait"
    values = [int(line) for line in node.run("sh", "-c", script).split()]
    return sum(values) / len(values)
