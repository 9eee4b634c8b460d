#!/bin/sh
# headers.sh FOLDER HEADER...: each public header compiles alone and without a warning, as C11
# with $CC and, where there is one, as C++17 with $CXX.
set -eu

folder=$1
shift
uses='
static int use_text(void) { const mk_str s = MK_STR("abc"); return mk_str_eq(s, mk_str_of("abc")) ? 0 : 1; }
int main(void) { return use_text(); }
'
status=0
n=0

# check WHAT COMPILER...: of $source
check() {
    what=$1
    shift
    n=$((n + 1))
    if printf '%s' "$source" | "$@" -fsyntax-only -pedantic -Wall -Wextra -Wconversion -Werror -I "$folder" -; then
        echo "ok $n - $what"
    else
        echo "not ok $n - $what"
        status=1
    fi
}

for header; do
    source="#include \"minkhal/$header\"
#include \"minkhal/$header\"
#include \"minkhal/text.h\"
$uses"
    # shellcheck disable=SC2086 # words are meant
    check "$header as C11" $CC -x c -std=c11
    [ -n "${CXX:-}" ] || continue
    # shellcheck disable=SC2086
    check "$header as C++17" $CXX -x c++ -std=c++17
    n=$((n + 1))
    if grep -q '^extern "C" {' "$folder/minkhal/$header"; then
        echo "ok $n - names of $header are those of C"
    else
        echo "not ok $n - names of $header are those of C"
        status=1
    fi
done
echo "1..$n"
exit "$status"
