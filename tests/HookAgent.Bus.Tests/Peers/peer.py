"""A peer on the bus that shares nothing with HookAgent.Bus: a service for it to call, told of on stdout.

    peer.py ADDRESS NAME      owns NAME, object /peer, interface test.Peer

Prints "ready" once it can be called. Lines on stdin make it act:
    call DEST PATH IFACE MEMBER SIGNATURE PYTHON-TUPLE   calls, prints "returned REPR" or "error NAME TEXT"
    fire N DEST PATH IFACE MEMBER                        makes N calls without waiting, prints "fired", and
                                                         "answered N" when all answers are in
    signal DEST|- PATH IFACE MEMBER SIGNATURE TUPLE      sends a signal, to one or to all; prints "sent"
    pretend KIND DEST PATH IFACE MEMBER SERIALS          sends a "signal" or a "call" that says it is the answer to
                                                         each of the calls 1 to SERIALS; prints "pretended"
    large N DEST PATH IFACE MEMBER                       calls with a text of N bytes; prints "sent"
    own NAME / disown NAME                               prints what the bus says
"""
import ast
import os
import socket
import struct
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
    @dbus.service.method("test.Peer", in_signature="", out_signature="a{sv}")
    def Properties(self):
        return {"text": "gr\u00fc\u00df \U0001f600", "no text": "", "flag": True, "small": dbus.Int32(-2147483648),
                "number": dbus.UInt64(18446744073709551615), "texts": dbus.Array(["p", "", "q"], "s"),
                "no texts": dbus.Array([], "s"), "bytes": dbus.ByteArray(b"\x00\xff"), "path": dbus.ObjectPath("/a"),
                "nested": dbus.String("x", variant_level=2), "deep": dbus.Array([dbus.Array([1], "i")], "ai"),
                "structures": dbus.Array([("in", dbus.UInt64(5)), ("out", dbus.UInt64(6))], "(st)"),
                "no structures": dbus.Array([], "(st)"), "dictionary": dbus.Dictionary({"k": "v"}, "ss")}

    @dbus.service.method("test.Peer", in_signature="u", out_signature="s")
    def Large(self, size):
        return "x" * int(size)

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


def pretend(kind, destination, path, interface, member, serials):
    """By a connection of its own, byte by byte: dbus-python crashes where it should set the field."""
    def text(code, signature, value):
        return bytes([code, 1]) + signature + b"\0" + struct.pack("<I", len(value)) + value.encode() + b"\0"

    def message(kind, serial, fields):
        padded = b"".join(field + bytes(-len(field) % 8) for field in fields)
        length = len(padded) - -len(fields[-1]) % 8  # without the padding behind the last one
        return struct.pack("<BBBBIII", ord("l"), kind, 1, 1, 0, serial, length) + padded

    def common(destination, path, interface, member):
        return [text(1, b"o", path), text(2, b"s", interface), text(3, b"s", member), text(6, b"s", destination)]

    liar = socket.socket(socket.AF_UNIX)
    liar.connect(sys.argv[1].removeprefix("unix:path="))
    liar.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
    assert liar.recv(100).startswith(b"OK")
    driver = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello")
    liar.sendall(b"BEGIN\r\n" + message(1, 1, common(*driver)))
    for serial in range(1, serials + 1):
        answers = bytes([5, 1]) + b"u\0" + struct.pack("<I", serial)
        liar.sendall(message(kind, 1 + serial, [answers] + common(destination, path, interface, member)))
    liar.shutdown(socket.SHUT_WR)
    while liar.recv(65536):
        pass


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
    elif verb == "pretend":
        kind, destination, path, interface, member, serials = rest
        pretend(4 if kind == "signal" else 1, destination, path, interface, member, int(serials))
        print("pretended", flush=True)
    elif verb == "large":
        count, destination, path, interface, member = rest
        call = dbus.lowlevel.MethodCallMessage(destination, path, interface, member)
        call.append("x" * int(count), signature="s")
        bus.send_message(call)
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
