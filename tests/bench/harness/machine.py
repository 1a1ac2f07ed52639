"""What the figures were measured on."""

import os
import platform
import subprocess
from pathlib import Path


def describe():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return {
        "kernel": platform.release(),
        "processor": model,
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20,
    }


def load():
    """Of the last minute: above 0.5 before a run, somebody else works here."""
    return os.getloadavg()[0]


def version(package):
    return subprocess.run(["dpkg-deb", "--field", package, "Version"], capture_output=True, text=True, check=True).stdout.strip()
