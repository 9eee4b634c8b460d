#!/usr/bin/env python3
"""terminal.py MINKHAL: what only a terminal shows: colours, bars, lines cut to its width, the
progress of a run. TAP on standard output."""
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

MINKHAL = os.path.abspath(sys.argv[1])
n_tests = n_failed = 0
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*args, width=80, feed=(), keys=b"", env=None):
    """The status, and what the command writes to a terminal of that width. Standard input is
    what is fed bit by bit; or the terminal, on which the keys are pressed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    names = {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    kept = ("MINKHAL", "ASAN", "UBSAN")
    names.update({k: v for k, v in os.environ.items() if k.startswith(kept)})
    names.update(env or {})
    child = subprocess.Popen([MINKHAL, *args], stdin=subprocess.PIPE if feed else theirs if keys else subprocess.DEVNULL,
                             stdout=theirs, stderr=theirs, env=names)
    os.close(theirs)
    os.write(ours, keys)

    def write():
        for data in feed:
            child.stdin.write(data)
            child.stdin.flush()
            time.sleep(0.2)
        child.stdin.close()
    writer = threading.Thread(target=write)
    if feed:
        writer.start()
    said = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            break
        said += data
    if feed:
        writer.join()
    os.close(ours)
    status = child.wait()
    return status, said.decode().replace("\r\n", "\n")


def plain(text):
    return re.sub(r"\033\[[0-9;]*[mK]", "", text)


def docs(n, text="خبر عن الواحة\\nسطر"):
    return "".join('{"id":"%d","url":"https://s%d.example/","text":"%s %d"}\n' % (i, i % 30, text, i)
                   for i in range(n)).encode()


@test
def progress_is_drawn_in_one_line_and_taken_away():
    status, said = run("clean", "-", "-o", "out.jsonl", "-f", "normalize", feed=[docs(3000)] * 4)
    assert status == 0, said
    drawn = re.findall(r"\r\033\[K([^\r\n\033]+)", said)
    assert drawn and all(re.match(r"[0-9.]+ [kMG]?B  [0-9,]+ documents  ", d) for d in drawn), said
    assert all(len(d) <= 79 for d in drawn), drawn
    assert "12,000 in = 12,000 written" in said.rsplit("\r\033[K", 1)[1], said  # the summary is behind it


@test
def progress_of_a_file_tells_what_is_left_of_it():
    pathlib.Path("big.jsonl").write_bytes(docs(20000, "خبر عن الواحة والنخيل\\n" * 8))
    status, said = run("clean", "big.jsonl", "-o", "run/", "-f", "normalize", "--level", "9", "-j", "1",
                       "--checkpoint", "1M", width=200)
    assert status == 0, said
    assert re.search(r"\d%  [0-9.]+ [kMG]?B of [0-9.]+ MB  [0-9,]+ documents", said), said
    assert "checkpoint" in said and "big.jsonl" in said, said


@test
def a_terminal_without_escapes_gets_none():
    status, said = run("clean", "-", "-o", "dumb.jsonl", feed=[docs(2000)] * 3, env={"TERM": "dumb"})
    assert status == 0 and "\033" not in said and "written" in said, said


@test
def a_quiet_run_draws_nothing():
    assert run("clean", "-", "-o", "quiet.jsonl", "-q", feed=[docs(2000)] * 3) == (0, "")


@test
def statistics_have_bars():
    pathlib.Path("in.jsonl").write_bytes(docs(300))
    status, said = run("stats", "in.jsonl", "--top", "5", width=100)
    assert status == 0 and "\u2588" in said and "\033[1m" in said, said
    assert "and 25 more sites" in said, said
    status, flat = run("stats", "in.jsonl", "--top", "5", env={"NO_COLOR": "1"})
    assert status == 0 and not re.search(r"\033\[[0-9;]*m", flat), flat  # progress may be drawn and taken away
    status, flat = run("stats", "in.jsonl", env={"TERM": "dumb"})
    assert status == 0 and "\033" not in flat, flat


PAGE = "شارك هذا المقال\nنص الخبر عن الواحة والنخيل والماء في الصيف الطويل من هذه السنة الجديدة.\n\n \nالســـلام\n"


def put_page():
    pathlib.Path("page.jsonl").write_text(
        json.dumps({"id": "1", "url": "https://a.example/" + "x" * 80, "title": "عنوان", "text": PAGE},
                   ensure_ascii=False) + "\n" + '{"id":"2"}\n', encoding="utf-8")


@test
def pages_are_explained_in_colour():
    put_page()
    status, said = run("explain", "page.jsonl", "--id", "1", width=120)
    assert status == 0 and "\033[31m" in said and "(empty)" in said, said


@test
def a_line_is_cut_to_the_width():
    put_page()
    _, wide = run("explain", "page.jsonl", "--id", "1", width=160)
    _, narrow = run("explain", "page.jsonl", "--id", "1", width=50)
    assert "\u2026" not in wide and "\u2026" in narrow, narrow
    assert all(len(line) <= 50 for line in plain(narrow).split("\n") if "\u2026" in line), narrow


@test
def a_rejected_record_says_why():
    put_page()
    status, said = run("explain", "page.jsonl", "--all", width=120)
    assert "rejected" in said and "no member 'text'" in said, (status, said)


@test
def differences_are_coloured():
    pathlib.Path("a.jsonl").write_bytes(docs(20))
    pathlib.Path("b.jsonl").write_bytes(docs(20, "خبر عن المدينة\\nسطر"))
    status, said = run("diff", "a.jsonl", "b.jsonl", width=60)
    assert status == 1 and "\033[" in said, said


@test
def removals_are_judged_by_single_keys():
    put_page()
    line = '{"id":"%d","text":"شارك هذا المقال\\nنص الخبر عن الواحة والنخيل والماء في الصيف %d"}\n'
    pathlib.Path("many.jsonl").write_text("".join(line % (i, i) for i in range(5)), encoding="utf-8")
    assert run("clean", "many.jsonl", "-o", "c.jsonl", "--ledger", "l.jsonl", "-q")[0] == 0
    status, said = run("audit", "l.jsonl", "c.jsonl", "-o", "v.jsonl", "--sample", "4", keys=b"y?nxq")
    assert status == 0 and "[" in said, (status, said)
    verdicts = [json.loads(v)["verdict"] for v in open("v.jsonl", encoding="utf-8")]
    assert verdicts[0] == "right" and len(verdicts) >= 2, verdicts


@test
def nobody_types_a_text_by_mistake():
    status, said = run("normalize", keys=b"x")
    assert status == 2 and "standard input is a terminal" in said, (status, said)


def main():
    global n_tests, n_failed
    for function in TESTS:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            wrong = ""
            try:
                function()
            except AssertionError as e:
                wrong = str(e) or "no"
            os.chdir("/")
        n_tests += 1
        n_failed += bool(wrong)
        print("%sok %d - %s" % ("not " if wrong else "", n_tests, function.__name__), flush=True)
        for line in wrong[-1500:].splitlines():
            print("# " + repr(line)[:300])
    print("1..%d" % n_tests)
    sys.exit(n_failed > 0)


main()
