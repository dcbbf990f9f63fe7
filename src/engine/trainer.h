/* Trainer: a training run as one line of operations, run forward by any number of them.
 *
 * trainer->at is the moment where it stands (engine/moment.h). Values of nodes that are not
 * computed there are stale: ask trainer_has_value and trainer_has_grad before reading.
 *
 *     closed    parameters, optimiser, losses      whole steps by the kernels (engine/skip.h)
 *     open      and the tape, with all its nodes   operation by operation, and everything to be seen
 *
 * The tape takes some hundred times the memory of the rest, so a run that nobody looks into does
 * without: trainer_init_closed. It can be opened between any two steps; the bits are those of a run
 * that was open all along. Nothing is allocated but by these three. */
#ifndef GPTOSCOPE_ENGINE_TRAINER_H
#define GPTOSCOPE_ENGINE_TRAINER_H

#include "engine/adam.h"
#include "engine/corpus.h"
#include "engine/fused.h"
#include "engine/gpt.h"
#include "engine/gpt_layout.h"
#include "engine/moment.h"

typedef struct Trainer {
    Settings settings;
    const Corpus *corpus; /* borrowed, already shuffled */
    Rng rng;              /* as it stands after the parameters were drawn; sampling goes on from here */
    Gpt gpt;
    Tape tape;     /* the document of the step under way, or of the one just finished; none while closed */
    GptLayout layout; /* what the tape holds of documents before */
    double *value; /* [tape capacity, or params while closed]: parameters first, then the tape's nodes */
    double *grad;  /* as many; parameters' may be carried from step to step */
    double *m, *v; /* [params] Adam's running means */
    int64_t tape_step; /* the step (0-based) whose document is on the tape, or would be */
    int *token;        /* [positions + 1] of that document */
    int positions;     /* its predicted tokens */
    bool retold;       /* a token of it was changed by hand: trainer_set_token */
    int32_t loss_node;
    double *loss; /* [steps]: loss[i] is that of step i, for i < at.step (and i = at.step once it is computed) */
    Fused fused;  /* kernels for whole steps: engine/skip.h */
    Moment at;
    int32_t cursor; /* PHASE_BACKWARD: the next visit is that of tape.order[cursor - 1] */
} Trainer;

/* Seeds, shuffles the corpus (which becomes part of this run), draws the parameters and lays out
 * the first document; stands at moment 0. corpus must outlive the trainer. Errors: sizes,
 * memory. */
bool trainer_init(Trainer *trainer, const Settings *settings, Corpus *corpus, Error *error);
void trainer_release(Trainer *trainer);

/* The same without a tape: until trainer_open it moves by whole steps only. Errors: more memory than
 * the machine has; settings that not even the kernels can do without the tape. */
bool trainer_init_closed(Trainer *trainer, const Settings *settings, Corpus *corpus, Error *error);

/* Makes the tape, between two steps; nothing happens where there is one. Errors: gpt_fits's, memory;
 * the trainer is then as it was. */
bool trainer_open(Trainer *trainer, Error *error);
bool trainer_is_open(const Trainer *trainer);

/* Bytes that a closed trainer takes; an open one gpt_bytes more. Not finite is nothing: sizes from
 * outside may ask for any number. */
double trainer_bytes(const Settings *settings, int vocab);

/* Operations of a phase of the step under way (1 for PHASE_DONE: laying out the next document). */
int64_t trainer_phase_length(const Trainer *trainer, Phase phase);

/* After trainer->settings were changed: where nothing of the document under way is computed yet,
 * and its graph is another one now, lays it out anew. */
void trainer_settle(Trainer *trainer);

/* Another token at a position of the document under way, of which nothing is computed yet; 0 ...
 * positions, the token that ends it being one. Beyond its end nothing happens. */
void trainer_set_token(Trainer *trainer, int pos, int token);

/* Runs at most `operations` operations, across phases and steps, never beyond the end of the run.
 * Returns how many were run: fewer only at the end or where the loss is not a finite number
 * (trainer_failed). */
int64_t trainer_advance(Trainer *trainer, int64_t operations);

/* Runs to the end of the step under way (from DONE: the whole next step). Returns false at the end
 * of the run or where the loss is not finite. */
bool trainer_step(Trainer *trainer);

/* All steps are done. */
bool trainer_finished(const Trainer *trainer);

/* The loss of the step under way is NaN or infinite: the run stops at the end of that forward
 * pass. */
bool trainer_failed(const Trainer *trainer);

/* Whether a node's value is computed at this moment. */
bool trainer_has_value(const Trainer *trainer, int32_t node);

/* Whether there are gradients at this moment; during the backward pass each is the sum so far.
 * Those of nodes that the loss does not depend on are 0. */
bool trainer_has_grad(const Trainer *trainer);

/* The document on the tape: which one in the order of training (0 .. corpus->count - 1). */
int64_t trainer_document(const Trainer *trainer);

/* The learning rate of the step whose document is on the tape. */
double trainer_rate(const Trainer *trainer);

/* Sets the parameters and the optimiser as they are when `step` updates are done, their gradients
 * to 0, lays out the next document and stands before its first operation (after the last step: at
 * the end, with nothing computed). Each array has params numbers. */
void trainer_restore(Trainer *trainer, int64_t step, const double *value, const double *m, const double *v);

/* Stands before the first operation of a step, or at the end after the last, where parameters and
 * optimiser are already as they are when `step` updates are done. */
void trainer_stand(Trainer *trainer, int64_t step);

/* Goes back within the step on the tape, whose parameters must already be as the step began, and
 * whose values must be computed up to `to`: there where it is in the forward pass, else to the
 * beginning of the backward pass. */
void trainer_rewind(Trainer *trainer, Moment to);

#endif
