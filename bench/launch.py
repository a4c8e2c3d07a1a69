"""Runs a command and prints what it took, as JSON: `python launch.py COMMAND ...`.

A process of its own, and a small one: the system counts the memory of whoever starts a
command as the command's own peak.
"""

import json
import resource
import subprocess
import sys
import time

begun_s = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdout=sys.stderr, check=False).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cost = {
    "status": status,
    "cpu_s": usage.ru_utime + usage.ru_stime,
    "wall_s": time.perf_counter() - begun_s,
    "peak_kib": usage.ru_maxrss,
    "written_blocks": usage.ru_oublock,
}
print(json.dumps(cost))
