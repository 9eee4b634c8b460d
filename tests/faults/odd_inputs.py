#!/usr/bin/env python3
"""odd_inputs.py MINKHAL [DEPTH [WORD..]]: inputs that misbehave: what is no file, cannot be opened,
vanishes, grows, waits, never ends, unpacks to too much or has an odd name. TAP on
standard output. DEPTH 10 makes the large ones large; WORDs choose tests by
parts of their names."""
import base64
import gzip
import io
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
import zlib

MINKHAL = pathlib.Path(sys.argv[1]).resolve()
DEPTH = int(sys.argv[2]) if len(sys.argv) > 2 else 1
LINE = b'{"id":"%d","text":"x"}\n'
LONG_LINE = b'{"text":"%s"}\n' % (b'x' * 400)
NOBODY = 65534
SANITIZED = b'__asan_' in MINKHAL.read_bytes() or b'__tsan_' in MINKHAL.read_bytes()
CHOSEN = sys.argv[3:]
n_tests = n_failed = 0
folder = None
figures = []  # what a test has measured
tests = []


def test(function):
    tests.append(function)
    return function


def run(*args, command='clean', status=None, **options):
    """Runs with inputs args in the test's folder. (documents, standard error)"""
    if command == 'clean':
        args = [*args, '-o', 'out.jsonl', '--force', '-f', 'lines', '-q']
    options.setdefault('stdin', subprocess.DEVNULL)
    done = subprocess.run([MINKHAL, command, *args], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=600, **options)
    said = done.stderr.decode()
    assert status is None or done.returncode == status, f'status {done.returncode}: {said[-500:]}'
    out = folder / 'out.jsonl'
    docs = []
    if command == 'clean' and done.returncode in (0, 1, 3):
        docs = [json.loads(text) for text in out.read_bytes().decode().splitlines()]
    return docs, said


def put(name, data):
    (folder / name).write_bytes(data)
    return name


def as_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def limit(what, n):
    return lambda: resource.setrlimit(what, (n, n))


# ---- what is no file ----

@test
def refuses_what_is_no_file_and_goes_on():
    put('a.jsonl', LINE % 1)
    os.mkfifo(folder / 'fifo')
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(folder / 'socket'))
        docs, said = run('fifo', 'socket', '/dev/zero', 'none', 'a.jsonl', status=3)
    assert len(docs) == 1
    for word in ("'fifo' is not a", "'socket' is not a", "'/dev/zero' is not a", "'none': No such"):
        assert word in said, said


@test
def skips_links_and_special_files_in_folders():
    (folder / 'in').mkdir()
    put('in/a.jsonl', LINE % 1)
    os.symlink('.', folder / 'in' / 'loop')
    os.symlink('a.jsonl', folder / 'in' / 'link')
    os.mkfifo(folder / 'in' / 'fifo')
    docs, said = run('in', status=0)
    assert len(docs) == 1 and '3 links, hidden and special files' in said, said


@test
def notes_a_file_that_is_given_twice():
    put('a.jsonl', LINE % 1)
    os.link(folder / 'a.jsonl', folder / 'b.jsonl')
    docs, said = run('a.jsonl', 'b.jsonl', status=0)
    assert len(docs) == 2 and "1 of the inputs is the same file as another: 'b.jsonl'" in said, said


@test
def goes_on_where_permission_is_denied():
    if os.getuid() != 0:
        return 'needs root'
    put('a.jsonl', LINE % 1)
    (folder / 'closed').mkdir()
    (folder / 'closed').chmod(0)
    (folder / put('secret.jsonl', LINE % 2)).chmod(0)
    folder.chmod(0o777)
    docs, said = run('secret.jsonl', 'closed', 'a.jsonl', status=3, preexec_fn=as_nobody)
    assert len(docs) == 1 and said.count('Permission denied') == 2, said


@test
def goes_on_where_a_file_has_vanished():
    put('a.jsonl', LINE % 1 * 5000)  # a small one is opened ahead
    put('b.jsonl', LINE % 2)
    child = subprocess.Popen([MINKHAL, 'clean', '-', 'a.jsonl', 'b.jsonl', '-o', 'out.jsonl', '-q'],
                             cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(LINE % 0 * 100000)  # more than a pipe holds: it reads by now
    (folder / 'a.jsonl').unlink()
    said = child.communicate()[1].decode()
    assert child.returncode == 3 and "cannot open 'a.jsonl'" in said, said
    assert (folder / 'out.jsonl').read_bytes().count(b'\n') == 100001


# ---- what does not hold still ----

def while_it_reads(change, *options):
    """The file that comes second is changed when it was opened and read in part."""
    put('a.jsonl', LONG_LINE * 30000)
    done = threading.Event()

    def work():
        while not done.is_set():
            change()
            time.sleep(0.002)
    worker = threading.Thread(target=work)
    worker.start()
    try:
        return run('a.jsonl', *options)
    finally:
        done.set()
        worker.join()


def append():
    with open(folder / 'a.jsonl', 'ab') as f:
        f.write(LINE % 2 * 1000)


@test
def names_a_file_that_grows():
    _, said = while_it_reads(append)
    assert "'a.jsonl' changed while it was read" in said, said


@test
def takes_a_file_that_grows_if_told_to():
    docs, said = while_it_reads(lambda: os.utime(folder / 'a.jsonl'), '--allow-changing')
    assert len(docs) == 30000 and said == '', said


@test
def names_a_file_that_shrinks():
    _, said = while_it_reads(lambda: os.truncate(folder / 'a.jsonl', 300000))
    assert "'a.jsonl' changed while it was read" in said or 'bad record' in said, said


def stop_while_waiting(command, *args):
    child = subprocess.Popen([MINKHAL, command, *args], cwd=folder, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(LINE % 0)
    child.stdin.flush()
    time.sleep(0.3)
    started = time.time()
    child.send_signal(signal.SIGTERM)
    child.wait(timeout=60)
    seconds = time.time() - started
    said = child.stderr.read().decode()
    for f in (child.stdin, child.stdout, child.stderr):
        f.close()
    assert child.returncode == 75 and 'stopped by a signal' in said, f'{command}: {child.returncode} {said}'
    assert seconds < 5, f'{command}: {seconds} s'


@test
def stops_while_it_waits_for_input():
    put('two.jsonl', LINE % 0 + LINE % 1)
    run('two.jsonl', '--ledger', 'ledger.jsonl', status=0)
    (folder / 'out.jsonl').unlink()
    stop_while_waiting('clean', '-', '-o', 'out.jsonl', '-q')
    assert not (folder / 'out.jsonl').exists()
    stop_while_waiting('cat', '-')
    stop_while_waiting('explain', '-', '--all')
    stop_while_waiting('mine', '-', '-o', 'rules', '-q')
    stop_while_waiting('restore', '-', 'ledger.jsonl', '-o', 'out.jsonl', '-q')


@test
def stops_in_a_line_without_an_end():
    source = subprocess.Popen(['cat', '/dev/zero'], stdout=subprocess.PIPE)
    child = subprocess.Popen([MINKHAL, 'clean', '-', '-o', 'out.jsonl', '-q'], cwd=folder,
                             stdin=source.stdout, stderr=subprocess.PIPE)
    source.stdout.close()
    time.sleep(0.5)
    child.send_signal(signal.SIGTERM)
    said = child.communicate(timeout=60)[1].decode()
    source.wait()
    assert child.returncode == 75, said


# ---- what is large ----

PEAK = '''import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)'''


def peak(feed, *args):
    """Feeds standard input by a thread. (status, peak memory in KiB, standard error)"""
    child = subprocess.Popen(
        [sys.executable, '-c', PEAK, MINKHAL, 'clean', '-', '-o', 'out.jsonl', '--force', '-q', '-j',
         '1', *args], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def work():
        try:
            for data in feed:
                child.stdin.write(data)
            child.stdin.close()
        except BrokenPipeError:  # it has said what it had to say
            pass
    worker = threading.Thread(target=work)
    worker.start()
    said = child.stderr.read().decode()
    worker.join()
    size = int(child.stdout.read())
    child.stdout.close()
    child.stderr.close()
    return child.wait(), size, said


@test
def passes_over_a_line_longer_than_memory():
    n = 1 << (9 if DEPTH == 1 else 13)
    big = b'x' * (1 << 20)
    feed = [b'{"text":"', *[big] * n, b'"}\n', LINE % 1]
    status, size, said = peak(iter(feed))
    assert status == 1 and 'stdin' in said or 'longer than 67108864 bytes' in said, said
    assert (folder / 'out.jsonl').read_bytes().count(b'\n') == 1
    figures.append(f'{n} MiB in a line: {size >> 10} MiB')
    # the limit of a line, and what a buffer that doubles holds of it
    assert SANITIZED or size < 300 << 10, f'{size} KiB'


@test
def needs_no_more_memory_for_more_documents():
    lines = b'{"text":""}\n' * 1000

    def measure(n):
        status, size, said = peak(lines for _ in range(n))
        assert status == 0, said
        return size
    n = 500 if DEPTH == 1 else 10000
    few, many = measure(50), measure(n)
    figures.append(f'50,000 documents: {few >> 10} MiB, {n * 1000:,}: {many >> 10} MiB')
    assert SANITIZED or many < few + 8192, f'{few} KiB of {50000} documents, {many} KiB of more'


@test
def keeps_below_the_memory_that_it_is_given():
    line = json.dumps({'text': 'ا\n' * 110000}, ensure_ascii=False).encode() + b'\n'
    args = '--max-doc', '1M', '--max-depth', '1', '-j', '8', '--memory'
    status, _, said = peak([line], *args, '100M')
    assert status == 2 and '--memory is too small' in said, said
    status, size, said = peak([line] * 12, *args, '700M')
    assert status == 0, said
    small = (folder / 'out.jsonl').read_bytes()
    assert SANITIZED or size < 700 << 10, f'{size} KiB'
    status, size, said = peak([line] * 12, *args, '4G')
    assert status == 0 and (folder / 'out.jsonl').read_bytes() == small, said


# ---- bombs ----

@test
def reads_no_bomb_to_its_end():
    zeros, names = bytes(1 << 20), []
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b''.join(packed.compress(zeros) for _ in range(200)) + packed.flush()
    names.append(put('ratio.jsonl.gz', data))
    if shutil.which('zstd'):
        names.append('far.jsonl.zst')
        with open(folder / names[-1], 'wb') as f:
            z = subprocess.Popen(['zstd', '-q', '-c'], stdin=subprocess.PIPE, stdout=f)
            for _ in range(500):
                z.stdin.write(zeros)
            z.communicate()
    put('a.jsonl', LINE % 1)
    docs, said = run(*names, 'a.jsonl', status=3)
    assert len(docs) == 1 and said.count('bomb:') == len(names) and '--max-ratio' in said, said
    docs, said = run('ratio.jsonl.gz', 'a.jsonl', '--max-unpacked', '10M', status=3)
    assert len(docs) == 1 and 'bomb:' in said and '--max-unpacked' in said, said


@test
def reads_what_is_packed_well_but_no_bomb():
    lines = b''.join(b'{"text":"%s"}\n' % (b'%d ' % i * 1000) for i in range(100))
    data = gzip.compress(lines * 300, mtime=0)
    put('a.jsonl.gz', data)
    assert 64 << 20 < len(lines) * 300 < len(data) * 1000
    docs, said = run('a.jsonl.gz', status=0)
    assert len(docs) == 30000 and said == '', said


@test
def counts_codecs_within_one_another():
    data = LINE % 1
    for _ in range(4):
        data = gzip.compress(data, mtime=0)
    put('a.jsonl.gz', data)
    _, said = run('a.jsonl.gz', status=3)
    assert 'more than 2 codecs within one another' in said, said
    docs, _ = run('a.jsonl.gz', '--max-depth', '4', status=0)
    assert len(docs) == 1


def overlapping_zip(n):
    """A zip in which n members have one and the same content: each local header but the
    last stands in a stored block of the deflate data of the one before."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b'\0' * 1000000
    data = kernel.compress(content) + kernel.flush()
    crc, size = zlib.crc32(content), len(content)
    body, entries = b'', []
    for i in reversed(range(n)):
        if body:  # quote the header that follows
            header = body[:30 + 1]
            data = b'\0' + struct.pack('<HH', len(header), len(header) ^ 0xFFFF) + header + data
            crc = zlib.crc32(content, zlib.crc32(header))
            content, size = header + content, size + len(header)
        local = struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 8, 0, 33, crc, len(data), size, 1, 0)
        body = local + b'%d' % i + data
        entries.append((b'%d' % i, crc, len(data), size, len(body)))
    directory = b''
    for name, c, packed, unpacked, from_end in reversed(entries):
        directory += struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 8, 0, 33, c, packed, unpacked,
                                 1, 0, 0, 0, 0, 0, len(body) - from_end) + name
    return body + directory + struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, n, n, len(directory), len(body), 0)


@test
def names_a_zip_whose_members_overlap():
    put('bomb.zip', overlapping_zip(9))
    with zipfile.ZipFile(folder / 'bomb.zip') as z:
        assert len(z.namelist()) == 9
    put('a.jsonl', LINE % 1)
    docs, said = run('bomb.zip', 'a.jsonl', status=3)
    assert [doc['source'] for doc in docs] == ['a.jsonl'], docs
    assert 'its directory lists 9 members, 1 were found' in said, said


@test
def opens_no_archive_within_an_archive():
    put('in.jsonl', LINE % 1)
    for name, names in (('in.tar', ['in.jsonl']), ('out.tar', ['in.tar', 'in.jsonl'])):
        with tarfile.open(folder / name, 'w') as tar:
            for member in names:
                tar.add(folder / member, member)
    docs, said = run('out.tar', status=3)
    assert len(docs) == 1 and "'out.tar!in.tar' is an archive within an archive" in said, said


# ---- names ----

def name_back(source):
    """The bytes of a name, from the source that stands for it."""
    out, at, data = b'', 0, source.encode()
    while at < len(data):
        if data[at:at + 3] == '\uFFFD'.encode():
            out += bytes.fromhex(data[at + 3:at + 5].decode())
            at += 5
        else:
            out += data[at:at + 1]
            at += 1
    return out


@test
def writes_names_that_can_be_told_back():
    (folder / 'in').mkdir()
    names = [b'new\nline.jsonl', b'latin\xe9.jsonl', b'\xff\xfe.jsonl', b'x' * 240 + b'.jsonl',
             '\uFFFDE9.jsonl'.encode(), 'فصل.jsonl'.encode(), b'%41"\\\'.jsonl', b'-o', b'\x1b[31m.jsonl']
    for name in names:
        with open(os.fsencode(folder / 'in') + b'/' + name, 'wb') as f:
            f.write(LINE % 1)
    docs, said = run('in', status=0)
    assert sorted(name_back(doc['source']) for doc in docs) == sorted(names), docs
    assert '\x1b' not in said


@test
def never_makes_files_of_members():
    (folder / 'in').mkdir()
    names = ['../up.jsonl', '/abs.jsonl', 'a\nb.jsonl', 'x' * 3000 + '.jsonl', 'a.jsonl', 'a.jsonl']
    with tarfile.open(folder / 'in' / 'odd.tar', 'w') as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(LINE % 1)
            tar.addfile(info, io.BytesIO(LINE % 1))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo('odd%s' % kind.decode())
            info.type, info.linkname = kind, '/etc/passwd'
            tar.addfile(info)
    docs, said = run('in', status=0)
    sources = [name_back(doc['source']).decode() for doc in docs]
    assert sources == ['odd.tar!' + name for name in names], sources
    assert 'members that hold no documents, skipped: 5' in said, said
    assert sorted(p.name for p in folder.iterdir()) == ['in', 'out.jsonl']
    assert not pathlib.Path('/abs.jsonl').exists() and not (folder.parent / 'up.jsonl').exists()


# ---- nothing in it ----

@test
def takes_files_with_nothing_in_them():
    for name, data in (('a.jsonl', b''), ('b.jsonl', b'\n' * 100000), ('c.txt', b''),
                       ('d.jsonl.gz', gzip.compress(b'', mtime=0))):
        put(name, data)
    docs, said = run('a.jsonl', 'b.jsonl', 'c.txt', 'd.jsonl.gz', status=0)
    assert docs == [] and said.count('no record in it') == 4, said


@test
def reads_no_encrypted_member():
    # a member of 24 bytes with the flag of encryption
    data = base64.b64decode(b'UEsDBAoACQAAAAAAIQAAAAAAGAAAAAwAAAAHAAAAYS5qc29ubA==') + bytes(24)
    put('a.zip', data)
    docs, said = run('a.zip', status=3)
    assert docs == [] and 'encrypted' in said, said


# ---- the process ----

@test
def says_that_it_may_open_no_more_files():
    put('a.jsonl', LINE % 1)
    for n in range(4, 9):
        _, said = run('a.jsonl', preexec_fn=limit(resource.RLIMIT_NOFILE, n), close_fds=True)
        assert n > 5 or 'oo many open files' in said, f'{n}: {said}'
    (folder / 'in').mkdir()
    for i in range(300):
        put(f'in/{i}.jsonl.gz', gzip.compress(LINE % i, mtime=0))
    docs, said = run('in', status=0, preexec_fn=limit(resource.RLIMIT_NOFILE, 64))
    assert len(docs) == 300, said


@test
def ends_with_4_where_a_file_may_grow_no_more():
    put('a.jsonl', b''.join(LINE % i for i in range(10000)))
    _, said = run('a.jsonl', status=4, preexec_fn=limit(resource.RLIMIT_FSIZE, 4096))
    assert 'cannot write' in said and not (folder / 'out.jsonl').exists(), said


@test
def gives_up_programs_and_sockets():
    child = subprocess.Popen([MINKHAL, 'clean', '-', '-o', 'out.jsonl', '-q'], cwd=folder,
                             stdin=subprocess.PIPE)
    child.stdin.write(LINE % 0)
    child.stdin.flush()
    time.sleep(0.3)
    status = pathlib.Path(f'/proc/{child.pid}/status')
    said = status.read_text() if status.exists() else ''
    child.communicate()
    if 'Seccomp:' not in said:
        return 'no seccomp here'
    assert 'Seccomp:\t2' in said and 'NoNewPrivs:\t1' in said, said


@test
def takes_a_damage_back_without_a_word_of_its_records():
    rng = random.Random(1)
    lines = [b'{"text":"%d"}\n' % rng.getrandbits(2000) if i % 9 else b'{bad\n' for i in range(20000)]
    packed = bytearray(gzip.compress(b''.join(lines), mtime=0))
    packed[-9000] ^= 4
    put('a.jsonl.gz', packed)
    put('b.jsonl', b'{bad\n')
    docs, said = run('a.jsonl.gz', 'b.jsonl', '--max-rejects', 'all', status=3)
    assert docs == [] and said.count('\n') == 2 and 'taken back' in said and 'b.jsonl:1' in said, said


def main():
    global folder, n_tests, n_failed
    for function in tests:
        name = function.__name__.replace('_', ' ')
        if CHOSEN and not any(word in name for word in CHOSEN):
            continue
        n_tests += 1
        figures.clear()
        started = time.time()
        folder = pathlib.Path(tempfile.mkdtemp())
        problem = skipped = None
        try:
            skipped = function()
        except (AssertionError, subprocess.TimeoutExpired) as error:
            problem = str(error) or 'an assertion'
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        n_failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {n_tests} - {name}"
              + (f' # SKIP {skipped}' if skipped else f' ({time.time() - started:.1f} s)')
              + ''.join('; ' + f for f in figures))
        if problem:
            print('  #', problem[:2000].replace('\n', '\n  # '))
        sys.stdout.flush()
    print(f'1..{n_tests}')
    sys.exit(n_failed > 0)


main()
