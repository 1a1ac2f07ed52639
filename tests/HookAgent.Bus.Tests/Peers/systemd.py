"""A stand-in for systemd on the bus:  systemd.py ADDRESS

Two units: "good.service", and "odd\\x2dname.service" whose start is a condition not met. Jobs end at once: the
JobRemoved signal comes after the reply, and before it one of another unit and one of another job. Signals go
out only after Subscribe. Prints "ready NAME", then "subscribed" and "kill ..." as they come; exits at the end
of its stdin.
"""
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

MANAGER = "org.freedesktop.systemd1.Manager"
ROOT = "/org/freedesktop/systemd1"
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])
loop = GLib.MainLoop()


def fail(name, text):
    raise dbus.DBusException(text, name="org.freedesktop.systemd1." + name)


class Manager(dbus.service.Object):
    subscribed = False
    jobs = 0

    @dbus.service.method(MANAGER)
    def Subscribe(self):
        self.subscribed = True
        print("subscribed", flush=True)

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o")
    def StartUnit(self, unit, mode):
        if unit == "masked.service":
            fail("UnitMasked", "Unit masked.service is masked.")
        if unit not in UNITS:
            fail("NoSuchUnit", f"Unit {unit} not found.")
        if mode != "replace":
            fail("TransactionIsDestructive", "Transaction for good.service/start is destructive.")
        return self.queue(UNITS[unit], "active", "running", "done")

    @dbus.service.method(MANAGER, in_signature="ss", out_signature="o")
    def StopUnit(self, unit, mode):
        return self.queue(UNITS[unit], "inactive", "dead", "canceled")

    @dbus.service.method(MANAGER, in_signature="ssi")
    def KillUnit(self, unit, who, signal):
        if UNITS[unit].active != "active":
            fail("NoSuchProcess", "No main process to kill")
        print("kill", unit, who, int(signal), flush=True)

    @dbus.service.method(MANAGER, in_signature="s", out_signature="a(sus)")
    def GetUnitProcesses(self, unit):
        if unit not in UNITS:
            fail("NoSuchUnit", f"Unit {unit} not loaded.")
        return [("/system.slice/" + unit, dbus.UInt32(4711), "deno run"), ("/", dbus.UInt32(1), "")][:2 if UNITS[unit].condition else 0]

    @dbus.service.method(MANAGER, in_signature="as", out_signature="a(ssssssouso)")
    def ListUnitsByNames(self, names):
        return [UNITS[n].row() if n in UNITS else
                (n, n, "not-found", "inactive", "dead", "", ROOT + "/unit/x", dbus.UInt32(0), "",
                 dbus.ObjectPath("/")) for n in names]

    @dbus.service.method(MANAGER)
    def Reload(self):
        self.Reloading(True)
        self.Reloading(False)

    @dbus.service.signal(MANAGER, signature="b")
    def Reloading(self, active):
        pass

    @dbus.service.signal(MANAGER, signature="uoss")
    def JobRemoved(self, number, job, unit, result):
        pass

    def queue(self, unit, active, sub, result):
        Manager.jobs += 1
        number = Manager.jobs
        job = dbus.ObjectPath(f"{ROOT}/job/{number}")
        unit.job = number

        def end():
            unit.job, unit.active, unit.sub = 0, active, sub
            if self.subscribed:
                self.JobRemoved(dbus.UInt32(900), dbus.ObjectPath(ROOT + "/job/900"), "other.service", "failed")
                self.JobRemoved(dbus.UInt32(901), dbus.ObjectPath(ROOT + "/job/901"), unit.name, "dependency")
                unit.PropertiesChanged("org.freedesktop.systemd1.Service", {"ActiveState": "wrong"}, [])
                unit.PropertiesChanged("org.freedesktop.systemd1.Unit",
                                       {"ActiveState": active, "SubState": sub, "Job": dbus.Struct(
                                           (dbus.UInt32(0), dbus.ObjectPath("/")), signature="uo")}, ["Conditions"])
                self.JobRemoved(dbus.UInt32(number), job, unit.name, result)
            return False

        GLib.idle_add(end)
        return job


class Unit(dbus.service.Object):
    def __init__(self, name, label, condition):
        super().__init__(bus, f"{ROOT}/unit/{label}")
        self.name, self.label, self.condition = name, label, condition
        self.active, self.sub, self.job = "inactive", "dead", 0

    def row(self):
        return (self.name, "a description", "loaded", self.active, self.sub, "",
                dbus.ObjectPath(f"{ROOT}/unit/{self.label}"), dbus.UInt32(self.job),
                "start" if self.job else "", dbus.ObjectPath(f"{ROOT}/job/{self.job}" if self.job else "/"))

    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        values = {("Unit", "ConditionResult"): dbus.Boolean(self.condition),
                  ("Unit", "ConditionTimestampMonotonic"): dbus.UInt64(1234567 if self.condition else 0),
                  ("Unit", "BoundBy"): dbus.Array(["stray.service", "hookagentd.service"] if self.condition else [], "s"),
                  ("Service", "Result"): "exit-code",
                  ("Service", "ExecMainCode"): dbus.Int32(1),
                  ("Service", "ExecMainStatus"): dbus.Int32(143)}
        key = (interface.rsplit(".", 1)[1], str(name))
        if key not in values or (key[1] == "Result" and not self.condition):
            raise dbus.DBusException("Unknown property", name="org.freedesktop.DBus.Error.UnknownProperty")
        return values[key]

    @dbus.service.signal("org.freedesktop.DBus.Properties", signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):
        pass


UNITS = {"good.service": Unit("good.service", "good_2eservice", True),
         "odd\\x2dname.service": Unit("odd\\x2dname.service", "odd_5cx2dname_2eservice", False)}
manager = Manager(bus, ROOT)
bus.request_name("org.freedesktop.systemd1")
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, lambda *_: loop.quit())
print("ready", bus.get_unique_name(), flush=True)
loop.run()
