#!/bin/sh
# containers.sh FIXTURES: what minkhal writes others can read, and what others
# pack minkhal reads like the files themselves. MINKHAL is the command. A line of
# TAP a check.
set -u

case ${MINKHAL:?the command to test} in
/*) ;;
*) MINKHAL=$PWD/$MINKHAL ;;
esac
fixtures=$(cd "${1:?usage: containers.sh FIXTURES}" && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
LC_ALL=C
export LC_ALL

n=0
failed=0
# check TITLE STATUS: a line of TAP; ok if STATUS is 0.
check() {
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        failed=1
    fi
}

# skip TITLE COMMAND: true, with a line of TAP, if there is no such command.
skip() {
    command -v "$2" >/dev/null 2>&1 && return 1
    n=$((n + 1))
    echo "ok $n - $1 # SKIP no $2 here"
}

mkdir "$work/pages" "$work/pages/فرع" || exit 2
cp "$fixtures"/pages/*.txt "$work/pages/" || exit 2
cp "$fixtures/pages/news-heads.txt" "$work/pages/فرع/خبر.txt" || exit 2
cd "$work" || exit 2

# The texts of JSON lines on standard input, sorted: what must be the same
# however the pages were packed.
cat >texts.py <<'END'
import json, sys
keys = ["id", "text", "source", "url", "title", "date", "lang", "metadata"]
texts = []
for line in sys.stdin.buffer.read().decode("utf-8").split("\n")[:-1]:
    record = json.loads(line)
    assert list(record) == keys, list(record)
    assert all(isinstance(value, str) for value in record.values())
    json.loads(record["metadata"])
    texts.append(record["text"])
for text in sorted(texts):
    print(json.dumps(text))
END

"$MINKHAL" clean pages -q -o folder.jsonl || exit 2
python3 texts.py <folder.jsonl >want
check "each line of the output is one object with the same keys" $?
[ "$(wc -l <want)" -gt 40 ]
check "most pages have a text" $?

# ---- what others read ----

"$MINKHAL" clean pages -q -o out.jsonl.gz
zcat out.jsonl.gz | cmp -s - folder.jsonl
check "zcat reads the gzip output" $?
gzip -t out.jsonl.gz
check "gzip finds it whole" $?
python3 -c 'import gzip, sys
sys.stdout.buffer.write(gzip.open("out.jsonl.gz").read())' | cmp -s - folder.jsonl
check "python's gzip reads it" $?
"$MINKHAL" clean pages -q -o out.jsonl.zst
if ! skip "zstd reads the zstd output" zstd; then
    zstd -dcq out.jsonl.zst | cmp -s - folder.jsonl
    check "zstd reads the zstd output" $?
fi
"$MINKHAL" clean pages -q -o - | cmp -s - folder.jsonl
check "standard output has the same bytes" $?
"$MINKHAL" clean out.jsonl.gz -q -f lines -o again.jsonl
python3 texts.py <again.jsonl | cmp -s - want
check "minkhal reads its own output" $?

# ---- what others pack ----

# same TITLE FILE: the texts of the pages packed in FILE are those of the folder.
same() {
    "$MINKHAL" clean "$2" -q -o - 2>err >packed.jsonl &&
        python3 texts.py <packed.jsonl >got && cmp -s got want
    status=$?
    check "$1" $status
    [ $status -eq 0 ] || sed 's/^/# /' err
}

tar -cf plain.tar pages && same "a tar by tar" plain.tar
tar -C pages -cf dot.tar . && same "a tar of the folder itself" dot.tar
for format in ustar gnu pax v7; do
    tar --format=$format -cf $format.tar pages 2>/dev/null && same "a tar in format $format" $format.tar
done
for codec in gzip xz bzip2 zstd; do
    skip "a tar packed by $codec" $codec && continue
    $codec -c <plain.tar >packed.tar.$codec && same "a tar packed by $codec" packed.tar.$codec
done
if ! skip "a zip by zip" zip; then
    zip -qr plain.zip pages && same "a zip by zip" plain.zip
    zip -qr0 stored.zip pages && same "a zip that stores" stored.zip
    zip -qr - pages | cat >streamed.zip && same "a zip that was streamed" streamed.zip
fi
cat >pack.py <<'END'
import os, tarfile, zipfile
names = sorted(os.path.join(d, f) for d, _, fs in os.walk("pages") for f in fs)
for format in ("USTAR", "GNU", "PAX"):
    with tarfile.open("py-%s.tar" % format, "w", format=getattr(tarfile, format + "_FORMAT")) as t:
        for name in reversed(names):
            t.add(name)
with tarfile.open("py.tar.gz", "w:gz") as t:
    t.add("pages")
for method in ("STORED", "DEFLATED"):
    with zipfile.ZipFile("py-%s.zip" % method, "w", getattr(zipfile, "ZIP_" + method)) as z:
        for name in names:
            z.write(name)
import gzip, json
with gzip.open("py.jsonl.gz", "wt", encoding="utf-8", newline="\n") as f:
    for name in names:
        text = open(name, encoding="utf-8", newline="").read()
        f.write(json.dumps({"id": name, "text": text}) + "\n")
END
# the locale of this script is C: python's names must be bytes of UTF-8 all the same
if PYTHONUTF8=1 python3 pack.py; then
    for file in py-USTAR.tar py-GNU.tar py-PAX.tar py.tar.gz py-STORED.zip py-DEFLATED.zip; do
        same "python's $file" $file
    done
    same "python's JSONL in gzip" py.jsonl.gz
else
    check "python packs the pages" 1
fi

# Files that are packed each by itself, and gzip members in one file.
cp -R pages each && gzip -r each && same "a folder of gzip files" each
split -C 20k folder.jsonl part. || exit 2
for part in part.*; do
    gzip -c "$part"
done >members.jsonl.gz
"$MINKHAL" clean folder.jsonl -q -f lines -o one.jsonl
"$MINKHAL" clean members.jsonl.gz -q -f lines -o many.jsonl
python3 texts.py <one.jsonl >got && python3 texts.py <many.jsonl | cmp -s - got
check "members of gzip read like one" $?

# ---- names ----

"$MINKHAL" clean plain.tar -q -o - >packed.jsonl 2>err
grep -q '"source":"plain.tar!pages/فرع/خبر.txt"' packed.jsonl
check "a member keeps its Arabic name in locale C" $?
"$MINKHAL" clean pages -q -o - | grep -q '"source":"فرع/خبر.txt"'
check "a file keeps its Arabic name in locale C" $?

echo "1..$n"
exit $failed
