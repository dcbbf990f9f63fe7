/* Checkpoint: a training run in a file, in the safetensors format, that goes on with the same bits
 * when it is read back.
 *
 * Arrays:
 *     NAME [rows, cols]             the parameters under microgpt's names: wte, wpe, lm_head, layer0.attn_wq, ...
 *     adam.m.NAME, adam.v.NAME      the optimiser, same shapes
 *     grad.NAME                     with zero_grad off: gradients that the next step begins with
 *     history.loss [step]           the losses so far
 *     begin [numbers]               with branches of a run that was loaded: what they begin with (app/keep.h)
 * Texts:
 *     format                        "gptoscope 1"
 *     steps, seed, n_layer, ...     every setting under its name
 *     step                          updates that are done
 *     characters                    the alphabet, rising
 *     rng, rng_next, rng_gauss      the random numbers: the words in hexadecimal, which comes next, and the bits of the
 *                                   kept normal number ("": none)
 *     data, documents               name of the documents' file, and how many there are
 *     session                       what else the program keeps, in lines of its own (app/keep.h); may be empty
 *     sha256                        the file's seal (engine/safetensors.h) */
#ifndef GPTOSCOPE_ENGINE_CHECKPOINT_H
#define GPTOSCOPE_ENGINE_CHECKPOINT_H

#include "engine/safetensors.h"
#include "engine/trainer.h"

/* A saved run in memory. */
typedef struct Checkpoint {
    Settings settings;
    int64_t step;
    uint32_t *character; /* the alphabet, rising */
    int characters;
    Rng rng;
    char data[256]; /* name of the documents' file, for people */
    int64_t documents;
    double *value, *m, *v; /* [params] in the order of gpt.h's tensors */
    double *grad;          /* [params] */
    double *loss;          /* [step] */
    int32_t params;
    char *session; /* text, terminated */
    double *begin; /* [begins] numbers with which the session's branches begin (app/keep.h), or NULL */
    int64_t begins;
} Checkpoint;

/* Whether such a run can be saved to its end. Errors: the sizes, and what to do. */
bool checkpoint_fits(const Settings *settings, int vocab, Error *error);

/* Saves the run with the updates that are done; the trainer must not be amid an update. Errors:
 * "PATH: reason"; what stood there is then as it was (see sys_write_file). */
bool checkpoint_save(const Trainer *trainer, const char *path, Error *error);

/* The same with a session's text, of at most CHECKPOINT_SESSION_LIMIT bytes. */
enum { CHECKPOINT_SESSION_LIMIT = 1 << 18 };
bool checkpoint_save_session(const Trainer *trainer, const char *session, const char *path,
                             Error *error);

/* The same up to safetensors_save, which the caller may leave to another thread: the numbers are
 * copied. The caller ends the writer, also on failure. */
bool checkpoint_write(const Trainer *trainer, const char *session, SafetensorsWriter *writer,
                      const char *path, Error *error);

/* Reads and checks a saved run. Everything is refused that is not what checkpoint_save writes
 * (order of arrays and texts apart): lengths, offsets, shapes, types, double names, NaN and
 * infinities, settings that no run can have, a broken seal. Errors: "PATH: reason". On success the
 * caller releases the checkpoint. */
bool checkpoint_read(Checkpoint *checkpoint, const char *path, Error *error);

/* The same from bytes in memory (not taken over). */
bool checkpoint_parse(Checkpoint *checkpoint, const char *bytes, size_t length, const char *path,
                      Error *error);

void checkpoint_release(Checkpoint *checkpoint);

/* Makes trainer stand where the saved run stood, random numbers included. It has been made with the
 * checkpoint's settings and a corpus of its alphabet. Errors: another shape or alphabet, or fewer
 * steps than are done. */
bool checkpoint_restore(const Checkpoint *checkpoint, Trainer *trainer, Error *error);

#endif
