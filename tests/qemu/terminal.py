"""A firmware in QEMU with a person at its serial line: a pseudo-terminal, typed keys, and what comes back."""

import os
import pty
import select
import subprocess
import termios
import time
import tty


class Silence(Exception):
    """The firmware did not print what it should have; the text is what it printed."""


class Terminal:
    """Starts a firmware; `text` is all that it has printed so far."""

    def __init__(self, command, limit_s):
        self.limit_s = limit_s
        self.text = ""
        ours, theirs = pty.openpty()
        # Bytes as they are, in both directions: no echo, no signals, no line ends of the terminal's own.
        tty.setraw(theirs)
        attributes = termios.tcgetattr(theirs)
        attributes[1] &= ~termios.ONLCR  # the emulator turns the processing of output on again
        termios.tcsetattr(theirs, termios.TCSANOW, attributes)
        self._keyboard = ours
        # A session of its own, with the pseudo-terminal as its terminal: the emulator asks for that.
        self._process = subprocess.Popen([str(word) for word in command], stdin=theirs, stdout=theirs,
                                         stderr=subprocess.STDOUT, start_new_session=True,
                                         preexec_fn=lambda: _take_terminal(theirs))
        os.close(theirs)

    def type(self, keys):
        """Types, one key after the other."""
        for key in keys.encode():
            os.write(self._keyboard, bytes([key]))

    def read_until(self, end):
        """What is printed from now on, up to and with `end`, which must be the last that is printed."""
        start = len(self.text)
        deadline = time.monotonic() + self.limit_s
        while not self.text[start:].endswith(end):
            ready, _, _ = select.select([self._keyboard], [], [], max(0, deadline - time.monotonic()))
            data = self._read() if ready else b""
            if not data:
                raise Silence(self.text[start:])
            self.text += data.decode("ascii", "replace")
        return self.text[start:]

    def _read(self):
        try:
            return os.read(self._keyboard, 4096)
        except OSError:  # the other side is closed
            return b""

    def wait(self):
        """The exit code of the firmware, and what it printed last."""
        rest = b""
        while data := self._read():
            rest += data
        self.text += rest.decode("ascii", "replace")
        return self._process.wait(timeout=self.limit_s), rest.decode("ascii", "replace")

    def close(self):
        """Ends what still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._keyboard)


def _take_terminal(terminal):
    import fcntl

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
