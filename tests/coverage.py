#!/usr/bin/env python3
"""coverage.py BUILD [FILE..]: the lines and branches of our files that were reached in a
build with coverage, by gcov, against the bars below; with FILEs, what was not reached in
them. Branches of an assert are left out: only a bug takes the other one."""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

LINES, BRANCHES = 96.4, 88.8  # percent, of all
WHOLE = ['src/write/sink.c', 'src/write/ledger.c', 'src/outputs/journal.c',
         'src/outputs/outputs_resume.c', 'src/read/resume.c']  # all branches of these

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = pathlib.Path(sys.argv[1]).resolve()


def gcov(data):
    out = subprocess.run(['gcov', '--json-format', '--stdout', '--branch-probabilities', str(data)],
                         cwd=BUILD, capture_output=True, text=True, check=True).stdout
    return [file for text in out.splitlines() for file in json.loads(text)['files']]


def is_ours(path):
    return path.is_relative_to(ROOT) and not path.is_relative_to(BUILD) and \
        str(path.relative_to(ROOT)).startswith(('src/', 'filters/', 'include/')) and \
        not path.name.startswith('make_') and path.name != 'embed.c'  # run by the build alone


def collect():
    """{file: ({line: count}, {(line, number): count})}: the same line of several objects
    adds up."""
    files = {}
    data = sorted(p for p in BUILD.rglob('*.gcda') if '/tests/' not in str(p)[len(str(BUILD)):])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(gcov, data):
            for file in found:
                path = (BUILD / file['file']).resolve()
                if not is_ours(path):
                    continue
                lines, branches = files.setdefault(str(path.relative_to(ROOT)), ({}, {}))
                for line in file['lines']:
                    n = line['line_number']
                    lines[n] = lines.get(n, 0) + line['count']
                    for i, branch in enumerate(line['branches']):
                        branches[n, i] = branches.get((n, i), 0) + branch['count']
    for name, (_, branches) in files.items():
        text = (ROOT / name).read_text(encoding='utf-8').splitlines()
        for n, i in list(branches):
            if re.match(r'\s*assert\(', text[n - 1]):
                del branches[n, i]
    return files


def percent(counts):
    return 100.0 if not counts else 100 * sum(n > 0 for n in counts.values()) / len(counts)


def row(name, lines, branches, width):
    left = sum(n == 0 for n in branches.values())
    return (f'{name:{width}}  {len(lines):6} {percent(lines):6.1f}  '
            f'{len(branches):6} {percent(branches):6.1f}  {left:5}')


def show(name, lines, branches):
    text = (ROOT / name).read_text(encoding='utf-8').splitlines()
    for n in sorted(lines):
        missed = [str(i) for (line, i), count in sorted(branches.items()) if line == n and not count]
        if lines[n] == 0 or missed:
            print(f"{name}:{n}: {'-----' if lines[n] == 0 else 'b ' + ','.join(missed):9} {text[n - 1]}")


def main():
    files = collect()
    if sys.argv[2:]:
        for name in sys.argv[2:]:
            show(name, *files[name])
        return 0
    width = max(map(len, files))
    print(f"{'file':{width}}   lines      %  branches    %   left")
    all_lines, all_branches = {}, {}
    for name, (lines, branches) in sorted(files.items()):
        print(row(name, lines, branches, width))
        all_lines.update(((name, n), count) for n, count in lines.items())
        all_branches.update(((name, n), count) for n, count in branches.items())
    print(row('all', all_lines, all_branches, width))
    below = [f'lines of all below {LINES} %'] if percent(all_lines) < LINES else []
    below += [f'branches of all below {BRANCHES} %'] if percent(all_branches) < BRANCHES else []
    below += [f'not all branches of {name}' for name in WHOLE if percent(files[name][1]) < 100]
    for what in below:
        print(f'coverage: {what}')
    return 1 if below else 0


sys.exit(main())
