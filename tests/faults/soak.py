#!/usr/bin/env python3
"""soak.py MINKHAL AMOUNT [OPTION...]: a long run. Pages stream into one `minkhal clean -` into
a folder with a ledger, and the finished shards are deleted as they come, so that the disk
holds little. AMOUNT is what is fed: 2G, 100G, or for how long: 15m, 8h. OPTIONs are those of
clean.

Two looks a second are taken. Memory goes up and down by some MiB with what is in work, so the
means of windows of 250 MB behind the first GB are compared: the middle one of the last quarter
of them may not be more than 5 % above that of the first quarter, none more than 25 % above it
(or 4 MiB, if that is more), and no more files may be open than before. A line every minute and
one in the end. All pages that were fed must be counted in run.json."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

GB = 10 ** 9
WINDOW = GB // 4
SOME = 4 << 20  # bytes: a few batches more or less in work, as the machine has other work or not
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


class Looks:
    """Means of the resident memory in windows behind the first GB; files."""

    def __init__(self):
        self.means, self.sum, self.n = [], 0, 0
        self.files_before = self.files = self.peak = 0

    def add(self, n_fed, memory, files):
        if n_fed < GB:
            self.files_before = max(self.files_before, files)
            return
        self.files, self.peak = max(self.files, files), max(self.peak, memory)
        self.sum, self.n = self.sum + memory, self.n + 1
        if n_fed > GB + (len(self.means) + 1) * WINDOW:
            self.means.append(self.sum / self.n)
            self.sum = self.n = 0

    def problems(self):
        if len(self.means) < 2:
            return ["less than two windows behind 1 GB: nothing is proven"]
        quarter = max(len(self.means) // 4, 1)
        first = statistics.median(self.means[:quarter])
        last = statistics.median(self.means[-quarter:])
        grown = last > first * 1.05 or max(self.means) > max(first * 1.25, first + SOME)
        more = self.files > self.files_before
        return ["memory grew"] * grown + ["more files are open"] * more


def sweep(folder):
    """Deletes finished shards, whatever their codec; how many bytes they had."""
    n = 0
    for path in list(folder.glob("*-[0-9]*.jsonl*")):
        if path.suffix != ".part":
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
    looks, out = Looks(), 0
    while feed.is_alive():
        time.sleep(0.5)
        if child.poll() is not None:
            break
        now = look(child.pid)
        looks.add(feed.n_bytes, *now)
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
    problems = looks.problems()
    if status != 0:
        problems.append("status %d" % status)
    if counts["in"] != feed.n_pages:
        problems.append("%d pages were fed, %d counted" % (feed.n_pages, counts["in"]))
    means = [m / 2 ** 20 for m in looks.means] or [0]
    print("%s: %.2f GB, %d pages in %.0f s; behind 1 GB %d windows, of %.1f MiB the first, %.1f to "
          "%.1f the others, peak %.1f; %d files before, %d behind" % (
              "; ".join(problems) or "flat", feed.n_bytes / GB, feed.n_pages, seconds,
              len(means), means[0], min(means), max(means), looks.peak / 2 ** 20,
              looks.files_before, looks.files))
    sys.exit(bool(problems))


main()
