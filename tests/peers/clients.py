#!/usr/bin/env python3
"""What one program of others makes of releases and of cleaned corpora.

usage: clients.py CLIENT < CASES

Run by release.py with an interpreter that has the client. CASES is a JSON list of objects:
`folder`, `codec`, `schema`, and of a release `splits` and `shards` (name -> documents). Prints a
line of JSON for each: null, or what is wrong. Nothing here needs the network.
"""
import collections
import functools
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

os.environ.update(HF_HUB_OFFLINE='1', HF_DATASETS_OFFLINE='1')

S, I, R, L = 'string', 'int64', 'double', 'list'
WARC = {'warc-record-id': S, 'warc-date': S, 'content-type': S, 'content-length': I, 'warc-type': S,
        'warc-identified-content-language': S, 'warc-refers-to': S, 'warc-target-uri': S,
        'warc-block-digest': S}
SCHEMAS = {
    'flat': dict.fromkeys(['id', 'text', 'source', 'url', 'title', 'date', 'lang', 'metadata'], S),
    'datatrove': {'text': S, 'id': S, 'metadata': dict.fromkeys(
        ['url', 'title', 'date', 'language', 'file_path', 'extra'], S)},
    'dolma': {'id': S, 'text': S, 'source': S, 'added': S, 'created': S,
              'metadata': dict.fromkeys(['url', 'title', 'language', 'extra'], S)},
    'fineweb2': {'text': S, 'id': S, 'dump': S, 'url': S, 'date': S, 'file_path': S, 'language': S,
                 'language_score': R, 'language_script': S, 'minhash_cluster_size': I,
                 'top_langs': S},
    'culturax': {'text': S, 'timestamp': S, 'url': S, 'source': S},
    'oscar': {'id': S, 'text': S, 'meta': {
        'warc_headers': WARC, 'identification': {'label': S, 'prob': R}, 'harmful_pp': R,
        'tlsh': S, 'quality_warnings': L, 'categories': L, 'sentence_identifications': L}},
}
TIMES = 'date', 'timestamp'  # names that mlcroissant takes for times


def lines_of(path):
    command = ['zstd', '-dc', str(path)] if str(path).endswith('.zst') else ['gzip', '-dc', str(path)]
    out = subprocess.run(command, check=True, capture_output=True).stdout
    return [json.loads(line) for line in out.decode('utf-8').split('\n')[:-1]]


def shards_of(case, split=None):
    """(path, what is in it) of the shards, all or those of a split, in order."""
    for name, n in case['shards'].items():
        if split is None or name.split('/')[1].startswith(split + '-'):
            lines = lines_of(f"{case['folder']}/{name}")
            assert len(lines) == n, (name, len(lines))
            yield f"{case['folder']}/{name}", lines


def lines_in(case, split=None):
    return [line for _, lines in shards_of(case, split) for line in lines]


# ---- loaders of data sets ----

def check_datasets(case):
    import datasets
    datasets.disable_progress_bars()

    def feature(spec):
        if isinstance(spec, dict):
            return {name: feature(inner) for name, inner in spec.items()}
        if spec == L:
            return datasets.List(datasets.Value('string'))
        return datasets.Value({S: 'string', I: 'int64', R: 'float64'}[spec])

    with tempfile.TemporaryDirectory() as cache:
        loaded = datasets.load_dataset(case['folder'], cache_dir=cache)
        assert {k: len(v) for k, v in loaded.items()} == case['splits'], loaded
        for name, split in loaded.items():
            want = datasets.Features(feature(SCHEMAS[case['schema']]))
            assert split.features == want, (split.features, want)
            assert list(split.features) == list(want), split.features
            assert split.to_list() == lines_in(case, name), name
        one = next(iter(case['splits']))
        stream = datasets.load_dataset(case['folder'], split=one, streaming=True)
        assert list(stream.take(20)) == lines_in(case, one)[:20]


def leaves(spec, path=''):
    """(path, type) of what a record of Croissant holds."""
    for name, inner in spec.items():
        if isinstance(inner, dict):
            yield from leaves(inner, f'{path}{name}/')
        elif path or name not in TIMES:
            yield path + name, inner


def check_mlcroissant(case):
    import mlcroissant
    loaded = mlcroissant.Dataset(jsonld=case['folder'] + '/croissant.json')
    issues = loaded.metadata.ctx.issues
    assert not issues.errors, issues.report()
    assert not issues.warnings, issues.report()
    if case['codec'] != 'gz':
        return  # it reads no zstd
    for split in case['splits']:
        wanted = lines_in(case, split)
        records = list(loaded.records(split))
        assert len(records) == len(wanted), (split, len(records))
        # it takes files in an order of its own
        got = sorted(r[split + '/text'].decode() for r in records)
        assert got == sorted(line['text'] for line in wanted), split
        paths = dict(leaves(SCHEMAS[case['schema']]))
        by_text = collections.defaultdict(list)
        for line in wanted:
            by_text[line['text']].append(line)
        for record in records:
            assert sorted(record) == sorted(f'{split}/{p}' for p in paths), sorted(record)
            same = by_text[record[split + '/text'].decode()]
            assert any(is_record(record, line, split, paths) for line in same), (record, same[:2])


def is_record(record, line, split, paths):
    for path, kind in paths.items():
        want = line
        for name in path.split('/'):
            want = want[name]
        got = record[f'{split}/{path}']
        if kind == L:
            got = list(got)
        if (got.decode() if isinstance(got, bytes) else got) != want:
            return False
    return True


def check_duckdb(case):
    import duckdb
    for path, lines in shards_of(case):
        rows = duckdb.sql(f"select * from read_json('{path}', format='newline_delimited')")
        assert rows.columns == list(SCHEMAS[case['schema']]), rows.columns
        texts = [r[0] for r in rows.project('text').fetchall()]
        assert texts == [line['text'] for line in lines], path
    folder = next(iter(case['shards'])).split('/')[0]
    for split, n in case['splits'].items():
        got = duckdb.sql("select count(*), count(text) from read_json("
                         f"'{case['folder']}/{folder}/{split}-*.jsonl.{case['codec']}')").fetchall()
        assert got == [(n, n)], got


def check_polars(case):
    import polars
    for path, lines in shards_of(case):
        frame = polars.read_ndjson(path)
        assert frame.columns == list(SCHEMAS[case['schema']]), frame.columns
        assert frame.null_count().sum_horizontal()[0] == 0
        assert frame.to_dicts() == lines, path


def check_pandas(case):
    import pandas
    for path, lines in shards_of(case):
        frame = pandas.read_json(path, lines=True, dtype=False, convert_dates=False)
        assert list(frame.columns) == list(SCHEMAS[case['schema']]), frame.columns
        assert frame.to_dict('records') == lines, path


def check_pyarrow(case):
    import pyarrow
    from pyarrow import json as reader
    kinds = {S: pyarrow.string(), I: pyarrow.int64(), R: pyarrow.float64(),
             L: pyarrow.list_(pyarrow.string())}

    def kind(spec):
        return pyarrow.struct(fields(spec)) if isinstance(spec, dict) else kinds[spec]

    def fields(spec):
        return [(name, kind(inner)) for name, inner in spec.items()]

    for path, lines in shards_of(case):
        stream = pyarrow.input_stream(
            path, compression='gzip' if case['codec'] == 'gz' else 'zstd')
        table = reader.read_json(stream, parse_options=reader.ParseOptions(
            explicit_schema=pyarrow.schema(fields(SCHEMAS[case['schema']])),
            unexpected_field_behavior='error'))
        assert table.to_pylist() == lines, path


# ---- readers of corpora ----

def check_datatrove(case):
    import loguru
    loguru.logger.remove()
    from datatrove.pipeline.readers import JsonlReader
    for path, lines in shards_of(case):
        docs = list(JsonlReader(os.path.dirname(path), glob_pattern=os.path.basename(path),
                                add_file_path=False).run())
        lines = [line for line in lines if line['text']]  # it skips empty ones
        assert len(docs) == len(lines), (len(docs), len(lines))
        for doc, line in zip(docs, lines):
            assert doc.text == line['text'] and doc.id == line.get('id', doc.id), doc.id
            inner = line.pop('metadata', {})
            inner = json.loads(inner) if isinstance(inner, str) else inner
            others = {k: v for k, v in line.items() if k not in ('id', 'text')}
            assert (others | inner).items() <= doc.metadata.items(), (others, doc.metadata)


def load_module(name, loader):
    spec = importlib.util.spec_from_loader(name, loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


@functools.cache  # it may be loaded once
def dolma_modules():
    """Its types and its mixer. The package is not imported: it asks for twenty others of
    old versions."""
    site = pathlib.Path(importlib.metadata.distribution('dolma').locate_file('dolma'))
    machinery = importlib.machinery
    return (load_module('data_types', machinery.SourceFileLoader(
                'data_types', str(site / 'core' / 'data_types.py'))),
            load_module('dolma', machinery.ExtensionFileLoader(
                'dolma', str(next(site.glob('dolma*.so'))))))


def check_dolma(case):
    """The mixer joins attributes to documents line by line, and writes anew what the spans
    of a rule say. Those where nothing stands it takes for one character: they are left out."""
    import msgspec
    types, mixer = dolma_modules()
    folder, codec = case['folder'], case['codec']
    lines, attributes = [], []
    for path, documents in shards_of(case):
        mine = lines_of(path.replace('/documents/', '/attributes/minkhal/'))
        assert len(mine) == len(documents), path
        lines += documents
        attributes += mine
    empty, spans_of = set(), collections.Counter()
    for line, mine in zip(lines, attributes):
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
    with tempfile.TemporaryDirectory() as work:
        mixer.mixer_entrypoint(json.dumps({
            'processes': 1, 'work_dir': {'input': work + '/i', 'output': work + '/o'},
            'streams': [{'name': 'mixed', 'documents': [f'{folder}/documents/*.{codec}'],
                         'attributes': ['minkhal'],
                         'output': {'path': work + '/mixed', 'max_size_in_bytes': 1 << 30},
                         'span_replacement': [{'span': '$.attributes.' + rule, 'min_score': .5,
                                               'replacement': '[]'} for rule in shown]}]}))
        mixed = list(pathlib.Path(work, 'mixed').iterdir())
        assert len(mixed) == 1, mixed
        mixed = {m['id']: m for m in lines_of(mixed[0])}
    # it passes by documents whose text is empty
    wanted = [(line, mine) for line, mine in zip(lines, attributes) if line['text']]
    assert set(mixed) >= {line['id'] for line, _ in wanted}
    for line, mine in wanted:
        got = mixed[line['id']]
        assert got['attributes'] == mine['attributes'], (got['attributes'], mine['attributes'])
        assert line['metadata'].items() <= got['metadata'].items(), got['metadata']
        text, at = '', 0
        for a, b in sorted((a, b) for rule in shown
                           for a, b, _ in mine['attributes'].get(rule, [])):
            text, at = text + line['text'][at:a] + '[]', b
        assert got['text'] == text + line['text'][at:], line['id']


# ---- papers ----

def check_huggingface_hub(case):
    """The card, as the hub's own parser reads its front matter."""
    from huggingface_hub import DatasetCard
    manifest = json.loads(pathlib.Path(case['folder'], 'manifest.json').read_text('utf-8'))
    said = manifest['metadata']
    data = DatasetCard.load(case['folder'] + '/README.md', ignore_metadata_errors=False).data
    card = data.to_dict()
    assert card['license'] == said.get('license', 'unknown').lower(), card['license']
    assert card['language'] == ['ar'] and card['task_categories'] == ['text-generation'], card
    assert card['pretty_name'] == said['pretty_name'], card['pretty_name']
    assert card.get('tags', []) == said.get('keywords', []), card
    assert len(card['size_categories']) == 1, card
    files = card['configs'][0]['data_files']
    assert [f['split'] for f in files] == list(case['splits']), files
    for f in files:
        found = {str(p.relative_to(case['folder'])) for p in
                 pathlib.Path(case['folder']).glob(f['path'])}
        assert found == {s for s in case['shards'] if s.split('/')[1].startswith(f['split'] + '-')}
    info = card['dataset_info']
    assert {s['name']: s['num_examples'] for s in info['splits']} == case['splits'], info
    assert info['download_size'] == sum(os.path.getsize(f"{case['folder']}/{s}")
                                        for s in case['shards'])


def check_cffconvert(case):
    from cffconvert import Citation
    text = pathlib.Path(case['folder'], 'CITATION.cff').read_text('utf-8')
    citation = Citation(text)
    citation.validate()
    assert citation.as_bibtex() and citation.as_apalike(), text


def check_license_expression(case):
    """LICENSE, the manifest and CITATION.cff name an identifier that SPDX has."""
    import yaml
    from license_expression import get_spdx_licensing
    licensing = get_spdx_licensing()
    manifest = json.loads(pathlib.Path(case['folder'], 'manifest.json').read_text('utf-8'))
    text = pathlib.Path(case['folder'], 'CITATION.cff').read_text('utf-8')
    name = manifest['metadata']['license']
    for said in name, yaml.safe_load(text)['license']:
        assert said == name and str(licensing.parse(said, validate=True, strict=True)) == name, said
    assert f'SPDX-License-Identifier: {name}\n' in pathlib.Path(
        case['folder'], 'LICENSE').read_text('utf-8')


def main():
    work = globals()['check_' + sys.argv[1]]
    for case in json.load(sys.stdin):
        try:
            problem = work(case)
        except Exception as e:  # whatever a client throws
            frames = traceback.extract_tb(e.__traceback__)[-3:]
            problem = f'{type(e).__name__}: {str(e)[:2000]}\n' + ''.join(traceback.format_list(frames))
        print(json.dumps(problem), flush=True)


if __name__ == '__main__':
    main()
