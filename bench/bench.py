#!/usr/bin/env python3
"""How fast minkhal is, against what bounds it. `./dev bench` calls it.

    bench.py MINKHAL FLOOR WORK [--size SIZE] [--rounds N] [--sizes SIZE,...] [--quick]
             [--only ROW,...] [--counted MINKHAL] [--write PAGE]

FLOOR is the program made of floor.c. WORK keeps the corpus between runs; bench.json and
bench.svg are written beside it. A row is a figure with its bar: what is compared is run in
turns, five times or more, and processor time is compared, not the clock, so that a machine
that does other things tells nearly the same. --quick runs everything once. --counted is a
binary with line numbers, whose instructions are counted. --write puts the tables between
the marks of PAGE, and the plot beside it.
"""
import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys

import corpus
import instructions
import plot
import rows as table
from measure import Run, Turns

MINUTES = 4  # that the plot may take: sizes that would not fit are left out
ALL_SIZES = '1M,4M,16M,64M,256M,512M,1G,2G'
MIB = 1 << 20


def size_of(text):
    units = {'K': 1 << 10, 'M': MIB, 'G': 1 << 30}
    return int(float(text[:-1]) * units[text[-1]]) if text[-1] in units else int(text)


class Bench:
    """The corpus, and how minkhal is called on it."""

    def __init__(self, args):
        self.minkhal, self.floor = args.minkhal, args.floor
        self.size, self.rounds = size_of(args.size), args.rounds
        self.work = pathlib.Path(args.work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.failures = []  # bytes that differ and should not
        self.prepare()

    def path(self, name):
        return str(self.work / name)

    def clean(self, source, out, *options, threads=1):
        return [self.minkhal, 'clean', *([source] if isinstance(source, str) else source),
                '-o', self.path(out), '-q', '--force', '-j', str(threads), *options]

    def turns(self, commands, rounds=None, env=None):
        return Turns(commands, rounds or self.rounds, env)

    def prepare(self):
        self.jsonl = self.path(f'corpus-{self.size}.jsonl')
        mark = pathlib.Path(self.jsonl + '.done')
        made_of = str((pathlib.Path(corpus.__file__)).stat().st_mtime_ns)
        if not mark.exists() or json.loads(mark.read_text())['of'] != made_of:
            text, pages = corpus.write_jsonl(self.jsonl, self.size, 1)
            subprocess.run(f'gzip -6 -n -c "{self.jsonl}" >"{self.jsonl}.gz" && '
                           f'zstd -3 -q -f "{self.jsonl}"', shell=True, check=True)
            mark.write_text(json.dumps({'of': made_of, 'text': text, 'pages': pages}))
        facts = json.loads(mark.read_text())
        self.text, self.pages = facts['text'], facts['pages']
        self.stored = os.path.getsize(self.jsonl)
        self.plain = self.path('out.jsonl')
        Run(self.clean(self.jsonl, 'out.jsonl'))

    def floor_of(self, codec, level):
        suffix = '' if codec == 'none' else '.' + codec
        return [self.floor, codec, str(level), self.jsonl + suffix, self.plain,
                self.path('floor.out')]

    def must_be_same(self, a, b, what):
        if pathlib.Path(self.path(a)).read_bytes() != pathlib.Path(self.path(b)).read_bytes():
            self.failures.append(what)


# ---- many sizes ----

def cost_by_size(bench, sizes, minutes):
    """[(bytes of text, processor seconds, wall seconds, peak memory)] with two threads. What
    is larger than the corpus is the corpus more than once."""
    points = []
    left = minutes * 60
    for size in sizes:
        if points and points[-1][2] * size / points[-1][0] > left:
            break
        if size < bench.size:
            bench_file = bench.path('part.jsonl')
            stored = corpus.write_head(bench_file, bench.jsonl, size)
            source = [bench_file]
        else:
            source = [bench.jsonl] * round(size / bench.size)
            stored = bench.stored * len(source)
        run = Run(bench.clean(source, 'part.jsonl.gz', threads=2))
        points.append((stored, run.cpu, run.wall, run.peak))
        left -= run.wall
    return points


def how_linear(points):
    """Cost a byte of the largest size over that of a size in the middle."""
    if len(points) < 3:
        return None
    middle, last = points[len(points) // 2], points[-1]
    return (last[1] / last[0]) / (middle[1] / middle[0])


# ---- what is printed ----

def cell(value, unit):
    if value is None:
        return '-'
    if unit == 'MiB':
        return f'{value / MIB:.0f} MiB'
    if unit == 'ms':
        return f'{value * 1e3:.1f} ms'
    if unit == 'ns':
        return f'{value:.2f} ns'
    if unit == '%':
        return f'{value * 100:+.1f} %'
    return f'{value:.2f}' if value >= 0.5 else f'1/{1 / value:.1f}'


def as_table(heads, lines):
    out = ['| ' + ' | '.join(heads) + ' |', '|' + ' --- |' * len(heads)]
    return '\n'.join(out + ['| ' + ' | '.join(line) + ' |' for line in lines])


def bars(results):
    lines = []
    for r in results:
        verdict = '-' if r.get('met') is None else 'met' if r['met'] else '**not met**'
        lines.append([r['title'], r['sign'] + ' ' + cell(r['bar'], r['unit']),
                      cell(r['value'], r['unit']), verdict, r['note']])
    return as_table(['what', 'bar', 'measured', '', 'of what'], lines)


def stages(counted):
    lines = [[s['stage'], f"{s['budget']:g}", f"{s['instructions']:.1f}",
              'kept' if s['instructions'] <= s['budget'] else '**above**']
             for s in counted['stages']]
    lines.append(['all', f"{sum(s['budget'] for s in counted['stages']):g}",
                  f"{counted['total']:.1f}", ''])
    return as_table(['stage', 'budget', 'instructions a byte', ''], lines)


def sizes_table(points):
    return as_table(['input', 'processor', 'a byte', 'peak memory'],
                    [[f'{n / 1e6:.0f} MB', f'{cpu:.2f} s', f'{cpu / n * 1e9:.1f} ns',
                      f'{peak / MIB:.0f} MiB'] for n, cpu, _, peak in points])


def machine():
    name = platform.processor() or platform.machine()
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as info:
            name = next((line.split(':', 1)[1].strip() for line in info
                         if line.startswith('model name')), name)
    except OSError:
        pass
    return f'{name}, {os.cpu_count()} processors'


def page_of(report):
    parts = [f"Corpus: {report['text'] / 1e6:.0f} MB of text in {report['pages']:,} pages; "
             f"{report['rounds']} rounds; {report['machine']}; load {report['load']:.1f}; "
             f"memcpy {report['memcpy']:.3f} ns a byte.",
             '', bars(report['rows'])]
    if report['sizes']:
        parts += ['', sizes_table(report['sizes'])]
    if report['linear']:
        parts += ['', f"The largest takes {report['linear']:.2f} times as long a byte as the one "
                  'in the middle.']
    if report['counted']:
        parts += ['', f"Starting takes {report['counted']['start'] / 1e6:.1f} million "
                  'instructions, which are not in this table:', '', stages(report['counted'])]
    return '\n'.join(parts) + '\n'


def write_page(path, text):
    begin, end = '<!-- figures: begin -->', '<!-- figures: end -->'
    page = pathlib.Path(path)
    before, rest = page.read_text(encoding='utf-8').split(begin)
    page.write_text(before + begin + '\n\n' + text + '\n' + end + rest.split(end)[1],
                    encoding='utf-8')


# ---- the whole ----

def parse_args():
    parser = argparse.ArgumentParser(prog='bench')
    for name in ('minkhal', 'floor', 'work'):
        parser.add_argument(name)
    parser.add_argument('--size', default='200M')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--sizes', default=ALL_SIZES)
    parser.add_argument('--minutes', type=float, default=MINUTES)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--only', default='')
    parser.add_argument('--counted')
    parser.add_argument('--write')
    args = parser.parse_args()
    if args.only and args.write:
        parser.error('--write needs all rows')
    if args.quick:
        args.rounds, args.minutes = 1, min(args.minutes, 0.1)
    return args


def count_instructions(bench, minkhal):
    if not minkhal or not shutil.which('valgrind'):
        return None
    small, large = bench.path('counted-1.jsonl'), bench.path('counted-2.jsonl')
    n = corpus.write_head(small, bench.jsonl, 100_000)
    m = corpus.write_head(large, bench.jsonl, 500_000)
    return instructions.measure(minkhal, small, large, max(m - n, 1), bench.work)


def main():
    args = parse_args()
    bench = Bench(args)
    load = os.getloadavg()[0]
    wanted = [name for name in args.only.split(',') if name]
    results = []
    for row in table.ROWS:
        if wanted and row.name not in wanted:
            continue
        print(f'bench: {row.title}', file=sys.stderr)
        results.append(row.measure(bench))
    sizes = [] if wanted else cost_by_size(bench, [size_of(s) for s in args.sizes.split(',')],
                                           args.minutes)
    report = {
        'machine': machine(), 'load': load, 'rounds': args.rounds, 'text': bench.text,
        'pages': bench.pages, 'rows': results, 'sizes': sizes, 'linear': how_linear(sizes),
        'memcpy': float(subprocess.check_output([bench.floor, 'memcpy'], text=True)),
        'counted': count_instructions(bench, args.counted), 'differ': bench.failures,
    }
    if sizes:
        picture = plot.svg('cost against size, gz out, two threads', 'bytes of input', {
            'seconds of processors': [(n, cpu) for n, cpu, _, _ in sizes],
            'seconds by the clock': [(n, wall) for n, _, wall, _ in sizes]})
        (bench.work.parent / 'bench.svg').write_text(picture, encoding='utf-8')
    (bench.work.parent / 'bench.json').write_text(json.dumps(report, indent=1), encoding='utf-8')
    text = page_of(report)
    print(text)
    if args.write:
        write_page(args.write, text)
        if sizes:
            pathlib.Path(args.write).with_name('performance.svg').write_text(picture,
                                                                             encoding='utf-8')
    for what in bench.failures:
        print(f'bench: bytes differ: {what}', file=sys.stderr)
    return 1 if bench.failures else 0


if __name__ == '__main__':
    sys.exit(main())
