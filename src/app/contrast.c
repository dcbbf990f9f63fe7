#include "app/contrast.h"

#include <string.h>

/* Equal graphs number their nodes alike. */
static bool same_graph(const Trainer *a, const Trainer *b)
{
    return a->positions == b->positions && a->tape.count == b->tape.count &&
           gpt_same_graph(&a->gpt.options, &b->gpt.options);
}

/* A node of one graph in another, by the place whose result it is. */
static Focus by_place(const Trainer *here, const Trainer *other, FocusKind kind, int32_t node)
{
    const Span *span = gpt_span_of(&here->gpt, node);

    for (int32_t i = 0; span && i < span->out.count; i++)
        if (span->out.first + i * span->out.stride == node)
            return focus_of_place(other, kind, span->place, i);
    return (Focus){.kind = FOCUS_NONE};
}

Focus contrast_focus(const Contrast *contrast, const Scope *here, Focus what)
{
    const Trainer *other = contrast->other.trainer;
    const int32_t node = focus_node(here, what);

    if (!other || what.own || what.kind == FOCUS_ITEM)
        return (Focus){.kind = FOCUS_NONE};
    if (node < here->trainer->gpt.params || same_graph(here->trainer, other))
        return what;
    return by_place(here->trainer, other, what.kind, node);
}

bool contrast_find(const Contrast *contrast, const Scope *here, Focus what, double *other)
{
    const Focus there = contrast_focus(contrast, here, what);
    double value;

    return there.kind != FOCUS_NONE && focus_value(&contrast->other, there, other) &&
           focus_value(here, what, &value) && memcmp(&value, other, sizeof value) != 0;
}
