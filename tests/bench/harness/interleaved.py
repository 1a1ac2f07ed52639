"""Commands run in turn in the node, by the program `interleave`."""

from .node import PROGRAMS

WARM_UP = 10


class Interleaved:
    def __init__(self, node, commands):
        """`commands`: name -> the line that interleave reads."""
        self._node = node
        self._names = list(commands)
        node.write(f"{PROGRAMS}/commands", "".join(f"{line}\n" for line in commands.values()))

    def run(self, rounds):
        """name -> {"usec": [...], "faults": [...]}"""
        return self._runs(rounds, WARM_UP)

    def cold(self, rounds):
        """The same, one command a second, the processors' caches swept before each."""
        return self._runs(rounds, 0, "cold")

    def _runs(self, rounds, warm_up, *how):
        lines = self._node.run(f"{PROGRAMS}/interleave", *how, str(rounds + warm_up), f"{PROGRAMS}/commands").splitlines()
        runs = {name: {"usec": [], "faults": []} for name in self._names}
        for line in lines[warm_up * len(self._names):]:
            which, usec, faults, code = line.split()
            name = self._names[int(which)]
            if code != "0":
                raise RuntimeError(f"{name}: exit code {code}; a command that fails measures nothing")
            runs[name]["usec"].append(float(usec))
            runs[name]["faults"].append(int(faults))
        return runs

    def burst(self, count):
        """The first command `count` times at once: for each, the µs from the first start to its end."""
        lines = self._node.run(f"{PROGRAMS}/interleave", "burst", str(count), f"{PROGRAMS}/commands").splitlines()
        failed = [line for line in lines if not line.endswith(" 0")]
        if failed or len(lines) != count:
            raise RuntimeError(f"{len(failed)} of {len(lines)} failed in a burst of {count}")
        return [float(line.split()[1]) for line in lines]
