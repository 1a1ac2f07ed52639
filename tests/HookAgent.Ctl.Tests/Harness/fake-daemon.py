"""A hookagentd that answers as it is told to, made with python3-dbusmock so that it shares no code with ours.

fake-daemon.py ADDRESS CALLS PROPERTIES ERRORS
  CALLS       file to which each call is appended: its name and its arguments
  PROPERTIES  JSON object: the daemon's properties; a number is a "t", true and false are a "b", a list an "as", one of lists an "a(tstt)"
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
STATUS_NAME = "org.hookagent.Status1"  # by which all but root read
METHODS = {"Forget": "ss", "Reconciled": "asa{ss}", "Hold": "stbs", "Release": "s", "Retry": "", "Refresh": ""}


def typed(value):
    if isinstance(value, bool):
        return dbus.Boolean(value)
    if isinstance(value, int):
        return dbus.UInt64(value)
    if isinstance(value, list) and value and isinstance(value[0], list):
        return dbus.Array([dbus.Struct(row, signature="tstt") for row in value], signature="(tstt)")
    return dbus.Array(value, signature="s") if isinstance(value, list) else dbus.String(value)


def main(address, calls, properties, errors):
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    readers = dbus.service.BusName(STATUS_NAME, bus, do_not_queue=True)  # held as long as it is referred to
    node = DBusMockObject(name, "/org/hookagent/Node1", NAME, {})
    node.AddProperties(NAME, {key: typed(value) for key, value in json.loads(properties).items()})
    errors = json.loads(errors)
    for method, signature in METHODS.items():
        code = f"""
def word(a):
    pairs = [f'{{key}}={{value}}' for key, value in a.items()] if isinstance(a, dict) else a
    return ','.join(pairs) if isinstance(pairs, list) else str(pairs)
open({calls!r}, 'a').write(' '.join(['{method}', *map(word, args)]).rstrip() + '\\n')"""
        if method == "Reconciled" and method not in errors:
            # As the daemon does, so that the records are gone.
            code += f"\nimport os, pathlib\nfor job in args[1]: pathlib.Path(os.path.dirname({calls!r}), 'run/jobs', job).unlink(missing_ok=True)"
        if errors.get(method) == "hang":
            code += "\nimport time; time.sleep(600)"
        elif method in errors:
            code += f"\nraise dbus.exceptions.DBusException('told to', name={errors[method]!r})"
        node.AddMethod(NAME, method, signature, "", code)
    print("ready", flush=True)
    GLib.MainLoop().run()


main(*sys.argv[1:])
