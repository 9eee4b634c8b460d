#!/bin/sh
# symbols.sh NM ARCHIVE: every symbol that a static library shows begins with mk_. Hidden symbols
# are seen all the same in an archive: a program with a name like one of ours would not link.
set -eu

"$1" -g --defined-only "$2" | awk '
    NF == 3 && $3 ~ /^mk_/ { ours++ }
    NF == 3 && $3 !~ /^(mk_|__)/ { print "no mk_ before it: " $3; bad = 1 }
    END {
        if (!ours)
            print "no symbols: is it a library of ours?"
        exit bad || !ours
    }'
