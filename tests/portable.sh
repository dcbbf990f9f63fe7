#!/bin/sh
# The program is C11 and POSIX, and nothing else: its sources are read by compilers that know no more, without the
# extensions that a library or compiler would give away, and where there is musl (musl-gcc, on Debian: musl-tools) with that
# C library. By default the engine and the terminal, else (GPTOSCOPE_FULL) everything.
source=$(cd "$TESTS_DIR/.." && pwd) || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$source" || exit 1
standard='-std=c11 -Wall -Wextra -Wpedantic -Werror -Isrc -DNCURSES_WIDECHAR=1 -DPKGDATADIR="" -DLOCALEDIR="" -DPACKAGE_STRING=""'
only='-D_XOPEN_SOURCE=700'
files=$(find src/engine src/term ${GPTOSCOPE_FULL:+src/app src/lesson src/view} -name '*.c' ! -name 'fused_avx*')
tried=0 wrong=0

# What a header of a library asks for stands beside it; musl's own headers come first.
for header in jansson.h jansson_config.h md4c.h nettle curses.h ncurses_dll.h unctrl.h term.h; do
    for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include; do
        [ -e "$folder/$header" ] && ln -sf "$folder/$header" "$work/$header"
    done
done
: >"$work/config.h"

# reads COMPILER OPTION...: every file, without making anything.
reads() {
    command -v "$1" >/dev/null || { echo "no $1 here: left out"; return; }
    tried=$((tried + 1))
    # shellcheck disable=SC2086 # several words
    "$@" $standard -I"$work" -fsyntax-only $files 2>"$work/said" && return
    wrong=$((wrong + 1))
    echo "DOES NOT HOLD: $* reads all of it"
    head -20 "$work/said"
}
reads cc $only
reads musl-gcc $only
[ -z "$GPTOSCOPE_FULL" ] || { reads clang $only; reads musl-gcc; }
[ $tried -gt 0 ] || exit 77
echo "$(echo "$files" | wc -w) files, $tried compilers, $wrong of them say something"
[ $wrong -eq 0 ]
