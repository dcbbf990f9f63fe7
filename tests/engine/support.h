/* What the engine's tests share: files of tests/, small runs, numbers compared by their bits. */
#ifndef TESTS_ENGINE_SUPPORT_H
#define TESTS_ENGINE_SUPPORT_H

#include "engine/trainer.h"

/* A path below tests/. */
typedef struct TestPath {
    char text[1024];
} TestPath;

TestPath test_path(const char *name);

/* The long checks were asked for. */
bool test_full(void);

/* Options as on the command line, "--n-layer 2 --lr 0.1", into settings that otherwise are the
 * defaults. */
Settings test_settings(const char *options);

/* A training run on a file of tests/data. It must stay where it is: the trainer points into it. */
typedef struct TestRun {
    Settings settings;
    Corpus corpus;
    Trainer trainer;
} TestRun;

void test_run_open(TestRun *run, const char *data, const char *options);
void test_run_close(TestRun *run);

/* Fails unless both are the same bits (0 is not -0). `what` is named, with the index. */
void test_same_bits(const double *a, const double *b, int64_t count, const char *what);

/* Fails unless both runs stand at the same moment with the same bits in all that is known there. */
void test_same_state(const Trainer *a, const Trainer *b);

/* All nodes that root depends on, those without inputs too, in the order of microgpt's recursive
 * search. Returns how many; order has room for all of the tape. */
int32_t test_postorder(const Tape *tape, int32_t root, int32_t *order);

/* Whether both give the same numbers from here on. */
bool test_same_numbers(const Rng *a, const Rng *b);

/* sha256, in hexadecimal, of numbers as little-endian doubles, and of indices as little-endian
 * 32-bit words. */
typedef struct TestDigest {
    char text[65];
} TestDigest;

TestDigest test_digest_reals(const double *numbers, int64_t count);
TestDigest test_digest_indices(const int32_t *indices, int64_t count);

/* Fails unless the error says so, word for word. */
void test_error(const Error *error, const char *text);

/* Fails unless the error has these words in it. */
void test_error_names(const Error *error, const char *words);

#endif
