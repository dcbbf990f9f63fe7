/* Checkpoint: a training run in a file, in the safetensors format, that goes on with the same bits when it is read back.
 *
 * Tensors, all F64 and little-endian, offsets contiguous from 0:
 *     NAME [rows, cols]             the parameters under microgpt's names: wte, wpe, lm_head, layer0.attn_wq, ...
 *     adam.m.NAME, adam.v.NAME      the optimiser, same shapes
 *     history.loss [step]           the losses so far
 * __metadata__ (strings): format "gptoscope 1", every setting under its name, step, characters (the alphabet, UTF-8),
 * rng (state, hexadecimal), data (name of the documents' file), documents (how many), sha256 over names, shapes and
 * data in file order. */
#ifndef GPTOSCOPE_ENGINE_CHECKPOINT_H
#define GPTOSCOPE_ENGINE_CHECKPOINT_H

#include "engine/trainer.h"

enum {
    CHECKPOINT_HEADER_LIMIT = 1 << 20, /* bytes */
    CHECKPOINT_DATA_LIMIT = 64 << 20   /* bytes */
};

/* A saved run in memory. */
typedef struct Checkpoint {
    Settings settings;
    int64_t step;
    uint32_t *character; /* the alphabet, rising */
    int characters;
    Rng rng;
    char data[256];      /* name of the documents' file, for people */
    int64_t documents;
    double *value, *m, *v; /* [params] in the order of gpt.h's tensors */
    double *loss;          /* [step] */
    int32_t params;
} Checkpoint;

/* Saves the run as it stands: the trainer must be between two steps (PHASE_DONE). Errors: "PATH: reason"; the file of that
 * name is then as it was. */
bool checkpoint_save(const Trainer *trainer, const char *path, Error *error);

/* Reads and checks a saved run. Everything is refused that is not exactly what checkpoint_save writes (order of tensors
 * and of metadata apart): lengths, offsets, shapes, types, duplicate names, NaN and infinities, a wrong digest. Errors:
 * "PATH: reason". */
bool checkpoint_read(Checkpoint *checkpoint, const char *path, Error *error);

/* The same from bytes in memory (not taken over). */
bool checkpoint_parse(Checkpoint *checkpoint, const char *bytes, size_t length, const char *path, Error *error);

void checkpoint_release(Checkpoint *checkpoint);

/* Makes trainer stand where the saved run stood. It must have been made with the checkpoint's settings and a corpus of its
 * alphabet. The random numbers go on where they were. */
bool checkpoint_restore(const Checkpoint *checkpoint, Trainer *trainer, Error *error);

#endif
