#!/usr/bin/env python3
"""damage.py MINKHAL [DEPTH]: small files of every format, cut off at every byte and with
a bit flipped in every byte. Whatever is done to them, a document that is missing or
other than it was must be named on standard error. TAP on standard output.

A format is *sealed* if checks cover all its bytes: then no document may ever come out
other than it went in. In the others (JSONL, WARC and tar without a codec) a changed
letter cannot be seen; records that vanish can.

Many damaged files go through one run, which also shows that each is left behind by the
next one. DEPTH 1 (the default) flips one bit a byte, 8 all of them; above 1 also come
bytes that are lost, doubled and zeroed."""
import bz2
import collections
import gzip
import io
import json
import lzma
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

MINKHAL = pathlib.Path(sys.argv[1]).resolve()
DEPTH = int(sys.argv[2]) if len(sys.argv) > 2 else 1
FILES = 4000  # in one run
TEXTS = ['خرج الولد من البيت صباحا\nوعاد إليه مساء', 'قرأت الكتاب كله في ليلة واحدة',
         'نزل المطر على القرية\nففرح الناس به كثيرا', 'كان البحر هادئا والسماء صافية',
         'زرعت الجدة شجرة زيتون\nقرب باب الدار']
n_tests = n_failed = 0


def check(name, problems, started):
    global n_tests, n_failed
    n_tests += 1
    n_failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {n_tests} - {name} ({time.time() - started:.1f} s)")
    for problem in problems[:8]:
        print('  #', problem)
    sys.stdout.flush()


# ---- files ----

Format = collections.namedtuple('Format', 'ending data ends sealed')
# ends: where a cut leaves a file that is whole, and of how many documents


def line(i):
    return json.dumps({'id': f'd{i}', 'text': TEXTS[i]}, ensure_ascii=False).encode() + b'\n'


def record(i, eol=b'\r\n'):
    block = TEXTS[i].encode()
    head = [b'WARC/1.0', b'WARC-Type: conversion', b'WARC-Record-ID: <d%d>' % i,
            b'WARC-Date: 2024-01-02T03:04:05Z', b'WARC-Target-URI: http://example.org/%d' % i,
            b'Content-Type: text/plain', b'Content-Length: %d' % len(block)]
    return eol.join(head) + eol * 2 + block + eol * 2


def parts(pieces):
    """Pieces of [bytes, how many documents], and where each ends."""
    data, n, ends = b'', 0, {}
    for piece, n_docs in pieces:
        data += piece
        n += n_docs
        ends[len(data)] = n
    return data, ends


def pack_zstd(data):
    """A frame with a checksum; the command, as Python 3.11 has no zstd."""
    return subprocess.run(['zstd', '-q', '-c'], input=data, capture_output=True, check=True).stdout


def pack_tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def pack_zip(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), data,
                       zipfile.ZIP_DEFLATED)
    return out.getvalue()


def formats():
    groups = [(line(0) + line(1), 2), (line(2), 1), (line(3) + line(4), 2)]
    records = [(record(i), 1) for i in range(5)]
    members = [('a.jsonl', line(0) + line(1)), ('b/b.jsonl', line(2)),
               ('c.jsonl.gz', gzip.compress(line(3) + line(4), mtime=0))]
    tar = pack_tar(members)[:7 * 1024] # without the padding behind the end mark

    def each(pack, pieces):
        return parts([(pack(data), n) for data, n in pieces])

    def squeeze(data):
        return gzip.compress(data, mtime=0)

    lines = parts([(line(i), 1) for i in range(5)])
    lines[1].update({end - 1: n for end, n in list(lines[1].items())})
    plain = parts(records)
    yield Format('jsonl', *lines, False)
    yield Format('jsonl.gz', *each(squeeze, groups), True)
    if shutil.which('zstd'):
        yield Format('jsonl.zst', *each(pack_zstd, groups), True)
        yield Format('jsonl.gz.zst', pack_zstd(squeeze(b''.join(map(line, range(5))))), {}, True)
    yield Format('jsonl.bz2', *each(bz2.compress, groups), True)
    yield Format('jsonl.xz', *each(lzma.compress, groups[:2]), True)
    yield Format('warc', *plain, False)
    yield Format('warc.gz', *each(squeeze, records), True)
    yield Format('wet.gz', squeeze(plain[0]), {}, True)
    yield Format('tar', tar, {}, False)
    yield Format('tar.gz', squeeze(tar), {}, True)
    yield Format('zip', pack_zip(members), {}, True)


# ---- what is done to them ----

def cuts(f):
    for n in range(len(f.data)):
        yield f'cut{n:05}', f.data[:n], f.ends.get(n, 5 if not f.ends and n == 0 else None)


def flips(f):
    for i in range(len(f.data)):
        for k in range(DEPTH):
            bit = (i * 5 + k) % 8
            data = bytearray(f.data)
            data[i] ^= 1 << bit
            yield f'flip{i:05}.{bit}', bytes(data), None


def losses(f):
    for i in range(len(f.data)):
        yield f'lost{i:05}', f.data[:i] + f.data[i + 1:], None
        yield f'twice{i:05}', f.data[:i + 1] + f.data[i:], None
        yield f'zeros{i:05}', f.data[:i] + bytes(16) + f.data[i + 16:], None


# ---- what came of them ----

def read_lines(path):
    with open(path, encoding='utf-8') as lines:
        return [json.loads(text) for text in lines]


def run(folder, threads, *options):
    """Documents, ledger, messages by file; the summary; the exit status."""
    for name in ('out.jsonl', 'ledger.jsonl', 'summary.json'):
        (folder / name).unlink(missing_ok=True)
    done = subprocess.run(
        [MINKHAL, 'clean', folder / 'in', '-q', '-f', 'lines', '-j', threads, '--max-rejects',
         'all', '-o', folder / 'out.jsonl', '--ledger', folder / 'ledger.jsonl', '--summary',
         folder / 'summary.json', *options], capture_output=True, timeout=300)
    docs, ledger, said = (collections.defaultdict(list) for _ in range(3))
    if done.returncode in (0, 3):
        for doc in read_lines(folder / 'out.jsonl'):
            docs[doc['source'].split('!')[0]].append((doc['id'], doc['text']))
        for entry in read_lines(folder / 'ledger.jsonl'):
            ledger[entry['source'].split('!')[0]].append(entry['verdict'])
    for text in done.stderr.decode().splitlines():
        name = re.search(r'/in/([^!:\'/]*)', text)
        said[name.group(1) if name else ''].append(text)
    summary = json.loads((folder / 'summary.json').read_bytes() or b'{}') \
        if (folder / 'summary.json').exists() else {}
    return docs, ledger, said, summary, done


def is_part(docs, whole):
    rest = iter(whole)
    return all(doc in rest for doc in docs)


def problems_of(f, name, n_whole, want, docs, ledger, said):
    """What is wrong with what came of one damaged file."""
    if f.sealed and not is_part(docs, want):
        return f'{name}: documents that were never written: {docs}'
    if said or docs == want:
        return None
    if n_whole is not None and docs == want[:n_whole]:
        return None
    if not f.sealed and not name.startswith('cut') and len(ledger) >= len(want):
        return None
    return f'{name}: {len(docs)} of {len(want)} documents, {ledger}, and nothing is said'


def check_run(summary, docs, done):
    n_docs = sum(map(len, docs.values()))
    kinds = ['written', 'filtered', 'duplicate', 'rejected', 'skipped']
    if done.returncode not in (0, 3):
        return [f'exit status {done.returncode}: {done.stderr[-300:]}']
    if summary['in'] != sum(summary[kind] for kind in kinds) or summary['written'] != n_docs:
        return [f'does not add up: {n_docs} documents, {summary}']
    return []


def check_files(folder, f, files, want):
    """All of files in one run."""
    shutil.rmtree(folder / 'in', ignore_errors=True)
    (folder / 'in').mkdir()
    for name, data, _ in files:
        (folder / 'in' / f'{name}.{f.ending}').write_bytes(data)
    docs, ledger, said, summary, done = run(folder, '1')
    problems = check_run(summary, docs, done)
    for name, _, n_whole in files if not problems else ():
        path = f'{name}.{f.ending}'
        problem = problems_of(f, name, n_whole, want, docs[path], ledger[path], said[path])
        problems += [problem] if problem else []
    return problems


def check_format(folder, f):
    want = [(f'd{i}', TEXTS[i]) for i in range(5 if f.ending != 'jsonl.xz' else 3)]
    kinds = [('cut off at every byte', cuts), ('a bit flipped in every byte', flips)]
    if DEPTH > 1:
        kinds.append(('bytes lost, doubled, zeroed', losses))
    for title, kind in kinds:
        started = time.time()
        files, problems = list(kind(f)), []
        for at in range(0, len(files), FILES):
            problems += check_files(folder, f, files[at:at + FILES], want)
        check(f'{f.ending}: {title}: {len(files)} files', problems, started)


# ---- one at a time: statuses ----

def check_status(folder, f):
    """A file by itself ends with 0 only if it is whole."""
    started, problems = time.time(), []
    want = [(f'd{i}', TEXTS[i]) for i in range(5 if f.ending != 'jsonl.xz' else 3)]
    files = list(cuts(f))[1::max(1, len(f.data) // 12)]
    files += list(flips(f))[::max(1, len(f.data) * DEPTH // 12)] if f.sealed else []
    for name, data, n_whole in files:
        shutil.rmtree(folder / 'in', ignore_errors=True)
        (folder / 'in').mkdir()
        path = f'{name}.{f.ending}'
        (folder / 'in' / path).write_bytes(data)
        docs, _, _, _, done = run(folder, '2', '--max-rejects', '0')
        whole = docs[path] == want or n_whole is not None and docs[path] == want[:n_whole]
        if done.returncode not in (0, 1, 3) or done.returncode == 0 and not whole:
            problems.append(f'{path}: exit status {done.returncode}, {docs[path]}')
    check(f'{f.ending}: {len(files)} files alone, by exit status', problems, started)


# ---- units above what is checked before it is handed on ----

def check_large(folder):
    """A unit of more than 4 MiB: what came of it is taken back."""
    started, problems = time.time(), []
    filler = TEXTS[0] * 2000
    big = b''.join(json.dumps({'id': f'b{i}', 'text': filler}).encode() + b'\n' for i in range(15))
    docs = gzip.compress(line(0), mtime=0), gzip.compress(big, mtime=0), gzip.compress(line(1), mtime=0)
    data = b''.join(docs)
    places = range(len(docs[0]) + 1, len(docs[0]) + len(docs[1]), max(1, len(docs[1]) // (10 * DEPTH)))
    files = [(f'flip{i:05}', data[:i] + bytes([data[i] ^ 4]) + data[i + 1:]) for i in places]
    files += [(f'cut{i:05}', data[:i]) for i in places]
    shutil.rmtree(folder / 'in', ignore_errors=True)
    (folder / 'in').mkdir()
    for name, damaged in files:
        (folder / 'in' / f'{name}.jsonl.gz').write_bytes(damaged)
    out, ledger, said, summary, done = run(folder, '1')
    problems = check_run(summary, out, done)
    for name, _ in files:
        path = f'{name}.jsonl.gz'
        ids = [doc[0] for doc in out[path]]
        if ids[:1] != ['d0'] or set(ids) - {'d0', 'd1'} or not said[path]:
            problems.append(f'{name}: {ids}, {said[path]}')
    check(f'large units: {len(files)} files', problems, started)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for f in formats():
            check_format(folder, f)
            check_status(folder, f)
        check_large(folder)
    print(f'1..{n_tests}')
    sys.exit(n_failed > 0)


main()
