#include "app/differences.h"

#include "engine/sys.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One block under way. */
typedef struct Sum {
    Place place;
    int64_t count, others; /* numbers compared, and how many of them are not the same */
    double squares;
    int32_t node; /* where the largest is */
} Sum;

typedef struct Finding {
    const Trainer *a, *b;
    Differences *found;
    Sum *sum; /* [of every block] */
} Finding;

/* ---- one number ------------------------------------------------------------------------------ */

/* NaN is further apart than anything else. */
static bool is_further(double x, double most)
{
    return isnan(x) ? !isnan(most) : x > most;
}

static void compare(Finding *finding, int block, int32_t node, double a, double b)
{
    BlockDifference *difference = &finding->found->block[block];
    Sum *sum = &finding->sum[block];
    const double apart = fabs(a - b);

    sum->count++;
    if (memcmp(&a, &b, sizeof a) == 0)
        return;
    sum->squares += apart * apart;
    if (sum->others++ > 0 && !is_further(apart, difference->most))
        return;
    difference->most = apart;
    sum->node = node;
    difference->a = a;
    difference->b = b;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void compare_tensors(Finding *finding)
{
    const Gpt *gpt = &finding->a->gpt;

    for (int i = 0; i < gpt->tensors; i++) {
        const Tensor *from = &gpt->tensor[i], *to = gpt_tensor(&finding->b->gpt, from->name);
        const int block = finding->found->count++;
        BlockDifference *difference = &finding->found->block[block];
        snprintf(difference->block, sizeof difference->block, "%s", from->name);
        difference->parameters = true;
        difference->shape = !to || to->rows != from->rows || to->cols != from->cols;
        for (int32_t k = 0; !difference->shape && k < from->rows * from->cols; k++)
            compare(finding, block, from->first + k, finding->a->value[from->first + k],
                    finding->b->value[to->first + k]);
    }
}

/* The place without its position; "losses" those of the positions, "loss" that of the text. */
static void name_block(Place place, char block[DIFFERENCES_NAME_BYTES])
{
    char name[DIFFERENCES_NAME_BYTES + 16];

    place.pos = 0;
    place_name(place, name, sizeof name);
    const char *point = strchr(name, '.');
    snprintf(block, DIFFERENCES_NAME_BYTES, "%.*s", DIFFERENCES_NAME_BYTES - 1,
             place.part == PART_LOSS ? "losses"
             : point                 ? point + 1
                                     : name);
}

/* The block of a place, whatever its position; made where there is none yet. */
static int block_of(Finding *finding, int from, Place place)
{
    Differences *found = finding->found;
    int i = from;

    place.pos = -1;
    while (i < found->count && !place_same(finding->sum[i].place, place))
        i++;
    if (i == found->count) {
        finding->sum[i].place = place;
        name_block(place, found->block[i].block);
        found->count++;
    }
    return i;
}

static void compare_spans(Finding *finding)
{
    const Trainer *a = finding->a, *b = finding->b;
    const int from = finding->found->count;

    for (int i = 0; i < a->gpt.spans; i++) {
        const Span *one = &a->gpt.span[i], *other = gpt_span(&b->gpt, one->place);
        const int block = block_of(finding, from, one->place);
        finding->found->block[block].shape |= !other || other->out.count != one->out.count;
        for (int32_t k = 0; !finding->found->block[block].shape && k < one->out.count; k++) {
            int32_t here = one->out.first + k * one->out.stride;
            int32_t there = other->out.first + k * other->out.stride;
            if (trainer_has_value(a, here) && trainer_has_value(b, there))
                compare(finding, block, here, a->value[here], b->value[there]);
        }
    }
}

static bool same_texts(const Trainer *a, const Trainer *b)
{
    return a->positions == b->positions && a->gpt.vocab == b->gpt.vocab &&
           memcmp(a->token, b->token, (size_t)(a->positions + 1) * sizeof *a->token) == 0;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Blocks that are the same in both say nothing. */
static void keep_others(Finding *finding)
{
    Differences *found = finding->found;
    int kept = 0;

    for (int i = 0; i < found->count; i++) {
        const Sum *sum = &finding->sum[i];
        if (!found->block[i].shape && sum->others == 0)
            continue;
        BlockDifference *block = &found->block[kept++];
        *block = found->block[i];
        block->rms = sum->count > 0 ? sqrt(sum->squares / (double)sum->count) : 0;
        if (!block->shape)
            reference_print(finding->a, sum->node, block->element, sizeof block->element);
    }
    found->count = kept;
}

static int by_size(const void *left, const void *right)
{
    const BlockDifference *a = left, *b = right;

    if (a->parameters != b->parameters)
        return a->parameters ? -1 : 1;
    if (a->shape != b->shape)
        return a->shape ? 1 : -1;
    return is_further(a->most, b->most) ? -1 : is_further(b->most, a->most);
}

bool differences_find(Differences *differences, const Trainer *a, const Trainer *b, Error *error)
{
    const size_t room = (size_t)a->gpt.tensors + (size_t)a->gpt.spans;
    Finding finding = {a, b, differences, sys_alloc(room, sizeof *finding.sum)};

    *differences = (Differences){.block = sys_alloc(room, sizeof *differences->block)};
    if (!finding.sum || !differences->block) {
        sys_free(finding.sum);
        differences_release(differences);
        return error_set(error, "out of memory for a comparison");
    }
    compare_tensors(&finding);
    differences->texts = !same_texts(a, b);
    if (!differences->texts)
        compare_spans(&finding);
    keep_others(&finding);
    qsort(differences->block, (size_t)differences->count, sizeof *differences->block, by_size);
    sys_free(finding.sum);
    return true;
}

void differences_release(Differences *differences)
{
    sys_free(differences->block);
    *differences = (Differences){.count = 0};
}
