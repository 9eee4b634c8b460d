#!/usr/bin/env python3
"""resume.py MINKHAL SHIM POINTS [SEED]: runs into a folder are killed at calls that change
files, resumed (and killed while they resume), and must end with the bytes of a run that
nothing happened to. A line of TAP for each kind of run and of fault."""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

MINKHAL, SHIM, POINTS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
CHANCE = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
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


def visible_are_whole(folder):
    """Every final name has whole content, at whatever time we look."""
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name.endswith(".jsonl.gz"):
            with gzip.open(os.path.join(folder, name)) as f:
                data = f.read()
            if not data.endswith(b"\n"):
                return name
    return None


def one_point(work, kind, codec, threads, want, status, n_calls, fault):
    """None, or what went wrong. The resumed run may have another number of threads."""
    out = os.path.join(work, "out")
    shutil.rmtree(out, ignore_errors=True)
    at = CHANCE.randrange(1, n_calls + 1)
    story = "%s at call %d of %d" % (fault, at, n_calls)
    code, text = run(work, kind, codec, threads, out, FAULT=fault, FAULT_AT=str(at))
    if fault in ("ENOSPC", "EIO", "once") and code not in (4, status):
        return "%s: exit status %d: %s" % (story, code, text[-300:])
    while CHANCE.randrange(3) == 0:  # again, while it resumes
        at = CHANCE.randrange(1, n_calls + 1)
        story += ", then %d" % at
        run(work, kind, codec, CHANCE.choice((1, 2, 8)), out, "--resume",
            FAULT=CHANCE.choice(("kill", "torn")), FAULT_AT=str(at))
    name = visible_are_whole(out)
    if name:
        return "%s: %s is not whole" % (story, name)
    code, text = run(work, kind, codec, CHANCE.choice((1, 2, 8)), out, "--resume")
    if code != status:
        return "%s: resumed with exit status %d: %s" % (story, code, text[-300:])
    got = digest(out)
    if got != want:
        return "%s: %s" % (story, difference(want, got))
    return None


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
    n, failed, references = 0, 0, {}
    for kind, codec, threads, weight in plans:
        out, count = os.path.join(work, "want"), os.path.join(work, "count")
        shutil.rmtree(out, ignore_errors=True)
        status, text = run(work, kind, codec, threads, out, FAULT_COUNT=count)
        n_calls = int(open(count).read())
        want = digest(out)
        first = references.setdefault((kind, codec), want)
        problems = []
        if first != want:
            problems.append("as a run: " + difference(first, want))
        if status not in (0, 3) or not any(x.startswith("data-00001") for x in want):
            problems.append("exit status %d, %s: %s" % (status, sorted(want), text[-500:]))
        points = max(2, POINTS * weight // weights)
        for i in range(points if not problems else 0):
            fault = ("kill", "kill", "torn", "kill", "ENOSPC", "kill", "EIO", "once")[i % 8]
            wrong = one_point(work, kind, codec, threads, want, status, n_calls, fault)
            if wrong:
                problems.append(wrong)
        n += 1
        failed += bool(problems)
        print("%sok %d - %s, %s, %d threads: %d points, %d calls, %d files" %
              ("not " if problems else "", n, kind, codec, threads, points, n_calls, len(want)),
              flush=True)
        for wrong in problems[:5]:
            print("# " + wrong.replace("\n", "\n# "))
    print("1..%d" % n)
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(failed > 0)


main()
