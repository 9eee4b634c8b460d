#!/usr/bin/env python3
"""torture.py MINKHAL SHIM POINTS [SEED] [WORD..]: every command is run again and again, and
in each run one call fails: an allocation, a read, a write, an fsync... once, or from then on
(shim.c). POINTS is how many calls of a class are tried for each command, 0: all of them.
WORDs choose lines of the test by parts of their names.

A run ends as if nothing had been, with the same bytes, or says what failed and ends with the
status that is documented for it. A final name never stands for less than the whole; a folder
can be resumed, and then is what it would have been. A line of TAP for each command and class."""
import concurrent.futures
import bz2
import gzip
import json
import lzma
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile

MINKHAL, SHIM, POINTS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
CHOSEN = sys.argv[5:]

# The status that a failure of a class may end with, beside that of the undisturbed run.
STATUS = {"alloc": (7,), "foreign": (3, 7, -11), "thread": (7,), "read": (3, 4), "open": (3, 4, 7), "write": (4,),
          "fsync": (4,), "ftruncate": (4,), "rename": (4,), "unlink": (4,), "mkdir": (4,),
          "create": (4,), "close": (3, 4)}
FAULTS = {"alloc": ("once:ENOMEM", "ENOMEM"), "foreign": ("once:ENOMEM", "ENOMEM"),
          "thread": ("once:EAGAIN", "EAGAIN"),
          "read": ("once", "EIO"), "open": ("once:EMFILE", "EMFILE"),
          "write": ("once:ENOSPC", "ENOSPC", "EIO"), "fsync": ("once", "EIO", "ENOSPC"),
          "create": ("once:ENOSPC", "ENOSPC"), "mkdir": ("once:ENOSPC",)}

CLEAN = ["clean", "in", "-f", "normalize", "--dedup", "-q", "--max-rejects", "all"]
FOLDER = CLEAN + ["--ledger", "auto", "--rejects", "auto", "--shard-docs", "30",
                  "--checkpoint", "2K", "-o", "out/run/"]
RESUME = ["--resume"]  # FOLDER, of which a half is there
# name: words, threads of the run or None, and the option that goes on after a failure
COMMANDS = {
    "clean to a file": (CLEAN + ["--ledger", "out/l.jsonl.gz", "--rejects", "out/r.jsonl",
                                 "--summary", "out/s.json", "-o", "out/o.jsonl.gz"], 1, None),
    "clean to a file, 2 threads": (CLEAN + ["--ledger", "out/l.jsonl.gz", "-o",
                                            "out/o.jsonl.zst"], 2, None),
    "clean to a folder": (FOLDER, 1, "--resume"),
    "clean to a folder, 2 threads": (FOLDER + ["--codec", "zst"], 2, "--resume"),
    "clean, the web profile": (["clean", "in/a.jsonl", "-q", "--max-rejects", "all", "--ledger",
                                "out/l.jsonl", "-o", "out/o.jsonl"], 1, None),
    "resume": (RESUME, 1, "--resume"),
    "restore": (["restore", "done/o.jsonl.gz", "done/l.jsonl.gz", "-q", "-o",
                 "out/back.jsonl.gz"], None, None),
    "restore a folder": (["restore", "done/run", "-q", "-o", "out/back.jsonl"], None, None),
    "verify a folder": (["verify", "done/run"], None, None),
    "verify a file": (["verify", "done/o.jsonl.gz"], None, None),
    "report": (["report", "done/o.jsonl.gz", "done/l.jsonl.gz", "-o", "out/page.html"], None,
               None),
    "mine": (["mine", "in/a.jsonl", "-o", "out/lines.txt"], None, None),
    "cat": (["cat", "in"], None, None),
    "explain": (["explain", "in/a.jsonl", "--all"], None, None),
    "stats": (["stats", "done/o.jsonl.gz"], None, None),
    "diff": (["diff", "done/o.jsonl.gz", "done/o.jsonl.gz"], None, None),
}
WORDS = "كتاب مدرسة قلم شجرة بيت سماء بحر طريق مدينة قرية نهر جبل ســلام أحمد".split()


def records(n, first):
    dice = random.Random(first)
    for i in range(first, first + n):
        text = " ".join(dice.choice(WORDS) for _ in range(dice.randrange(3, 30)))
        if i % 17 == 3:
            yield '{"id": %d}\n' % i
        elif i % 7 == 3:
            yield json.dumps({"id": str(i), "text": "نص مكرر"}) + "\n"
        else:
            yield json.dumps({"id": str(i), "text": "%s\nسطر %d" % (text, i),
                              "url": "https://a.example/%d" % i}, ensure_ascii=i % 2 == 0) + "\n"


def make_inputs(work):
    """One of each codec and container."""
    os.makedirs(os.path.join(work, "in"))
    os.makedirs(os.path.join(work, "done"))

    def put(name, data):
        with open(os.path.join(work, "in", name), "wb") as f:
            f.write(data)

    def text(n, first):
        return "".join(records(n, first)).encode()

    put("a.jsonl", text(40, 0))
    put("b.jsonl.gz", gzip.compress(text(20, 100), mtime=0) + gzip.compress(text(20, 200), mtime=0))
    put("c.jsonl.xz", lzma.compress(text(10, 300)))
    put("d.jsonl.bz2", bz2.compress(text(10, 400)))
    put("e.txt", "صفحة\nسطر ثان\n".encode())
    put("f.html", "<html><head><title>ع</title></head><body><p>فقرة</p></body></html>".encode())
    with zipfile.ZipFile(os.path.join(work, "in", "g.zip"), "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("x.jsonl"), text(10, 500))
        z.writestr(zipfile.ZipInfo("y.txt"), "نص\n")
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1256\r\n\r\n<p>\xe3\xd1"
    put("h.warc", b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Target-URI: https://a.example/\r\nContent-Type: application/http\r\n"
        b"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(page), page))


class Place:
    """A folder in which one run after the other works, with its own out/."""

    def __init__(self, work, number):
        self.path = os.path.join(work, "place%d" % number)
        os.makedirs(self.path)
        for name in "in", "done":
            os.symlink(os.path.join(work, name), os.path.join(self.path, name))
        self.half = os.path.join(work, "half")

    def empty(self, resumes):
        out = os.path.join(self.path, "out")
        shutil.rmtree(out, ignore_errors=True)
        os.mkdir(out)
        if resumes:
            shutil.copytree(self.half, os.path.join(out, "run"))

    def run(self, words, **env):
        full = dict(os.environ, LC_ALL="C", **env)
        if env:
            full["LD_PRELOAD"] = SHIM
            full["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        p = subprocess.run([MINKHAL] + words, env=full, cwd=self.path, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")

    def files(self):
        found = {}
        top = os.path.join(self.path, "out")
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                if name == "lock":
                    continue  # a file that nobody holds any more locks nothing
                with open(path, "rb") as f:
                    found[os.path.relpath(path, top)] = f.read()
        return found


def is_final(name):
    """A name that promises a whole."""
    return not name.endswith((".part", "journal.jsonl", "lock"))


def was_ended(code, text):
    """A library ended the process."""
    return code == -11 or "Fatal Internal Error in libarchive" in text


def without_identity(files):
    return {n: d for n, d in files.items() if n not in ("run/run.json", "run/journal.jsonl")}


def begin_words(words):
    return FOLDER if words == RESUME else words


def command_of(words):
    return FOLDER + ["--resume"] if words == RESUME else words


def judge(place, words, go_on, fault, clas, at, want):
    """None, or what is wrong with a run in which the call `at` of a class failed."""
    status, stdout, files = want
    command = command_of(words)
    place.empty(words == RESUME)
    code, out, text = place.run(command, FAULT_CLASS=clas, FAULT=fault, FAULT_AT=str(at))
    story = "%s at %s %d: status %d" % (fault, clas, at, code)
    got = place.files()
    if code == status and out == stdout and got == files:
        return None
    if fault in ("every", "short"):
        return story + ": other bytes, or status: " + text[-300:]
    allowed = STATUS[clas]
    if clas in ("read", "open"):
        if code == status and out == stdout and without_identity(got) == without_identity(files):
            return None  # the input could be read but for its identity
        if command[0] == "explain":
            allowed += (1,)  # there is no document
        if command[0] == "verify" or "--resume" in command:
            allowed += (6,)  # what cannot be read is not what it should be
    if code not in allowed:
        which = "other bytes: " if code == status else ""
        names = [n for n in sorted(set(files) | set(got)) if files.get(n) != got.get(n)]
        return "%s: %s%s %s" % (story, which, names, text[-300:])
    if not text and code != -11:
        return story + ": nothing was said"
    if "Sanitizer" in text:
        return story + ": " + text[:3000]
    if code == 3:  # an input could not be read: that is the run that there is
        if go_on:
            code, _, text = place.run(["verify", "out/run"])
            return None if code == 0 else "%s: verify: %s" % (story, text[-300:])
        return None
    for name, data in got.items():
        if is_final(name) and files.get(name) != data:
            return "%s: '%s' stands for a part" % (story, name)
        if name.endswith(".part") and not go_on and clas != "unlink" and not was_ended(code, text):
            return "%s: '%s' is left" % (story, name)
    if not go_on:
        return None
    code, _, text = place.run(begin_words(words) + ["--resume"])
    got = place.files()
    if (code, got) == (status, files):
        return None
    names = [n for n in sorted(set(files) | set(got)) if files.get(n) != got.get(n)]
    return "%s: resumed with status %d, differs in %s: %s" % (story, code, names, text[-300:])


def points_of(n, name):
    if POINTS == 0 or n <= POINTS:
        return range(1, n + 1)
    dice = random.Random("%d %s" % (SEED, name))
    return sorted(dice.sample(range(1, n + 1), POINTS))


def counts_of(path):
    with open(path) as f:
        return {line.split()[0]: int(line.split()[1]) for line in f if " " in line}


def main():
    shm = "/dev/shm"
    work = tempfile.mkdtemp(dir=shm if os.access(shm, os.W_OK) else None)
    make_inputs(work)
    places = [Place(work, i) for i in range(os.cpu_count() or 1)]
    for words in (FOLDER, COMMANDS["clean to a file"][0]):
        places[0].empty(False)
        code, _, text = places[0].run(words + ["-j", "1"])
        if code not in (0, 3):
            sys.exit("status %d: %s" % (code, text))
        shutil.copytree(os.path.join(places[0].path, "out"), os.path.join(work, "done"),
                        dirs_exist_ok=True)
    # Half a run: what it is resumed from.
    places[0].empty(False)
    places[0].run(FOLDER + ["-j", "1"], FAULT_CLASS="write", FAULT_AT="9")
    shutil.copytree(os.path.join(places[0].path, "out", "run"), os.path.join(work, "half"))

    n, n_failed, n_points = 0, 0, 0
    pool = concurrent.futures.ThreadPoolExecutor(len(places))
    for name, (words, threads, go_on) in COMMANDS.items():
        if words != RESUME and places[0].run(["help", words[0]])[0] != 0:
            continue  # no such command
        resumes = words == RESUME
        if threads:
            words = words + ["-j", str(threads)] if not resumes else words
        count = os.path.join(work, "count")
        places[0].empty(resumes)
        status, stdout, text = places[0].run(command_of(words), FAULT_COUNT=count)
        want = status, stdout, places[0].files()
        counts = counts_of(count)
        plans = [(c, STATUS[c] and FAULTS.get(c, ("once", "EIO"))) for c in STATUS]
        plans += [("read", ("every", "short")), ("write", ("every", "short")),
                  ("fsync,ftruncate", ("every",))]
        for clas, faults in plans:
            title = "%s: %s %s" % (name, clas, ", ".join(faults))
            total = sum(counts[c] for c in clas.split(","))
            if total == 0 or (CHOSEN and not any(w in title for w in CHOSEN)):
                continue
            at = [1, 2] if faults[0] == "every" else points_of(total, title)
            tasks = [(fault, i) for i in at for fault in faults]
            free = list(places)

            def one(task):
                place = free.pop()
                try:
                    return judge(place, words, go_on, task[0], clas, task[1], want)
                except subprocess.TimeoutExpired:
                    return "%s at %s %d: it hangs" % (task[0], clas, task[1])
                finally:
                    free.append(place)

            problems = [p for p in pool.map(one, tasks) if p]
            n += 1
            n_points += len(tasks)
            n_failed += bool(problems)
            print("%sok %d - %s: %d of %d calls" % ("not " if problems else "", n, title,
                                                    len(tasks), total), flush=True)
            for p in problems[:6]:
                print("# " + p.replace("\n", "\n# "), flush=True)
            if len(problems) > 6:
                print("# %d more" % (len(problems) - 6))
    print("# %d faults" % n_points)
    print("1..%d" % n)
    pool.shutdown()
    shutil.rmtree(work, ignore_errors=True) if not os.environ.get("KEEP") else print(work)
    sys.exit(n_failed > 0)


main()
