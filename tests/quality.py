#!/usr/bin/env python3
"""The figures of docs/QUALITY.md: `minkhal sweep` over our own pages and over
labelled sets that are at hand, as a table in Markdown. `./dev quality` calls it.

    quality.py MINKHAL WORK [DIR] [--write PAGE]

WORK is where labelled pages are made of fixtures/pages; DIR holds labelled sets
(*.jsonl, *.jsonl.gz, *.jsonl.zst). --write puts the table between the marks in PAGE.
"""
import json
import pathlib
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = '<!-- figures: begin -->', '<!-- figures: end -->'
BY = ('regime', 'kind')  # members that tell a page's stratum, the first that a set has
FIGURES = ('content', 'junk', 'purity', 'f1', 'perfect', 'harm', 'cost')


# ---- our own pages, labelled ----

def bare(text):
    """text without what letter filters may change in a line that is kept."""
    return ''.join(ch for ch in unicodedata.normalize('NFKC', text)
                   if ch != '\u0640' and unicodedata.category(ch)[0] not in 'CZ')


def pair(raw, clean):
    """For each line of clean the line of raw that it was: in order, as many as can
    be; a line that lost its end counts a little less than a whole one."""
    def worth(i, j):
        return 1000 if raw[i] == clean[j] else 999 if raw[i].startswith(clean[j]) else 0
    n, m = len(raw), len(clean)
    best = [[0] * (m + 1) for _ in range(n + 1)]
    for i in reversed(range(n)):
        for j in reversed(range(m)):
            w = worth(i, j)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], w and best[i + 1][j + 1] + w)
    pairs, i, j = {}, 0, 0
    while i < n and j < m:
        w = worth(i, j)
        if w and best[i][j] == best[i + 1][j + 1] + w:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def label(name, raw_text, clean_text):
    raw = raw_text.splitlines()
    clean = [line for line in clean_text.splitlines() if bare(line)]
    bares = [bare(line) for line in raw]
    pairs = pair(bares, [bare(line) for line in clean])
    if len(pairs) != len(clean):
        missing = [clean[j] for j in range(len(clean)) if j not in pairs.values()]
        sys.exit(f'{name}.clean: not a line of {name}.txt: {missing[0]}')
    lines = []
    for i, text in enumerate(raw):
        line = {'t': text, 'l': 'K' if i in pairs else 'D' if bares[i] else 'E'}
        if i in pairs and bare(clean[pairs[i]]) != bares[i]:
            line['keep'] = clean[pairs[i]]
        lines.append(line)
    return {'id': name, 'site': name, 'kind': name.split('-')[0], 'lines': lines}


def label_fixtures(to):
    with open(to, 'w', encoding='utf-8') as out:
        for path in sorted((ROOT / 'fixtures' / 'pages').glob('*.txt')):
            texts = [p.read_bytes().decode() for p in (path, path.with_suffix('.clean'))]
            print(json.dumps(label(path.stem, *texts), ensure_ascii=False), file=out)


# ---- figures ----

def sweep(minkhal, path, *options):
    run = subprocess.run([minkhal, 'sweep', str(path), '--json', *options],
                         stdout=subprocess.PIPE, check=False)
    return json.loads(run.stdout) if run.returncode == 0 else None


def has_member(minkhal, path, member):
    """Whether pages of the set have it: sweep refuses to go by what none has."""
    run = subprocess.run([minkhal, 'sweep', str(path), '--by', member], check=False,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return run.returncode == 0


def figures(score):
    cells = [f"{score['pages']:,}"]
    for name in FIGURES:
        of = score['junk_size'] if name == 'junk' else score['content_size']
        cells.append('-' if not of else f'{score[name]:.1f}' if name == 'cost'
                     else f'{score[name]:.4f}')
    return cells


def interval(result, name, of):
    low, high = result['intervals'][name]
    return f'{low:.4f} to {high:.4f}' if result['all'][of] else '-'


def rows_of(minkhal, title, path, members):
    by = next((m for m in members if has_member(minkhal, path, m)), None)
    result = sweep(minkhal, path, '--intervals', *(['--by', by] if by else []))
    if result is None:
        sys.exit(1)  # sweep has said why
    yield [title, 'all', *figures(result['all']),
           interval(result, 'content', 'content_size'), interval(result, 'junk', 'junk_size')]
    for stratum in result['strata']:
        if stratum['has_content']:
            yield [title, stratum['name'] or '(none)', *figures(stratum['score']), '', '']
    if result['without_content']['pages']:
        if not by:
            yield [title, 'with an article', *figures(result['with_content']), '', '']
        yield [title, 'without an article', *figures(result['without_content']), '', '']


def table(minkhal, own, folder):
    sets = []
    if folder:
        sets = sorted(p for p in folder.iterdir()
                      if p.name.endswith(('.jsonl', '.jsonl.gz', '.jsonl.zst')))
        if not sets:
            sys.exit(f'quality: no labelled sets in {folder}')
    heads = ['set', 'part', 'pages', *FIGURES, 'content, 95 %', 'junk, 95 %']
    rows = [heads, ['---', '---'] + ['---:'] * (len(heads) - 2)]
    rows += rows_of(minkhal, 'fixtures/pages', own, ())
    for path in sets:
        rows += rows_of(minkhal, path.name.split('.')[0], path, BY)
    return ''.join('| ' + ' | '.join(row) + ' |\n' for row in rows)


def write(page, text):
    old = page.read_text(encoding='utf-8')
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        sys.exit(f'quality: {page} has not one pair of marks {BEGIN} {END}')
    head, rest = old.split(BEGIN)
    page.write_text(f'{head}{BEGIN}\n\n{text}\n{END}{rest.split(END)[1]}', encoding='utf-8')


def main(args):
    page = None
    if '--write' in args:
        at = args.index('--write')
        page = pathlib.Path(args[at + 1])
        del args[at:at + 2]
    minkhal, work = args[0], pathlib.Path(args[1])
    folder = pathlib.Path(args[2]) if len(args) > 2 else None
    own = work / 'fixtures.jsonl'
    work.mkdir(parents=True, exist_ok=True)
    label_fixtures(own)
    text = table(minkhal, own, folder)
    print(text, end='')
    if page:
        write(page, text)


if __name__ == '__main__':
    main(sys.argv[1:])
