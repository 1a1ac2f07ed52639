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
options = parser.parse_args()

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(options.address)


def say(**what):
    print(json.dumps(what), flush=True)


def answer(call):
    if options.error:
        bus.send_message(dbus.lowlevel.ErrorMessage(call, options.error, "as the test wants it"))
    else:
        bus.send_message(dbus.lowlevel.MethodReturnMessage(call))
    return False


def on_message(_, message):
    if not isinstance(message, dbus.lowlevel.MethodCallMessage):
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    say(
        member=message.get_member(),
        path=message.get_path(),
        interface=message.get_interface(),
        signature=str(message.get_signature()),
        arguments=[str(argument) for argument in message.get_args_list()],
        auto_start=bool(message.get_auto_start()),
        records=sorted(os.listdir(options.jobs)) if options.jobs else [],
    )
    if options.delay:
        GLib.timeout_add(int(options.delay * 1000), answer, message)
    else:
        answer(message)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED


bus.add_message_filter(on_message)
bus.request_name("org.hookagent.Node1")
say(ready=True)
GLib.MainLoop().run()
