#!/usr/bin/env python3
"""Records the program as it is used, as an asciinema cast (version 2):   doc/cast.py [GPTOSCOPE] >doc/gptoscope.cast

It types what stands in doc/cast.txt into the program on a terminal of its own. Play it with   asciinema play doc/gptoscope.cast"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time
from pathlib import Path

COLUMNS, ROWS = 100, 30
TYPING = 0.06  # seconds between two characters of a command
NAMED = {"Enter": "\r", "Esc": "\033", "Up": "\033[A", "Down": "\033[B", "Right": "\033[C", "Left": "\033[D", "Space": " ",
         "Tab": "\t", "Backspace": "\177"}
folder = Path(__file__).resolve().parent


def strokes():
    """(seconds to wait before, bytes): a line of cast.txt is seconds, then keys by name, or : and a command."""
    for line in (folder / "cast.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        seconds, _, keys = line.partition(" ")
        if keys.startswith(":"):
            yield float(seconds), ":"
            for character in keys[1:]:
                yield TYPING, character
            yield 6 * TYPING, "\r"
        else:
            for i, key in enumerate(keys.split()):
                yield float(seconds) if i == 0 else 4 * TYPING, NAMED.get(key, key)


def start(program):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", LINES="", COLUMNS="")
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execv(program, [program, "explore"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return terminal


def read_until(terminal, when, began):
    """Prints what the program shows until `when`. Returns false once it has ended."""
    while (left := when - time.monotonic()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            return True
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:
            return False
        if not data:
            return False
        print(json.dumps([round(time.monotonic() - began, 3), "o", decode(data)]))
    return True


pending = b""


def decode(data):
    """Bytes as text; what is left of a character in the middle waits for the rest."""
    global pending
    data = pending + data
    for cut in range(4):
        try:
            text = data[:len(data) - cut].decode()
        except UnicodeDecodeError:
            continue
        pending = data[len(data) - cut:]
        return text
    raise ValueError("not UTF-8")


def main(program):
    print(json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "title": "gptoscope", "env": {"TERM": "xterm-256color"}}))
    began = time.monotonic()
    terminal = start(program)
    for seconds, keys in strokes():
        if not read_until(terminal, time.monotonic() + seconds, began):
            sys.exit("the program has ended too early")
        os.write(terminal, keys.encode())
    if read_until(terminal, time.monotonic() + 5, began):
        sys.exit("the program has not ended")


main(sys.argv[1] if len(sys.argv) > 1 else "./gptoscope")
