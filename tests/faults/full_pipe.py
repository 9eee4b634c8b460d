#!/usr/bin/env python3
"""full_pipe.py MINKHAL: a command that waits for whoever is to read its output, a full pipe,
ends within a moment when SIGTERM or SIGINT comes, with status 75; one whose reader only was
slow gives the same bytes as one whose was not. A line of TAP each."""
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

MINKHAL = os.path.abspath(sys.argv[1])
COMMANDS = {
    "clean": ["clean", "in.jsonl", "-o", "-", "--codec", "none", "-q", "-f", "normalize"],
    "clean, gz": ["clean", "in.jsonl", "-o", "-", "-q", "-f", "normalize", "-j", "2"],
    "restore": ["restore", "out.jsonl", "ledger.jsonl", "-o", "-", "--codec", "none", "-q"],
    "cat": ["cat", "in.jsonl"],
    "explain": ["explain", "in.jsonl", "--all", "-f", "normalize"],
}


def start(words):
    p = subprocess.Popen([MINKHAL] + words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    fcntl.fcntl(p.stdout, 1031, 4096)  # F_SETPIPE_SZ
    return p


def wait_till_full(p):
    """Till the pipe holds the same for a while."""
    before, same = -1, 0
    while same < 20 and p.poll() is None:
        n = struct.unpack("i", fcntl.ioctl(p.stdout, termios.FIONREAD, bytes(4)))[0]
        same = same + 1 if n == before and n > 0 else 0
        before = n
        time.sleep(0.01)


def stop(words, number):
    p = start(words)
    wait_till_full(p)
    p.send_signal(number)
    try:
        status = p.wait(10)
    except subprocess.TimeoutExpired:
        p.kill()
        return "it went on"
    finally:
        p.stdout.close()
    return None if status == 75 else "status %d" % status


def read_slowly(words):
    p = start(words)
    wait_till_full(p)
    got = b""
    while part := os.read(p.stdout.fileno(), 100000):
        got += part
    p.wait()
    want = subprocess.run([MINKHAL] + words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout
    return None if got == want and want else "%d bytes, not %d" % (len(got), len(want))


def main():
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        with open("in.jsonl", "w", encoding="utf-8") as f:
            for i in range(3000):
                word = "".join(chr(0x628 + (i * k * k) % 30) for k in range(1, 200))
                f.write(json.dumps({"id": str(i), "text": word}, ensure_ascii=False) + "\n")
        subprocess.run([MINKHAL, "clean", "in.jsonl", "-o", "out.jsonl", "--ledger",
                        "ledger.jsonl", "-q", "-f", "normalize"], check=True)
        n, failed = 0, 0
        for name, words in COMMANDS.items():
            for what, wrong in (("ends at SIGTERM", stop(words, signal.SIGTERM)),
                                ("ends at SIGINT", stop(words, signal.SIGINT)),
                                ("waits for a slow reader", read_slowly(words))):
                n += 1
                failed += wrong is not None
                print("%sok %d - %s %s%s" % ("not " if wrong else "", n, name, what,
                                             ": " + wrong if wrong else ""), flush=True)
        print("1..%d" % n)
    sys.exit(failed > 0)


main()
