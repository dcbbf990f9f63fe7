#!/bin/sh
# make fuzz FUZZTIME=60: runs each target of fuzz.h under libFuzzer for so many seconds, one after another, and says what
# was executed and found. Builds with clang in the folder fuzz/ of the build; what was learnt stays in fuzz/corpus/NAME, a
# finding in fuzz/found-NAME-*. FUZZ=lesson runs that one only. Status 77: there is no clang with libFuzzer.
source=$1 seconds=${2:-60} targets=${FUZZ:-saved_run documents lesson command progress keys}
source=$(cd "$source" && pwd) here=$source/tests/fuzz
compiler=${FUZZ_CC:-clang} coverage=-fno-sanitize-coverage=trace-cmp # that would look at every sum
sanitizers='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
wrap=
for function in sys_read_file sys_write_file sys_make_folder sys_visit_folder fused_check_functions fused_check_steps; do
    wrap="$wrap -Wl,--wrap=$function"
done

mkdir -p fuzz && cd fuzz || exit 1
echo 'int LLVMFuzzerTestOneInput(const char *b, unsigned long n); int LLVMFuzzerTestOneInput(const char *b, unsigned long n)
{ return b && n > 5 ? 0 : 0; }' >probe.c
if ! $compiler -fsanitize=fuzzer,address probe.c -o probe 2>/dev/null; then
    echo 'make fuzz needs clang with libFuzzer (on Debian: apt-get install clang libclang-rt-14-dev)'
    exit 77
fi

# --- Build ---
if [ ! -f Makefile ]; then
    "$source"/configure -q --enable-sanitizers CC="$compiler" CFLAGS="-g -O2 -fsanitize=fuzzer-no-link $coverage" || exit 1
fi
make -s libengine.a libapp.a liblesson.a libview.a || exit 1
for target in $targets; do
    # shellcheck disable=SC2046,SC2086 # several words each
    $compiler -std=gnu11 -g -O2 -fsanitize=fuzzer $coverage $sanitizers -I"$source/src" -DFUZZ_TARGET=fuzz_$target \
        "$here/entry.c" "$here/$target.c" "$here/world.c" $wrap -o fuzz-$target \
        libview.a liblesson.a libapp.a libengine.a $(pkg-config --libs md4c jansson nettle) -lm || exit 1
done

# --- Run ---
# The sanitizers keep freed memory for a while to see who uses it: less of it is faster.
ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=4 TZ=UTC
export ASAN_OPTIONS TZ
value() {
    sed -n "s/^stat::$1: *//p" "log-$target"
}
failed=0
printf '%-12s %12s %10s %8s %9s\n' target executions 'a second' corpus findings
for target in $targets; do
    mkdir -p "corpus/$target"
    dictionary=
    [ -f "$here/$target.dict" ] && dictionary=-dict=$here/$target.dict
    # shellcheck disable=SC2086 # nothing, or one word
    ./fuzz-$target -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=16384 -print_final_stats=1 \
        -artifact_prefix="found-$target-" $dictionary "corpus/$target" "$source/tests/corpus/$target" >"log-$target" 2>&1
    findings=$(find . -maxdepth 1 -name "found-$target-*" | wc -l)
    printf '%-12s %12s %10s %8s %9s\n' "$target" "$(value number_of_executed_units)" "$(value average_exec_per_sec)" \
        "$(find "corpus/$target" -type f | wc -l)" "$findings"
    [ "$findings" -eq 0 ] || failed=1
done
exit $failed
