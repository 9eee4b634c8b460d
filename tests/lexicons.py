#!/usr/bin/env python3
"""lexicons.py [--sort] FILE..: whether lexicons are in order, so that a reader finds a phrase and
sees that it is there: each section once, the sections of a rule side by side, the phrases of a
section in the order of their letters, Arabic ones first, none twice in another spelling. What stands
under a comment within a section has an order of its own. --sort puts the files in order."""
import pathlib
import re
import sys

ANCHORS = '=^$~+>-'
MARKS = re.compile('[\u064b-\u0652\u0670\u0640]')
SPELLINGS = str.maketrans('إأآٱىة', 'ااااي' + 'ه')


def is_phrase(line):
    return line[:1] in tuple(ANCHORS) and line[1:2] == ' '


def order(line):
    """Latin phrases last, then letters, then anchors."""
    text = line[2:]
    return not re.search('[\u0600-\u06ff]', text.split('\t')[0]), text, line[0]


def spelling(line):
    """What is the same in all spellings: the anchor, the letters as they are folded, the flags."""
    phrase, _, flags = line[2:].partition('\t')
    return line[0], MARKS.sub('', phrase).translate(SPELLINGS).lower().strip(), flags


class Section:
    def __init__(self, name, comment):
        self.name = name
        self.comment = comment  # over it
        self.phrases = []
        self.blocks = []  # [(comment lines, phrases)]

    def rule(self):
        return self.name.strip('[]').split()[0]


def read(text):
    """The lines over the first section, and the sections as they stand."""
    lines = text.split('\n')
    end = next((n for n, line in enumerate(lines) if not line.startswith('#')), 0)
    top, sections, comment = lines[:end], [], []
    for line in lines[end:]:
        if line.startswith('['):
            sections.append(Section(line.strip(), comment))
            comment = []
        elif line.startswith('{'):
            top += ([''] if top and top[-1].startswith('#') else []) + comment + [line]
            comment = []
        elif line.startswith('#'):
            comment.append(line)
        elif not line.strip() and comment and not sections:
            top += [''] + comment  # of the whole file
            comment = []
        elif is_phrase(line) and comment:
            sections[-1].blocks.append((comment, [line]))
            comment = []
        elif is_phrase(line):
            last = sections[-1].blocks[-1][1] if sections[-1].blocks else sections[-1].phrases
            last.append(line)
        elif line.strip():
            raise ValueError(f"'{line}' is no phrase")
    return top, sections


def merge(sections):
    """One section a name, the sections of a rule side by side, phrases in order, none twice."""
    by_name, rules = {}, []
    for section in sections:
        one = by_name.setdefault(section.name, Section(section.name, []))
        one.comment += section.comment
        one.phrases += section.phrases
        one.blocks += section.blocks
        if section.rule() not in rules:
            rules.append(section.rule())
    for section in by_name.values():
        known = {}
        for phrase in sorted(section.phrases, key=order):
            known.setdefault(spelling(phrase), phrase)
        section.phrases = list(known.values())
    return [s for rule in rules for s in by_name.values() if s.rule() == rule]


def write(top, sections):
    lines = list(top)
    while lines and not lines[-1].strip():
        lines.pop()
    for section in sections:
        lines += [''] + section.comment + [section.name] + section.phrases
        for k, (comment, phrases) in enumerate(section.blocks):
            lines += ([''] if section.phrases or k > 0 else []) + comment + phrases
    return '\n'.join(lines) + '\n'


def main():
    sort = sys.argv[1:2] == ['--sort']
    wrong = 0
    for name in sys.argv[2 if sort else 1:]:
        path = pathlib.Path(name)
        text = path.read_text(encoding='utf-8')
        top, sections = read(text)
        ordered = write(top, merge(sections))
        if ordered == text:
            continue
        if sort:
            path.write_text(ordered, encoding='utf-8')
            continue
        wrong += 1
        for n, (a, b) in enumerate(zip(text.split('\n'), ordered.split('\n')), 1):
            if a != b:
                print(f"{path.name}:{n}: '{a}' stands where '{b}' should")
                break
    if wrong > 0:
        print(f'{wrong} out of order: tests/lexicons.py --sort filters/lexicons/*.txt')
    return wrong > 0


if __name__ == '__main__':
    sys.exit(main())
