"""A peer on the bus that shares nothing with HookAgent.Bus: a service for it to call, told of on stdout.

    peer.py ADDRESS NAME      owns NAME, object /peer, interface test.Peer

Prints "ready" once it can be called. Lines on stdin make it act:
    call DEST PATH IFACE MEMBER SIGNATURE PYTHON-TUPLE   calls, prints "returned REPR" or "error NAME TEXT"
    fire N DEST PATH IFACE MEMBER                        makes N calls without waiting, prints "fired", and
                                                         "answered N" when all answers are in
    signal DEST|- PATH IFACE MEMBER SIGNATURE TUPLE      sends a signal, to one or to all; prints "sent"
    own NAME / disown NAME                               prints what the bus says
"""
import ast
import os
import sys

import dbus
import dbus.lowlevel
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])
loop = GLib.MainLoop()


class Peer(dbus.service.Object):
    @dbus.service.method("test.Peer", in_signature="sobiuta{sv}as(su)", out_signature="s")
    def Describe(self, s, o, b, i, u, t, d, a, r):
        """Tells what it understood of one value of each type."""
        return "|".join([s, o, str(bool(b)), str(int(i)), str(int(u)), str(int(t)),
                         ",".join(f"{k}={v}" for k, v in sorted(d.items())),
                         ",".join(a), f"{r[0]}:{int(r[1])}"])

    @dbus.service.method("test.Peer", in_signature="", out_signature="sobiuta{sv}as(su)")
    def Everything(self):
        return ("gr\u00fc\u00df", dbus.ObjectPath("/a/b_20"), True, -2147483648, 4294967295,
                18446744073709551615,
                dbus.Dictionary({"n": dbus.UInt64(7), "s": "x", "deep": dbus.Array([dbus.Array([1], "i")], "ai"),
                                 "as": dbus.Array(["p", "q"], "s"), "b": True, "i": dbus.Int32(-3)}, "sv"),
                dbus.Array([], "s"), dbus.Struct(("in", dbus.UInt32(5)), signature="su"))

    @dbus.service.method("test.Peer", in_signature="ss", out_signature="")
    def Fail(self, name, text):
        raise dbus.DBusException(text, name=name)

    @dbus.service.method("test.Peer", in_signature="", out_signature="", async_callbacks=("ok", "bad"))
    def Never(self, ok, bad):
        print("never", flush=True)

    @dbus.service.method("test.Peer", in_signature="", out_signature="")
    def Die(self):
        loop.quit()



def returned(*arguments):
    print("returned", repr(tuple(plain(a) for a in arguments)), flush=True)


def plain(value):
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(v) for v in value)
    return [plain(v) for v in value]


def failed(error):
    print("error", error.get_dbus_name(), error.get_dbus_message(), flush=True)


class Fire:
    def __init__(self, count):
        self.left = self.count = count

    def done(self, *_):
        self.left -= 1
        if self.left == 0:
            print("answered", self.count, flush=True)


pending = b""


def hear(source, _condition):
    """Lines, however many come at once: a buffered reader would sit on all but the first."""
    global pending
    data = os.read(source, 65536)
    if not data:
        loop.quit()
        return False
    *lines, pending = (pending + data).split(b"\n")
    for line in lines:
        act(line.decode())
    return True


def act(line):
    verb, *rest = line.split(" ", 6)
    if verb == "call":
        destination, path, interface, member, signature, arguments = rest
        bus.call_async(destination, path, interface, member, "" if signature == "-" else signature,
                       ast.literal_eval(arguments), returned, failed, timeout=15)
    elif verb == "fire":
        count, destination, path, interface, member = rest
        fire = Fire(int(count))
        for number in range(int(count)):
            bus.call_async(destination, path, interface, member, "s", (str(number + 1),), fire.done, fire.done,
                           timeout=60)
        bus.flush()
        print("fired", flush=True)
    elif verb == "signal":
        destination, path, interface, member, signature, arguments = rest
        signal = dbus.lowlevel.SignalMessage(path, interface, member)
        if destination != "-":
            signal.set_destination(destination)
        signal.append(signature=signature, *ast.literal_eval(arguments))
        bus.send_message(signal)
        bus.flush()
        print("sent", flush=True)
    elif verb == "own":
        print("owned", int(bus.request_name(rest[0], dbus.bus.NAME_FLAG_REPLACE_EXISTING)), flush=True)
    elif verb == "disown":
        print("disowned", int(bus.release_name(rest[0])), flush=True)


GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, hear)
peer = Peer(bus, "/peer")
bus.request_name(sys.argv[2])
print("ready", bus.get_unique_name(), flush=True)
loop.run()
