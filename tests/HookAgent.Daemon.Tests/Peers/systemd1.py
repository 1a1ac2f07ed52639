"""A stand-in for systemd on the bus, and a witness of the agent:  systemd1.py ADDRESS

Each line it prints is one thing that it saw, in the order of the bus:
  call METHOD ARGUMENTS...     systemd was asked to do something
  read                         systemd was asked for the state of units
  state STATE REASON           the agent said that its state is this
  changed {JSON}               all that the agent said in one PropertiesChanged
  agent there | agent gone     the agent's name was taken, or left
  did WORDS...                 a command of the test was carried out

Commands, one a line on stdin:
  start ok|fails|dies|condition|queued|refused NAME   what StartUnit does from now on
  stop ok|queued|refused NAME                         what StopUnit does from now on
  kill ok 15|9|0                                      the signal the provider dies of; 0 for none
  unit ACTIVE [LOAD]    the provider is in this state, with signals
  finish                the queued job ends and its unit gets there
  hand start|stop       a job that is not the agent's
  remain on|off         processes of the provider outlive its unit; SIGKILL ends them
  bound NAME ACTIVE     a unit that is bound to the agent is in this state
  mute METHOD...        these methods are not answered; without one all are
  required ACTIVE [NAME]   slurmd.service is in this state, or this unit, which is started if there is none
  lose on|off           JobRemoved signals get lost
  hold-replies on|off   StartUnit and StopUnit are answered only when it is off again
  blind on|off          the state of units is refused
  overtake on|off       each answer on the state of units comes after a signal that the provider has changed
  daemon-reload         the unit files are read again
  leave, return         systemd's name on the bus
"""
import fnmatch
import json
import sys

import dbus
import dbus.lowlevel
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

MANAGER = "org.freedesktop.systemd1.Manager"
ROOT = "/org/freedesktop/systemd1"
AGENT = "org.hookagent.Node1"
PROPERTIES = "org.freedesktop.DBus.Properties"
PROVIDER = "wasimoff-provider.service"
ALIASES = {"lent.service": PROVIDER, "compute.service": "slurmd.service"}
# Milliseconds that a start or stop takes: time enough for the agent to tell the state it is in meanwhile.
TAKES = 40
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])
bus.set_exit_on_disconnect(False)
loop = GLib.MainLoop()
stdin = open(0, "rb", 0)


def say(*words):
    print(*words, flush=True)


class Unit(dbus.service.Object):
    def __init__(self, name, active):
        self.name = name
        self.path = ROOT + "/unit/" + "".join(c if c.isalnum() else f"_{ord(c):02x}" for c in name)
        super().__init__(bus, self.path)
        self.load, self.active, self.job, self.job_type = "loaded", active, 0, ""
        self.condition, self.result, self.code, self.status = True, "success", 0, 0
        self.checked = 0

    def row(self):
        job = f"{ROOT}/job/{self.job}" if self.job else "/"
        return (self.name, "a unit", self.load, self.active, "sub", "", dbus.ObjectPath(self.path),
                dbus.UInt32(self.job), self.job_type, dbus.ObjectPath(job))

    def become(self, active):
        self.active = active
        self.tell()

    def tell(self):
        if manager.subscribed:
            self.PropertiesChanged("org.freedesktop.systemd1.Unit", {"ActiveState": self.active}, [])

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        if name == "BoundBy":
            return dbus.Array([PROVIDER] + sorted(bound), "s")
        values = {"ConditionTimestampMonotonic": dbus.UInt64(self.checked), "ConditionResult": dbus.Boolean(self.condition), "Result": self.result,
                  "ExecMainCode": dbus.Int32(self.code), "ExecMainStatus": dbus.Int32(self.status),
                  "ControlGroup": "" if self.active in ("inactive", "failed") else f"/hookagent.slice/{self.name}"}
        return values[name]

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass


class Manager(dbus.service.Object):
    subscribed = lose = hold_replies = blind = overtake = False
    jobs = 0
    remain = False
    by_hand = False
    kept = set()
    mute = []
    on_start, on_stop, dies_of = ["ok"], ["ok"], 15
    held = []

    @dbus.service.method(MANAGER)
    def Subscribe(self):
        self.subscribed = True
        say("call Subscribe")

    @dbus.service.method(MANAGER, in_signature="s")
    def RefUnit(self, unit):
        self.kept.add(str(unit))
        if unit in ALIASES:
            say("kept by an alias", unit)

    @dbus.service.method(MANAGER, in_signature="s", out_signature="a(sus)")
    def GetUnitProcesses(self, unit):
        left = self.remain and provider.active in ("inactive", "failed")
        return dbus.Array([("/hookagent.slice/" + unit, dbus.UInt32(4711), "child")] if left else [], "(sus)")

    @dbus.service.method(MANAGER, in_signature="as", out_signature="a(ssssssouso)", async_callbacks=("ok", "err"))
    def ListUnitsByNames(self, names, ok, err):
        say("read")
        if "ListUnitsByNames" in self.mute:
            return
        try:
            ok(self.rows(names))
        except dbus.DBusException as refused:
            err(refused)

    @dbus.service.method(MANAGER, in_signature="asas", out_signature="a(ssssssouso)")
    def ListUnitsByPatterns(self, states, patterns):
        if self.blind:
            raise dbus.DBusException("busy with a reload", name="org.freedesktop.DBus.Error.LimitsExceeded")
        return dbus.Array([u.row() for n, u in sorted(units.items()) if any(fnmatch.fnmatchcase(n, p) for p in patterns)], "(ssssssouso)")

    def rows(self, names):
        if self.overtake:
            provider.tell()
        for name in names:
            # A unit that nothing keeps is loaded to be told of, and that is a change of it.
            if name in bound and name not in self.kept and units[name].active == "inactive":
                GLib.idle_add(lambda unit=units[name]: unit.tell())
        if self.blind:
            raise dbus.DBusException("busy with a reload", name="org.freedesktop.DBus.Error.LimitsExceeded")
        return [units[ALIASES.get(n, n)].row() if ALIASES.get(n, n) in units else
                (n, n, "not-found", "inactive", "dead", "", dbus.ObjectPath(ROOT + "/unit/x"), dbus.UInt32(0), "",
                 dbus.ObjectPath("/")) for n in names]

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o", async_callbacks=("ok", "err"))
    def StartUnit(self, unit, mode, ok, err):
        say("call StartUnit", unit, mode)
        self.answer(ok, err, "start", self.on_start)

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o", async_callbacks=("ok", "err"))
    def StopUnit(self, unit, mode, ok, err):
        say("call StopUnit", unit, mode)
        if unit in bound:
            ok(dbus.ObjectPath(f"{ROOT}/job/88888"))
            return
        self.answer(ok, err, "stop", self.on_stop)

    @dbus.service.method(MANAGER, in_signature="ssi")
    def KillUnit(self, unit, who, signal):
        say("call KillUnit", unit, who, int(signal))
        self.remain = self.remain and int(signal) != 9
        if unit in bound and int(signal) == 9:
            units[unit].become("inactive")
        elif self.dies_of == signal:
            GLib.timeout_add(TAKES, self.finish)

    @dbus.service.signal(MANAGER, signature="uoss")
    def JobRemoved(self, number, job, unit, result):
        pass

    @dbus.service.signal(MANAGER, signature="b")
    def Reloading(self, active):
        pass

    def answer(self, ok, err, kind, todo):
        if todo[0] == "refused":
            name = todo[1] if "." in todo[1] else "org.freedesktop.systemd1." + todo[1]
            err(dbus.DBusException("not today", name=name))
            return
        path = self.queue(kind)
        (self.held.append((ok, path)) if self.hold_replies else ok(path))
        if todo[0] != "queued":
            GLib.timeout_add(TAKES, self.finish)

    def queue(self, kind):
        """As systemd does in mode "replace": one job a unit, the older is canceled."""
        if provider.job:
            self.removed("canceled")
        Manager.jobs += 1
        provider.job, provider.job_type = self.jobs, kind
        if kind == "stop" and provider.active == "active":
            provider.active = "deactivating"
        if kind == "start" and not self.by_hand:
            provider.active = "activating"
        provider.tell()
        return dbus.ObjectPath(f"{ROOT}/job/{self.jobs}")

    def removed(self, result):
        number, provider.job, provider.job_type = provider.job, 0, ""
        if self.subscribed and not self.lose:
            self.JobRemoved(dbus.UInt32(77_777), dbus.ObjectPath(ROOT + "/job/77777"), PROVIDER, "failed")
            self.JobRemoved(dbus.UInt32(number), dbus.ObjectPath(f"{ROOT}/job/{number}"), PROVIDER, result)

    def finish(self):
        if not provider.job:
            if provider.active == "deactivating":
                provider.become("inactive")
            return False
        kind, how = provider.job_type, self.on_start[0]
        result = "done"
        if kind == "stop":
            provider.active = "inactive"
        elif how == "fails":
            provider.active, result = "failed", "failed"
        elif how == "condition" or self.by_hand:
            provider.active, provider.condition, self.by_hand = "inactive", False, False
            provider.checked += 1
        elif how == "dies":
            provider.active, provider.result, provider.code, provider.status = "failed", "exit-code", 1, 3
        else:
            provider.active, provider.condition = "active", True
            provider.checked += 1
        say("did", kind, provider.active)
        self.removed(result)
        provider.tell()
        return False


def command(words):
    verb = words[0]
    if verb == "start":
        manager.on_start = words[1:]
    elif verb == "stop":
        manager.on_stop = words[1:]
    elif verb == "kill":
        manager.dies_of = int(words[2])
    elif verb == "unit":
        provider.load = words[2] if len(words) > 2 else "loaded"
        provider.job, provider.job_type = 0, ""
        provider.become(words[1])
    elif verb == "finish":
        manager.finish()
    elif verb == "hand":
        # Without a permit the unit's conditions refuse it.
        manager.by_hand = words[1] == "start"
        manager.queue(words[1])
        GLib.timeout_add(TAKES, manager.finish)
    elif verb == "remain":
        manager.remain = words[1] == "on"
    elif verb == "bound":
        if words[1] not in bound:
            bound.add(words[1])
            units[words[1]] = Unit(words[1], words[2])
        units[words[1]].become(words[2])
    elif verb == "mute":
        manager.mute = words[1:]
    elif verb == "required":
        # Or of another name, which a job of systemd's loads.
        name = words[2] if len(words) > 2 else "slurmd.service"
        if name not in units:
            units[name] = Unit(name, words[1])
            manager.JobRemoved(dbus.UInt32(77777), dbus.ObjectPath(f"{ROOT}/job/77777"), name, "done")
        units[name].become(words[1])
    elif verb == "lose":
        manager.lose = words[1] == "on"
    elif verb == "blind":
        manager.blind = words[1] == "on"
    elif verb == "overtake":
        manager.overtake = words[1] == "on"
    elif verb == "hold-replies":
        manager.hold_replies = words[1] == "on"
        while not manager.hold_replies and manager.held:
            ok, path = manager.held.pop(0)
            ok(path)
    elif verb == "daemon-reload":
        manager.Reloading(dbus.Boolean(True))
        manager.Reloading(dbus.Boolean(False))
    elif verb == "leave":
        manager.subscribed = False
        bus.release_name("org.freedesktop.systemd1")
    elif verb == "return":
        bus.request_name("org.freedesktop.systemd1")
    else:
        raise SystemExit(f"no such command: {verb}")
    say("did", *words)


def on_stdin(*_):
    # Unbuffered: a line that waits inside Python would not wake the loop.
    line = stdin.readline().decode()
    if not line:
        loop.quit()
        return False
    command(line.split())
    return True


known = {}


def plain(value):
    if isinstance(value, dbus.Array):
        return [str(v) for v in value]
    return int(value) if isinstance(value, dbus.UInt64) else str(value)


def take(changed):
    changed = {str(k): plain(v) for k, v in changed.items()}
    say("changed", json.dumps(changed, sort_keys=True))
    known.update(changed)
    known.setdefault("State", "?")
    known.setdefault("Reason", "?")
    if "State" in changed or "Reason" in changed:
        say("state", known["State"], known["Reason"])


def on_signal(interface, changed, invalidated, sender=None):
    if interface == AGENT:
        take(changed)


def on_owner(owner):
    if owner or known:
        known.clear()
        known.update({"State": "?", "Reason": "?"} if owner else {})
        say("agent", "there" if owner else "gone")


bus.add_signal_receiver(on_signal, "PropertiesChanged", PROPERTIES, AGENT, "/org/hookagent/Node1")
bus.watch_name_owner(AGENT, on_owner)
provider = Unit(PROVIDER, sys.argv[2] if len(sys.argv) > 2 else "inactive")
units = {u.name: u for u in (provider, Unit("slurmd.service", "active"), Unit("hookagentd.service", "active"))}
bound = set()
manager = Manager(bus, ROOT)
bus.request_name("org.freedesktop.systemd1")
GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_stdin)
say("ready")
loop.run()
