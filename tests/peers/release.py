#!/usr/bin/env python3
"""Releases and cleaned corpora as other programs see them: checksums, archives, the clients
that load data sets, and the readers of the schemas that we write.

usage: release.py MINKHAL [PYTHON]

PYTHON (or $MINKHAL_PEERS) is an interpreter that has the clients that clients.py knows;
`./dev peers` makes one. A client that is not there is skipped. Nothing here needs the network.
TAP on standard output.
"""
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile

MINKHAL = os.path.abspath(sys.argv[1])
PYTHON = sys.argv[2] if len(sys.argv) > 2 else os.environ.get('MINKHAL_PEERS', sys.executable)
CODECS = ['gz', 'zst'] if shutil.which('zstd') else ['gz']
N = 4000
PAGES = 2000
WORDS = 'الواحة نص صفحة ماء نخل «قال» كتاب، بيت 2024 مدرسة؟ سوق\u2028 طريق \\ " / يوم'.split(' ')

number = 0
failures = 0


def report(name, problem=None, skip=None):
    global number, failures
    number += 1
    if problem:
        failures += 1
        print(f'not ok {number} - {name}')
        print(textwrap.indent(str(problem), '# '), flush=True)
    else:
        print(f'ok {number} - {name}' + (f' # SKIP {skip}' if skip else ''), flush=True)


def check(name, work, *args):
    try:
        work(*args)
    except subprocess.CalledProcessError as e:
        report(name, e.stderr or e)
    except Exception as e:  # whatever a client throws
        report(name, f'{type(e).__name__}: {e}')
    else:
        report(name)


def run(*args, **more):
    return subprocess.run([str(a) for a in args], check=True, capture_output=True, text=True,
                          **more).stdout


def write_documents(path):
    """Texts empty and long, dates and numbers that loaders like to take for other types."""
    draw = random.Random(7)
    with open(path, 'w', encoding='utf-8') as out:
        for i in range(N):
            words = draw.choices(WORDS, k=draw.choice([0, 3, 80, 400]))
            document = {
                'id': str(i), 'text': '\n'.join(words) if i % 2 else ' '.join(words),
                'source': 's.jsonl',
                'url': '' if i % 9 == 0 else f'https://h{i % 61}.example/{i}',
                'title': '' if i < 3000 else 'عنوان',
                'date': '2024-01-01' if i % 3 else '', 'lang': 'ar',
                'metadata': '{}' if i < 3500 else json.dumps({'n': i, 'cluster': i % 5}),
            }
            out.write(json.dumps(document, ensure_ascii=False, separators=(',', ':')) + '\n')


def write_pages(path):
    """Pages with furniture and stretched letters, of more than one member of gzip."""
    draw = random.Random(8)
    with open(path, 'w', encoding='utf-8') as out:
        for i in range(PAGES):
            body = [' '.join(draw.choices(WORDS[:12], k=60)) + f' كتـــاب {i}.' for _ in range(4)]
            page = {'id': f'p{i}', 'url': f'https://h{i % 7}.example/{i}', 'title': f'عنوان {i}',
                    'date': '2024-05-01', 'rank': i,
                    'text': '\n'.join(['الرئيسية', 'شارك على فيسبوك', *body,
                                       'اقرأ  أيضا', 'جميع الحقوق محفوظة'])}
            out.write(json.dumps(page, ensure_ascii=False) + '\n')


METADATA = '''
name: waha
pretty_name: صفحات الواحة
version: 1.0.0
date: 2024-05-01
license: CC-BY-4.0
description: "Pages: of an oasis"
homepage: https://waha.example/
citation: Sami, 2024
authors: [{name: Sami, orcid: 0000-0002-1825-0097}]
'''


# ---- what needs no client ----

def sums(folder):
    run('sha256sum', '-c', '--strict', 'SHA256SUMS', cwd=folder)


def same_as(folder, files):
    """files: name -> bytes, must be those of the folder."""
    want = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob('*') if p.is_file()}
    assert sorted(files) == sorted(want), (sorted(files), sorted(want))
    for name, data in files.items():
        assert data == want[name] or name in ('manifest.json', 'SHA256SUMS'), name


def read_tar(path, folder):
    with tarfile.open(path) as t:
        members = t.getmembers()
        assert [m.name for m in members] == sorted(m.name for m in members)
        assert all(m.uid == m.gid == m.mtime == 0 and m.mode == 0o644 for m in members)
        same_as(folder, {m.name: t.extractfile(m).read() for m in members})


def read_zip(path, folder):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        assert all(i.compress_type == zipfile.ZIP_STORED for i in z.infolist())
        same_as(folder, {i.filename: z.read(i) for i in z.infolist()})


def unpack(path, command, work):
    target = work / f'unpacked-{path.name}'
    target.mkdir()
    run(*command, path, cwd=target)
    sums(target)
    run(MINKHAL, 'verify', '-q', target)


def members(folder):
    """Every member can be read alone, as the manifest says."""
    import gzip
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    total = 0
    for shard in manifest['shards']:
        stored = (folder / shard['name']).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == shard['sha256']
        content = b''
        for offset, length, size, documents, first in shard['members']:
            part = gzip.decompress(stored[offset:offset + length])
            assert len(part) == size and part.count(b'\n') == documents, shard['name']
            assert content.count(b'\n') == first
            content += part
        assert hashlib.sha256(content).hexdigest() == shard['content_sha256']
        total += shard['documents']
    assert total == N


def splits(folder):
    """The rule of the splits, by another program."""
    import gzip
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    salt = manifest['options']['salt']
    for shard in manifest['shards']:
        for line in gzip.open(folder / shard['name'], 'rt', encoding='utf-8', newline='\n'):
            d = json.loads(line)
            host = d['url'].split('/')[2] if d['url'] else ''
            cluster = json.loads(d['metadata']).get('cluster')
            key = host or d['id'] if cluster is None else str(cluster)
            at = int(hashlib.sha256((salt + key).encode()).hexdigest()[:16], 16)
            edge = 0
            for split in manifest['splits']:
                edge += split['millionths']
                if at * 1000000 < edge << 64:
                    break
            assert split['name'] == shard['split'], d['id']


# ---- clients ----

# Which schemas a client can read, and codecs; the work is in clients.py.
SCHEMAS = ['flat', 'datatrove', 'dolma', 'fineweb2', 'culturax', 'oscar']
CLIENTS = ['datasets', 'mlcroissant', 'duckdb', 'polars', 'pandas', 'pyarrow', 'datatrove',
           'huggingface_hub', 'cffconvert', 'license_expression']
LICENSES = pathlib.Path(__file__).resolve().parents[2] / 'src' / 'release' / 'licenses.c'


def version(name, load=True):
    """What PYTHON has of that package, or None."""
    code = (f'import importlib.metadata as m; {f"import {name}; " if load else ""}'
            f'print(m.version("{name}"))')
    done = subprocess.run([PYTHON, '-c', code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def check_client(name, cases):
    """All cases in one process: a client takes seconds to start."""
    have = version(name, name != 'dolma')
    if not have:
        for case in cases:
            report(f'{name} reads {case["name"]}', skip='it is not installed')
        return
    tool = pathlib.Path(__file__).with_name('clients.py')
    done = subprocess.run([PYTHON, tool, name], input=json.dumps(cases), capture_output=True,
                          text=True)
    said = [json.loads(line) for line in done.stdout.splitlines() if line[:1] in '"n']
    for case, problem in itertools.zip_longest(cases, said, fillvalue=done.stderr or 'it ended'):
        report(f'{name} {have} reads {case["name"]}', problem)


def release_case(name, folder):
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    return {'name': name, 'folder': str(folder), 'codec': manifest['options']['codec'],
            'schema': manifest['options']['schema'],
            'splits': {s['name']: s['documents'] for s in manifest['splits']},
            'shards': {s['name']: s['documents'] for s in manifest['shards']}}


def make_releases(work, pack):
    """A release of each schema and codec; each is also the same as its archives."""
    cases = []
    for schema in SCHEMAS:
        for codec in CODECS:
            name = f'{schema} {codec}'
            folder = work / f'{schema}-{codec}'
            options = ['--schema', schema, '--codec', codec, '--shard-size', '100K']
            run(*pack, *options, '-o', folder)
            run(MINKHAL, 'verify', '-q', folder)
            for end, read in (('tar', read_tar), ('zip', read_zip)):
                run(*pack, *options, '-o', work / f'{folder.name}.{end}')
                check(f'{end} of {name} is the folder', read, work / f'{folder.name}.{end}', folder)
            cases.append(release_case(name, folder))
    return cases


def make_cleaned(work, schema, codec):
    """Pages that were cleaned to that schema at once, with their attributes: a case."""
    folder = work / f'clean-{schema}-{codec}'
    documents, attributes = folder / 'documents', folder / 'attributes' / 'minkhal'
    documents.mkdir(parents=True)
    attributes.mkdir(parents=True)
    file = f'd.jsonl.{codec}'
    run(MINKHAL, 'clean', work / 'pages.jsonl', '--schema', schema, '-o', documents / file,
        '--ledger', folder / f'ledger.jsonl.{codec}', '--attributes', attributes / file, '-q')
    return {'name': f'clean --schema {schema}, {codec}', 'folder': str(folder), 'codec': codec,
            'schema': schema, 'splits': {'d': PAGES}, 'shards': {f'documents/{file}': PAGES}}


def make_joined(work, codec):
    """A release with attributes, of several shards: a case."""
    plain, folder = work / f'plain.jsonl.{codec}', work / f'joined-{codec}'
    ledger = work / f'plain-ledger.jsonl.{codec}'
    run(MINKHAL, 'clean', work / 'pages.jsonl', '-o', plain, '--ledger', ledger, '-q')
    run(MINKHAL, 'pack', plain, '--ledger', ledger, '--schema', 'dolma', '--codec', codec,
        '--split', 'train=6,test=4', '--shard-size', '10K', '-o', folder, '-q')
    assert len(list((folder / 'documents').iterdir())) > 2
    return release_case(f'dolma {codec} with attributes', folder)


def check_clients(work, pack):
    cases = make_releases(work, pack)
    run(*pack, '--croissant', '1.1', '-o', work / 'later')
    later = release_case('Croissant 1.1', work / 'later')
    write_pages(work / 'pages.jsonl')
    cleaned = {s: [make_cleaned(work, s, c) for c in CODECS] for s in ('datatrove', 'dolma')}
    joined = [make_joined(work, codec) for codec in CODECS]
    for name in CLIENTS:
        more = {'mlcroissant': [later], 'datatrove': cleaned['datatrove'] + joined}
        papers = name in ('cffconvert', 'license_expression')
        check_client(name, cases[:1] if papers else cases + more.get(name, []))
    check_client('dolma', cleaned['dolma'] + joined)


def licenses():
    """All that may be said is in SPDX, and none of it is deprecated there."""
    names = re.findall(r'^    {"([^"]+)"', LICENSES.read_text(encoding='utf-8'), re.M)
    code = ('import sys; from license_expression import get_spdx_licensing as get\n'
            'known = get()\n'
            'for name in sys.argv[1:]:\n'
            '    key = known.parse(name, validate=True, strict=True)\n'
            '    assert str(key) == name and not key.is_exception, name\n')
    assert len(names) > 30, names
    run(PYTHON, '-c', code, *names)


def main():
    work = pathlib.Path(tempfile.mkdtemp(prefix='minkhal-release-'))
    try:
        write_documents(work / 'in.jsonl')
        (work / 'waha.yaml').write_text(METADATA, encoding='utf-8')
        pack = [MINKHAL, 'pack', '-q', work / 'in.jsonl', '--metadata', work / 'waha.yaml',
                '--split', 'train=8,validation=1,test=1', '--salt', 'waha']
        for codec in 'gz', 'zst':
            run(*pack, '--codec', codec, '--shard-size', '100K', '-o', work / codec)
            check(f'sha256sum {codec}', sums, work / codec)
        check('members can be read alone', members, work / 'gz')
        check('splits are as written down', splits, work / 'gz')
        for end in 'tar', 'tar.gz', 'zip', 'tar.zst':
            run(*pack, '--shard-size', '100K', '-o', work / f'r.{end}')
        check('tarfile', read_tar, work / 'r.tar', work / 'gz')
        check('tarfile gz', read_tar, work / 'r.tar.gz', work / 'gz')
        check('zipfile', read_zip, work / 'r.zip', work / 'gz')
        for end, command in (('tar', ['tar', '-xf']), ('tar.gz', ['tar', '-xzf']),
                             ('tar.zst', ['tar', '--zstd', '-xf']), ('zip', ['unzip', '-q'])):
            if shutil.which(command[0]) and (end != 'tar.zst' or shutil.which('zstd')):
                check(f'{command[0]} {end}', unpack, work / f'r.{end}', command, work)
            else:
                report(f'{command[0]} {end}', skip='it is not installed')
        if version('license_expression'):
            check('all licences are in SPDX', licenses)
        check_clients(work, pack)
    finally:
        shutil.rmtree(work)
    print(f'1..{number}')
    return failures > 0


sys.exit(main())
