"""A systemd that answers for units as it is told to, made with python3-dbusmock so that it shares no code with ours.

fake-systemd.py ADDRESS UNITS CALLS RELOADED
  UNITS     JSON object: unit -> {"Unit": properties, "Service": properties}; a number is a "t", OOMScoreAdjust an
            "i", a list an "as", InvocationID an "ay", Conditions an "a(sbbsi)" of lists [name, negated, parameter],
            ExecCondition an "a(sasbttttuii)" of lists [program, failure is ignored]
  CALLS     file to which each call of Reload and StopUnit is appended; a unit that was stopped is inactive
  RELOADED  JSON object as UNITS: the properties after a Reload
"""

import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from dbusmock.mockobject import DBusMockObject
from gi.repository import GLib

NAME = "org.freedesktop.systemd1"


def typed(key, value):
    if key == "Conditions":
        return dbus.Array([dbus.Struct((name, False, negated, parameter, 0), signature="sbbsi")
                           for name, negated, parameter in value], signature="(sbbsi)")
    if key == "ExecCondition":
        return dbus.Array([dbus.Struct((program, [program], ignored, 0, 0, 0, 0, 0, 0, 0), signature="sasbttttuii")
                           for program, ignored in value], signature="(sasbttttuii)")
    if isinstance(value, bool):
        return dbus.Boolean(value)
    if isinstance(value, int):
        return dbus.Int32(value) if key == "OOMScoreAdjust" else dbus.UInt64(value)
    if key == "InvocationID":
        return dbus.Array([dbus.Byte(byte) for byte in value], signature="y")
    return dbus.Array(value, signature="s") if isinstance(value, list) else dbus.String(value)


def path(unit):
    return "/org/freedesktop/systemd1/unit/" + "".join(
        c if c.isalnum() else f"_{ord(c):02x}" for c in unit)


class Manager:
    """What the calls of the manager do; its object on the bus leads here."""

    def __init__(self, units, calls, reloaded):
        self.units, self.calls, self.reloaded = units, calls, reloaded

    def called(self, *words):
        with open(self.calls, "a") as log:
            log.write(" ".join(words) + "\n")

    def Reload(self):
        self.called("Reload")
        for unit, parts in self.reloaded.items():
            for part, properties in parts.items():
                self.units[unit].UpdateProperties(f"{NAME}.{part}", {key: typed(key, value) for key, value in properties.items()})

    def StopUnit(self, unit, mode):
        self.called("StopUnit", unit, mode)
        self.units[unit].UpdateProperties(f"{NAME}.Unit", {"ActiveState": dbus.String("inactive")})
        return dbus.ObjectPath("/org/freedesktop/systemd1/job/1")


def main(address, units, calls, reloaded):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    objects = {}
    for unit, parts in json.loads(units).items():
        target = DBusMockObject(name, path(unit), f"{NAME}.Unit", {})
        for part, properties in parts.items():
            target.AddProperties(f"{NAME}.{part}", {key: typed(key, value) for key, value in properties.items()})
        objects[unit] = target
    sys.manager = Manager(objects, calls, json.loads(reloaded))
    target = DBusMockObject(name, "/org/freedesktop/systemd1", f"{NAME}.Manager", {})
    target.AddMethod(f"{NAME}.Manager", "Reload", "", "", "import sys; sys.manager.Reload()")
    target.AddMethod(f"{NAME}.Manager", "StopUnit", "ss", "o", "import sys; ret = sys.manager.StopUnit(*args)")
    print("ready", flush=True)
    GLib.MainLoop().run()


main(*sys.argv[1:])
