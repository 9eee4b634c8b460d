"""A corpus for measuring, made of fixtures/pages: the same bytes for the same size and
seed.

A page is the furniture of one of our pages, as it stands above and below the article,
around an article of new sentences: words follow each other as they do in the articles
of all pages. So lexicons, shapes and marks are met as often as in the pages, no
paragraph comes twice, and codecs find about as much to do as in real text. Pages have
4.7 KB on average, which is what FineWeb-2's Arabic pages have.
"""
import collections
import itertools
import json
import math
import pathlib
import random
import sys

PAGES = pathlib.Path(__file__).resolve().parent.parent / 'fixtures' / 'pages'
MEAN = 4700   # bytes of a page
SPREAD = 0.8  # of the logarithm of an article's length
OTHERS = ('lang-',)  # pages in other languages


def read_pages():
    """[(lines above the article, lines of it, lines below it)]"""
    pages = []
    for path in sorted(PAGES.glob('*.txt')):
        clean = path.with_suffix('.clean')
        if path.name.startswith(OTHERS) or not clean.exists():
            continue
        lines = path.read_text(encoding='utf-8', errors='replace').split('\n')
        kept = set(clean.read_text(encoding='utf-8').split('\n')) - {''}
        inside = [i for i, line in enumerate(lines) if line in kept]
        if not inside:
            pages.append((lines, [], []))
            continue
        pages.append((lines[:inside[0]], [lines[i] for i in inside], lines[inside[-1] + 1:]))
    return pages


class Writer:
    """Makes paragraphs: the next word is one that followed this one somewhere in the
    articles, and the last one ends a paragraph of theirs of the same length, stop and all."""

    def __init__(self, rng, articles):
        self.rng = rng
        follows = collections.defaultdict(list)
        self.shapes = []  # (words, the last of them)
        self.begins = []
        for line in itertools.chain.from_iterable(articles):
            words = line.split()
            if not words:
                continue
            self.shapes.append((len(words), words[-1]))
            self.begins.append(words[0])
            for a, b in zip(words, words[1:]):
                follows[a].append(b)
        self.words = [w for ws in follows.values() for w in ws]
        self.follows = dict(follows)

    def paragraph(self):
        rng, follows = self.rng, self.follows
        word = rng.choice(self.begins)
        length, last = rng.choice(self.shapes)
        out = [word]
        for _ in range(length - 2):
            # One word in eight stands anywhere: the pages are too few to tell more.
            after = follows.get(word) if rng.random() > 0.125 else None
            word = rng.choice(after or self.words)
            out.append(word)
        if length > 1:
            out.append(last)
        return ' '.join(out)


def documents(size, seed):
    """Lines of JSONL of about size bytes of text in all, and each text."""
    rng = random.Random(seed)
    pages = read_pages()
    writer = Writer(rng, [page[1] for page in pages])
    furniture = sum(len('\n'.join(p[0] + p[2]).encode()) for p in pages) / len(pages)
    middle = math.log(max(MEAN - furniture, 500)) - SPREAD * SPREAD / 2
    stock = []  # paragraphs, with their bytes: more than any window of a codec
    weight = 0
    total = number = 0
    while total < size:
        above, _, below = rng.choice(pages)
        want = rng.lognormvariate(middle, SPREAD)
        body = []
        while want > 0:
            if weight < (24 << 20):
                stock.append(writer.paragraph())
                weight += len(stock[-1].encode())
                paragraph = stock[-1]
            else:
                paragraph = rng.choice(stock)
            body.append(paragraph)
            want -= len(paragraph.encode()) + 1
        text = '\n'.join(above + body + below)
        total += len(text.encode())
        number += 1
        yield number, text


def line_of(number, text):
    host = number % 997
    return json.dumps({'id': f'{number}', 'text': text,
                       'url': f'https://site{host}.example/{number}'},
                      ensure_ascii=False) + '\n'


def write_jsonl(path, size, seed):
    """*ret: bytes of text, pages."""
    total = number = 0
    with open(path, 'w', encoding='utf-8', newline='\n') as out:
        for number, text in documents(size, seed):
            out.write(line_of(number, text))
            total += len(text.encode())
    return total, number


def write_files(folder, jsonl, n):
    """The first n pages of jsonl as files, and as JSONL beside the folder: bytes of text."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    with open(jsonl, encoding='utf-8') as lines, \
            open(folder.with_suffix('.jsonl'), 'w', encoding='utf-8', newline='\n') as out:
        for line in itertools.islice(lines, n):
            record = json.loads(line)
            text = record['text'].encode()
            (folder / f"{int(record['id']):06}.txt").write_bytes(text)
            out.write(line)
            total += len(text)
    return total


def write_head(path, jsonl, size):
    """The first lines of jsonl, of about size bytes."""
    total = 0
    with open(jsonl, 'rb') as lines, open(path, 'wb') as out:
        for line in lines:
            out.write(line)
            total += len(line)
            if total >= size:
                break
    return total


def write_lexicons(paths, n, seed):
    """Lexicons, {rule: path}, that share n phrases of two to five words, which no page of
    the corpus has whole."""
    rng = random.Random(seed)
    words = sorted({w for page in read_pages() for line in page[1] for w in line.split()
                    if w.isalpha() and len(w) > 2})
    phrases = {}
    while len(phrases) < n:
        phrases[' '.join(rng.choice(words) for _ in range(rng.randint(2, 5)))] = None
    phrases = list(phrases)
    for i, (rule, path) in enumerate(paths.items()):
        with open(path, 'w', encoding='utf-8') as out:
            out.write('# Phrases of words taken by chance: how a run grows with its lexicon.\n')
            out.write(f'[{rule}]\n')
            for phrase in phrases[i::len(paths)]:
                out.write(f'= {phrase}\n')


def write_texts(path, size, seed):
    """Texts with NUL between them: what bench_normalize reads."""
    with open(path, 'wb') as out:
        for number, text in documents(size, seed):
            out.write((b'\0' if number > 1 else b'') + text.encode())


if __name__ == '__main__':
    write_texts(sys.argv[1], int(sys.argv[2]), 1)
