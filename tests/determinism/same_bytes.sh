#!/bin/sh
# same_bytes.sh FIXTURES: the output depends on the input and the options alone.
# MINKHAL is the command. A line of TAP a check: what must not matter does not.
set -u

case ${MINKHAL:?the command to test} in
/*) ;;
*) MINKHAL=$PWD/$MINKHAL ;;
esac
fixtures=$(cd "${1:?usage: same_bytes.sh FIXTURES}" && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

n=0
failed=0
# check TITLE DIGEST: a line of TAP; ok if DIGEST is the reference.
check() {
    n=$((n + 1))
    if [ "$2" = "$want" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "# got $2"
        echo "# for $want"
        failed=1
    fi
}

# The pages as files, and more of them as records: enough for some blocks.
mkdir "$work/pages" "$work/pages/فرع" || exit 2
for page in "$fixtures"/pages/*.txt; do
    cp "$page" "$work/pages/" || exit 2
done
cp "$fixtures/pages/news-heads.txt" "$work/pages/فرع/خبر.txt" || exit 2
python3 - "$work" <<'END' || exit 2
import json, os, sys
work = sys.argv[1]
names = sorted(n for n in os.listdir(work + "/pages") if n.endswith(".txt"))
with open(work + "/pages.jsonl", "w", encoding="utf-8", newline="\n") as f:
    for i in range(700):
        name = names[i * 7 % len(names)]
        text = open(work + "/pages/" + name, encoding="utf-8", newline="").read()
        if i % 3:
            text += "\nرقم %d" % i
        f.write(json.dumps({"id": "%d" % i, "text": text}, ensure_ascii=i % 2 == 0) + "\n")
        if i % 100 == 7:
            f.write('{"id": 1}\n')
END

# digest OPTION...: one digest of all files of a run over both, in $work/run.
digest() {
    rm -rf "$work/run"
    mkdir "$work/run" || exit 2
    "$MINKHAL" clean "$@" -q --dedup --max-rejects 100 -o "$work/run/out.jsonl.gz" \
        --ledger "$work/run/ledger.jsonl.zst" --rejects "$work/run/rejects.jsonl" \
        --summary "$work/run/summary.json" 2>"$work/run.err"
    status=$?
    if [ "$status" -ne 0 ]; then
        sed 's/^/# /' "$work/run.err"
        echo "status $status"
        return
    fi
    (cd "$work/run" && sha256sum out.jsonl.gz ledger.jsonl.zst rejects.jsonl summary.json) |
        sha256sum | cut -c 1-64
}

LC_ALL=C
TZ=UTC
export LC_ALL TZ
want=$(digest -j 1 "$work/pages.jsonl" "$work/pages")
case $want in
*[!0-9a-f]* | "")
    echo "not ok 1 - a run with one thread"
    echo "# $want"
    echo "1..1"
    exit 1
    ;;
esac
check "a run with one thread is repeated" "$(digest -j 1 "$work/pages.jsonl" "$work/pages")"
for j in 2 3 7; do
    check "$j threads" "$(digest -j $j "$work/pages.jsonl" "$work/pages")"
done
check "as many threads as the machine runs" "$(digest "$work/pages.jsonl" "$work/pages")"

for name in ar_EG tr_TR de_DE C; do
    utf8=$name.UTF-8 # `locale -a` does not look where LOCPATH says
    [ "$(LC_ALL=$utf8 locale charmap 2>/dev/null)" = UTF-8 ] || utf8=
    if [ -z "$utf8" ]; then
        n=$((n + 1))
        echo "ok $n - locale $name.UTF-8 # SKIP not installed here"
        continue
    fi
    check "locale $utf8" "$(LC_ALL=$utf8 digest -j 2 "$work/pages.jsonl" "$work/pages")"
done
check "a locale that does not exist" \
    "$(LC_ALL=xx_XX.UTF-8 digest -j 2 "$work/pages.jsonl" "$work/pages")"

for zone in Africa/Cairo Pacific/Kiritimati ABC-14:30 ""; do
    check "time zone '$zone'" "$(TZ=$zone digest -j 2 "$work/pages.jsonl" "$work/pages")"
done

check "another working folder" "$(cd / && digest -j 2 "$work/pages.jsonl" "$work/pages")"
check "relative paths" "$(cd "$work" && digest -j 2 pages.jsonl pages)"
mkdir "$work/elsewhere" || exit 2
check "roundabout paths" "$(cd "$work/elsewhere" && digest -j 2 ../pages.jsonl ./../pages//)"

# The same files, made last to first: another order in the folder.
mkdir "$work/other" "$work/other/pages" "$work/other/pages/فرع" || exit 2
cp "$work/pages/فرع/خبر.txt" "$work/other/pages/فرع/" || exit 2
for page in "$work"/pages/*.txt; do
    echo "$page"
done | sort -r >"$work/list"
while IFS= read -r page; do
    cp "$page" "$work/other/pages/" || exit 2
done <"$work/list"
cp "$work/pages.jsonl" "$work/other/" || exit 2
check "files made in another order" \
    "$(digest -j 2 "$work/other/pages.jsonl" "$work/other/pages")"
touch -d 2001-01-01 "$work"/other/pages/*.txt 2>/dev/null
chmod 400 "$work"/other/pages/*.txt
check "other times and modes of files" \
    "$(digest -j 2 "$work/other/pages.jsonl" "$work/other/pages")"

check "no environment at all" "$(
    digest_clean() { env -i "$MINKHAL" "$@"; }
    rm -rf "$work/run" && mkdir "$work/run" || exit 2
    digest_clean clean -j 2 "$work/pages.jsonl" "$work/pages" -q --dedup --max-rejects 100 \
        -o "$work/run/out.jsonl.gz" --ledger "$work/run/ledger.jsonl.zst" \
        --rejects "$work/run/rejects.jsonl" --summary "$work/run/summary.json" 2>/dev/null
    (cd "$work/run" && sha256sum out.jsonl.gz ledger.jsonl.zst rejects.jsonl summary.json) |
        sha256sum | cut -c 1-64
)"

# The same for each way to compress.
for codec in "gz --level 1" "gz --gz-single" zst; do
    # shellcheck disable=SC2086 # words
    packed() { "$MINKHAL" clean "$work/pages.jsonl" -q --max-rejects 100 -o - --codec $codec "$@" 2>/dev/null |
        sha256sum; }
    want=$(packed -j 1)
    check "--codec $codec, 4 threads" "$(packed -j 4)"
done

echo "1..$n"
exit $failed
