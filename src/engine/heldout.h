/* Held out: how well the model does on documents that it is not trained on.
 *
 *     order of training    0 1 2 ... steps-1 | ........ | count-K ... count-1
 *                          the run's documents            held out
 *
 * Training takes the shuffled documents from the first on, one a step; so those at the end of the
 * order are never seen, unless the run goes through all of them: then nothing is held out.
 *
 * The loss is the mean over the K documents of the loss that a training step would have on each,
 * exactly: a function of the parameters and options alone. It is found a document at a time from a
 * copy of the parameters, by fused kernels or else on a tape of its own: the run is never
 * disturbed, and whoever asks can look after the screen in between. Nothing is allocated once it
 * is made.
 *
 *     heldout_begin(&heldout, &trainer->settings, trainer->value);
 *     while (heldout_next(&heldout))
 *         ...;
 *     loss = heldout_loss(&heldout);                                                            */
#ifndef GPTOSCOPE_ENGINE_HELDOUT_H
#define GPTOSCOPE_ENGINE_HELDOUT_H

#include "engine/corpus.h"
#include "engine/fused.h"
#include "engine/gpt.h"

enum { HELDOUT_USUAL = 100 }; /* documents, where nobody asks for another number */

typedef struct Heldout {
    Gpt gpt;
    Tape tape;
    double *value;        /* [tape capacity] parameters (a copy), then the document's nodes; NULL without a tape */
    Fused fused;          /* the same parameters, for what can do without the tape */
    bool fast;            /* it is used, with the options of now */
    int *token;           /* [block_size + 1] */
    const Corpus *corpus; /* borrowed, in the order of training */
    int64_t first, count; /* which documents; count 0: the run goes through all of them */
    int64_t done;         /* of them, with the parameters of now */
    double sum;           /* of their losses */
} Heldout;

/* The last `most` documents that a run of settings->steps steps never takes, or as many as there
 * are. corpus must outlive the Heldout. Errors: sizes, memory. */
bool heldout_init(Heldout *heldout, const Settings *settings, const Corpus *corpus, int64_t most,
                  Error *error);
void heldout_release(Heldout *heldout);

/* The same for the options of settings alone: without a tape where the fused kernels can. tried:
 * kernels whose trial may be taken over, or NULL. */
bool heldout_init_closed(Heldout *heldout, const Settings *settings, const Corpus *corpus,
                         int64_t most, const Fused *tried, Error *error);

/* Starts anew with these parameters (gpt.params of them, copied) and the options of settings, whose
 * sizes are those of heldout_init. */
void heldout_begin(Heldout *heldout, const Settings *settings, const double *params);

/* Computes the loss of one more document. Returns false when all are done. */
bool heldout_next(Heldout *heldout);

/* All documents are done, and there is at least one. */
bool heldout_finished(const Heldout *heldout);

/* Mean loss of the documents done so far; 0 where there is none. Not finite where the model's is
 * not. */
double heldout_loss(const Heldout *heldout);

#endif
