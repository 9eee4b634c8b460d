#!/usr/bin/env python3
"""Writes the first seeds of the fuzz targets to fixtures/fuzz: small files of every
shape. What fuzzing finds is added there by hand, under a name that says what it was."""
import gzip
import pathlib
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
