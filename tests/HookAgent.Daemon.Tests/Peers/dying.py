"""A process that, once it is killed, stands still at its end, as one that gets no processor: a tracer, this program, holds it
there (PTRACE_O_TRACEEXIT of ptrace(2)). Says its id, and "dying" once it was told "kill" and stands still.
"""
import ctypes
import os
import signal
import sys

SEIZE, TRACE_EXIT = 0x4206, 0x40
libc = ctypes.CDLL(None, use_errno=True)
process = os.fork()
if process == 0:
    while True:
        signal.pause()

if libc.ptrace(ctypes.c_long(SEIZE), ctypes.c_long(process), None, ctypes.c_void_p(TRACE_EXIT)) != 0:
    sys.exit("ptrace: " + os.strerror(ctypes.get_errno()))
print(process, flush=True)
for line in sys.stdin:
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    print("dying" if os.WIFSTOPPED(status) else "dead", flush=True)
