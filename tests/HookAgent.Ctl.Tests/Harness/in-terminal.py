"""Runs a command in a terminal of a given size, writes all that the terminal got, and ends with the command's exit code.

in-terminal.py COLUMNS LINES UNTIL COMMAND...
  UNTIL  a text after which Ctrl-C is typed; empty for none
"""

import fcntl
import os
import pty
import struct
import sys
import termios


def main(columns, lines, until, *command):
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(lines), int(columns), 0, 0))
        os.execvp(command[0], command)
    got = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # EIO: the command and all that it started have ended
            break
        if not more:
            break
        got += more
        if until and until.encode() in got:
            os.write(terminal, b"\x03")
            until = ""
    sys.stdout.buffer.write(got.replace(b"\r\n", b"\n"))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main(*sys.argv[1:]))
