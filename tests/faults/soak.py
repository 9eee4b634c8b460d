#!/usr/bin/env python3
"""soak.py MINKHAL AMOUNT [OPTION...]: a long run. Pages stream into one `minkhal clean -` into
a folder with a ledger, and the finished shards are deleted as they come, so that the disk
holds little. AMOUNT is what is fed: 2G, 100G, or for how long: 15m, 8h. OPTIONs are those of
clean.

After the first GB the resident memory and the number of open files must not grow by more than
5 % of what they were then (the greatest of ten looks). A line every minute and one in the end.
What was counted must add up: the last of the summary is read from run.json."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

GB = 10 ** 9
PAGES = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "pages"
UNITS = {"M": 10 ** 6, "G": GB, "T": 1000 * GB}
TIMES = {"s": 1, "m": 60, "h": 3600}


class Feed(threading.Thread):
    """Writes pages, each with a number of its own, till it is told to stop."""

    def __init__(self, pipe, most):
        super().__init__(daemon=True)
        self.pipe, self.most = pipe, most
        self.n_bytes = self.n_pages = 0
        self.done = False

    def run(self):
        texts = [json.dumps(p.read_text(encoding="utf-8"), ensure_ascii=False)[1:-1]
                 for p in sorted(PAGES.glob("*.txt"))]
        try:
            while self.n_bytes < self.most and not self.done:
                lines = []
                for text in texts:
                    self.n_pages += 1
                    lines.append('{"id":"%d","url":"https://site%d.example/%d","text":"%s\\n%d"}\n'
                                 % (self.n_pages, self.n_pages % 977, self.n_pages, text,
                                    self.n_pages))
                data = "".join(lines).encode()
                self.pipe.write(data)
                self.n_bytes += len(data)
            self.pipe.close()
        except BrokenPipeError:
            pass


def look(pid):
    """(resident bytes, open files) of a process."""
    with open("/proc/%d/statm" % pid) as f:
        pages = int(f.read().split()[1])
    return pages * os.sysconf("SC_PAGESIZE"), len(os.listdir("/proc/%d/fd" % pid))


def sweep(folder):
    """Deletes finished shards; how many bytes they had."""
    n = 0
    for path in list(folder.glob("*.jsonl.gz")):
        n += path.stat().st_size
        path.unlink()
    return n


def main():
    minkhal, amount, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    unit, number = amount[-1], float(amount[:-1])
    most = number * UNITS[unit] if unit in UNITS else float("inf")
    until = time.time() + (number * TIMES[unit] if unit in TIMES else float("inf"))
    top = pathlib.Path(tempfile.mkdtemp())
    folder = top / "run"
    child = subprocess.Popen([minkhal, "clean", "-", "-o", str(folder) + "/", "--ledger", "auto",
                              "--shard-size", "64M", "-q"] + options, stdin=subprocess.PIPE)
    feed = Feed(child.stdin, most)
    started = told = time.time()
    feed.start()
    base, peak, first, out = None, (0, 0), [], 0
    while feed.is_alive():
        time.sleep(0.5)
        if child.poll() is not None:
            break
        now = look(child.pid)
        if feed.n_bytes > GB and base is None:
            first.append(now)
            if len(first) == 10:
                base = tuple(map(max, zip(*first)))
        if base:
            peak = tuple(map(max, peak, now))
        out += sweep(folder)
        feed.done = time.time() > until
        if time.time() - told > 60:
            told += 60
            print("%7.2f GB in, %6.2f GB out, %.1f MB/s, %.1f MiB, %d files" % (
                feed.n_bytes / GB, out / GB, feed.n_bytes / 1e6 / (time.time() - started),
                now[0] / 2 ** 20, now[1]), flush=True)
    feed.join()
    status = child.wait()
    seconds = time.time() - started
    with open(folder / "run.json") as f:
        counts = json.load(f)["counts"]
    shutil.rmtree(top, ignore_errors=True)
    problems = []
    if status != 0:
        problems.append("status %d" % status)
    if counts["in"] != feed.n_pages:
        problems.append("%d pages were fed, %d counted" % (feed.n_pages, counts["in"]))
    if not base:
        problems.append("less than 1 GB: nothing is proven")
    elif peak[0] > base[0] * 1.05 or peak[1] > base[1] * 1.05:
        problems.append("memory or files grew")
    print("%s: %.2f GB, %d pages in %.0f s; after 1 GB %.1f MiB and %d files, at most %.1f MiB and "
          "%d files" % ("; ".join(problems) or "flat", feed.n_bytes / GB, feed.n_pages, seconds,
                        (base or (0,))[0] / 2 ** 20, (base or (0, 0))[1], peak[0] / 2 ** 20,
                        peak[1]))
    sys.exit(bool(problems))


main()
