"""The resident daemon: its memory, its threads, how often it wakes up, and what 100,000 job events leave behind."""

import socket
import time
from pathlib import Path

from harness import samples

from .hook import begin_job, end_job

RECORDS = "run/hookagent/jobs"


def measure(node, quick):
    seconds = 30 if quick else 300
    figures = {"start_usec": start_up(node, 5 if quick else 20)}
    node.provider("")
    node.settings("[Node]\nIdleDelay=1h\n")
    figures["idle"] = watch(node, seconds)
    node.settings("[Node]\nIdleDelay=0\n")
    node.await_lent()
    figures["lending"] = watch(node, seconds)
    begin_job(node)
    node.await_state("busy")
    figures["busy"] = watch(node, seconds)
    end_job(node)
    node.settings("[Node]\nIdleDelay=1h\n")
    figures["events"] = flood(node, 2_000 if quick else 100_000)
    figures["events"] |= memory(node.agent())
    # Two beats of the watchdog, at which a heap that has fallen quiet is given back. This wait is the measurement.
    time.sleep(15)
    figures["after events"] = memory(node.agent())
    return figures


def start_up(node, times):
    """From its first instruction to READY, as systemd saw it; µs."""
    took = []
    for _ in range(times):
        node.run("systemctl", "restart", "hookagentd")
        began, ready = node.run("systemctl", "show", "--property=ExecMainStartTimestampMonotonic,ActiveEnterTimestampMonotonic",
                                "--value", "hookagentd").split()
        took.append(abs(int(ready) - int(began)))
    return samples.summary(took)


def watch(node, seconds):
    """Lets it alone for a while. This wait is the measurement."""
    agent = node.agent()
    before = wakes(agent)
    time.sleep(seconds)
    after = wakes(agent)
    minutes = seconds / 60
    watchdog = int(node.run("systemctl", "show", "--property=WatchdogUSec", "--value", "hookagentd").strip().rstrip("s"))
    return memory(agent) | {
        "threads": len(list(Path(f"/proc/{agent}/task").iterdir())),
        "voluntary_per_minute": (after[0] - before[0]) / minutes,
        "watchdog_per_minute": 60 / (watchdog / 2),
        "involuntary_per_minute": (after[1] - before[1]) / minutes,
        "cpu_msec_per_minute": (after[2] - before[2]) / minutes,
    }


def wakes(process):
    """Context switches of all threads, voluntary and not, and the CPU time in ms."""
    voluntary = involuntary = nanoseconds = 0
    for task in Path(f"/proc/{process}/task").iterdir():
        status = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines())
        voluntary += int(status["voluntary_ctxt_switches"])
        involuntary += int(status["nonvoluntary_ctxt_switches"])
        nanoseconds += int((task / "schedstat").read_text().split()[0])
    return voluntary, involuntary, nanoseconds / 1e6


def memory(process):
    """In KiB."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in rollup}
    return {"rss_kib": sizes["Rss"], "pss_kib": sizes["Pss"], "private_dirty_kib": sizes["Private_Dirty"]}


def flood(node, count):
    """As many job events as hooks would bring, one after another over one connection."""
    records = node.root / RECORDS
    with Bus(node.root / "run/dbus/system_bus_socket") as bus:
        begin = time.monotonic()
        for event in range(count // 2):
            job = str(500_000 + event)
            (records / f".{job}").write_text(f"JOB_ID={job}\nUID=1000\nUSER=alice\n")
            (records / f".{job}").rename(records / job)
            bus.call("JobStarted", job)
            (records / job).unlink()
            bus.call("JobEnded", job)
        seconds = time.monotonic() - begin
    return {"events": count, "per_second": count / seconds}


class Bus:
    """The system bus of the node, for calls of the agent that take one string."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(path))
        self._received = b""
        self._serial = 0
        self._socket.sendall(b"\0AUTH EXTERNAL 30\r\nBEGIN\r\n")
        while b"\r\n" not in self._received:
            self._received += self._socket.recv(4096)
        self._received = self._received.split(b"\r\n", 1)[1]
        self._send("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello", None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def call(self, method, argument):
        self._send("org.hookagent.Node1", "/org/hookagent/Node1", "org.hookagent.Node1", method, argument)

    def _send(self, destination, path, interface, member, argument):
        self._serial += 1
        fields = b""
        for code, kind, value in ((1, b"o", path), (6, b"s", destination), (2, b"s", interface), (3, b"s", member)):
            fields = padded(fields, 8) + bytes((code, 1)) + kind + b"\0" + text(value)
        if argument is not None:
            fields = padded(fields, 8) + b"\x08\x01g\x00\x01s\x00"
        body = b"" if argument is None else text(argument)
        head = b"l\x01\x00\x01" + number(len(body)) + number(self._serial) + number(len(fields)) + fields
        self._socket.sendall(padded(head, 8) + body)
        while self._answer() != self._serial:
            pass

    def _answer(self):
        """The serial that the next message answers; an error is raised."""
        while True:
            have = self._received
            if len(have) >= 16:
                body, fields = int.from_bytes(have[4:8], "little"), int.from_bytes(have[12:16], "little")
                head = 16 + fields
                whole = head + -head % 8 + body
                if len(have) >= whole:
                    break
            more = self._socket.recv(4096)
            if not more:
                raise RuntimeError("the node's bus has hung up")
            self._received += more
        self._received = have[whole:]
        if have[1] == 3:
            raise RuntimeError(f"the agent refuses the call: {have[:whole]!r}")
        at = 16
        while at < head:
            if have[at] == 5:
                return int.from_bytes(have[at + 4:at + 8], "little")
            kind = have[at + 2:at + 3]
            size = int.from_bytes(have[at + 4:at + 8], "little")
            at += {b"g": 6 + have[at + 4], b"u": 8}.get(kind, 9 + size)
            at += -at % 8
        return 0


def number(value):
    return value.to_bytes(4, "little")


def text(value):
    return number(len(value)) + value.encode() + b"\0"


def padded(value, boundary):
    return value + b"\0" * (-len(value) % boundary)
