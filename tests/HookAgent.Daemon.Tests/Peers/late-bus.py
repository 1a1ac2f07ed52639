"""Between the agent and its bus, a bus that is late once:  late-bus.py LISTEN BUS SECONDS

What the agent says goes on at once. When it has asked who org.freedesktop.systemd1 is, what the bus says is held back for
SECONDS, once; then everything goes on. Prints "listening" and "held back".
"""
import selectors
import socket
import sys
import time

listen, bus, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
server = socket.socket(socket.AF_UNIX)
server.bind(listen)
server.listen()
print("listening", flush=True)
late = False
while True:
    agent, _ = server.accept()
    daemon = socket.socket(socket.AF_UNIX)
    daemon.connect(bus)
    sockets = selectors.DefaultSelector()
    sockets.register(agent, selectors.EVENT_READ, daemon)
    sockets.register(daemon, selectors.EVENT_READ, agent)
    held_until, alive = 0.0, True
    while alive:
        left = held_until - time.monotonic()
        for key, _ in sockets.select(left if left > 0 else None):
            if key.fileobj is daemon and held_until > time.monotonic():
                # Nothing is read from the bus, and nothing more than this is asked, until then.
                time.sleep(0.01)
                continue
            data = key.fileobj.recv(65536)
            if not data:
                alive = False
                break
            key.data.sendall(data)
            if key.fileobj is agent and not late and b"GetNameOwner" in data and b"org.freedesktop.systemd1" in data:
                late, held_until = True, time.monotonic() + seconds
                print("held back", flush=True)
    agent.close()
    daemon.close()
