#!/bin/sh
# run_case.sh MINKHAL FOLDER: runs one case of the command line.
#
# FOLDER holds:
#   cmd     a shell snippet; "$MINKHAL" is the command. It runs in a fresh copy
#           of FOLDER, in locale C and UTC, with nothing on standard input
#   out     what it must print on standard output (no file: nothing)
#   err     what it must print on standard error (no file: not compared)
#   status  its exit status (no file: 0)
# and whatever files cmd needs. With UPDATE=1 set, out, and err and status where
# they exist, are written instead of compared.
set -u

if [ $# -ne 2 ]; then
    echo "usage: run_case.sh MINKHAL FOLDER" >&2
    exit 2
fi
case $1 in
/*) MINKHAL=$1 ;;
*) MINKHAL=$PWD/$1 ;;
esac
folder=$2
name=$(basename "$folder")

if [ ! -f "$folder/cmd" ]; then
    echo "$name: no file cmd in $folder" >&2
    exit 2
fi
work=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

mkdir "$work/case" && cp -R "$folder/." "$work/case/" || exit 2
(
    cd "$work/case" || exit 2
    unset NO_COLOR CLICOLOR_FORCE COLUMNS
    LC_ALL=C TZ=UTC TERM=dumb
    export MINKHAL LC_ALL TZ TERM
    exec sh ./cmd
) >"$work/out" 2>"$work/err" </dev/null
status=$?

if [ "${UPDATE:-}" = 1 ]; then
    cp "$work/out" "$folder/out"
    [ ! -f "$folder/err" ] || cp "$work/err" "$folder/err"
    [ ! -f "$folder/status" ] || echo "$status" >"$folder/status"
    exit 0
fi

failed=0
want=0
[ ! -f "$folder/status" ] || want=$(cat "$folder/status")
if [ "$status" -ne "$want" ]; then
    echo "$name: exit status $status, expected $want"
    failed=1
fi
out=$folder/out
[ -f "$out" ] || out=/dev/null
if ! diff -u "$out" "$work/out"; then
    echo "$name: standard output differs"
    failed=1
fi
if [ -f "$folder/err" ]; then
    if ! diff -u "$folder/err" "$work/err"; then
        echo "$name: standard error differs"
        failed=1
    fi
elif [ $failed -ne 0 ]; then
    sed 's/^/standard error: /' "$work/err"
fi
exit $failed
