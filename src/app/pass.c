#include "app/pass.h"

#include "app/app.h"

Pass pass_of_run(const App *app)
{
    const Trainer *trainer = &app->session.trainer;

    return (Pass){.app = app,
                  .gpt = &trainer->gpt,
                  .tape = &trainer->tape,
                  .value = trainer->value,
                  .token = trainer->token,
                  .positions = trainer->positions};
}

Pass pass_of_writing(const App *app)
{
    const Sampler *sampler = &app->writing.sampler;

    return (Pass){.app = app,
                  .gpt = &sampler->gpt,
                  .tape = &sampler->tape,
                  .value = sampler->value,
                  .token = sampler->token,
                  .positions = writing_positions(&app->writing),
                  .writing = true};
}

/* Of the text that is written: where the reader says so, or where it stands on the screen too. */
static bool is_of_writing(const App *app)
{
    const int choice = app->look.choice[LOOK_ATTENTION_OF];

    return choice == LOOK_OF_AUTO ? look_is_shown(&app->look, VIEW_GENERATE)
                                  : choice == LOOK_OF_WRITING;
}

Pass pass_shown(const App *app)
{
    return is_of_writing(app) ? pass_of_writing(app) : pass_of_run(app);
}

Part pass_shown_part(const App *app)
{
    return app->look.choice[LOOK_ATTENTION_SHOWS] % 2 ? PART_SCORE : PART_WEIGHT;
}

FocusKind pass_shown_kind(const App *app)
{
    return app->look.choice[LOOK_ATTENTION_SHOWS] < 2 ? FOCUS_VALUE : FOCUS_GRAD;
}

void pass_refocus(App *app)
{
    const Pass passes[] = {pass_of_run(app), pass_of_writing(app)}, shown = pass_shown(app);
    Focus *focus = &app->look.focus[VIEW_ATTENTION];
    PassCell cell;

    for (int i = 0; i < 2; i++)
        if (passes[i].positions > 0 && pass_find(&passes[i], *focus, &cell)) {
            *focus = pass_focus(&shown, pass_shown_kind(app),
                                pass_cell(&shown, pass_shown_part(app), cell));
            return;
        }
}

bool pass_number(const Pass *pass, FocusKind kind, int32_t node, double *number)
{
    const Trainer *trainer = &pass->app->session.trainer;

    *number = 0;
    if (node < 0 || (kind == FOCUS_GRAD && (pass->writing || !trainer_has_grad(trainer))))
        return false;
    if (kind == FOCUS_VALUE && !pass->writing && !trainer_has_value(trainer, node))
        return false;
    *number = (kind == FOCUS_GRAD ? trainer->grad : pass->value)[node];
    return true;
}

Focus pass_focus(const Pass *pass, FocusKind kind, int32_t node)
{
    if (node < 0)
        return (Focus){.kind = FOCUS_NONE};
    if (pass->writing) /* entry 0 or 1 of a position: value or gradient */
        return writing_focus(WRITING_ITEM_NODE, kind == FOCUS_GRAD, node);
    return focus_of_node(&pass->app->session.trainer, kind, node);
}

/* The node that the cursor is on, or -1. */
static int32_t node_of(const Pass *pass, Focus focus)
{
    const Scope scope = {.trainer = &pass->app->session.trainer};

    if (pass->writing)
        return writing_item(focus) == WRITING_ITEM_NODE && focus.index < pass->tape->count
                   ? focus.index
                   : -1;
    return focus.kind == FOCUS_VALUE || focus.kind == FOCUS_GRAD ? focus_node(&scope, focus) : -1;
}

bool pass_find(const Pass *pass, Focus focus, PassCell *cell)
{
    int32_t node = node_of(pass, focus);
    const Span *span = node < pass->gpt->params ? NULL : gpt_span_of(pass->gpt, node);

    if (!span || (span->place.part != PART_SCORE && span->place.part != PART_WEIGHT))
        return false;
    int32_t off = node - span->out.first;
    if (off < 0 || off % span->out.stride != 0 || off / span->out.stride >= span->out.count)
        return false;
    *cell = (PassCell){span->place.layer, span->place.head, span->place.pos,
                       (int)(off / span->out.stride)};
    return true;
}

int32_t pass_node(const Pass *pass, Place place, int i)
{
    const Span *span = place.pos < pass->positions ? gpt_span(pass->gpt, place) : NULL;

    return span && i < span->out.count ? span->out.first + i * span->out.stride : -1;
}

int pass_dimensions(const Pass *pass)
{
    return pass->gpt->n_embd / pass->gpt->n_head;
}

int32_t pass_cell(const Pass *pass, Part part, PassCell cell)
{
    return pass_node(pass, (Place){part, cell.query, cell.layer, cell.head}, cell.key);
}

int32_t pass_entry(const Pass *pass, Part part, PassCell cell, int j)
{
    const int first = cell.head * pass_dimensions(pass);

    if (part == PART_OUT)
        return pass_node(pass, (Place){part, cell.query, cell.layer, cell.head}, j);
    return pass_node(pass, (Place){part, part == PART_Q ? cell.query : cell.key, cell.layer, -1},
                     first + j);
}

/* ---- between them ---------------------------------------------------------------------------- */

static int32_t input_of(const Pass *pass, int32_t node, int k)
{
    return node < 0 ? -1 : tape_input(pass->tape, node, k);
}

/* Term i of a sum of count terms that goes from left to right and begins with 0. */
static int32_t term_of(const Pass *pass, int32_t sum, int count, int i)
{
    for (int at = count - 1; at > i && sum >= 0; at--)
        sum = input_of(pass, sum, 0);
    return input_of(pass, sum, i == 0 ? 0 : 1);
}

int32_t pass_sum(const Pass *pass, PassCell cell)
{
    int32_t score = pass_cell(pass, PART_SCORE, cell);

    return score >= 0 && pass->tape->node[score].op == OP_MUL ? input_of(pass, score, 0) : score;
}

int32_t pass_product(const Pass *pass, PassCell cell, int j)
{
    return term_of(pass, pass_sum(pass, cell), pass_dimensions(pass), j);
}

int32_t pass_exponential(const Pass *pass, PassCell cell)
{
    return input_of(pass, pass_cell(pass, PART_WEIGHT, cell), 0);
}

int32_t pass_total(const Pass *pass, PassCell cell)
{
    return input_of(pass, input_of(pass, pass_cell(pass, PART_WEIGHT, cell), 1), 0);
}

int32_t pass_share(const Pass *pass, PassCell cell, int j)
{
    return term_of(pass, pass_entry(pass, PART_OUT, cell, j), cell.query + 1, cell.key);
}
