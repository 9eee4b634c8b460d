#!/usr/bin/env python3
"""Writes the first seeds of the fuzz targets to fixtures/fuzz: small files of every
shape. What fuzzing finds is added there by hand, under a name that says what it was."""
import bz2
import gzip
import io
import lzma
import pathlib
import tarfile
import zipfile
import zlib

root = pathlib.Path(__file__).resolve().parents[2] / 'fixtures' / 'fuzz'


def put(target, name, data):
    folder = root / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def record(kind, block, version='1.0', eol='\r\n', extra=()):
    fields = [('WARC-Type', kind), ('WARC-Record-ID', '<urn:uuid:1>'),
              ('WARC-Date', '2024-01-02T03:04:05Z'), *extra,
              ('Content-Length', str(len(block)))]
    head = f'WARC/{version}{eol}' + ''.join(f'{k}: {v}{eol}' for k, v in fields) + eol
    return head.encode() + block + (eol * 2).encode()


def response(body, head='HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'):
    return record('response', head.encode() + b'\r\n' + body,
                  extra=[('WARC-Target-URI', 'http://example.org/'),
                         ('Content-Type', 'application/http; msgtype=response')])


text = 'سطر أول\nسطر ثان\n'.encode()
chunks = b'5\r\n' + text[:5] + b'\r\n%x;x=y\r\n' % len(text[5:]) + text[5:] + b'\r\n0\r\nA: b\r\n\r\n'
conversion = record('conversion', text, extra=[('Content-Type', 'text/plain')])
info = record('warcinfo', b'software: none\r\n', '1.1')
arc = (b'filedesc://a.arc 0.0.0.0 20080430204825 text/plain 76\n'
       b'1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n'
       b'http://example.org/ 1.2.3.4 20080430204825 text/plain 46\n'
       b'HTTP/1.1 200 OK\nContent-Type: text/plain\n\nword\n')
step = b'\xff'  # the first byte: how much is read at a time

put('crawl', 'wet', step + info + conversion)
put('crawl', 'wet-by-bytes', b'\0' + info + conversion)
put('crawl', 'response', step + info + record('request', b'GET / HTTP/1.1\r\n\r\n') + response(text))
put('crawl', 'lf', step + record('conversion', text, '0.17', '\n') * 2)
put('crawl', 'members', step + b''.join(gzip.compress(r, mtime=0) for r in (info, conversion, conversion)))
put('crawl', 'one-member', b'\x10' + gzip.compress(info + conversion * 3, mtime=0))
put('crawl', 'damaged-member', step + gzip.compress(conversion, mtime=0) +
    gzip.compress(conversion, mtime=0)[:-9] + b'\0' * 9 + gzip.compress(conversion, mtime=0))
put('crawl', 'wrong-length', step + conversion.replace(b'Content-Length: ', b'Content-Length: 9') + conversion)
put('crawl', 'digest', step + record('conversion', text, extra=[
    ('Content-Type', 'text/plain'), ('WARC-Block-Digest', 'sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')]))
put('crawl', 'arc', step + arc)
put('crawl', 'bom', step + b'\xef\xbb\xbf' + info + conversion)
put('crawl', 'untyped', step + response(b'<!DOCTYPE html><p>' + text, head='HTTP/1.1 200 OK\r\n') +
    response(text, head='HTTP/1.1 200 OK\r\n') + response(b'%PDF-1.4', head='HTTP/1.1 200 OK\r\n'))
put('crawl', 'segments', step + record('resource', text, extra=[('WARC-Segment-Number', '1')]) +
    record('continuation', text, extra=[('WARC-Segment-Number', '2')]))
put('http', 'plain', b'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset="utf-8"\r\n\r\n' + text)
put('http', 'folded', b'HTTP/1.0 404\nX: a\n  b\n\tc\nno colon\n\xff: \xfe\n\n' + text)
put('http', 'chunked', b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' + chunks)
put('http', 'gzip', b'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n' + gzip.compress(text, mtime=0))
put('http', 'deflate', b'HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n' + zlib.compress(text))
put('http', 'raw-deflate', b'HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n' + zlib.compress(text)[2:-4])
# brotli, as its command makes it of `text`
put('http', 'br', b'HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n' + bytes.fromhex(
    '1b1b00f88d94a9b95e296077f76aececad568411476891 0f4804d3f6362fe4f501'))
put('http', 'twice', b'HTTP/1.1 200 OK\r\nContent-Encoding: deflate, gzip\r\n\r\n' +
    gzip.compress(zlib.compress(text), mtime=0))
put('chunked', 'two', chunks)
put('chunked', 'none', text)
put('chunked', 'lf', b'3 \nabc\n0\n\n')
put('chunked', 'large', b'ffffffffffffffff\r\nabc')

line = '{"id":"a","text":"سطر أول\\nسطر ثان","n":[1,{"k":null}],"metadata":{"a":"\\ud83d\\ude00"}}\n'.encode()
put('jsonl', 'lines', step + line * 2)
put('jsonl', 'by-bytes', b'\0' + line)
put('jsonl', 'odd', b'\x10\xef\xbb\xbf\r\n \n{}\n{"text":1}\n{"text":"a","text":"b"}\n[1]\n{"text":"\\ud800"}\n{"text":"\xff"}\n')
put('jsonl', 'labelled', step + '{"id":"p","lines":[{"t":"الرئيسية","l":"D","c":"nav"},{"t":"تاريخ[عدل]","l":"K",'
    '"keep":"تاريخ"},{"t":"","l":"E"}]}\n'.encode())
tar = io.BytesIO()
with tarfile.open(fileobj=tar, mode='w') as t:
    for name in ('a.txt', 'dir/ب.txt'):
        info = tarfile.TarInfo(name)
        info.size = len(text)
        t.addfile(info, io.BytesIO(text))
zipped = io.BytesIO()
with zipfile.ZipFile(zipped, 'w', zipfile.ZIP_DEFLATED) as z:
    for name in ('a.txt', 'ب.txt'):
        z.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), text * 9, zipfile.ZIP_DEFLATED)
put('stream', 'gz', step + gzip.compress(text, mtime=0) + gzip.compress(line, mtime=0))
put('stream', 'gz-by-bytes', b'\0' + gzip.compress(text, mtime=0) + b'\0\0')
put('stream', 'gz-broken', step + gzip.compress(text, mtime=0)[:-3] + gzip.compress(line, mtime=0))
put('stream', 'bz2', step + bz2.compress(text) + bz2.compress(line))
put('stream', 'xz', step + lzma.compress(text))
# zstd: a frame that is skipped, and one of a single raw block without a checksum
put('stream', 'zst', step + bytes.fromhex('502a4d1803000000616263') + bytes.fromhex('28b52ffd20') +
    bytes([len(text)]) + (len(text) << 3 | 1).to_bytes(3, 'little') + text)
put('stream', 'tar', step + tar.getvalue()[:5120])
put('stream', 'tar.gz', b'\x20' + gzip.compress(tar.getvalue(), mtime=0))
put('stream', 'zip', step + zipped.getvalue())
put('stream', 'gz-in-xz', step + lzma.compress(gzip.compress(text, mtime=0)))
put('lexicon', 'phrases', '# a comment\n[button]\n= شارك هذا الخبر\n^ شارك\tweak\n{thing} = الخبر | المقال\n~ {thing} {n}\tcover=60\n'
    '[list opens]\n+ فيس بوك\n> (عدل)\n$ *:\tcertain\n- انقر\n'.encode())
put('lexicon', 'unknown', b'[none]\n= x\n')
put('lexicon', 'rules', '# minkhal site rules 1 missed=3\n# c\n\n[example.org pages=4010]\n312 300/2/10\tأخبار الواحة\n1\tx\n'.encode())
put('lexicon', 'counts', b'# minkhal site counts 1 site-field=host\n[a pages=2]\n2 1/1/0\tx\n')
put('option', 'all', b'level=certain\nform=train\ndigits=ascii\nmin=0.25\nmax=-1\ncover=42\nmode=strip\nkeep=on\nx\n=\n')
put('ledger', 'undo', '{"doc":0,"id":"a","source":"s","verdict":"written","reason":"","review":false,"bytes":9,"crc32":"cbf43926",'
    '"edits":[{"at":3,"len":0,"src":3,"was":"456","why":[{"filter":"f","rule":"r","evidence":"e"}]}]}\n123789'.encode())
put('ledger', 'filtered', b'{"doc":1,"id":"a","source":"s","verdict":"filtered","reason":"","review":true,"bytes":1,"crc32":"e8b7be43",'
    b'"edits":[{"at":0,"len":0,"src":0,"was":"a","why":[]}]}')
put('ledger', 'beyond', b'{"doc":1,"id":"a","source":"s","verdict":"written","reason":"x","review":false,"bytes":18446744073709551615,'
    b'"crc32":"00000000","edits":[{"at":18446744073709551615,"len":1,"src":0,"was":"","why":[]}]}\nabc')
page = ('الرئيسية | أخبار | رياضة\nعاجل\nافتتح المعرض أبوابه أمس، وحضر الحفل جمع كبير من الناس.\n'
        'شارك هذا الخبر\nفيس بوك\nتويتر\nاقرأ أيضا:\nعنوان خبر آخر\nجميع الحقوق محفوظة © 2024\n').encode()
for i in range(3):
    put('clean', 'page-%d' % i, bytes([i]) + page)
put('clean', 'html', b'\0<!doctype html><title>a</title><nav><a href=x>b</a></nav><p>' + page + b'<script>x</script>')
put('clean', 'cp1256', b'\0' + page.decode().encode('cp1256', 'ignore'))
put('clean', 'utf-16', b'\1' + page.decode().encode('utf-16'))
put('clean', 'letters', b'\2' + 'كتـــاب ﷺ ﻻ\u200f\u064b١٢٣ ى&amp;nbsp; Ø§Ù„ &#1575; ّ َ'.encode())
put('normalize', 'train', b'\0' + 'كتـــاب ١٢٣ ﷺ ﻻ مدرســة،\u200f أ إ آ'.encode())
put('normalize', 'search', b'\4' + 'إبراهيم مُدَرِّسٌ على القُرْآن ﴿بسم الله﴾ ۱۲۳'.encode())
put('normalize', 'record', b'\x82' + '{"id":"a","text":"كتـــاب","lang":"fa"}'.encode())
