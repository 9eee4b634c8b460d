#!/usr/bin/env python3
"""torture.py MINKHAL SHIM POINTS [SEED] [WORD..]: every command is run again and again, and
in each run one call fails: an allocation, a read, a write, an fsync... once, or from then on
(shim.c). POINTS is how many calls of a class are tried for each command, 0: all of them; the
calls are tried at even steps from the SEEDth on, so that other SEEDs try others.
WORDs choose lines of the test by parts of their names.

A run ends as if nothing had been, with the same bytes, or says what failed and ends with the
status that is documented for it. A final name never stands for less than the whole, what was
there before is there or replaced, and nothing else is left; the folder of a run can be
resumed, and then is what it would have been. A line of TAP for each command and class."""
import collections
import concurrent.futures
import bz2
import gzip
import json
import lzma
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

MINKHAL, SHIM, POINTS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
CHOSEN = sys.argv[5:]
FOREIGN = 200  # calls of this class that are tried where all of the others are

# The status that a failure of a class may end with, beside that of the undisturbed run.
STATUS = {"alloc": (7,), "foreign": (3, 4, 7, -11), "thread": (7,), "read": (3, 4), "open": (3, 4, 7), "write": (4,),
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
FILES = CLEAN + ["--ledger", "out/l.jsonl.gz", "--rejects", "out/r.jsonl", "--summary",
                 "out/s.json", "-o", "out/o.jsonl.gz"]
PACK = ["pack", "done/o.jsonl.gz", "-q", "--split", "train=8,test=2", "-o"]
TAKEDOWN = ["takedown", "done/waha", "-q", "--hosts", "in.hosts", "--reason", "asked", "-o"]

# words; threads of the run or None; before: a folder whose content is in out/ when it begins;
# go_on: a run that can be resumed; appends: what it writes may end behind any line
Command = collections.namedtuple("Command", "words threads before go_on appends stdin",
                                 defaults=(None, None, False, False, b""))
COMMANDS = {
    "clean to a file": Command(FILES, 1),
    "clean to a file, 2 threads": Command(
        CLEAN + ["--ledger", "out/l.jsonl.gz", "-o", "out/o.jsonl.zst"], 2),
    "clean over other files": Command(FILES + ["--force"], 1, "old"),
    "clean to a folder": Command(FOLDER, 1, go_on=True),
    "clean to a folder, 2 threads": Command(FOLDER + ["--codec", "zst"], 2, go_on=True),
    "clean, the web profile": Command(
        ["clean", "in/a.jsonl", "-q", "--max-rejects", "all", "--ledger", "out/l.jsonl", "-o",
         "out/o.jsonl"], 1),
    "resume": Command(FOLDER + ["--resume"], 1, "half", True),
    "restore": Command(["restore", "done/o.jsonl.gz", "done/l.jsonl.gz", "-q", "-o",
                        "out/back.jsonl.gz"]),
    "restore a folder": Command(["restore", "done/run", "-q", "-o", "out/back.jsonl"]),
    "verify a folder": Command(["verify", "done/run"]),
    "verify a file": Command(["verify", "done/o.jsonl.gz"]),
    "verify a release": Command(["verify", "done/waha"], 1),
    "verify a tar": Command(["verify", "done/waha.tar"], 2),
    "report": Command(["report", "done/o.jsonl.gz", "done/l.jsonl.gz", "-o", "out/page.html"]),
    "mine": Command(["mine", "in/a.jsonl", "-o", "out/lines.txt"]),
    "mine counts": Command(["mine", "in/a.jsonl", "--counts", "-o", "out/lines.counts"]),
    "cat": Command(["cat", "in"]),
    "explain": Command(["explain", "in/a.jsonl", "--all"]),
    "stats": Command(["stats", "done/o.jsonl.gz"]),
    "stats as figures": Command(["stats", "done/run", "--json"], 2),
    "diff": Command(["diff", "done/o.jsonl.gz", "done/run"]),
    "audit": Command(["audit", "done/l.jsonl.gz", "done/o.jsonl.gz", "--sample", "6", "-o",
                      "out/v.jsonl"], appends=True, stdin=b"y n ? y n y"),
    "audit, the figures": Command(["audit", "--report", "done/v.jsonl", "--json"]),
    "pack to a folder": Command(PACK + ["out/waha"], 1),
    "pack to a folder, 2 threads": Command(PACK + ["out/waha", "--codec", "zst"], 2),
    "pack a run": Command(["pack", "done/run", "-q", "-o", "out/waha"], 1),
    "pack over another release": Command(PACK + ["out/waha", "--force"], 1, "old_release"),
    "pack a release again, 2 threads": Command(["pack", "done/waha", "-q", "-o", "out/again"], 2),
    "pack a release over itself": Command(
        ["pack", "out/waha", "-q", "--croissant", "1.1", "--force", "-o", "out/waha"], 1,
        "old_release"),
    "pack a tar again": Command(["pack", "done/waha.tar", "-q", "-o", "out/again.zip"], 1),
    "pack to a tar": Command(PACK + ["out/waha.tar"], 1),
    "pack to a tar.gz": Command(PACK + ["out/waha.tar.gz"], 1),
    "pack to a zip, 2 threads": Command(PACK + ["out/waha.zip"], 2),
    "get": Command(["get", "done/waha", "0", "1", "100"]),
    "get from a zip": Command(["get", "done/waha.zip", "0", "1", "100"]),
    "get from a tar.gz": Command(["get", "done/waha.tar.gz", "0", "1"]),
    "takedown": Command(TAKEDOWN + ["out/less"], 1),
    "takedown, archive to archive": Command(
        ["takedown", "done/waha.tar", "-q", "--hosts", "in.hosts", "--reason", "asked", "-o",
         "out/less.zip"], 2),
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
                              "url": "https://%s.example/%d" % ("ab"[i % 5 == 0], i)},
                             ensure_ascii=i % 2 == 0) + "\n"


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
    with open(os.path.join(work, "in.hosts"), "w") as f:
        f.write("b.example\n")


class Place:
    """A folder in which one run after the other works, with its own out/."""

    def __init__(self, work, number):
        self.path = os.path.join(work, "place%d" % number)
        os.makedirs(self.path)
        self.work = work
        for name in "in", "in.hosts", "done":
            os.symlink(os.path.join(work, name), os.path.join(self.path, name))

    def empty(self, before):
        out = os.path.join(self.path, "out")
        shutil.rmtree(out, ignore_errors=True)
        if before:
            shutil.copytree(os.path.join(self.work, before), out)
        else:
            os.mkdir(out)

    def run(self, words, stdin=b"", stdout=subprocess.PIPE, **env):
        full = dict(os.environ, LC_ALL="C", **env)
        if env:
            full["LD_PRELOAD"] = SHIM
            full["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        p = subprocess.run([MINKHAL] + words, env=full, cwd=self.path, input=stdin, stdout=stdout,
                           stderr=subprocess.PIPE, timeout=300)
        return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")

    def files(self):
        """What is in out/, {name: content}; of folders the name ends in a slash."""
        found = {}
        top = os.path.join(self.path, "out")
        for folder, folders, names in os.walk(top):
            for name in folders:
                found[os.path.relpath(os.path.join(folder, name), top) + "/"] = b""
            for name in names:
                path = os.path.join(folder, name)
                if name == "lock":
                    continue  # a file that nobody holds any more locks nothing
                with open(path, "rb") as f:
                    found[os.path.relpath(path, top)] = f.read()
        return found


def is_final(name):
    """A name that promises a whole."""
    return not name.endswith((".part", "journal.jsonl", "lock", "/"))


def was_ended(code, text):
    """A library ended the process."""
    return code == -11 or "Fatal Internal Error in libarchive" in text


def leaked_by_libraries(text):
    """All that leaked was allocated by those libraries for themselves."""
    leaks = re.findall(r"leak of .* allocated from:\n +#0 .*\n +#1 (.*)", text)
    return bool(leaks) and text.count(" leak of ") == len(leaks) and all(
        re.search(r"/lib(archive|crypto)\.so", where) for where in leaks)


def without_identity(files):
    return {n: d for n, d in files.items() if n not in ("run/run.json", "run/journal.jsonl")}


def by_output(files):
    """{output: its files}: of each name in out/."""
    outputs = collections.defaultdict(dict)
    for name, data in files.items():
        outputs[name.split("/")[0]][name] = data
    return outputs


def left_wrong(command, got, want, old, may_leave):
    """None, or what a run that failed should not have left of those files."""
    if command.go_on:
        for name, data in got.items():
            if is_final(name) and data not in (want.get(name), old.get(name)):
                return "'%s' stands for a part" % name
        return None
    got, want, old = by_output(got), by_output(want), by_output(old)
    for name, files in got.items():
        if command.appends and want[name][name].startswith(files[name]) and \
                files[name][-1:] in (b"", b"\n"):
            continue
        if name not in want and name not in old:
            if not may_leave:
                return "'%s' is left" % name
        elif files not in (want.get(name), old.get(name)):
            return "'%s' is neither what it was nor what it should be" % name
    gone = set(old) - set(got)
    return "'%s' is gone" % gone.pop() if gone else None


def judge(place, command, words, fault, clas, at, want, old):
    """None, or what is wrong with a run in which the call `at` of a class failed."""
    status, stdout, files = want
    place.empty(command.before)
    code, out, text = place.run(words, command.stdin, FAULT_CLASS=clas, FAULT=fault,
                                FAULT_AT=str(at))
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
        if words[0] == "explain":
            allowed += (1,)  # there is no document
        if words[0] == "takedown":
            allowed += (2,)  # its list, which an option names
        if words[0] == "verify" or "--resume" in words:
            allowed += (6,)  # what cannot be read is not what it should be
    if "AddressSanitizer: CHECK failed" in text or "_nl_normalize_codeset" in text:
        return None  # the sanitizer itself, and a leak of the C library, for want of memory
    if (clas == "foreign" and "AddressSanitizer: SEGV" in text and
            re.search(r"#[0-3] .*/lib(archive|crypto)\.so", text)):
        return None  # a crash of that library, which the sanitizer tells as its own end
    if clas == "foreign" and leaked_by_libraries(text):
        return None  # it forgets what it has when it gives up; the sanitizer ends the process
    if code not in allowed:
        which = "other bytes: " if code == status else ""
        names = [n for n in sorted(set(files) | set(got)) if files.get(n) != got.get(n)]
        return "%s: %s%s %s" % (story, which, names, text[-300:])
    if not text and code != -11:
        return story + ": nothing was said"
    if "Sanitizer" in text:
        return story + ": " + text[:3000]
    if code == 3 and words[0] in ("clean", "mine"):  # without an input: that is the run there is
        if command.go_on:
            code, _, text = place.run(["verify", "out/run"])
            return None if code == 0 else "%s: verify: %s" % (story, text[-300:])
        return None
    wrong = left_wrong(command, got, files, old, clas == "unlink" or was_ended(code, text))
    if wrong:
        return "%s: %s: %s" % (story, wrong, text[-300:])
    if not command.go_on:
        return None
    code, _, text = place.run([w for w in words if w != "--resume"] + ["--resume"])
    got = place.files()
    if (code, got) == (status, files):
        return None
    names = [n for n in sorted(set(files) | set(got)) if files.get(n) != got.get(n)]
    return "%s: resumed with status %d, differs in %s: %s" % (story, code, names, text[-300:])


def points_of(n, clas):
    """Calls to try, of n: all, or at even steps. Libraries of others allocate thousands of times
    while they start."""
    most = POINTS or (FOREIGN if clas == "foreign" else n)
    step = -(-n // most)
    return range(1 + SEED % step, n + 1, step)


def counts_of(path):
    with open(path) as f:
        return {line.split()[0]: int(line.split()[1]) for line in f if " " in line}


def make_before(work, place):
    """What the commands read and find: finished runs, a release, half a run, old outputs."""
    def made(folder, *commands, **env):
        place.empty(None)
        for words, stdin in commands:
            code, _, text = place.run(words, stdin, **env)
            if code not in (0, 3) and not env:
                sys.exit("%s: status %d: %s" % (words, code, text))
        shutil.copytree(os.path.join(place.path, "out"), os.path.join(work, folder),
                        dirs_exist_ok=True)

    made("done", (FOLDER + ["-j", "1"], b""), (FILES + ["-j", "1"], b""))
    made("done", *[(PACK + ["out/" + name], b"") for name in
                   ("waha", "waha.tar", "waha.tar.gz", "waha.zip")])
    made("done", (COMMANDS["audit"].words[:-1] + ["out/v.jsonl"], b"y n ? y n y"))
    made("half", (FOLDER + ["-j", "1"], b""), FAULT_CLASS="write", FAULT_AT="9")
    made("old_release", (["pack", "done/run", "-q", "-o", "out/waha"], b""))
    os.mkdir(os.path.join(work, "old"))
    for name in "l.jsonl.gz", "r.jsonl", "s.json", "o.jsonl.gz":
        with open(os.path.join(work, "old", name), "w") as f:
            f.write("old\n")


def fill_stdout(place, command, words):
    """None, or what is wrong with a run whose standard output is full."""
    place.empty(command.before)
    with open("/dev/full", "wb") as full:
        code, _, text = place.run(words, command.stdin, full)
    return None if code == 4 and text else "status %d: %s" % (code, text[-300:])


class Tap:
    """Lines of the test, and sums."""
    n = n_failed = n_faults = n_calls = 0

    def line(self, title, problems, detail=""):
        self.n += 1
        self.n_failed += bool(problems)
        print("%sok %d - %s%s" % ("not " if problems else "", self.n, title, detail), flush=True)
        for p in problems[:6]:
            print("# " + p.replace("\n", "\n# "), flush=True)
        if len(problems) > 6:
            print("# %d more" % (len(problems) - 6))


def torture(name, command, places, pool, tap, count):
    words = command.words + (["-j", str(command.threads)] if command.threads else [])
    place = places[0]
    place.empty(command.before)
    old = place.files()
    status, stdout, _ = place.run(words, command.stdin, FAULT_COUNT=count)
    want = status, stdout, place.files()
    counts = counts_of(count)
    plans = [(c, FAULTS.get(c, ("once", "EIO"))) for c in STATUS]
    plans += [("read", ("every", "short")), ("write", ("every", "short")),
              ("fsync,ftruncate", ("every",))]
    for clas, faults in plans:
        title = "%s: %s %s" % (name, clas, ", ".join(faults))
        total = sum(counts[c] for c in clas.split(","))
        if total == 0 or (CHOSEN and not any(w in title for w in CHOSEN)):
            continue
        at = [1, 2] if faults[0] == "every" else points_of(total, clas)
        tasks = [(fault, i) for i in at for fault in faults]
        free = list(places)

        def one(task):
            place = free.pop()
            try:
                return judge(place, command, words, task[0], clas, task[1], want, old)
            except subprocess.TimeoutExpired:
                return "%s at %s %d: it hangs" % (task[0], clas, task[1])
            finally:
                free.append(place)

        problems = [p for p in pool.map(one, tasks) if p]
        tap.n_faults += len(tasks)
        tap.n_calls += total if faults[0] != "every" else 0
        tap.line(title, problems, ": %d faults in %d of %d calls" % (len(tasks), len(at), total))
    title = name + ": a full standard output"
    if stdout and (not CHOSEN or any(w in title for w in CHOSEN)):
        wrong = fill_stdout(place, command, words)
        tap.line(title, [wrong] if wrong else [])


def main():
    shm = "/dev/shm"
    work = tempfile.mkdtemp(dir=shm if os.access(shm, os.W_OK) else None)
    make_inputs(work)
    places = [Place(work, i) for i in range(os.cpu_count() or 1)]
    make_before(work, places[0])
    tap = Tap()
    pool = concurrent.futures.ThreadPoolExecutor(len(places))
    for name, command in COMMANDS.items():
        torture(name, command, places, pool, tap, os.path.join(work, "count"))
    print("# %d faults, of %d calls" % (tap.n_faults, tap.n_calls))
    print("1..%d" % tap.n)
    pool.shutdown()
    shutil.rmtree(work, ignore_errors=True) if not os.environ.get("KEEP") else print(work)
    sys.exit(tap.n_failed > 0)


main()
