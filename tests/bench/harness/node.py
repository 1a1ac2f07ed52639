"""One Slurm node of tests/lab with the packages on it."""

import os
import subprocess
import time
from pathlib import Path

TREE = Path(__file__).resolve().parents[3]
LAB = TREE / "tests/lab/lab"
HOOK = "/usr/libexec/hookagent/slurm-hook"
PROGRAMS = "/opt/bench"


class Node:
    def __init__(self, name="bench"):
        self._lab = [str(LAB), "--name", name]

    def up(self, packages, bus):
        self.lab("up", "micro", "--bus", bus)
        self.lab("install", *packages)
        self.lab("standin")
        # Held by the package, because Slurm does not run the hook here.
        self.run("hookctl", "release")
        self.shell(f"mkdir -p {PROGRAMS} /etc/hookagent/hookagent.conf.d")

    def down(self):
        self.lab("down")

    def lab(self, *words):
        return checked(subprocess.run([*self._lab, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL))

    def run(self, *words, text=None):
        """What a command in the node prints; it must succeed."""
        return checked(self.attempt(*words, text=text))

    def attempt(self, *words, text=None):
        given = {"input": text} if text is not None else {"stdin": subprocess.DEVNULL}
        return subprocess.run([*self._lab, "exec", "com0", "--", *words], capture_output=True, text=True, **given)

    def shell(self, script):
        return self.run("sh", "-ec", script)

    def write(self, path, text, mode="644"):
        self.run("sh", "-ec", 'cat >"$1.new"; chmod "$2" "$1.new"; mv "$1.new" "$1"', "sh", path, mode, text=text)

    def bring(self, program):
        """A program built on this machine; its path in the node."""
        path = f"{PROGRAMS}/{Path(program).name}"
        (self.root / path[1:]).write_bytes(Path(program).read_bytes())
        self.run("chmod", "755", path)
        return path

    @property
    def root(self):
        """The node's file system, as this machine sees it."""
        return Path(f"/proc/{self.init}/root")

    @property
    def init(self):
        """The node's systemd, by the number it has on this machine."""
        if not hasattr(self, "_init"):
            mine = self.run("readlink", "/proc/self/ns/pid").strip()
            for process in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
                try:
                    if os.readlink(f"/proc/{process}/ns/pid") == mine and Path(f"/proc/{process}/comm").read_text() == "systemd\n":
                        self._init = process
                        break
                except OSError:
                    continue
            else:
                raise RuntimeError("the node's systemd is not to be found in /proc")
        return self._init

    def agent(self):
        """hookagentd's process, by its number on this machine."""
        inside = int(self.run("systemctl", "show", "--property=MainPID", "--value", "hookagentd"))
        for process in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
            try:
                numbers = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("NSpid:"))
                same = os.readlink(f"/proc/{process}/ns/pid") == os.readlink(f"/proc/{self.init}/ns/pid")
            except (OSError, StopIteration):
                continue
            if same and int(numbers.split()[-1]) == inside:
                return process
        raise RuntimeError("hookagentd does not run")

    def settings(self, text):
        """The agent's settings; it is started anew and knows that nothing runs here."""
        self.write("/etc/hookagent/hookagent.conf.d/bench.conf", text)
        self.run("systemctl", "restart", "hookagentd")
        self.run("hookctl", "reconcile")

    def provider(self, text):
        """How the stand-in behaves from its next start on; empty: it stops at once."""
        self.write("/etc/hookagent-standin.conf", text)

    def await_state(self, state, limit=30):
        def seen():
            said = self.attempt("hookctl", "status", "--json")
            return said.returncode == 0 and f'"state": "{state}"' in said.stdout.replace('":"', '": "')
        await_true(f"the node is {state}", seen, limit)

    def await_lent(self, limit=30):
        await_true("the provider is active", lambda: self.attempt("systemctl", "is-active", "wasimoff-provider").stdout == "active\n", limit)


def await_true(what, seen, limit):
    """Asks again until it is so; these waits are never what is measured."""
    end = time.monotonic() + limit
    while not seen():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {limit} s: {what}")
        time.sleep(0.05)


def checked(done):
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, done.args))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
