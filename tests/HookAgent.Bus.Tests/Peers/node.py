"""A stand-in for hookagentd, without a line of its code:  node.py ADDRESS [old|hung|leaves]

Prints "ready" once it can be called, then each call it gets as NAME and a tuple.
    old      lacks some properties, has one of another type and one more
    hung     has the name and answers nothing
    leaves   exits when it is called
"""
import sys
import time

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.hookagent.Node1"
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])
mode = sys.argv[2] if len(sys.argv) > 2 else ""
loop = GLib.MainLoop()

PROPERTIES = {
    "State": "reclaiming", "Reason": "job-started", "Since": dbus.UInt64(1700000000000001),
    "Jobs": dbus.Array(["7", "4294967293"], signature="s"), "Unit": "wasimoff-provider.service",
    "UnitState": "deactivating", "HeldBy": "operator", "HoldReason": "Wartung \u00fcber Mittag",
    "HoldUntil": dbus.UInt64(1700000000000002), "Version": "0.1.0", "LastHandoverUSec": dbus.UInt64(123456),
    "Handovers": dbus.Array([(dbus.UInt64(1700000000000003), "7", dbus.UInt64(4800), dbus.UInt64(0)),
                             (dbus.UInt64(1), "6", dbus.UInt64(18446744073709551615), dbus.UInt64(5))], "(tstt)"),
    "ProviderStarts": dbus.UInt64(1), "ProviderStops": dbus.UInt64(2), "JobsSeen": dbus.UInt64(3),
    "RecordsWithoutNudge": dbus.UInt64(4), "ShortLendings": dbus.UInt64(5), "SecondSignals": dbus.UInt64(6),
    "Kills": dbus.UInt64(18446744073709551615),
}
OLD = {"State": "busy", "Jobs": dbus.Array([], signature="s"), "Since": "not a number", "Handovers": dbus.Array([("7", dbus.UInt64(1))], "(st)"), "Colour": dbus.UInt32(7)}


def got(name, *arguments):
    print(name, arguments, flush=True)
    if mode == "leaves":
        sys.exit(0)


class Node(dbus.service.Object):
    @dbus.service.method(NAME, in_signature="s")
    def JobStarted(self, job):
        got("JobStarted", str(job))

    @dbus.service.method(NAME, in_signature="s")
    def JobEnded(self, job):
        got("JobEnded", str(job))

    @dbus.service.method(NAME, in_signature="s")
    def RecordFailed(self, job):
        got("RecordFailed", str(job))

    @dbus.service.method(NAME, in_signature="stb")
    def Hold(self, reason, usec, persistent):
        got("Hold", str(reason), int(usec), bool(persistent))

    @dbus.service.method(NAME)
    def Release(self):
        got("Release")

    @dbus.service.method(NAME)
    def Retry(self):
        got("Retry")

    @dbus.service.method(NAME, in_signature="ss")
    def Forget(self, job, record):
        got("Forget", str(job), str(record))
        raise dbus.DBusException("not a job id: x", name="org.freedesktop.DBus.Error.InvalidArgs")

    @dbus.service.method(NAME, in_signature="asa{ss}")
    def Reconciled(self, jobs, forget):
        got("Reconciled", [str(job) for job in jobs], {str(job): str(record) for job, record in forget.items()})

    @dbus.service.method(NAME)
    def Refresh(self):
        got("Refresh")

    @dbus.service.method("org.freedesktop.DBus.Properties", in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        got("GetAll", str(interface))
        return OLD if mode == "old" else PROPERTIES


node = Node(bus, "/org/hookagent/Node1")
bus.request_name(NAME)
print("ready", flush=True)
if mode == "hung":
    time.sleep(600)
loop.run()
