#!/usr/bin/env python3
"""power.py MINKHAL SHIM STATES [SEED]: what a power failure can leave of a run into a folder.

A run is logged by shim.c: each write with its content, each fsync, truncation and change of
a name. From the log, cut off anywhere, states of the folder are made that a disk may hold
then. What was synced is there. Of the rest any sector of 512 bytes of a write is there or
not, files have grown or not, changes of names are done, in order up to some point (as
journals of file systems have it) or each by chance. Then

  - every final name that can be seen stands for the bytes that it ends with;
  - the run is resumed and ends with the bytes of a run that nothing happened to, or refuses
    and names what does not fit: for a disk that keeps order it never refuses.

A line of TAP for each codec, number of threads and kind of disk."""
import os
import random
import shutil
import sys
import tempfile

import resume

SECTOR = 512
STATES = int(sys.argv[3])
CHANCE = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)


class File:
    """Content that is safe, and what was done to it since it was."""

    def __init__(self):
        self.safe, self.pending = b"", []

    def now(self):
        return apply(self.safe, self.pending, lambda: True)

    def sync(self):
        self.safe, self.pending = self.now(), []


def apply(data, changes, there):
    """Content with those parts of the changes for which there() says so."""
    data = bytearray(data)
    for what, at, content in changes:
        if what == "truncate":
            if there():
                data = data[:at] + bytes(max(0, at - len(data)))
            continue
        end = at + len(content)
        while at < end:
            stop = min(end, (at // SECTOR + 1) * SECTOR)
            piece = content[len(content) - (end - at):len(content) - (end - stop)]
            if there():
                data += bytes(max(0, stop - len(data)))
                data[at:stop] = piece
            at = stop
        if len(data) < end and there():  # it has grown, but the sectors are not there
            data += bytes(end - len(data))
    return bytes(data)


def read_log(path):
    """[(word, ...)] of the shim's log."""
    events = []
    with open(path, "rb") as f:
        while line := f.readline():
            words = line.decode().split()
            if words[0] == "write":
                events.append(("write", words[1], int(words[2]), f.read(int(words[3]))))
            else:
                events.append(tuple(words))
    return events


class Disk:
    """One folder and its files."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {}   # by inode, of those that have a name or are open
        self.safe = {}    # name: file
        self.pending = []  # of names: (remove or None, add or None, file)
        self.named = {}   # as programs see it

    def do(self, event):
        word, inode = event[0], event[1]
        if word == "create" and inode == self.folder:
            name = event[3]
            if name not in self.named:
                self.files[event[2]] = self.named[name] = File()
                self.pending.append((None, name, self.named[name]))
        elif word == "rename" and inode == self.folder:
            file = self.named.pop(event[2])
            self.named[event[3]] = file
            self.pending.append((event[2], event[3], file))
        elif word == "unlink" and inode == self.folder:
            self.named.pop(event[2])
            self.pending.append((event[2], None, None))
        elif word == "fsync" and inode == self.folder:
            self.safe, self.pending = dict(self.named), []
        elif word == "fsync" and inode in self.files:
            self.files[inode].sync()
        elif word == "truncate" and inode in self.files:
            self.files[inode].pending.append(("truncate", int(event[2]), b""))
        elif word == "write" and inode in self.files:
            self.files[inode].pending.append(("write", event[2], event[3]))

    def crash(self, ordered, out):
        """Makes a folder as it may be found."""
        share = CHANCE.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        names = dict(self.safe)
        until = CHANCE.randrange(len(self.pending) + 1)
        for i, (gone, come, file) in enumerate(self.pending):
            if (i < until) if ordered else (CHANCE.random() < share):
                names.pop(gone, None)
                if come:
                    names[come] = file
        shutil.rmtree(out, ignore_errors=True)
        os.mkdir(out)
        for name, file in names.items():
            with open(os.path.join(out, name), "wb") as f:
                f.write(apply(file.safe, file.pending, lambda: CHANCE.random() < share))


def check(work, kind, codec, want, status, ordered):
    """(refused, None or what went wrong) for the folder as it is."""
    out = os.path.join(work, "out")
    for name, data in resume.digest(out).items():
        if not name.endswith((".part", "lock")) and name != "journal.jsonl" and \
                want.get(name) != data:
            return False, "'%s' stands for %d bytes that it is not" % (name, len(data))
    code, text = resume.run(work, kind, codec, CHANCE.choice((1, 2, 8)), out, "--resume")
    if code in (5, 6) and not ordered and any(name in text for name in list(want) + [".part"]):
        return True, None
    if code != status:
        return False, "resumed with status %d: %s" % (code, text[-300:])
    got = resume.digest(out)
    return False, None if got == want else resume.difference(want, got)


def main():
    shm = "/dev/shm"
    work = tempfile.mkdtemp(dir=shm if os.access(shm, os.W_OK) else None)
    resume.make_inputs(work)
    plans = [(kind, codec, threads, ordered)
             for kind, codec, threads in (("small", "gz", 1), ("small", "zst", 8),
                                          ("torn", "gz", 2), ("whole", "zst", 1))
             for ordered in (True, False)]
    n, n_failed = 0, 0
    for kind, codec, threads, ordered in plans:
        out, log = os.path.join(work, "out"), os.path.join(work, "log")
        shutil.rmtree(out, ignore_errors=True)
        os.mkdir(out)
        folder = str(os.stat(out).st_ino)
        status, text = resume.run(work, kind, codec, threads, out, FAULT_LOG=log)
        want = resume.digest(out)
        events = read_log(log)
        n_states = max(2, STATES // len(plans) // (1 if kind == "small" else 4))
        cuts = sorted(CHANCE.randrange(len(events) + 1) for _ in range(n_states))
        disk, done, problems, n_refused = Disk(folder), 0, [], 0
        for cut in cuts:
            for event in events[done:cut]:
                disk.do(event)
            done = cut
            disk.crash(ordered, out)
            refused, wrong = check(work, kind, codec, want, status, ordered)
            n_refused += refused
            if wrong:
                problems.append("after %d of %d changes: %s" % (cut, len(events), wrong))
        for event in events[done:]:
            disk.do(event)
        if {k: f.now() for k, f in disk.named.items()} != want:
            problems.append("the log does not give what the run wrote")
        n += 1
        n_failed += bool(problems)
        print("%sok %d - power failure, %s, %s, %d threads, names %s: %d states, %d refused" % (
            "not " if problems else "", n, kind, codec, threads,
            "in order" if ordered else "in no order", n_states, n_refused), flush=True)
        for p in problems[:5]:
            print("# " + p.replace("\n", "\n# "))
    print("1..%d" % n)
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(n_failed > 0)


main()
