#!/usr/bin/env python3
"""How much of a figure hangs on phrases that were seen on the very pages it is from.

    bench/held_out.py LABELLED.jsonl [MORE.jsonl ...] [--minkhal build/minkhal]

LABELLED.jsonl  pages with labelled lines (docs/FORMATS.md) and a member "site"
MORE.jsonl      other labelled pages, each a site of its own: phrases that stand in
                them as well are not of one site

For each site the phrases of all lexicons that no page of another site shows are left
out, and the pages of that site are measured without them: a lower bound for a site
that nobody has seen, because most of these phrases would be in the lexicons without
it. Prints a table in Markdown: as it is, and with those phrases left out.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PHRASE = re.compile(r'\((\w+)\.txt:(\d+)\)')
COUNTS = ('pages', 'content_size', 'content_kept', 'junk_size', 'junk_kept', 'novel')


def rows(path):
    with open(path, encoding='utf-8') as f:
        return [json.loads(line) for line in f if line.strip()]


def text_of(page):
    return '\n'.join(line['t'] for line in page['lines'])


def phrase_of(line):
    """What a line of a lexicon says, without its sign and attributes: several lexicons
    may have it."""
    return line[2:].split('\t')[0].strip()


def read_lexicons(minkhal, names):
    """{name: lines}"""
    return {name: subprocess.run([minkhal, 'filters', '--lexicon', name], check=True,
                                 capture_output=True, encoding='utf-8').stdout.split('\n')
            for name in names}


def shown_by(minkhal, pages, lexicons, work):
    """The phrases that speak in each of pages. Fills lexicons."""
    path = work / 'pages.jsonl'
    with open(path, 'w', encoding='utf-8') as f:
        for n, page in enumerate(pages):
            f.write(json.dumps({'id': str(n), 'text': text_of(page)}, ensure_ascii=False) + '\n')
    out = subprocess.run([minkhal, 'explain', str(path), '--all', '--json'], check=True,
                         capture_output=True, encoding='utf-8').stdout
    found = [PHRASE.findall(page) for page in out.splitlines()]
    lexicons.update(read_lexicons(minkhal, {name for page in found for name, _ in page} -
                                  set(lexicons)))
    return [{phrase_of(lexicons[name][int(line) - 1]) for name, line in page} for page in found]


def without(phrases, lexicons, work):
    """Options that leave phrases out, by lexicons that lack them."""
    options = []
    for name, lines in sorted(lexicons.items()):
        left = ['#' if line[1:2] == ' ' and phrase_of(line) in phrases else line
                for line in lines]
        if left != lines:
            path = work / (name + '.txt')
            path.write_text('\n'.join(left), encoding='utf-8')
            options += ['--set', f'{name}:phrases={path}']
    return options


def sweep(minkhal, pages, options, work):
    """Counts by (regime, has content)."""
    path = work / 'site.jsonl'
    with open(path, 'w', encoding='utf-8') as f:
        for page in pages:
            f.write(json.dumps({**page, 'part': page.get('regime', 'all')},
                               ensure_ascii=False) + '\n')
    out = subprocess.run([minkhal, 'sweep', str(path), '--json', '--by', 'part', *options],
                         check=True, capture_output=True, encoding='utf-8').stdout
    return {(s['name'], s['has_content']): collections.Counter({k: s['score'][k] for k in COUNTS})
            for s in json.loads(out)['strata']}


def figures(n):
    kept, content = n['content_kept'], n['content_size']
    junk, junk_kept = n['junk_size'], n['junk_kept']
    share = kept / content if content else None
    gone = 1 - junk_kept / junk if junk else None
    purity = kept / (kept + junk_kept + n['novel']) if kept else None
    f1 = 2 * share * purity / (share + purity) if share and purity else None
    cost = 1000 * (5 * (content - kept) + junk_kept) / content if content else None
    return [share, gone, f1], cost


def row(part, how, n):
    shares, cost = figures(n)
    cells = ['-' if x is None else f'{x:.4f}' for x in shares]
    cells.append('-' if cost is None else f'{cost:.1f}')
    return f'| {part} | {how} | {n["pages"]} | ' + ' | '.join(cells) + ' |'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('labelled')
    parser.add_argument('more', nargs='*')
    parser.add_argument('--minkhal', default='build/minkhal')
    args = parser.parse_args()
    pages = rows(args.labelled)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        sites, lexicons = collections.defaultdict(set), {}
        for page, phrases in zip(pages, shown_by(args.minkhal, pages, lexicons, work)):
            for phrase in phrases:
                sites[phrase].add(page['site'])
        for path in args.more:
            more = rows(path)
            for page, phrases in zip(more, shown_by(args.minkhal, more, lexicons, work)):
                for phrase in phrases:
                    sites[phrase].add((path, page['id']))
        parts = {}
        for site in sorted({page['site'] for page in pages}):
            own = [page for page in pages if page['site'] == site]
            only = {phrase for phrase, where in sites.items() if where == {site}}
            for how, options in (('as it is', []),
                                 ('without', without(only, lexicons, work))):
                for part, counts in sweep(args.minkhal, own, options, work).items():
                    parts.setdefault(part, {}).setdefault(how, collections.Counter())
                    parts[part][how] += counts
        n_only = sum(len(where) == 1 and next(iter(where)) in {p['site'] for p in pages}
                     for where in sites.values())
    print(f'{len(sites)} phrases speak in these pages, {n_only} of them on one site only.\n')
    print('| part | phrases of one site | pages | content | junk | f1 | cost |')
    print('| --- | --- | ---: | ---: | ---: | ---: | ---: |')
    for (name, has_content), hows in sorted(parts.items()):
        for how in ('as it is', 'without'):
            print(row(name if has_content else name + ', no article', how, hows[how]))
    return 0


if __name__ == '__main__':
    sys.exit(main())
