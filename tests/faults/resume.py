#!/usr/bin/env python3
"""resume.py MINKHAL SHIM POINTS [SEED]: runs into a folder are killed at calls that change
files, resumed (and killed up to three times while they resume), and must end with the bytes of
a run that nothing happened to. The inputs are small, so that a point is a few hundredths of a
second; lines above --max-doc make large units of them that cost nothing. A line of TAP for
each kind of run, and for each kind of file that a resumed run does not read from its start."""
import bz2
import concurrent.futures
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

MINKHAL, SHIM, POINTS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
WORDS = "كتاب مدرسة قلم شجرة بيت سماء بحر طريق مدينة قرية نهر جبل ســلام أحمد".split()


def records(n, first=0, size=40):
    """Records of JSONL: some are equal, some are bad."""
    dice = random.Random(first)
    for i in range(first, first + n):
        if i % 29 == 7:
            yield '{"id": %d}\n' % i
            continue
        text = " ".join(dice.choice(WORDS) for _ in range(dice.randrange(size)))
        text = "نص مكرر" if i % 11 == 3 else "%s\nسطر رقم %d" % (text, i)
        yield json.dumps({"id": str(i), "text": text}, ensure_ascii=i % 2 == 0) + "\n"


def long_lines(n, size, packed=True):
    """Lines above --max-doc."""
    dice = random.Random(n)
    return ['{"text":"%s"}\n' % ("x" * size if packed else dice.randbytes(size // 2).hex())
            for _ in range(n)]


def mixed(some, others):
    """`others` spread evenly among `some`."""
    step = len(some) // len(others)
    for i, line in enumerate(some):
        yield line
        if i % step == 0 and i // step < len(others):
            yield others[i // step]


def warc(n):
    """WARC records, each a member of gzip: every third is no document; one is damaged."""
    for i in range(n):
        kind, body = "conversion", "صفحة رقم %d\nنص %s" % (i, " ".join(WORDS[:i % 9]))
        if i % 3 == 1:
            kind, body = "metadata", "x" * 1500
        body = body.encode()
        data = gzip.compress(
            b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://a.example/%d\r\n"
            b"Content-Type: text/plain\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            b"WARC-Record-ID: <urn:uuid:%d>\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
            % (kind.encode(), i, i, len(body), body), mtime=0)
        yield data[:-6] + b"\0\0" + data[-4:] if i == n // 3 else data


def make_inputs(work):
    """Small files of many kinds; a member too large to be checked first, whole; the same,
    damaged at its end and with more behind it."""
    def path(*names):
        name = os.path.join(work, *names)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        return name

    def write(lines, *names):
        with open(path(*names), "w", encoding="utf-8", newline="\n") as f:
            f.writelines(lines)

    # Each has more than 64 KiB, or it would be read whole before it is known what it is.
    write(mixed(list(records(120, 0)), long_lines(20, 3500)), "small", "a.jsonl")
    for i in range(5):
        write("صفحة رقم %d\n" % i, "small", "text", "%d.txt" % i)
    lines = list(mixed(list(records(120, 10000)), long_lines(20, 3500)))
    with open(path("small", "b.jsonl.gz"), "wb") as f:
        for i in range(0, len(lines), 35):
            f.write(gzip.compress("".join(lines[i:i + 35]).encode(), mtime=0))
        f.write(b"\x1f\x8b\x08\x00damaged")
    with open(path("small", "c.warc.gz"), "wb") as f:
        f.writelines(warc(100))
    write(records(40, 20000), "small", "d.jsonl")
    # 4.5 MiB and more in one member.
    large = "".join(mixed(list(records(300, 30000)), long_lines(48, 100000))).encode()
    assert len(large) > 4.5 * 1024 * 1024
    member = gzip.compress(large, 1, mtime=0)
    for name, tail in ("whole", member[-8:]), ("torn", b"\0\0\0\0" + member[-4:]):
        write(records(60, 40000), name, "a.jsonl")
        with open(path(name, "b.jsonl.gz"), "wb") as f:
            f.write(member[:-8] + tail)
        write(records(60, 50000), name, "c.jsonl")


SIZES = {"small": ["--max-doc", "2K", "--shard-size", "8K", "--checkpoint", "4K"],
         "whole": ["--max-doc", "64K", "--shard-size", "12K", "--checkpoint", "10K"],
         "torn": ["--max-doc", "64K", "--shard-docs", "60", "--checkpoint", "10K"],
         "sought": ["--max-doc", "2K", "--shard-size", "16K", "--checkpoint", "2K"]}


def run(work, kind, codec, threads, out, *more, **env):
    command = [MINKHAL, "clean", os.path.join(work, kind), "-o", out + "/", "-j", str(threads),
               "--codec", codec, "-f", "normalize", "--dedup", "--ledger", "auto", "--rejects",
               "auto", "-q", "--max-rejects", "all", *SIZES[kind], *more]
    full = dict(os.environ, LC_ALL="C", **env)
    if env:
        full["LD_PRELOAD"] = SHIM
    p = subprocess.run(command, env=full, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=120)
    return p.returncode, p.stdout.decode("utf-8", "replace")


def digest(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            found[name] = f.read()
    return found


def difference(want, got):
    names = [n for n in sorted(set(want) | set(got)) if want.get(n) != got.get(n)]
    return "differs in " + ", ".join(names)


def partial(folder, want):
    """A final name that stands for anything but what it ends with."""
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if not name.endswith(".part") and name not in ("journal.jsonl", "lock"):
            with open(os.path.join(folder, name), "rb") as f:
                if f.read() != want.get(name):
                    return name
    return None


# Each eighth point: what happens, and at which calls (shim.c).
FAULTS = (("kill", "change"), ("torn", "change"), ("kill", "change"), ("ENOSPC", "change"),
          ("kill", "read,open,close,thread"), ("EIO", "change"), ("kill", "alloc"),
          ("once", "change"))


def counts_of(path):
    """{class: calls} as the shim wrote it, with those of each of FAULTS."""
    with open(path) as f:
        n = {line.split()[0]: int(line.split()[1]) for line in f if " " in line}
    n["change"] = sum(n[c] for c in ("write", "fsync", "ftruncate", "rename", "unlink", "mkdir",
                                     "create"))
    return {c: sum(n[x] for x in c.split(",")) for _, c in FAULTS}


# What happens while it resumes, and how often in a row.
AGAIN = ("kill", "torn", "kill", "EIO", "ENOSPC")
TIMES = (0, 0, 0, 0, 1, 1, 2, 3)


class Point:
    """A run in which something happens, and what went wrong."""

    def __init__(self, work, plan, number, want, status):
        self.args = work, plan[0], plan[1]
        self.out = os.path.join(work, "out%d" % number)
        self.want, self.status = want, status
        self.n_faults = self.n_kills = 0
        self.story, self.wrong = "", None

    def fault(self, threads, fault, calls, at, *more):
        """One run with a fault. False: it should not have ended so."""
        code, text = run(*self.args, threads, self.out, *more, FAULT=fault, FAULT_CLASS=calls,
                         FAULT_AT=str(at))
        self.n_faults += 1
        self.n_kills += code == -9
        self.story += "%s%s at %s %d" % (", then " if self.story else "", fault, calls, at)
        may = (-9, self.status) if fault in ("kill", "torn") else (4, self.status)
        if code not in may:
            self.wrong = "%s: exit status %d: %s" % (self.story, code, text[-300:])
        name = partial(self.out, self.want)
        if name:
            self.wrong = "%s: %s is not whole" % (self.story, name)
        return self.wrong is None

    def resume(self, threads):
        code, text = run(*self.args, threads, self.out, "--resume")
        if code != self.status:
            self.wrong = "%s: resumed with exit status %d: %s" % (self.story, code, text[-300:])
            return
        got = digest(self.out)
        shutil.rmtree(self.out, ignore_errors=True)
        if got != self.want:
            self.wrong = "%s: %s" % (self.story, difference(self.want, got))


def one_point(work, plan, number, want, status, counts):
    """The resumed run may have another number of threads."""
    chance = random.Random("%d %s %d" % (SEED, plan, number))
    point = Point(work, plan, number, want, status)
    fault, calls = FAULTS[number % len(FAULTS)]
    if not point.fault(plan[2], fault, calls, chance.randrange(1, counts[calls] + 1)):
        return point
    for _ in range(chance.choice(TIMES)):
        # Half of them where the folder is put back to its checkpoint.
        most = counts["change"] if chance.randrange(2) else 24
        if not point.fault(chance.choice((1, 2, 8)), chance.choice(AGAIN), "change",
                           chance.randrange(1, most + 1), "--resume"):
            return point
    point.resume(chance.choice((1, 2, 8)))
    return point


def sought_inputs(work):
    """{kind of file: its name}: 12 MB that no codec makes less of, in many units."""
    lines = list(mixed(list(records(400, 60000)), long_lines(200, 60000, False)))
    blocks = ["".join(lines[i:i + 9]).encode() for i in range(0, len(lines), 9)]
    os.mkdir(os.path.join(work, "sought"))
    packs = {"plain": ("jsonl", None), "gz": ("jsonl.gz", lambda b: gzip.compress(b, 0, mtime=0)),
             "bz2": ("jsonl.bz2", bz2.compress)}
    if shutil.which("zstd"):
        packs["zst"] = ("jsonl.zst", lambda b: subprocess.run(
            ["zstd", "-1", "-q", "-c"], input=b, stdout=subprocess.PIPE, check=True).stdout)
    found = {}
    for name, (end, pack) in packs.items():
        found[name] = os.path.join("sought", "x." + end)
        with open(os.path.join(work, found[name]), "wb") as f:
            f.writelines(pack(b) if pack else b for b in blocks)
    return found


def resume_late(work, name, threads):
    """None, or what is wrong with a run that is killed near its end and resumed when the
    middle of its input is no more what it was: it must not read the file from its start."""
    out, count, path = (os.path.join(work, x) for x in ("late", "count", name))
    shutil.rmtree(out, ignore_errors=True)
    status, text = run(work, name, "gz", threads, out, FAULT_COUNT=count)
    if status != 0:
        return "status %d: %s" % (status, text)
    want, changes = digest(out), counts_of(count)["change"]
    shutil.rmtree(out)
    run(work, name, "gz", threads, out, FAULT_AT=str(changes - 80))
    with open(path, "r+b") as f:
        f.seek(2 << 20)
        was = f.read(os.path.getsize(path) // 2)
        f.seek(2 << 20)
        f.write(bytes(len(was)))
    status, text = run(work, name, "gz", threads, out, "--resume")
    with open(path, "r+b") as f:
        f.seek(2 << 20)
        f.write(was)
    got = digest(out)
    return None if status == 0 and got == want else "status %d, %s: %s" % (
        status, difference(want, got), text)


def main():
    # In memory, where there is such a place: what is tested is the order of calls.
    shm = "/dev/shm"
    work = tempfile.mkdtemp(dir=shm if os.access(shm, os.W_OK) else None)
    make_inputs(work)
    plans = []
    for codec in "gz", "zst":
        for threads in 1, 2, 8:
            plans += [("small", codec, threads, 8), ("torn", codec, threads, 1)]
        plans.append(("whole", codec, 2, 1))
    weights = sum(p[3] for p in plans)
    pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    n, failed, n_points, n_faults, n_kills, references = 0, 0, 0, 0, 0, {}
    for plan in plans:
        kind, codec, threads, weight = plan
        out, count = os.path.join(work, "want"), os.path.join(work, "count")
        shutil.rmtree(out, ignore_errors=True)
        status, text = run(work, kind, codec, threads, out, FAULT_COUNT=count)
        counts = counts_of(count)
        want = digest(out)
        first = references.setdefault((kind, codec), want)
        problems = []
        if first != want:
            problems.append("as a run: " + difference(first, want))
        if status not in (0, 3) or not any(x.startswith("data-00001") for x in want):
            problems.append("exit status %d, %s: %s" % (status, sorted(want), text[-500:]))
        points = max(2, -(-POINTS * weight // weights)) if not problems else 0
        for point in pool.map(
                lambda i: one_point(work, plan, i, want, status, counts), range(points)):
            n_faults += point.n_faults
            n_kills += point.n_kills
            if point.wrong:
                problems.append(point.wrong)
        n += 1
        n_points += points
        failed += bool(problems)
        print("%sok %d - %s, %s, %d threads: %d points, %d calls, %d files" %
              ("not " if problems else "", n, kind, codec, threads, points, counts["change"],
               len(want)), flush=True)
        for wrong in problems[:5]:
            print("# " + wrong.replace("\n", "\n# "))
    for kind, name in sought_inputs(work).items():
        SIZES[name] = SIZES["sought"]
        wrong = resume_late(work, name, 1) or resume_late(work, name, 2)
        n += 1
        failed += bool(wrong)
        print("%sok %d - goes on inside a file: %s%s" % ("not " if wrong else "", n, kind,
                                                        "\n# " + wrong if wrong else ""))
    print("# %d points, %d faults, %d of them kills" % (n_points, n_faults, n_kills))
    print("1..%d" % n)
    pool.shutdown()
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
