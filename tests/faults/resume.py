#!/usr/bin/env python3
"""resume.py MINKHAL SHIM POINTS [SEED]: runs into a folder are killed at calls that change
files, resumed (and killed while they resume), and must end with the bytes of a run that
nothing happened to. A line of TAP for each kind of run and of fault."""
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


def make_inputs(work):
    """Small files of many kinds; a member too large to be checked first, whole; the same,
    damaged at its end and with more behind it."""
    def path(*names):
        name = os.path.join(work, *names)
        os.makedirs(os.path.dirname(name), exist_ok=True)
        return name

    for i in range(3):
        with open(path("small", "a%d.jsonl" % i), "w", encoding="utf-8", newline="\n") as f:
            f.writelines(records(300, 1000 * i))
    for i in range(5):
        with open(path("small", "text", "%d.txt" % i), "w", encoding="utf-8") as f:
            f.write("صفحة رقم %d\n" % i)
    with open(path("small", "b.jsonl.gz"), "wb") as f:
        for i in range(4):
            f.write(gzip.compress("".join(records(60, 10000 + 100 * i)).encode(), mtime=0))
        f.write(b"\x1f\x8b\x08\x00damaged")
    with open(path("small", "c.jsonl"), "w", encoding="utf-8", newline="\n") as f:
        f.writelines(records(100, 20000))
    # 4.5 MiB and more in one member.
    large = "".join(records(1500, 30000, 700)).encode()
    assert len(large) > 4 << 20
    member = gzip.compress(large, 1, mtime=0)
    for name, tail in ("whole", member[-8:]), ("torn", b"\0\0\0\0" + member[-4:]):
        with open(path(name, "a.jsonl"), "w", encoding="utf-8", newline="\n") as f:
            f.writelines(records(80, 40000))
        with open(path(name, "b.jsonl.gz"), "wb") as f:
            f.write(member[:-8] + tail)
        with open(path(name, "c.jsonl"), "w", encoding="utf-8", newline="\n") as f:
            f.writelines(records(80, 50000))


SIZES = {"small": ["--shard-size", "40K", "--checkpoint", "17K"],
         "whole": ["--shard-size", "1M", "--checkpoint", "500K"],
         "torn": ["--shard-docs", "60", "--checkpoint", "900K"]}


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


def one_point(work, plan, number, want, status, counts):
    """(kills, None or what went wrong). The resumed run may have another number of threads."""
    kind, codec, threads, _ = plan
    chance = random.Random("%d %s %d" % (SEED, plan, number))
    out = os.path.join(work, "out%d" % number)
    fault, calls = FAULTS[number % len(FAULTS)]
    at = chance.randrange(1, counts[calls] + 1)
    story = "%s at %s %d of %d" % (fault, calls, at, counts[calls])
    code, text = run(work, kind, codec, threads, out, FAULT=fault, FAULT_CLASS=calls,
                     FAULT_AT=str(at))
    n = 1
    if fault in ("ENOSPC", "EIO", "once") and code not in (4, status):
        return n, "%s: exit status %d: %s" % (story, code, text[-300:])
    while chance.randrange(3) == 0:  # again, while it resumes
        at = chance.randrange(1, counts["change"] + 1)
        fault = chance.choice(("kill", "torn", "EIO", "ENOSPC"))
        story += ", then %s at change %d" % (fault, at)
        run(work, kind, codec, chance.choice((1, 2, 8)), out, "--resume", FAULT=fault,
            FAULT_AT=str(at))
        n += 1
    name = partial(out, want)
    if name:
        return n, "%s: %s is not whole" % (story, name)
    code, text = run(work, kind, codec, chance.choice((1, 2, 8)), out, "--resume")
    if code != status:
        return n, "%s: resumed with exit status %d: %s" % (story, code, text[-300:])
    got = digest(out)
    shutil.rmtree(out, ignore_errors=True)
    return n, None if got == want else "%s: %s" % (story, difference(want, got))


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
    n, failed, n_points, n_faults, references = 0, 0, 0, 0, {}
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
        for faults, wrong in pool.map(
                lambda i: one_point(work, plan, i, want, status, counts), range(points)):
            n_faults += faults
            if wrong:
                problems.append(wrong)
        n += 1
        n_points += points
        failed += bool(problems)
        print("%sok %d - %s, %s, %d threads: %d points, %d calls, %d files" %
              ("not " if problems else "", n, kind, codec, threads, points, counts["change"],
               len(want)), flush=True)
        for wrong in problems[:5]:
            print("# " + wrong.replace("\n", "\n# "))
    print("# %d points, %d faults" % (n_points, n_faults))
    print("1..%d" % n)
    pool.shutdown()
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
