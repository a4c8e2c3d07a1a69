"""Ctrl-C ends the process within half a second, whatever it computes, and leaves no half file."""

from __future__ import annotations

import os
import signal
import threading
import time

from skypact.node.files import remove_unfinished

INTERRUPTED = 130
_GRACE_S = 0.2


def exit_promptly_when_interrupted() -> None:
    """Watch for Ctrl-C beside Python's own handling.

    Python raises KeyboardInterrupt only between two of its own instructions, and a kernel may
    run for seconds between them. The signal's number arrives in a pipe at once; when the
    main thread has not ended by itself within the grace, the watcher ends the process.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reader,), daemon=True).start()


def _watch(reader: int) -> None:
    while os.read(reader, 1) != bytes([signal.SIGINT]):
        pass
    time.sleep(_GRACE_S)
    remove_unfinished()
    os._exit(INTERRUPTED)
