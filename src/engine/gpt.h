/* GPT: the model, recorded on a tape.
 *
 *     token, position
 *        |
 *      embed      wte[token] + wpe[position]                       x            [n_embd]
 *      norm       x / sqrt(mean(x^2) + 1e-5)
 *        |
 *        +---- attn.norm                                                                     \
 *        |     attn.q, .k, .v       W x                            [n_embd] each              |
 *        |     attn.headH.score     q . k_t / sqrt(head_dim)       [positions so far]         |
 *        |     attn.headH.weight    softmax(score)                                            |  n_layer
 *        |     attn.headH.out       sum_t weight_t v_t             [head_dim]                 |  times
 *        |     attn.proj            W_O (heads joined)             [n_embd]                   |
 *        + <-- attn.residual                                                                  |
 *        +---- mlp.norm                                                                       |
 *        |     mlp.fc1, mlp.relu                                   [4 n_embd]                 |
 *        |     mlp.fc2                                             [n_embd]                   |
 *        + <-- mlp.residual                                                                  /
 *        |
 *      logits     W x                                              [vocab]
 *      probs      softmax(logits)
 *      loss       - ln probs[next token]                           one number a position
 *
 *      loss (of the document) = mean of the positions' losses
 *
 * Each named line is a Place (engine/place.h). Its nodes stand together on the tape, in a Span, and
 * its results are evenly spaced in it, so that any activation is found by name without searching.
 * Nothing here computes: gpt_record_* writes the structure, tape_forward runs it. There are no
 * biases; keys and values of earlier positions are read where they stand on the tape.
 *
 * Options (the settings of SETTING_GRAPH) change what is recorded, never what places there are:
 *     residual, norm, position, activation off: the span has no nodes, its results are its input's
 *     attention, mlp off: no nodes and no results (out.count is 0); the residual after them passes
 *         on what came in
 *     attention uniform, a silent head: weights, or the head's out, are plain numbers; what they
 *         would have been computed from is still there and goes nowhere */
#ifndef GPTOSCOPE_ENGINE_GPT_H
#define GPTOSCOPE_ENGINE_GPT_H

#include "engine/place.h"
#include "engine/rng.h"
#include "engine/settings.h"
#include "engine/tape.h"

/* Nodes first ... end-1 of one place, and where its results are: among them or, where an option
 * left the place out, where its input is. */
typedef struct Span {
    Place place;
    int32_t first, end;
    TapeRange out;
} Span;

/* One matrix of parameters, row by row from node `first` on: element [i][j] is node first + i cols
 * + j. */
typedef struct Tensor {
    char name[32]; /* "wte", "layer0.attn_wq" */
    int32_t first, rows, cols;
} Tensor;

/* The tensors of a layer, in the order of their creation. */
typedef enum LayerTensor { LAYER_WQ, LAYER_WK, LAYER_WV, LAYER_WO, LAYER_FC1, LAYER_FC2, LAYER_TENSORS } LayerTensor;

enum { GPT_WTE, GPT_WPE, GPT_LM_HEAD, GPT_LAYERS /* then LAYER_TENSORS a layer */ };

typedef struct Gpt {
    int n_layer, n_embd, n_head, block_size, vocab;
    Settings options; /* those of SETTING_GRAPH with which documents are recorded */
    Tensor *tensor;
    int tensors;
    int32_t params;
    Span *span; /* of what is recorded now, by rising node */
    int spans, span_capacity;
    int *span_of_pos; /* [block_size] the first span of each recorded position */
    int positions;    /* recorded */
    TapeRange *head_out; /* [n_head] results of the heads of the position being recorded */
} Gpt; /* from span on only once there is a tape: gpt_tape */

/* Bytes that looking inside such a model takes, beyond its parameters: tape and its layout, values
 * and gradients of nodes, places; -1 where the number does not fit or the tape would have more than
 * 2^31 nodes. */
int64_t gpt_bytes(const Settings *settings, int vocab);

/* Memory that looking inside may take, and a check against it. Errors name both numbers. */
#define GPT_BYTES_LIMIT ((int64_t)2 << 30)
bool gpt_fits(const Settings *settings, int vocab, Error *error);

/* How many parameters it has, whatever the sizes. */
double gpt_params(const Settings *settings, int vocab);

/* Sets "WHAT a model of n_layer 8, ... and 27 tokens", and what comes after it. Returns false. */
bool gpt_refuse(const Settings *settings, int vocab, const char *what, const char *why, Error *error);

/* Shapes only: no parameter has a value yet, and nothing can be recorded. Errors: settings_check's,
 * more than 2^31 parameters, memory. */
bool gpt_init(Gpt *gpt, const Settings *settings, int vocab, Error *error);
void gpt_release(Gpt *gpt);

/* Whether both record the same graph for the same tokens: equal sizes, equal options. */
bool gpt_same_graph(const Settings *a, const Settings *b);

/* Takes over the options for what is recorded from now on; the tape must be clear of other
 * graphs. */
void gpt_choose(Gpt *gpt, const Settings *settings);

/* Nodes of a tape that records `positions` positions with their losses, parameters included; with
 * options that leave something out there are fewer. */
int64_t gpt_nodes(const Settings *settings, int vocab, int64_t positions);

/* Room for recording, and a tape with room for block_size positions and for sampling them. Errors:
 * gpt_fits's, memory. */
bool gpt_tape(Gpt *gpt, Tape *tape, Error *error);

/* Gives both back; the shapes stay. */
void gpt_drop_tape(Gpt *gpt, Tape *tape);

/* Fresh parameters: value[0 .. params-1], drawn in order from a normal distribution around 0. */
void gpt_draw(const Gpt *gpt, Rng *rng, double deviation, double *value);

/* Forgets what is recorded: the tape and the spans. */
void gpt_clear(Gpt *gpt, Tape *tape);

/* Records one position after those recorded before it. Returns the logits: vocab of them. */
TapeRange gpt_record_position(Gpt *gpt, Tape *tape, int token, int pos);

/* Records softmax(numbers x scale) as the place `probs` of pos; scale 1 adds no nodes. */
TapeRange gpt_record_probs(Gpt *gpt, Tape *tape, TapeRange logits, double scale, int pos);

/* The pieces of a document, each after those recorded before it: the embedding of a position, a
 * whole position with its probabilities and its loss, the loss alone, and the mean of the losses,
 * whose node is returned. */
TapeRange gpt_record_embed(Gpt *gpt, Tape *tape, int token, int pos);
void gpt_record_predicted(Gpt *gpt, Tape *tape, int token, int target, int pos);
void gpt_record_loss(Gpt *gpt, Tape *tape, int target, int pos);
int32_t gpt_record_mean_loss(Gpt *gpt, Tape *tape);

/* Records a whole document: tokens[0 .. positions] (one more than positions: each but the first is
 * predicted). Returns the node of the loss. */
int32_t gpt_record_document(Gpt *gpt, Tape *tape, const int *tokens, int positions);

/* The span of a place, or NULL if it is not recorded. */
const Span *gpt_span(const Gpt *gpt, Place place);

/* The span that holds node; NULL for parameters. */
const Span *gpt_span_of(const Gpt *gpt, int32_t node);

/* The tensor that parameter i belongs to. */
const Tensor *gpt_tensor_of(const Gpt *gpt, int32_t i);

/* The tensor of that name, or NULL. */
const Tensor *gpt_tensor(const Gpt *gpt, const char *name);

#endif
