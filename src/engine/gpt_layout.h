/* GptLayout: laying a document on the tape with what stands there from documents before.
 *
 * The graph of a document depends little on the document: its tokens choose rows of wte, its
 * targets one probability a position, and a document of n positions begins like one of n + 1. So a
 * position is recorded once; after that only its embed and its loss are recorded again, in place,
 * and the end of the document, which covers the beginning of the next position, is taken away
 * again.
 *
 *     tape     pos 0  pos 1  pos 2 | mean of the losses          a document of three positions
 *              pos 0  pos 1  pos 2  pos 3  pos 4 | mean          of five
 *
 *     order    visits of pos 0, sum 1, visits of pos 1, sum 2, ...     each in a place of its own: a position
 *                                                                      has as many visits in every document
 *
 * The backward order of a position depends on its target alone, through which the walk enters:
 *
 *     trunk    embed ... the last residual: always visited in the same order
 *     head     logits, probs, loss: the row of the target first, and with it, number by number, the trunk
 *
 * so a trunk is walked once, and the heads of some targets are kept, whatever the position.
 *
 * Two rules make this true; whoever changes what is recorded must keep them (the tests compare with
 * a document recorded afresh): tokens and targets choose inputs, never nodes; and what a position
 * reads of an earlier one, that one reads too.
 *
 * A layout belongs to one model and one tape, on which nobody else may record. It notices that the
 * model's options have changed, and begins anew. Nothing is allocated after gpt_layout_init. */
#ifndef GPTOSCOPE_ENGINE_GPT_LAYOUT_H
#define GPTOSCOPE_ENGINE_GPT_LAYOUT_H

#include "engine/gpt.h"

#define GPT_LAYOUT_BYTES ((size_t)1 << 20) /* of kept heads, where one head is not larger */

/* What is on the tape at a point between two positions. */
typedef struct LayoutPoint {
    int32_t nodes, ranges;
    int spans;
} LayoutPoint;

/* A position on the tape, and the target that its visits are in order for. */
typedef struct LayoutPosition {
    LayoutPoint begin, end;
    int32_t head;     /* its first node from the logits on */
    int32_t from, to; /* its visits in tape->order */
    int mixed;        /* visits of the head that stand between those of the trunk: the first ones */
    int token, target;
} LayoutPosition;

typedef struct GptLayout {
    Settings options;         /* of the graph that is recorded */
    LayoutPosition *position; /* [block_size] */
    int recorded;             /* positions on the tape, also those beyond the document's */
    int numbers;              /* of the tape, without those of the end of a document */
    int32_t *slot;            /* [block_size][mixed_room] where in order mixed visits stand, from `from` on */
    int mixed_room;
    int32_t *kept; /* [rooms][head_room] heads: nodes relative to the first of the head */
    int *kept_of;  /* [rooms] the target of each, or -1 */
    int rooms, head_room, head_visits;
    LayoutPoint end;   /* of the document's positions */
    TapeNode *covered; /* [block_size + 3] what the mean of the losses was recorded over: ... */
    int covered_nodes; /* ... so many nodes and, if any, a span and a visit */
    Span covered_span;
    int32_t covered_visit;
    int32_t *tail; /* [block_size + 1] visits of the mean of the losses */
} GptLayout;

/* Bytes that gpt_layout_init takes for such a model. */
int64_t gpt_layout_bytes(const Settings *settings, int vocab);

/* Errors: memory. */
bool gpt_layout_init(GptLayout *layout, const Gpt *gpt, Error *error);
void gpt_layout_release(GptLayout *layout);

/* Leaves the model and the tape as gpt_record_document and tape_sort do. Returns the node of the
 * loss. */
int32_t gpt_layout_document(GptLayout *layout, Gpt *gpt, Tape *tape, const int *tokens, int positions);

#endif
