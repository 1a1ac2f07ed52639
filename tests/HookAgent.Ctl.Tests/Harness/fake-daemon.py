"""A hookagentd that answers as it is told to, made with python3-dbusmock so that it shares no code with ours.

fake-daemon.py ADDRESS CALLS PROPERTIES ERRORS
  CALLS       file to which each call is appended: its name and its arguments
  PROPERTIES  JSON object: the daemon's properties; a number is a "t", a list an "as"
  ERRORS      JSON object: method -> name of the error it answers with, or "hang" for no answer
"""

import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from dbusmock.mockobject import DBusMockObject
from gi.repository import GLib

NAME = "org.hookagent.Node1"
METHODS = {"Forget": "s", "Reconciled": "as", "Hold": "stb", "Release": "", "Retry": "", "Refresh": ""}


def typed(value):
    if isinstance(value, int):
        return dbus.UInt64(value)
    return dbus.Array(value, signature="s") if isinstance(value, list) else dbus.String(value)


def main(address, calls, properties, errors):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    node = DBusMockObject(name, "/org/hookagent/Node1", NAME, {})
    node.AddProperties(NAME, {key: typed(value) for key, value in json.loads(properties).items()})
    errors = json.loads(errors)
    for method, signature in METHODS.items():
        code = f"open({calls!r}, 'a').write(' '.join(['{method}', *(str(','.join(a) if isinstance(a, list) else a) for a in args)]) + '\\n')"
        if errors.get(method) == "hang":
            code += "\nimport time; time.sleep(600)"
        elif method in errors:
            code += f"\nraise dbus.exceptions.DBusException('told to', name={errors[method]!r})"
        node.AddMethod(NAME, method, signature, "", code)
    print("ready", flush=True)
    GLib.MainLoop().run()


main(*sys.argv[1:])
