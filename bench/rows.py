"""The figures of the bench and their bars, a row each: what is run in turns, and what is
made of it."""
import os
import pathlib
import re
import statistics
import subprocess

import corpus
from measure import Run

PHRASES = 3  # times as many as are built in are added, so that there are four times as many
MORE = {'share': 'button', 'comments': 'form', 'nav': 'section'}  # lexicons: a rule of each
SMALL_FILES = 20000


class Row:
    """name, title, bar, sign of the comparison, unit, and what measures it: a function of
    the bench that gives (value, what it is of), value None if it cannot be run here."""

    def __init__(self, name, title, bar, run, sign='<=', unit='ratio'):
        self.name, self.title, self.bar, self.run = name, title, bar, run
        self.sign, self.unit = sign, unit

    def measure(self, bench):
        value, note = self.run(bench)
        met = None
        if value is not None:
            met = value <= self.bar if self.sign == '<=' else value >= self.bar
        return {'name': self.name, 'title': self.title, 'bar': self.bar, 'sign': self.sign,
                'unit': self.unit, 'value': value, 'met': met, 'note': note}


def rate(bench, seconds):
    return f'{bench.text / 1e6 / max(seconds, 1e-9):.0f} MB/s'


def against_floor(bench, codec, level):
    source = f'{bench.jsonl}.{codec}'
    out = f'row.jsonl.{codec}'
    Run(bench.clean(source, 'out.jsonl'))  # the bytes that the floor compresses
    turns = bench.turns({
        'clean': bench.clean(source, out, '--level', str(level)),
        'floor': bench.floor_of(codec, level)})
    tool = {'gz': ['gzip', '-dc'], 'zst': ['zstd', '-dcq']}[codec]
    plain = subprocess.check_output([*tool, bench.path(out)])
    if plain != pathlib.Path(bench.plain).read_bytes():
        bench.failures.append(f'{codec} and plain output')
    return turns.ratio('clean', 'floor'), \
        f"{turns.median('clean'):.2f} s of {turns.median('floor'):.2f} s"


def gz_floor(bench):
    return against_floor(bench, 'gz', 6)


def zst_floor(bench):
    return against_floor(bench, 'zst', 3)


def against_gzip(bench, *options):
    gz = bench.jsonl + '.gz'
    turns = bench.turns({
        'clean': bench.clean(gz, 'row.jsonl.gz', *options),
        'gzip': ['sh', '-c', f'zcat "{gz}" | gzip -6 >"{bench.path("gzip.gz")}"']})
    share = os.path.getsize(bench.path('row.jsonl.gz')) / bench.stored
    share_gzip = os.path.getsize(bench.path('gzip.gz')) / bench.stored
    return turns.ratio('clean', 'gzip'), \
        f"{rate(bench, turns.median('clean'))}, {share:.3f} of the input's text; " \
        f"{rate(bench, turns.median('gzip'))}, {share_gzip:.3f}"


def gzip_6(bench):
    return against_gzip(bench, '--level', '6')


def gzip_default(bench):
    return against_gzip(bench)


def stage(bench):
    """Plain in, plain out, less reading and writing the same bytes, less the start."""
    one = bench.path('one.jsonl')
    corpus.write_head(one, bench.jsonl, 1)
    turns = bench.turns({
        'clean': bench.clean(bench.jsonl, 'row.jsonl'),
        'floor': bench.floor_of('none', 0),
        'start': bench.clean(one, 'one.out.jsonl')})
    spent = [c.cpu - f.cpu - s.cpu for c, f, s in
             zip(turns.runs['clean'], turns.runs['floor'], turns.runs['start'])]
    return statistics.median(spent) * 1e9 / bench.text, \
        f"{rate(bench, turns.median('clean'))}, of one processor, plain in and out"


def ledger(bench):
    turns = bench.turns({
        'on': bench.clean(bench.jsonl, 'row.jsonl.gz', '--ledger', bench.path('row.ledger.gz')),
        'off': bench.clean(bench.jsonl, 'row2.jsonl.gz')})
    bench.must_be_same('row.jsonl.gz', 'row2.jsonl.gz', 'with a ledger and without')
    return turns.ratio('on', 'off'), f"{turns.median('on'):.2f} s, {turns.median('off'):.2f} s"


def threads(bench):
    if (os.cpu_count() or 1) < 2:
        return None, 'one processor'
    gz = bench.jsonl + '.gz'
    turns = bench.turns({'one': bench.clean(gz, 'row.jsonl.gz'),
                         'two': bench.clean(gz, 'row2.jsonl.gz', threads=2)})
    bench.must_be_same('row.jsonl.gz', 'row2.jsonl.gz', 'one thread and two')
    return turns.ratio('one', 'two', 'wall'), 'by the clock: means nothing on a busy machine; ' \
        f"{rate(bench, turns.median('two', 'wall'))}"


def n_phrases(bench):
    """Of all built-in lexicons."""
    out = subprocess.check_output([bench.minkhal, 'filters', '--markdown'], text=True)
    names = re.findall(r'^\| phrases \| (\w+) \|', out, re.M)
    texts = [subprocess.check_output([bench.minkhal, 'filters', '--lexicon', name], text=True)
             for name in names]
    return sum(len(re.findall(r'^[=^$~+>-] ', text, re.M)) for text in texts)


def phrases(bench):
    n = PHRASES * n_phrases(bench)
    files = {name: bench.path(f'many-{name}.txt') for name in MORE}  # one holds 65,535
    corpus.write_lexicons({rule: files[name] for name, rule in MORE.items()}, n, 2)
    more = [word for name in MORE for word in ('--set', f'{name}:phrases=+{files[name]}')]
    turns = bench.turns({
        'many': bench.clean(bench.jsonl, 'row.jsonl.gz', *more),
        'built-in': bench.clean(bench.jsonl, 'row2.jsonl.gz')})
    return turns.ratio('many', 'built-in') - 1, f'{n:,} phrases more'


def simd(bench):
    turns = bench.turns({'scalar': bench.clean(bench.jsonl, 'row.jsonl.gz'),
                         'simd': bench.clean(bench.jsonl, 'row2.jsonl.gz')},
                        env={'scalar': {'MINKHAL_SIMD': 'off'}})
    bench.must_be_same('row.jsonl.gz', 'row2.jsonl.gz', 'with SIMD and without')
    return turns.ratio('scalar', 'simd'), \
        f"{turns.median('scalar'):.2f} s, {turns.median('simd'):.2f} s"


def memory(bench):
    peaks = []
    for size in (bench.size // 100, bench.size // 10, bench.size):
        if size >= bench.size:
            source = bench.jsonl + '.gz'
        else:
            source = bench.path('memory.jsonl')
            corpus.write_head(source, bench.jsonl, size)
        turns = bench.turns({'run': bench.clean(source, 'row.jsonl.gz', '--ledger',
                                                bench.path('row.ledger.gz'), threads=2)},
                            rounds=min(bench.rounds, 3))
        peaks.append(turns.peak('run'))
    return max(peaks), 'two threads, with a ledger: ' + \
        ', '.join(f'{peak / (1 << 20):.0f}' for peak in peaks) + ' MiB at 1, 10 and 100 % of it'


def start(bench):
    one = bench.path('one.jsonl')
    corpus.write_head(one, bench.jsonl, 1)
    turns = bench.turns({'run': bench.clean(one, 'row.jsonl')}, rounds=max(bench.rounds * 4, 3))
    return turns.median('run'), f"one page; {turns.median('run', 'wall') * 1e3:.1f} ms by the clock"


def small_files(bench):
    n = min(SMALL_FILES, max(bench.pages, 1))
    folder = pathlib.Path(bench.path(f'files-{bench.size}'))
    text = corpus.write_files(folder, bench.jsonl, n)
    turns = bench.turns({'files': bench.clean(str(folder), 'row.jsonl'),
                         'jsonl': bench.clean(str(folder) + '.jsonl', 'row2.jsonl')})
    share = turns.ratio('jsonl', 'files')
    return share, f'{n:,} files of {text / n / 1000:.1f} KB, plain out; ' \
        f"{turns.median('files') * 1e6 / n:.0f} us a file"


ROWS = (
    Row('gz-floor', 'gz to gz, level 6 / floor', 1.20, gz_floor),
    Row('zst-floor', 'zst to zst, level 3 / floor', 1.60, zst_floor),
    Row('gzip-6', 'gz to gz, level 6 / `zcat \\| gzip -6`', 1 / 4, gzip_6),
    Row('gzip-default', 'gz to gz, usual level / `zcat \\| gzip -6`', 1 / 6, gzip_default),
    Row('stage', 'cleaning alone, a byte of text', 2.5, stage, unit='ns'),
    Row('ledger', 'with a ledger / without', 1.5, ledger),
    Row('threads', 'one thread / two, by the clock', 1.9, threads, sign='>='),
    Row('phrases', 'four times the phrases', 0.05, phrases, unit='%'),
    Row('simd', 'without SIMD / with', 1.3, simd),
    Row('memory', 'peak memory, two threads', 64 << 20, memory, unit='MiB'),
    Row('start', 'start, and one page', 0.015, start, unit='ms'),
    Row('files', 'rate of small files / of JSONL', 0.6, small_files, sign='>='),
)
