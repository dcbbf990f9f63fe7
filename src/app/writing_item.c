/* The numbers of the text held, and how the cursor stands on them. */
#include "app/app.h"
#include "app/writing.h"
#include <assert.h>
#include <math.h>

TapeRange writing_probs(const Writing *writing, int pos)
{
    assert(0 <= pos && pos < writing_positions(writing));
    return gpt_span(&writing->sampler.gpt, (Place){PART_PROBS, pos, -1, -1})->out;
}

static int32_t first_node(const Gpt *gpt, int pos)
{
    return gpt->span[gpt->span_of_pos[pos]].first;
}

/* A key of the last layer needs all of the layers below, but of its own layer only its norm. */
void writing_count(const Gpt *gpt, int pos, int64_t *made, int64_t *saved)
{
    const int last = gpt->n_layer - 1;

    assert(0 <= pos && pos < gpt->positions);
    *made = (pos + 1 < gpt->positions ? first_node(gpt, pos + 1) : gpt->span[gpt->spans - 1].end) -
            first_node(gpt, pos);
    *saved = 0;
    for (int p = 0; p < pos; p++) {
        const Span *q = gpt_span(gpt, (Place){PART_Q, p, last, -1});
        const Span *v = gpt_span(gpt, (Place){PART_V, p, last, -1});
        *saved += v->end - first_node(gpt, p) - (q->end - q->first);
    }
}

int64_t writing_again(const Gpt *gpt, int pos)
{
    assert(0 <= pos && pos < gpt->positions);
    return gpt->options.kv_cache ? 0 : first_node(gpt, pos) - first_node(gpt, 0);
}

/* ---- what the cursor can stand on ------------------------------------------------------------ */

enum { ITEM_BITS = 4 };

Focus writing_focus(WritingItem item, int pos, int32_t index)
{
    return (Focus){.kind = FOCUS_ITEM, .index = index, .entry = (int32_t)item | pos << ITEM_BITS};
}

WritingItem writing_item(Focus focus)
{
    if (focus.kind != FOCUS_ITEM)
        return WRITING_ITEM_NONE;
    return (WritingItem)(focus.entry & ((1 << ITEM_BITS) - 1));
}

int writing_item_position(Focus focus)
{
    return focus.entry >> ITEM_BITS;
}

/* A number of position pos. */
static bool number_at(const Writing *writing, Focus focus, int pos, double *value)
{
    const Sampler *sampler = &writing->sampler;
    const int token = focus.index, vocab = sampler->gpt.vocab;

    if (pos >= writing_positions(writing) || token >= vocab)
        return false;
    if (writing_item(focus) == WRITING_ITEM_DRAWN)
        *value = writing->drawn[pos];
    else if (writing_item(focus) == WRITING_ITEM_BEFORE)
        *value = writing->before[pos * vocab + token];
    else
        *value = sampler->value[writing_probs(writing, pos).first +
                                token * writing_probs(writing, pos).stride];
    return !isnan(*value);
}

bool writing_value(const App *app, Focus focus, double *value)
{
    const Writing *writing = &app->writing;

    switch (writing_item(focus)) {
    case WRITING_ITEM_BEFORE:
    case WRITING_ITEM_AFTER:
    case WRITING_ITEM_DRAWN:
        return number_at(writing, focus, writing_item_position(focus), value);
    case WRITING_ITEM_NODE:
        if (!writing_has_begun(writing) || focus.index >= writing->sampler.tape.count)
            return false;
        *value = writing->sampler.value[focus.index];
        return true;
    default:
        return false;
    }
}
