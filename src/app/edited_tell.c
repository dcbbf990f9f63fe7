/* What a change did, in lines and members. */
#include "app/app.h"
#include "app/edited.h"

#include "app/text.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>

/* ---- numbers and names ----------------------------------------------------------------------- */

typedef struct Real {
    char text[32];
} Real;

/* A number in so many significant digits. */
static Real real(double number, int digits)
{
    Real real;

    snprintf(real.text, sizeof real.text, "%.*g", digits, number);
    return real;
}

static Real signed_real(double number)
{
    Real real;

    snprintf(real.text, sizeof real.text, "%+.3g", number);
    return real;
}

static const char *whole(int64_t number, char text[24])
{
    return text_whole(number, text, 24);
}

static void print_place(const Trainer *trainer, int32_t node, char text[96])
{
    const Span *span = gpt_span_of(&trainer->gpt, node);

    if (span)
        place_name(span->place, text, 96);
    else
        snprintf(text, 96, "node(%d)", (int)node);
}

/* ---- the change ------------------------------------------------------------------------------ */

/* A token as its character, where it has one. */
static const char *token_text(const App *app, double number, char text[EXPR_NUMBER_BYTES])
{
    const Corpus *corpus = &app->session.corpus;
    char shown[16];

    if (number >= corpus->characters) {
        snprintf(text, EXPR_NUMBER_BYTES, "%s", _("the end"));
        return text;
    }
    text_show_character(corpus->character[(int)number], shown);
    snprintf(text, EXPR_NUMBER_BYTES, "'%s'", shown);
    return text;
}

static const char *number_text(const App *app, double number, char text[EXPR_NUMBER_BYTES])
{
    const Edited *edited = &app->edited;

    if (edited->kind == EVENT_TOKEN)
        return token_text(app, number, text);
    snprintf(text, EXPR_NUMBER_BYTES, "%s", real(number, 6).text);
    return text;
}

static void tell_change(const App *app, Answer *answer)
{
    const Edited *edited = &app->edited;
    const Moment now = app->session.trainer.at;
    char at[64], stands[64], before[EXPR_NUMBER_BYTES], after[EXPR_NUMBER_BYTES];

    moment_print(edited->at, at, sizeof at);
    moment_print(now, stands, sizeof stands);
    answer_format(answer, "%s: %s becomes %s at %s", edited->name,
                  number_text(app, edited->before, before), number_text(app, edited->after, after),
                  at);
    if (moment_compare(edited->at, now) < 0)
        answer_line(answer, ", where it was made; what follows is computed again");
    else if (edited->kind == EVENT_VALUE && now.phase == PHASE_DONE)
        answer_line(answer, "; the next forward pass computes with it");
    else
        answer_line(answer, "%s", "");
    answer_text(answer, "path", edited->name);
    answer_real(answer, "before", edited->before);
    answer_real(answer, "after", edited->after);
    answer_text(answer, "moment", at);
    answer_text(answer, "stands", stands);
}

/* The other weights of a softmax stay what they were. */
static void tell_weights(const App *app, Answer *answer)
{
    const Edited *edited = &app->edited;
    const Trainer *trainer = &app->session.trainer;
    const Span *span = edited->kind == EVENT_VALUE && edited->index >= trainer->gpt.params
                           ? gpt_span_of(&trainer->gpt, edited->index)
                           : NULL;
    double sum = 0;

    if (!span || span->place.part != PART_WEIGHT || edited->at.phase != PHASE_FORWARD)
        return;
    for (int32_t i = 0; i < span->out.count; i++)
        sum += trainer->value[span->out.first + i * span->out.stride];
    answer_line(answer, "The other weights of its query stay: together they are %s now.",
                real(sum, 4).text);
    answer_real(answer, "sum", sum);
}

/* ---- how far it spread ----------------------------------------------------------------------- */

static void tell_count(Answer *answer, const char *name, EditedCount count)
{
    answer_open(answer, name, '{');
    answer_whole(answer, "changed", count.changed);
    answer_whole(answer, "all", count.all);
    answer_close(answer, '}');
}

/* "x[2].layer0.mlp.fc1[5]", or for a number on the way to it "node(58) in pos2.layer0.mlp.fc1" */
static void print_node(const Trainer *trainer, int32_t node, char text[FOCUS_TEXT_BYTES])
{
    char place[96];
    const int used = reference_print(trainer, node, text, FOCUS_TEXT_BYTES);

    if (text[0] != 'n' || used >= FOCUS_TEXT_BYTES)
        return;
    print_place(trainer, node, place);
    snprintf(text + used, (size_t)(FOCUS_TEXT_BYTES - used), _(" in %s"), place);
}

static void tell_most(const App *app, Answer *answer, const EditedSpread *spread)
{
    const Trainer *trainer = &app->session.trainer;
    char name[FOCUS_TEXT_BYTES];

    if (look_is_hidden(&app->look, focus_of_node(trainer, FOCUS_VALUE, spread->most)))
        return;
    print_node(trainer, spread->most, name);
    answer_line(answer, "Most: %s, %s → %s.", name, real(spread->before, 4).text,
                real(spread->after, 4).text);
    answer_open(answer, "most", '{');
    answer_text(answer, "name", name);
    answer_real(answer, "before", spread->before);
    answer_real(answer, "after", spread->after);
    answer_close(answer, '}');
}

static void tell_ends(const App *app, Answer *answer, const EditedSpread *spread)
{
    const Trainer *trainer = &app->session.trainer;
    char first[96], last[96];

    print_place(trainer, spread->first, first);
    print_place(trainer, spread->last, last);
    answer_line(answer, ", from %s to %s.", first, last);
    answer_text(answer, "first", first);
    answer_text(answer, "last", last);
    tell_most(app, answer, spread);
}

static void tell_spread(const App *app, Answer *answer)
{
    const EditedSpread spread = edited_spread(&app->edited, &app->session.trainer);
    const EditedCount *const counts[] = {&spread.params, &spread.grads, &spread.values};
    static const char *const forms[] = {N_("%s of %s parameters"), N_("%s of %s gradients"),
                                        N_("%s of %s values")};
    char changed[24], all[24];
    const char *between = "";

    tell_count(answer, "values", spread.values);
    tell_count(answer, "gradients", spread.grads);
    tell_count(answer, "parameters", spread.params);
    if (spread.values.all == 0)
        return;
    answer_format(answer, "Changed: ");
    for (int i = 0; i < 3; i++) {
        if (counts[i]->all == 0)
            continue;
        answer_format(answer, "%s", between);
        answer_format(answer, forms[i], whole(counts[i]->changed, changed),
                      whole(counts[i]->all, all));
        between = ", ";
    }
    if (spread.first >= 0)
        tell_ends(app, answer, &spread);
    else
        answer_line(answer, ".");
}

/* ---- the loss -------------------------------------------------------------------------------- */

/* A straight line misses what the loss bends on the way; nearly nothing, where the way is short. */
static void tell_curvature(Answer *answer, double change, double foretold)
{
    const double rest = change - foretold, nearly = 0.02;

    if (!isfinite(rest))
        return;
    if (fabs(rest) <= nearly * fabs(change))
        answer_line(answer, "Nearly the same: on so short a way the loss hardly bends.");
    else
        answer_line(answer, "The rest, %s, is curvature: the slope changes on the way.",
                    signed_real(rest).text);
}

static void tell_foretold(const Edited *edited, Answer *answer, double change)
{
    const double delta = edited->after - edited->before, foretold = edited->slope * delta;

    if (edited->slope == 0 && change == 0) {
        answer_line(answer, "Its gradient is 0: nothing in this step computes with it.");
        return;
    }
    answer_line(answer, "The gradient foretold %s × %s = %s.", real(edited->slope, 4).text,
                signed_real(delta).text, signed_real(foretold).text);
    tell_curvature(answer, change, foretold);
    answer_real(answer, "gradient", edited->slope);
    answer_real(answer, "delta", delta);
    answer_real(answer, "foretold", foretold);
}

static void tell_loss(const App *app, Answer *answer)
{
    const Edited *edited = &app->edited;
    const Trainer *trainer = &app->session.trainer;
    const double now = edited_loss_now(edited, trainer), change = now - edited->loss;
    const Focus loss = focus_of_node(trainer, FOCUS_VALUE, trainer->loss_node);
    const bool comes_first = edited->at.phase == PHASE_DONE || edited->at.phase == PHASE_FORWARD;

    if (!comes_first || isnan(edited->loss) || isnan(now) || edited->kind == EVENT_M ||
        edited->kind == EVENT_V || look_is_hidden(&app->look, loss))
        return;
    answer_line(answer, "The loss of this step: %s → %s, a change of %s.",
                real(edited->loss, 6).text, real(now, 6).text, signed_real(change).text);
    answer_open(answer, "loss", '{');
    answer_real(answer, "before", edited->loss);
    answer_real(answer, "after", now);
    answer_real(answer, "change", change);
    if (!isnan(edited->slope))
        tell_foretold(edited, answer, change);
    answer_close(answer, '}');
}

void edited_tell(const App *app, Answer *answer)
{
    tell_change(app, answer);
    if (!edited_is_here(&app->edited, &app->session))
        return;
    tell_weights(app, answer);
    tell_spread(app, answer);
    tell_loss(app, answer);
}

/* ---- one number ------------------------------------------------------------------------------ */

bool edited_before(const App *app, const char *name, double *before)
{
    const Scope scope = app_scope(app);
    Focus list[2];
    Error error;

    return edited_is_here(&app->edited, &app->session) &&
           focus_read(&scope, name, list, 2, &error) == 1 && !look_is_hidden(&app->look, list[0]) &&
           contrast_find(&app->contrast, &scope, list[0], before);
}

void edited_tell_before(const App *app, const char *name, Answer *answer)
{
    char number[EXPR_NUMBER_BYTES];
    double before;

    if (!edited_before(app, name, &before))
        return;
    answer_line(answer, "before the change: %s", expr_print_number(before, number));
    answer_real(answer, "before", before);
}
