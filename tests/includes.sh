#!/bin/sh
# Keeps the program's layers apart: includes run only downward (term, view, lesson, app, engine), only
# src/term knows curses, and the program starts no other program.
cd "$TESTS_DIR/.." || exit 1
wrong=0

# forbid PATTERN FOLDER...: no file there may include a header that matches.
forbid() {
    pattern=$1
    shift
    for folder; do
        [ -d "src/$folder" ] || continue
        if grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$pattern" "src/$folder"; then
            echo "src/$folder must not include that"
            wrong=1
        fi
    done
}

forbid '(app|lesson|view|term)/' engine
forbid 'lesson/' app
forbid '(view|term)/' app lesson
forbid 'term/' view
forbid '\.\.' engine app lesson view term
forbid '(n?cursesw?[/.]|curses|panel|menu|form|term\.h|unctrl)' engine app lesson view

[ $wrong -eq 0 ] || exit 1
if ! command -v nm >/dev/null; then
    echo "no nm here: what the program calls was not looked at"
    exit 77
fi
# The sanitizers' own code starts programs, to name the lines of a report.
if nm "$GPTOSCOPE" | grep -q __asan_init; then
    exit 0
fi
if nm -u "$GPTOSCOPE" | grep -E ' _?(system|popen|exec(l|le|lp|v|ve|vp|vpe|veat)|fexecve|posix_spawnp?|wordexp)(@|$)'; then
    echo "the program must not start other programs"
    exit 1
fi
# A function that has the name of a library's is called in its place there too: then the linker hands it out.
if nm -D --defined-only "$GPTOSCOPE" 2>/dev/null | grep -E ' T [^_]' | grep -v ' main$'; then
    echo "a library has a function of that name"
    exit 1
fi
