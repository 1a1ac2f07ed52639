#!/usr/bin/python3
"""Stands in for the daemon: owns org.hookagent.Node1 and prints each call as a line of JSON.

An implementation of D-Bus that shares nothing with ours, so that both cannot be wrong together.
"""
import argparse
import json
import os

import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

parser = argparse.ArgumentParser()
parser.add_argument("address")
parser.add_argument("--delay", type=float, default=0, help="seconds from a call to its answer")
parser.add_argument("--error", help="answer with this error")
parser.add_argument("--jobs", help="tell what this directory holds while a call is here")
parser.add_argument("--old", action="store_true", help="lack some properties, have one of another type and one more")
parser.add_argument("--leaves", action="store_true", help="exit at the first call")
options = parser.parse_args()

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(options.address)

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
    "LastProlog": dbus.UInt64(1700000000000004), "LastPrologJob": "7",
    "LastEpilog": dbus.UInt64(1700000000000005), "LastEpilogJob": "6",
}
OLD = {"State": "busy", "Jobs": dbus.Array([], signature="s"), "Since": "not a number", "Handovers": dbus.Array([("7", dbus.UInt64(1))], "(st)"), "Colour": dbus.UInt32(7)}


def say(**what):
    print(json.dumps(what), flush=True)


def answer(call):
    if options.error:
        bus.send_message(dbus.lowlevel.ErrorMessage(call, options.error, "as the test wants it"))
        return False
    reply = dbus.lowlevel.MethodReturnMessage(call)
    if call.get_member() == "GetAll":
        reply.append(OLD if options.old else PROPERTIES, signature="a{sv}")
    bus.send_message(reply)
    return False


def on_message(_, message):
    if not isinstance(message, dbus.lowlevel.MethodCallMessage):
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    say(
        member=message.get_member(),
        path=message.get_path(),
        interface=message.get_interface(),
        signature=str(message.get_signature()),
        arguments=[bool(argument) if isinstance(argument, dbus.Boolean) else argument for argument in message.get_args_list()],
        auto_start=bool(message.get_auto_start()),
        records=sorted(os.listdir(options.jobs)) if options.jobs else [],
    )
    if options.leaves:
        os._exit(0)
    if options.delay:
        GLib.timeout_add(int(options.delay * 1000), answer, message)
    else:
        answer(message)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED


bus.add_message_filter(on_message)
bus.request_name("org.hookagent.Node1")
say(ready=True)
GLib.MainLoop().run()
