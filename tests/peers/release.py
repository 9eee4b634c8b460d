#!/usr/bin/env python3
"""Releases and cleaned corpora as other programs see them: checksums, archives, the clients
that load data sets, and the readers of the schemas that we write.

usage: release.py MINKHAL [PYTHON]

PYTHON (or $MINKHAL_PEERS) is an interpreter that has datasets, mlcroissant, duckdb,
polars, pandas, pyarrow, datatrove and dolma; `./dev peers` makes one. A client that is not there is
skipped. Nothing here needs the network. TAP on standard output.
"""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile

MINKHAL = os.path.abspath(sys.argv[1])
PYTHON = sys.argv[2] if len(sys.argv) > 2 else os.environ.get('MINKHAL_PEERS', sys.executable)
KEYS = ['id', 'text', 'source', 'url', 'title', 'date', 'lang', 'metadata']
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

CLIENTS = {
    'datasets': '''
        import datasets
        datasets.disable_progress_bars()
        d = datasets.load_dataset(FOLDER, cache_dir=CACHE)
        assert {k: len(v) for k, v in d.items()} == COUNTS, d
        for split in d.values():
            assert list(split.features) == KEYS, split.features
            assert all(f.dtype == 'string' for f in split.features.values())
            assert sum(t is None for t in split['text']) == 0
    ''',
    'mlcroissant': '''
        import logging, warnings
        import mlcroissant
        d = mlcroissant.Dataset(jsonld=FOLDER + '/croissant.json')
        assert not d.metadata.ctx.issues.errors, d.metadata.ctx.issues.report()
        assert not d.metadata.ctx.issues.warnings, d.metadata.ctx.issues.report()
        if CODEC == 'gz':
            for split, n in COUNTS.items():
                records = list(d.records(split))
                assert len(records) == n, (split, len(records))
                assert sorted(records[0]) == sorted(split + '/' + k for k in KEYS if k != 'date')
    ''',
    'duckdb': '''
        import duckdb
        for name, n in SHARDS.items():
            rows = duckdb.sql(f"select * from read_json('{FOLDER}/{name}', "
                              "format='newline_delimited')")
            assert rows.columns == KEYS, rows.columns
            assert len(rows.fetchall()) == n
        for split, n in COUNTS.items():
            got = duckdb.sql("select count(*), count(text) from read_json("
                             f"'{FOLDER}/data/{split}-*.jsonl.{CODEC}')").fetchall()
            assert got == [(n, n)], got
    ''',
    'polars': '''
        import polars
        for name, n in SHARDS.items():
            d = polars.read_ndjson(FOLDER + '/' + name)
            assert d.columns == KEYS and d.height == n, (name, d.height)
            assert set(d.dtypes) == {polars.String}, d.dtypes
            assert d.null_count().sum_horizontal()[0] == 0
    ''',
    'pandas': '''
        import pandas
        for name, n in SHARDS.items():
            d = pandas.read_json(FOLDER + '/' + name, lines=True, dtype=str, convert_dates=False)
            assert list(d.columns) == KEYS and len(d) == n, (name, len(d))
            assert d.isna().sum().sum() == 0
    ''',
    'pyarrow': '''
        import gzip, io, pyarrow
        from pyarrow import json as reader
        for name, n in SHARDS.items():
            stream = pyarrow.input_stream(FOLDER + '/' + name,
                                          compression='gzip' if CODEC == 'gz' else 'zstd')
            d = reader.read_json(stream, parse_options=reader.ParseOptions(
                explicit_schema=pyarrow.schema([(k, pyarrow.string()) for k in KEYS]),
                unexpected_field_behavior='error'))
            assert d.column_names == KEYS and d.num_rows == n, (name, d.num_rows)
            assert sum(c.null_count for c in d.columns) == 0
    ''',
}


# Readers of a folder with one file of JSON lines, d.jsonl.CODEC, of that schema; LINES is
# what is in it.
READERS = {
    'datatrove': '''
        import loguru
        loguru.logger.remove()
        from datatrove.pipeline.readers import JsonlReader
        docs = list(JsonlReader(FOLDER, glob_pattern='*.jsonl.' + CODEC, add_file_path=False).run())
        assert len(docs) == len(LINES), (len(docs), len(LINES))
        for doc, line in zip(docs, LINES):
            assert doc.id == line['id'] and doc.text == line['text'], doc.id
            metadata = line['metadata']
            if isinstance(metadata, str):
                metadata = json.loads(metadata) | {k: line[k] for k in ('url', 'title', 'date')}
            assert metadata.items() <= doc.metadata.items(), (metadata, doc.metadata)
    ''',
    # The mixer of Dolma joins attributes to documents line by line, and writes anew what the
    # spans of a rule say. Those where nothing stands it takes for one character: they are
    # left out here. The package is not imported: it asks for twenty others of old versions.
    'dolma': '''
        import collections, importlib.machinery, importlib.metadata, importlib.util, msgspec
        site = pathlib.Path(importlib.metadata.distribution('dolma').locate_file('dolma'))
        def load(name, loader):
            spec = importlib.util.spec_from_loader(name, loader)
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            loader.exec_module(module)
            return module
        machinery = importlib.machinery
        types = load('data_types', machinery.SourceFileLoader(
            'data_types', str(site / 'core' / 'data_types.py')))
        rust = load('dolma', machinery.ExtensionFileLoader(
            'dolma', str(next(site.glob('dolma*.so')))))
        attributes = ATTRIBUTES
        assert len(LINES) == len(attributes)
        empty, spans_of = set(), collections.Counter()
        for line, mine in zip(LINES, attributes):
            doc = msgspec.convert(line, types.InputSpecWithMetadata)
            out = msgspec.convert(mine, types.OutputSpec)
            assert doc.id == out.id and doc.source == out.source
            for rule, spans in out.attributes.items():
                assert all(0 <= a <= b <= len(doc.text) for a, b, score in spans), out.id
                assert [b for a, b, _ in spans] == sorted(b for a, b, _ in spans)
                empty |= {rule} if any(a == b for a, b, _ in spans) else set()
                spans_of[rule] += len(spans)
        shown = sorted(set(spans_of) - empty)
        assert empty and shown, spans_of
        rust.mixer_entrypoint(json.dumps({
            'processes': 1, 'work_dir': {'input': FOLDER + '/i', 'output': FOLDER + '/o'},
            'streams': [{'name': 'mixed', 'documents': [FOLDER + '/documents/*.' + CODEC],
                         'attributes': ['minkhal'],
                         'output': {'path': FOLDER + '/mixed', 'max_size_in_bytes': 1 << 30},
                         'span_replacement': [{'span': '$.attributes.' + rule, 'min_score': .5,
                                               'replacement': '[]'} for rule in shown]}]}))
        mixed = list(pathlib.Path(FOLDER, 'mixed').iterdir())
        assert len(mixed) == 1, mixed
        mixed = lines_of(mixed[0])
        assert [m['id'] for m in mixed] == [line['id'] for line in LINES]
        for line, mine, got in zip(LINES, attributes, mixed):
            assert got['attributes'] == mine['attributes'], (got['attributes'], mine['attributes'])
            assert line['metadata'].items() <= got['metadata'].items(), got['metadata']
            text, at = '', 0
            for a, b in sorted((a, b) for rule in shown
                               for a, b, _ in mine['attributes'].get(rule, [])):
                text, at = text + line['text'][at:a] + '[]', b
            assert got['text'] == text + line['text'][at:], line['id']
    ''',
}


def reader(name, folder, codec, lines, attributes=None):
    head = f'''
import gzip, json, pathlib, subprocess, sys
FOLDER, CODEC = {str(folder)!r}, {codec!r}
def lines_of(path):
    command = ['zstd', '-dc', str(path)] if str(path).endswith('.zst') else ['gzip', '-dc', str(path)]
    out = subprocess.run(command, check=True, capture_output=True).stdout
    return [json.loads(line) for line in out.decode('utf-8').split('\\n')[:-1]]
LINES = [line for path in {[str(p) for p in lines]!r} for line in lines_of(path) if line['text']]
ATTRIBUTES = lines_of({str(attributes)!r}) if {attributes is not None} else None
'''
    run(PYTHON, '-c', head + textwrap.dedent(READERS[name]), cwd=folder.parent)


def clean_for(work, name, codec):
    """The pages as that reader wants them: the folder, the file, its attributes or None."""
    folder = work / f'{name}-{codec}'
    documents, attributes = folder / 'documents', folder / 'attributes' / 'minkhal'
    documents.mkdir(parents=True)
    attributes.mkdir(parents=True)
    file = f'd.jsonl.{codec}'
    more = ['--attributes', attributes / file] if name == 'dolma' else []
    run(MINKHAL, 'clean', work / 'pages.jsonl', '--schema', name, '-o', documents / file,
        '--ledger', folder / f'ledger.jsonl.{codec}', '-q', *more)
    return folder if more else documents, documents / file, attributes / file if more else None


def check_readers(work):
    write_pages(work / 'pages.jsonl')
    for name in READERS:
        have = version(name, name != 'dolma')
        for codec in 'gz', 'zst':
            if not have or (codec == 'zst' and not shutil.which('zstd')):
                report(f'{name} reads clean --schema {codec}', skip='it is not installed')
                continue
            folder, file, attributes = clean_for(work, name, codec)
            check(f'{name} {have} reads clean --schema {codec}', reader, name, folder, codec,
                  [file], attributes)
    if version('datatrove'):
        check('datatrove reads a release', reader, 'datatrove', work / 'gz' / 'data', 'gz',
              sorted((work / 'gz' / 'data').iterdir()))


def client(name, code, folder, codec, cache):
    manifest = json.loads((folder / 'manifest.json').read_text(encoding='utf-8'))
    head = f'''
import os
os.environ.update(HF_HUB_OFFLINE='1', HF_DATASETS_OFFLINE='1')
FOLDER, CACHE, CODEC, KEYS = {str(folder)!r}, {str(cache)!r}, {codec!r}, {KEYS!r}
COUNTS = {({s['name']: s['documents'] for s in manifest['splits']})!r}
SHARDS = {({s['name']: s['documents'] for s in manifest['shards']})!r}
'''
    run(PYTHON, '-c', head + textwrap.dedent(code), cwd=folder.parent)


def version(name, load=True):
    """What PYTHON has of that package, or None."""
    code = (f'import importlib.metadata as m; {f"import {name}; " if load else ""}'
            f'print(m.version("{name}"))')
    done = subprocess.run([PYTHON, '-c', code], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


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
        run(*pack, '--croissant', '1.1', '-o', work / 'later')
        for name, code in CLIENTS.items():
            have = version(name)
            for codec in 'gz', 'zst':
                if have:
                    check(f'{name} {have} {codec}', client, name, code, work / codec, codec,
                          work / f'cache-{codec}')
                else:
                    report(f'{name} {codec}', skip='it is not installed')
            if have and name == 'mlcroissant':
                check('mlcroissant, Croissant 1.1', client, name,
                      code.replace('assert not d.metadata.ctx.issues.warnings', 'assert True'),
                      work / 'later', 'gz', work)
        check_readers(work)
    finally:
        shutil.rmtree(work)
    print(f'1..{number}')
    return failures > 0


sys.exit(main())
