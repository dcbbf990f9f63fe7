/* Place: a name for every stretch of a training step's forward pass, the same names that the
 * reference run prints.
 *
 *     pos3.embed    pos3.layer0.attn.head2.score    pos3.layer0.mlp.fc1    pos3.probs    pos3.loss    loss
 *
 * Parts stand in the order in which they are computed; score, weight and out come once a head. */
#ifndef GPTOSCOPE_ENGINE_PLACE_H
#define GPTOSCOPE_ENGINE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum Part {
    PART_EMBED,
    PART_NORM,
    PART_ATTN_NORM,
    PART_Q,
    PART_K,
    PART_V,
    PART_SCORE,
    PART_WEIGHT,
    PART_OUT,
    PART_PROJ,
    PART_ATTN_RESIDUAL,
    PART_MLP_NORM,
    PART_FC1,
    PART_RELU,
    PART_FC2,
    PART_MLP_RESIDUAL,
    PART_LOGITS,
    PART_PROBS,
    PART_LOSS,      /* of one position */
    PART_MEAN_LOSS, /* of the document */
    PART_COUNT
} Part;

typedef struct PartInfo {
    const char *name;    /* its last piece: "score" in pos3.layer0.attn.head2.score */
    const char *group;   /* "attn." or "mlp." within a layer, else "" */
    const char *title;   /* in words */
    const char *formula; /* as the guide has it */
    bool in_layer, in_head;
} PartInfo;

extern const PartInfo place_parts[PART_COUNT];

typedef struct Place {
    Part part;
    int pos, layer, head; /* -1 where it does not apply */
} Place;

/* The name, snprintf-fashion. */
int place_name(Place place, char *text, size_t size);

/* Reads a name of length bytes. Returns false if it is none; whether the model has such a place is
 * not asked. */
bool place_parse(const char *text, size_t length, Place *place);

bool place_same(Place a, Place b);

#endif
