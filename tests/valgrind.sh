#!/bin/sh
# make check-valgrind: the suites that handle memory in many shapes, the corpus of the fuzz targets, and the program on a
# terminal, under valgrind: no invalid access, no use of what was never set, no leak. SUITES="engine:tape app:expr" runs
# those alone. The numbers' own tests take too long there and have the sanitizers.
build=$(dirname "$GPTOSCOPE")
suites=${SUITES:-engine:sys engine:safetensors engine:tape engine:place app:options app:nearest app:keymap \
    lesson:markdown lesson:grade lesson:progress view:canvas view:plot term:keys fuzz:corpus program:terminal}
command -v valgrind >/dev/null || { echo 'no valgrind here: nothing was run'; exit 77; }
log=$(mktemp -d) || exit 1
trap 'rm -rf "$log"' EXIT
valgrind="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect --log-file=$log/%p"
failed=0

# Keys of a short visit, typed as slowly as valgrind is.
type_keys() {
    for keys in '' ' ' . ',' w 2 3 5 '?' q ':print loss' q q q q; do
        sleep 1
        printf '%s' "$keys"
        [ ${#keys} -le 1 ] || printf '\r'
    done
}

on_terminal() {
    command -v script >/dev/null || { echo 'no script here: the program on a terminal is left out'; return 0; }
    type_keys | TERM=xterm-256color script -qec "$valgrind $GPTOSCOPE --no-autosave --n-embd 4 --n-head 2 --block-size 4" /dev/null >/dev/null
}

for suite in $suites; do
    begun=$(date +%s)
    if [ "$suite" = program:terminal ]; then
        on_terminal
    else
        # shellcheck disable=SC2086 # several words
        CK_RUN_SUITE=${suite#*:} CK_TIMEOUT_MULTIPLIER=100 $valgrind "$build/tests/check-${suite%:*}" >"$log/said" 2>&1
    fi
    status=$?
    found=$(cat "$log"/[0-9]* 2>/dev/null | wc -l)
    echo "$suite: status $status, valgrind says $found lines, $(($(date +%s) - begun)) s"
    if [ $status -ne 0 ] || [ "$found" -gt 0 ]; then
        failed=1
        tail -5 "$log/said"
        cat "$log"/[0-9]* | head -40
    fi
    rm -f "$log"/[0-9]*
done
exit $failed
