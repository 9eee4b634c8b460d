#!/usr/bin/env python3
"""crawl.py MINKHAL [RECORDS]: reads crawl files of every shape with `minkhal cat` and with
warcio and FastWARC, and compares records, fields, texts and offsets; then damages
files and checks that nothing is lost without a report. TAP on standard output.

The files are made here, from a fixed seed. Where a peer is not installed (`pip install
warcio fastwarc brotli zstandard`), its comparisons are skipped; what is compared with
what was written is done always."""
import base64
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import zlib

try:
    import brotli
except ImportError:
    brotli = None
try:
    import zstandard
except ImportError:
    zstandard = None
try:
    from warcio.archiveiterator import ArchiveIterator as WarcioIterator
except ImportError:
    WarcioIterator = None
try:
    from fastwarc.warc import ArchiveIterator as FastIterator, WarcRecordType
except ImportError:
    FastIterator = None

MINKHAL = sys.argv[1]
RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
WORDS = 'كان الكتاب على الطاولة في البيت القديم وقرأ الولد صفحة منه ثم نام'.split()
rng = random.Random(20240102)
n_tests = n_failed = 0


def check(name, problems):
    global n_tests, n_failed
    n_tests += 1
    n_failed += bool(problems)
    print(f"{'not ok' if problems else 'ok'} {n_tests} - {name}")
    for problem in problems[:10]:
        print('  #', problem)
    sys.stdout.flush()


def skip(name, why):
    global n_tests
    n_tests += 1
    print(f'ok {n_tests} - {name} # SKIP {why}')


# ---- making files ----

def text(n_words):
    lines = []
    while n_words > 0:
        n = min(n_words, rng.randint(1, 20))
        lines.append(' '.join(rng.choice(WORDS) for _ in range(n)))
        n_words -= n
    return ('\n'.join(lines) + '\n').encode()


def digest(data):
    kind = rng.choice(['sha1', 'sha1', 'sha256', 'md5'])
    h = hashlib.new(kind, data)
    if kind == 'sha1':
        return 'sha1:' + base64.b32encode(h.digest()).decode()
    return kind + ':' + h.hexdigest()


def chunked(data, plain):
    out, at = b'', 0
    while at < len(data):
        n = rng.randint(1, max(1, len(data) // 2))
        piece = data[at:at + n]
        ext = b'' if plain else rng.choice([b'', b'', b';a=b', b' '])
        out += b'%x' % len(piece) + ext + b'\r\n' + piece + b'\r\n'
        at += n
    return out + b'0\r\n' + (b'' if plain else rng.choice([b'', b'X: y\r\n'])) + b'\r\n'


def encode(data, plain):
    """A body and its Content-Encoding."""
    kinds = ['', '', '', 'gzip', 'deflate']
    if not plain:
        kinds += ['raw', 'br'] if brotli else ['raw']
    kind = rng.choice(kinds)
    if kind == 'gzip':
        return gzip.compress(data, mtime=0), 'gzip'
    if kind == 'deflate':
        return zlib.compress(data), 'deflate'
    if kind == 'raw':
        return zlib.compress(data)[2:-4], 'deflate'
    if kind == 'br':
        return brotli.compress(data), 'br'
    return data, ''


class Record:
    """One record: its bytes, and what must be read of it."""

    def __init__(self, number, simple=False, plain=False):
        # plain: without what one of the peers refuses
        self.plain = plain
        self.id = f'urn:uuid:{number:08x}-0000-4000-8000-000000000000'
        self.url = f'http://h{number % 7}.example.org/{number}' + rng.choice(['', '/', '/?a=b&c=د'])
        self.date = f'2024-01-02T03:{number // 60 % 60:02}:{number % 60:02}Z'
        self.kind = 'response' if simple else rng.choice(
            ['response'] * 5 + ['conversion'] * 3 +
            ['resource', 'request', 'metadata', 'revisit', 'warcinfo', 'unheard-of'])
        self.text = text(rng.choice([0, 1, 5, 50, 50, 300, 2000]))
        self.type = rng.choice(['text/plain', 'text/plain; charset=UTF-8', 'text/plain;charset="utf-8"'])
        self.status = 200
        self.document = self.kind in ('response', 'resource', 'conversion')
        block, block_type = self.text, self.type
        extra = []
        if self.kind == 'response':
            block = self.response(simple)
            block_type = 'application/http; msgtype=response'
        elif self.kind == 'request':
            block, block_type = b'GET / HTTP/1.1\r\nHost: example.org\r\n\r\n', 'application/http; msgtype=request'
        elif self.kind == 'revisit':
            block, block_type = b'HTTP/1.1 304 Not Modified\r\n\r\n', 'application/http; msgtype=response'
        elif not self.document:
            block, block_type = b'a: b\r\n', 'application/warc-fields'
        if self.kind == 'conversion':
            extra.append(('WARC-Identified-Content-Language', rng.choice(['ara', 'ara,eng', 'fas'])))
        self.version = rng.choice(['1.0', '1.1'] if plain else ['0.17', '0.18', '1.0', '1.0', '1.1'])
        self.block = block
        angle = '<%s>' if self.version != '1.1' or rng.random() < .5 else '%s'
        fields = [('WARC-Type', self.kind), ('WARC-Record-ID', f'<{self.id}>'),
                  ('WARC-Target-URI', (angle if self.version == '1.0' and not simple and
                                       rng.random() < .1 else '%s') % self.url),
                  ('WARC-Date', self.date), ('Content-Type', block_type),
                  ('WARC-Block-Digest', digest(block)), *extra]
        if self.kind == 'warcinfo':
            del fields[2]
            self.url = ''
        rng.shuffle(fields)
        fields.insert(rng.randint(0, len(fields)), ('Content-Length', str(len(block))))
        head = f'WARC/{self.version}\r\n'
        for name, value in fields:
            if not plain:
                name = rng.choice([name, name, name.lower(), name.upper()])
            head += name + ':' + rng.choice([' ', ' ', ' ' if plain else '']) + value + '\r\n'
        self.bytes = head.encode() + b'\r\n' + block + b'\r\n\r\n'

    def response(self, simple):
        if not simple and rng.random() < .1:
            self.status, self.document = rng.choice([301, 404, 500]), False
        elif not simple and rng.random() < .1:
            self.type, self.document = rng.choice(['image/png', 'application/pdf']), False
        body, coding = encode(self.text, self.plain)
        head = f'HTTP/1.{rng.randint(0, 1)} {self.status}' + rng.choice([' OK', ' OK' if self.plain else '', ' Okay so']) + '\r\n'
        head += f'content-type: {self.type}\r\n'
        if coding:
            head += f'Content-Encoding: {coding}\r\n'
        if rng.random() < .3:
            body = chunked(body, self.plain)
            head += 'Transfer-Encoding: chunked\r\n'
        else:
            length = len(body) if self.plain or rng.random() < .8 else rng.randint(0, 10 ** 9)
            head += f'Content-Length: {length}\r\n'
        if rng.random() < .2:
            head += 'X-Folded: one\r\n two\r\n\tthree\r\n'
        data = head.encode()
        if not self.plain and rng.random() < .1:
            data += b'X-Bytes: \xe9\xff\r\n'
        return data + b'\r\n' + body


def zstd_file(records, with_dict):
    params = zstandard.ZstdCompressionParameters.from_level(3, write_checksum=1, write_content_size=1)
    head, zdict = b'', None
    if with_dict:
        zdict = zstandard.train_dictionary(16 << 10, [r.bytes for r in records[:500]])
        data = zdict.as_bytes()
        if with_dict == 'packed':
            data = zstandard.ZstdCompressor().compress(data)
        head = b'\x5d\x2a\x4d\x18' + len(data).to_bytes(4, 'little') + data
    frames = [zstandard.ZstdCompressor(dict_data=zdict, compression_params=params).compress(r.bytes)
              for r in records]
    return head, frames


def pack(records, shape):
    """The file's bytes and where each record, or its member, begins in it."""
    if shape == 'plain':
        head, parts = b'', [r.bytes for r in records]
    elif shape == 'members':
        head, parts = b'', [gzip.compress(r.bytes, mtime=0, compresslevel=rng.choice([1, 6, 9]))
                            for r in records]
    elif shape == 'whole':
        return gzip.compress(b''.join(r.bytes for r in records), mtime=0), [0] * len(records)
    else:
        head, parts = zstd_file(records, {'frames': None, 'dict': 'raw', 'packed-dict': 'packed'}[shape])
    offsets, at = [], len(head)
    for part in parts:
        offsets.append(at)
        at += len(part)
    return head + b''.join(parts), offsets


# ---- reading them ----

def cat(path, *options):
    """What minkhal says: records, messages, exit status."""
    run = subprocess.run([MINKHAL, 'cat', path, '--json', *options], capture_output=True,
                         check=False, timeout=300)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr.decode(), run.returncode


def compare_written(records, offsets, got, with_offsets):
    problems = []
    if len(got) != len(records):
        problems.append(f'{len(got)} records, want {len(records)}')
    for r, offset, g in zip(records, offsets, got):
        verdict = 'document' if r.document else 'skipped'
        want = {'verdict': verdict, 'id': r.id, 'url': r.url, 'crawled': r.date,
                'text': r.text.decode() if r.document else ''}
        have = {key: g['metadata'].get(key) if key == 'crawled' else g[key] for key in want}
        if have != want:
            problems.append(f'{r.id} {r.kind}: got {str(have)[:200]} ({g["reason"]}), want {str(want)[:200]}')
        if with_offsets and g['metadata']['offset'] != offset:
            problems.append(f'{r.id}: offset {g["metadata"]["offset"]}, want {offset}')
        if r.kind == 'response' and g['metadata'].get('http_status') != r.status:
            problems.append(f'{r.id}: status')
        if r.document and g['metadata'].get('content_type') != r.type:
            problems.append(f'{r.id}: content type {g["metadata"].get("content_type")}')
    return problems


def compare_peer(theirs, got, with_offsets):
    problems = []
    if len(theirs) != len(got):
        problems.append(f'they have {len(theirs)} records, we {len(got)}')
    for t, g in zip(theirs, got):
        kind, rid, url, date, offset, payload, status = t
        ours = (g['metadata'].get('record_type'), g['id'], g['url'],
                g['metadata'].get('crawled'))
        if ours != (kind, rid, url, date):
            problems.append(f'they: {(kind, rid, url, date)}, we: {ours}')
        if with_offsets and g['metadata']['offset'] != offset:
            problems.append(f'{rid}: their offset {offset}, ours {g["metadata"]["offset"]}')
        if g['verdict'] == 'document' and payload is not None and g['text'].encode() != payload:
            problems.append(f'{rid}: their text {payload[:60]!r}, ours {g["text"].encode()[:60]!r}')
        if status and g['metadata'].get('http_status', status) != status:
            problems.append(f'{rid}: their status {status}')
    return problems


def strip(s):
    s = s or ''
    return s[1:-1] if s.startswith('<') else s


def by_warcio(path):
    with open(path, 'rb') as f:
        it = WarcioIterator(f)
        for r in it:
            status = r.http_headers and r.rec_type == 'response' and int(r.http_headers.get_statuscode())
            payload = r.content_stream().read()
            yield (r.rec_type, strip(r.rec_headers.get_header('WARC-Record-ID')),
                   strip(r.rec_headers.get_header('WARC-Target-URI')),
                   r.rec_headers.get_header('WARC-Date'), it.get_record_offset(), payload, status)


def by_fastwarc(path):
    with open(path, 'rb') as f:
        # It can decode bodies, but 2.0.1 then ends silently at one in compressed chunks.
        for r in FastIterator(f, parse_http=True, record_types=WarcRecordType.any_type):
            status = r.http_headers.status_code if r.http_headers is not None and r.headers.get(
                'WARC-Type') == 'response' else None
            coded = r.http_headers is not None and (r.http_headers.get('Transfer-Encoding') or
                                                    r.http_headers.get('Content-Encoding'))
            payload = None if coded else r.reader.read()
            yield (r.headers.get('WARC-Type'), strip(r.headers.get('WARC-Record-ID')),
                   strip(r.headers.get('WARC-Target-URI')), r.headers.get('WARC-Date'),
                   r.stream_pos, payload, status)


def all_of(read, path):
    """What a peer reads till it gives up."""
    got = []
    try:
        for item in read(path):
            got.append(item)
    except Exception as e:  # pylint: disable=broad-except
        return got, e
    return got, None


# ---- the tests ----

SHAPES = ['plain', 'members', 'whole'] + (['frames', 'dict', 'packed-dict'] if zstandard else [])


def test_shapes(folder):
    for shape in SHAPES + ['plain for peers', 'members for peers', 'whole for peers']:
        shape, _, peers = shape.partition(' ')
        records = [Record(i, plain=bool(peers)) for i in range(RECORDS)]
        data, offsets = pack(records, shape)
        path = os.path.join(folder, shape + '.warc')
        with open(path, 'wb') as f:
            f.write(data)
        got, err, status = cat(path, '--verify-digests')
        problems = compare_written(records, offsets, got, shape != 'whole')
        if status != 0 or err:
            problems.append(f'exit {status}: {err[:200]}')
        check(f'{shape}{" " + peers if peers else ""}: {RECORDS} records as they were written', problems)
        for name, read, installed, shapes in (
                ('warcio', by_warcio, WarcioIterator, ('plain', 'members')),  # refuses the other
                ('FastWARC', by_fastwarc, FastIterator, ('plain', 'members', 'whole'))):
            if not peers or shape not in shapes:
                continue
            if not installed:
                skip(f'{shape}: as {name} reads them', 'not installed')
                continue
            theirs, failure = all_of(read, path)
            problems = compare_peer(theirs, got, shape != 'whole')
            if failure:
                problems.insert(0, f'{name} failed: {failure!r}')
            check(f'{shape}: as {name} reads them', problems)


def mutate(data):
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data))
        kind = rng.randrange(5)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del data[at:at + rng.randint(1, 300)]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.randint(1, 50))
        elif kind == 3:
            data[at:at + 8] = b'99999999'
        else:
            del data[at + 1:]
    return bytes(data)


def lacks_records(data, whole, ends):
    """True if data is whole without some records next to each other: a file as good as it was.
    A cut that begins inside one and ends as far inside of the next, behind bytes that both
    have, is such a one."""
    n = len(whole) - len(data)
    edges = ends | {len(whole)}
    return n > 0 and any(end + n in edges and data == whole[:end] + whole[end + n:] for end in ends)


def test_damage(folder, shape, n):
    records = [Record(i, simple=True) for i in range(12)]
    whole, offsets = pack(records, shape)
    ends = set(offsets)
    texts = {r.id: r.text.decode() for r in records}
    path = os.path.join(folder, 'damaged.warc')
    silent, other, behind = [], [], {'warcio': [], 'FastWARC': []}
    for i in range(n):
        data = mutate(whole)
        if data == whole:
            continue
        with open(path, 'wb') as f:
            f.write(data)
        got, err, status = cat(path, '--verify-digests')
        documents = {g['id']: g['text'] for g in got if g['verdict'] == 'document'}
        named = status == 3 or any(g['verdict'] != 'document' for g in got)
        if status not in (0, 3):
            other.append(f'{i}: exit {status}: {err[:100]}')
        lost = [rid for rid in texts if rid not in documents]
        if shape == 'plain':  # there a changed id is not found out
            have = [g['text'] for g in got]
            lost = [rid for rid in lost if texts[rid] not in have]
        if len(data) < 5:  # no more than a word
            continue
        if lost and not named and not lacks_records(data, whole, ends):
            silent.append(f'{i}: {len(lost)} records lost, exit {status}')
        if shape != 'plain':
            other += [f'{i}: another text for {rid}' for rid, t in documents.items() if texts.get(rid) != t]
        for name, read, installed in (('warcio', by_warcio, WarcioIterator),
                                      ('FastWARC', by_fastwarc, FastIterator)):
            if not installed or shape not in ('plain', 'members'):
                continue
            theirs, _ = all_of(read, path)
            good = [t[1] for t in theirs if texts.get(t[1], '').encode() == t[5] and t[1] in lost]
            if good and not named:
                behind[name].append(f'{i}: {name} has {good}')
    check(f'{shape}: {n} damaged files, nothing lost without a report', silent)
    check(f'{shape}: {n} damaged files, no text but those written', other)
    for name, problems in behind.items():
        check(f'{shape}: {n} damaged files, what {name} can read is read or named', problems)


def test_threads(folder):
    """The same bytes for every number of threads, of a file with damages too."""
    problems = []
    for shape in SHAPES:
        records = [Record(i) for i in range(min(RECORDS * 5, 3000))]
        data = bytearray(pack(records, shape)[0])
        for _ in range(3):
            data[rng.randrange(len(data))] ^= 4
        path, outs = os.path.join(folder, 'threads.warc'), []
        with open(path, 'wb') as f:
            f.write(data)
        for threads in ('1', '2', '7'):
            out = os.path.join(folder, 'out.jsonl')
            run = subprocess.run([MINKHAL, 'clean', path, '-o', out, '-q', '--force', '-j', threads,
                                  '--ledger', out + '.ledger'], capture_output=True, check=False)
            files = [open(name, 'rb').read() for name in (out, out + '.ledger')]
            outs.append((run.returncode, run.stderr, *files))
        if outs[0] != outs[1] or outs[0] != outs[2]:
            problems.append(f'{shape}: {[(o[0], len(o[2]), len(o[3])) for o in outs]}')
    check('the same bytes for every number of threads', problems)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_shapes(folder)
        test_threads(folder)
        for shape in SHAPES:
            test_damage(folder, shape, min(RECORDS, 400))
    print(f'1..{n_tests}')
    return n_failed > 0


if __name__ == '__main__':
    sys.exit(main())
