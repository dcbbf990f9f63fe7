/* Fuzz: bytes from outside, of every kind, through the code that reads them.
 *
 *     libFuzzer --bytes--> entry.c  --fuzz_NAME-->  what reads them in the program        make fuzz
 *     tests/corpus/NAME/   replay.c --fuzz_NAME-->  the same                              make check
 *
 * A target may crash, hang, leak or fail an assertion: that is a finding. It keeps nothing from one
 * call to the next. Files are not the machine's (world.h). */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_TARGETS(ROW) \
    ROW(saved_run)        \
    ROW(documents)        \
    ROW(lesson)           \
    ROW(command)          \
    ROW(progress)         \
    ROW(keys)

typedef void FuzzTarget(const uint8_t *bytes, size_t length);

#define DECLARE(name) FuzzTarget fuzz_##name;
FUZZ_TARGETS(DECLARE)
#undef DECLARE

#endif
