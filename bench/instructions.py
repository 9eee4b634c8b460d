"""Instructions a byte of text, stage by stage: callgrind counts them, stages.tsv says what
belongs where. Two inputs are counted and subtracted, so that starting up does not count;
what it takes is told by itself. The count hardly varies from run to run, and not with
the load: it shows a change of one percent that no clock would."""
import collections
import fnmatch
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def read_stages():
    """[(stage, budget, [(file pattern, function pattern)])]"""
    stages = []
    for line in (HERE / 'stages.tsv').read_text(encoding='utf-8').splitlines():
        if not line or line.startswith('#'):
            continue
        stage, budget, patterns = line.split('\t')
        pairs = [(p.split(':', 1) + ['*'])[:2] for p in patterns.split()]
        stages.append((stage, float(budget), pairs))
    return stages


def parse(path):
    """{(file, function): instructions of its own}, from a profile without compression."""
    costs = collections.Counter()
    where, function = '', ''
    called = False
    with open(path, encoding='utf-8', errors='replace') as profile:
        for line in profile:
            if called:  # the line behind calls= is the cost of the callee
                called = False
            elif line.startswith('fl='):  # not fi, fe: what was inlined belongs to who has it
                where = line[3:].strip()
            elif line.startswith('fn='):
                function = line[3:].strip()
            elif line.startswith('calls='):
                called = True
            elif line[:1].isdigit() or line[:1] in '+-*':
                costs[where, function] += int(line.split()[1])
    return costs


def count(command, out):
    subprocess.run(['valgrind', '--quiet', '--tool=callgrind', '--compress-strings=no',
                    '--compress-pos=no', f'--callgrind-out-file={out}', *command],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return parse(out)


def stage_of(stages, where, function, root):
    name = os.path.normpath(where).replace(root + '/', '')
    bare = function.split("'")[0].split('.lto_priv')[0]
    for stage, _, pairs in stages:
        for file_pattern, function_pattern in pairs:
            if fnmatch.fnmatchcase(name, file_pattern) and \
                    fnmatch.fnmatchcase(bare, function_pattern):
                return stage
    return 'other'


def measure(minkhal, small, large, n_bytes, work):
    """small, large: inputs, the second with n_bytes more of text.
    [(stage, budget, instructions a byte)], instructions to start, unknown functions."""
    stages = read_stages()
    root = str(HERE.parent)
    counts = [count([str(minkhal), 'clean', str(path), '-o', str(work / 'counted.jsonl'), '-q',
                     '--force', '-j', '1'], work / 'callgrind.out') for path in (small, large)]
    more = collections.Counter(counts[1])
    more.subtract(counts[0])
    by_stage, other = collections.Counter(), collections.Counter()
    for (where, function), n in more.items():
        stage = stage_of(stages, where, function, root)
        by_stage[stage] += n
        if stage == 'other':
            other[function] += n
    rows = [(stage, budget, by_stage[stage] / n_bytes) for stage, budget, _ in stages]
    if other:
        rows.append(('other', 1.0, by_stage['other'] / n_bytes))
    total = sum(more.values())
    return {
        'stages': [{'stage': s, 'budget': b, 'instructions': round(i, 3)} for s, b, i in rows],
        'total': round(total / n_bytes, 3),
        'start': sum(counts[0].values()),
        'other': [[name, round(n / n_bytes, 3)] for name, n in other.most_common(8)],
    }
