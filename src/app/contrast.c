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

/* A parameter by the name of its matrix, its row and its column. */
static Focus parameter_there(const Trainer *here, const Trainer *other, FocusKind kind,
                             int32_t node)
{
    const Tensor *from = gpt_tensor_of(&here->gpt, node), *to = gpt_tensor(&other->gpt, from->name);
    const int32_t row = (node - from->first) / from->cols, col = (node - from->first) % from->cols;

    return to && row < to->rows && col < to->cols
               ? focus_of_node(other, kind, to->first + row * to->cols + col)
               : (Focus){.kind = FOCUS_NONE};
}

/* What is no number, where there is such a thing. */
static Focus thing_there(const Trainer *here, const Trainer *other, Focus what)
{
    const Tensor *tensor = what.kind == FOCUS_TENSOR
                               ? gpt_tensor(&other->gpt, here->gpt.tensor[what.index].name)
                               : NULL;
    const bool is_there = what.kind == FOCUS_TENSOR     ? tensor != NULL
                          : what.kind == FOCUS_PLACE    ? gpt_span(&other->gpt, what.place) != NULL
                          : what.kind == FOCUS_TOKEN    ? what.index < other->gpt.vocab
                          : what.kind == FOCUS_DOCUMENT ? what.index < other->corpus->count
                          : what.kind == FOCUS_STEP     ? what.index <= other->settings.steps
                                                        : true;

    if (tensor)
        what.index = (int32_t)(tensor - other->gpt.tensor);
    return is_there ? what : (Focus){.kind = FOCUS_NONE};
}

bool contrast_holds(const Contrast *contrast, const Scope *here)
{
    const Trainer *other = contrast->other.trainer;

    return other && (!contrast->exact || moment_compare(other->at, here->trainer->at) == 0);
}

Focus contrast_focus(const Contrast *contrast, const Scope *here, Focus what)
{
    const Trainer *other = contrast->other.trainer;
    const int32_t node = focus_node(here, what);

    if (!contrast_holds(contrast, here) || what.own || what.kind == FOCUS_ITEM)
        return (Focus){.kind = FOCUS_NONE};
    if (node >= 0 && node < here->trainer->gpt.params)
        return parameter_there(here->trainer, other, what.kind, node);
    if (node < 0)
        return thing_there(here->trainer, other, what);
    if (same_graph(here->trainer, other))
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
