#!/usr/bin/env python3
"""hardened.py BINARY: is it built with what makes bugs harder to use? Reads the ELF file
itself: position independent, read-only relocations bound at the start, no executable
stack, stack canaries. On other formats the test is skipped."""
import struct
import sys

data = open(sys.argv[1], 'rb').read()
if data[:4] != b'\x7fELF' or data[4:6] != b'\x02\x01':
    print('1..0 # SKIP no little-endian 64-bit ELF')
    sys.exit(0)
kind, = struct.unpack_from('<H', data, 16)
table, = struct.unpack_from('<Q', data, 32)
size, count = struct.unpack_from('<HH', data, 54)
segments = []  # type, flags, offset, size in the file
for i in range(count):
    what, flags, offset, _, _, n = struct.unpack_from('<IIQQQQ', data, table + i * size)
    segments.append((what, flags, offset, n))
LOAD, DYNAMIC, STACK, RELRO = 1, 2, 0x6474E551, 0x6474E552
tags = []
for what, _, offset, n in segments:
    if what == DYNAMIC:
        tags += [struct.unpack_from('<QQ', data, offset + i) for i in range(0, n, 16)]
FLAGS, FLAGS_1, RPATH, RUNPATH = 30, 0x6FFFFFFB, 15, 29
now = any(tag == FLAGS and value & 8 or tag == FLAGS_1 and value & 1 for tag, value in tags)
sanitized = b'__asan_' in data or b'__tsan_' in data
checks = [
    ('position independent', kind == 3),
    ('relocations are read-only', any(s[0] == RELRO for s in segments)),
    ('and bound at the start', now),
    ('no executable stack', any(s[0] == STACK and not s[1] & 1 for s in segments)),
    ('nothing writable is executable', not any(s[0] == LOAD and s[1] & 3 == 3 for s in segments)),
    ('no search path for libraries', sanitized or not any(t in (RPATH, RUNPATH) for t, _ in tags)),
    ('canaries on the stack', b'__stack_chk_fail' in data),
]
for n, (name, good) in enumerate(checks, 1):
    print(f"{'ok' if good else 'not ok'} {n} - {name}")
print(f'1..{len(checks)}')
sys.exit(not all(good for _, good in checks))
