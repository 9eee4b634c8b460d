#!/usr/bin/env python3
"""make_letters.py LETTERS.tsv OUT.c: the tables of letter.h. Refuses a row that it
cannot read and a map between letters that differ in a folded line."""
import sys

KINDS = {'letter': 1, 'mark': 2, 'digit': 4, 'tatweel': 8, 'sign': 0, 'gone': 0}
FACTS = {'unjoined': 16, 'arabic': 32, 'vowel': 64, 'seated': 128, 'quran': 256}
MAPS = ['ar', 'fa', 'ur', 'ckb', 'ug', 'ps', 'alef', 'maksura', 'marbuta', 'hamza', 'script']
OWN = {'peh': 0xB0, 'tcheh': 0xB1, 'jeh': 0xB2, 'ng': 0xB3, 'rreh': 0xB4, 'tteh': 0xB5,
       'ddal': 0xB6, 'oe': 0xB7}
OTHER, GONE, SIGN, DIGIT = 0xFE, 1, 2, 0x30
BLOCKS = [0x600, 0x800]  # a table covers both


def index(cp):
    for i, block in enumerate(BLOCKS):
        if block <= cp < block + 256:
            return i * 256 + cp - block
    raise ValueError('U+%04X is in neither block' % cp)


def byte_of(cp, kind, word):
    if kind == 'letter':
        if word in OWN:
            return OWN[word]
        base = int(word, 16) if word else cp
        basic = 0x621 <= base <= 0x63A or 0x641 <= base <= 0x64A
        return 0x80 | (base - 0x620) if basic else OTHER
    return {'mark': GONE, 'tatweel': GONE, 'gone': GONE, 'digit': DIGIT, 'sign': SIGN}[kind]


def read(path):
    kinds, folded = [0] * 512, [0] * 512
    maps = {name: {} for name in MAPS}
    with open(path, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith('#'):
                continue
            code, _, kind, facts = line.rstrip('\n').split('\t')[:4]
            first, _, last = code.partition('-')
            for cp in range(int(first, 16), int(last or first, 16) + 1):
                word = ''
                i = index(cp)
                kinds[i] = KINDS[kind]
                for fact in facts.split() if facts != '-' else []:
                    name, equals, value = fact.partition('=')
                    if name == 'byte':
                        word = value
                    elif equals:
                        maps[name][cp] = int(value, 16)
                    elif name in FACTS:
                        kinds[i] |= FACTS[name]
                    else:
                        raise ValueError('%s:%d: unknown fact %s' % (path, number, fact))
                folded[i] = byte_of(cp, kind, word)
    for name, pairs in maps.items():
        for cp, to in pairs.items():
            if folded[index(cp)] != folded[index(to)]:
                raise ValueError('%s: %s=%04X of U+%04X differs from it in a folded line'
                                 % (path, name, to, cp))
    return kinds, folded, maps


def put(out, values, form):
    for i in range(0, len(values), 16):
        out.write('    ' + ' '.join(form % v for v in values[i:i + 16]) + '\n')


def main(source, target):
    kinds, folded, maps = read(source)
    with open(target, 'w', encoding='ascii') as out:
        out.write('/* Made of letters.tsv by make_letters.py. */\n#include "text/letter.h"\n\n')
        out.write('const uint16_t mk_letter_facts[512] = {\n')
        put(out, kinds, '0x%03X,')
        out.write('};\n\nconst uint8_t mk_letter_bytes[256] = {\n')
        put(out, folded[:256], '0x%02X,')
        out.write('};\n\nconst uint16_t mk_letter_maps[MK_N_LETTER_MAPS][256] = {\n')
        for name in MAPS:
            out.write('    {\n')
            put(out, [maps[name].get(0x600 + i, 0) for i in range(256)], '0x%03X,')
            out.write('    },\n')
        out.write('};\n')


main(*sys.argv[1:])
