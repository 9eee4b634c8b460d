#!/usr/bin/env python3
"""normalize.py MINKHAL: `minkhal normalize` against another implementation.

MINKHAL_ORACLE is a command that reads lines of JSON {"op", "lang", "text"} and
writes for each a line {"text"}: op is a profile (train, search, preserve) or an
operation. Without it the test is skipped. MINKHAL_ORACLE_TEXTS (default 2000) is
the number of random texts for each pair of operation and language."""
import json
import os
import random
import shlex
import subprocess
import sys

LANGUAGES = ['ar', 'fa', 'ur', 'ckb', 'ug', 'ps', 'other']
PROFILES = ['train', 'search', 'preserve']
OPERATIONS = ['tatweel', 'letters', 'zwnj', 'zwj', 'pres_forms', 'nfc', 'invisible', 'bidi',
              'quote_repair', 'punct_space', 'repeat_punct', 'elongation_cap', 'elongation_fold',
              'whitespace', 'all_marks', 'number_sep', 'punct_ascii', 'word_lig', 'allah_lig']
TRIGGERS = ('ابتلهومنيىكأإآةءدرعیےہپکگۀەھ\u0671\u064b\u064e\u0650\u0651\u0652\u0654\u0655\u0670'
            '\u06dc\u06e1\u08f0\u0640\u0640\u0640    \n\u00a0\u2009a1bZ٣۳.-!?،؟؛۔,\u200b\u200c'
            '\u200c\u200d\u200e\u2060\u00ad\ufeff\ufe0f\u2764\u0e01\u0915\u094d\ufb50\ufb51\ufb52'
            '\ufe70\ufe73\ufc60\ufdf2\ufdfa\ufefb\ufd3e\ufd3fe\u0301\u201c\u201d\u2033\u2026%٪٬٫')


def random_text(source):
    out = []
    for _ in range(source.choice((1, 2, 3, 4, 6, 10, 20))):
        out.append(source.choice(TRIGGERS) * source.choice((1, 1, 1, 1, 2, 5)))
    return ''.join(out)


def ours(command, op, language, texts):
    how = ['--profile', op] if op in PROFILES else ['--only', op]
    records = ''.join(json.dumps({'id': '', 'text': t}) + '\n' for t in texts)
    run = subprocess.run([command, 'normalize', '--jsonl', '--lang', language] + how,
                         input=records.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line)['text'] for line in run.stdout.decode().split('\n')[:-1]]


def theirs(oracle, op, language, texts):
    records = ''.join(json.dumps({'op': op, 'lang': language, 'text': t}) + '\n' for t in texts)
    run = subprocess.run(oracle, input=records.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line)['text'] for line in run.stdout.decode().split('\n')[:-1]]


def main():
    oracle = os.environ.get('MINKHAL_ORACLE')
    if not oracle:
        print('1..0 # SKIP no MINKHAL_ORACLE')
        return 0
    source = random.Random(int(os.environ.get('MINKHAL_ORACLE_SEED', '1')))
    n_texts = int(os.environ.get('MINKHAL_ORACLE_TEXTS', '2000'))
    number = failed = 0
    for op in PROFILES + OPERATIONS:
        for language in LANGUAGES:
            texts = [random_text(source) for _ in range(n_texts)]
            pairs = list(zip(texts, ours(sys.argv[1], op, language, texts),
                             theirs(shlex.split(oracle), op, language, texts)))
            bad = [p for p in pairs if p[1] != p[2]]
            number += 1
            failed += bool(bad)
            print('%s %d - %s:%s on %d texts' % ('not ok' if bad else 'ok', number, op, language,
                                                 len(pairs)))
            for text, got, want in bad[:3]:
                print('# %s: got %s, want %s' % (ascii(text), ascii(got), ascii(want)))
    print('1..%d' % number)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
