/* The view adam in words and numbers. */
#include "app/subject.h"
#include "engine/words.h"
#include "view/matrix.h"
#include "view/view.h"
#include "view/view_adam.h"

static bool is_hidden(const App *app, const AdamRow *row)
{
    Focus focus = row->focus;

    if (focus.kind == FOCUS_RATE)
        focus.index = 0;
    return look_is_hidden(&app->look, focus);
}

static void tell_row(const App *app, const AdamRow *row, Answer *answer)
{
    if (is_hidden(app, row)) {
        answer_line(answer, "%s, %s: hidden.", _(row->name), row->words);
        answer_text(answer, row->name, "hidden");
    } else if (!row->known) {
        answer_line(answer, "%s, %s: %s. It is not computed at this moment.", _(row->name),
                    row->words, row->formula);
        answer_null(answer, row->name);
    } else {
        if (row->filled[0])
            answer_line(answer, "%s, %s: %s, that is %s, is %.17g.", _(row->name), row->words,
                        row->formula, row->filled, row->number);
        else
            answer_line(answer, "%s, %s: %s, %.17g.", _(row->name), row->words, row->formula,
                        row->number);
        answer_real(answer, row->name, row->number);
    }
}

/* What the update found, where it is done; hidden with the number of now before that. */
static void tell_before(const AdamUpdate *update, Answer *answer)
{
    const struct {
        const char *name;
        FocusKind kind;
        double number;
    } before[] = {{"value_before", FOCUS_VALUE, update->before},
                  {"m_before", FOCUS_M, update->m_before},
                  {"v_before", FOCUS_V, update->v_before}};

    for (size_t k = 0; k < sizeof before / sizeof *before; k++)
        if (!update->updated &&
            look_is_hidden(&update->app->look, (Focus){.kind = before[k].kind, .index = update->i}))
            answer_text(answer, before[k].name, "hidden");
        else
            answer_real(answer, before[k].name, before[k].number);
}

static void tell_parameter(const AdamUpdate *update, Answer *answer)
{
    AdamRow row[ADAM_ROWS];
    char text[200];
    const int count = adam_rows(update, row);

    for (int i = 0; i < count; i++)
        tell_row(update->app, &row[i], answer);
    tell_before(update, answer);
    if (adam_compare(update, text, sizeof text)[0]) {
        answer_line(answer, "%s", text);
        answer_real(answer, "plain_update", update->adam.lr * update->g);
    }
}

static void tell_matrix(const App *app, int32_t i, Answer *answer)
{
    const Tensor *tensor = gpt_tensor_of(&app->session.trainer.gpt, i);

    answer_line(answer, "The quantities of %s:", tensor->name);
    answer_text(answer, "tensor", tensor->name);
    for (int k = 0; k < QUANTITY_COUNT; k++) {
        const Matrix matrix = matrix_of(app, tensor, (Quantity)k);
        const bool open = matrix_is_open(&matrix);
        answer_open(answer, quantities[k].name, '{');
        if (open && matrix.all.count > 0) {
            answer_line(answer, "%s: norm %.6g, from %.6g to %.6g.", _(quantities[k].name),
                        statistics_norm(&matrix.all), matrix.all.least, matrix.all.most);
            answer_real(answer, "norm", statistics_norm(&matrix.all));
            answer_real(answer, "least", matrix.all.least);
            answer_real(answer, "most", matrix.all.most);
        } else {
            answer_line(answer, "%s: %s.", _(quantities[k].name),
                        open ? _("not computed at this moment") : _("something of it is hidden"));
        }
        answer_close(answer, '}');
    }
}

static void tell_schedule(const AdamUpdate *update, Answer *answer)
{
    const int64_t steps = update->settings.steps;
    const Focus focus = {.kind = FOCUS_RATE};
    char filled[ADAM_FILLED_BYTES];

    adam_rate_filled(&update->settings, update->step, filled);
    if (look_is_hidden(&update->app->look, focus)) {
        answer_line(answer, "The learning rate of this step is hidden.");
        answer_text(answer, "lr", "hidden");
        return;
    }
    answer_line(answer, "The learning rate is %s, that is %s, is %.17g.",
                adam_rate_formula(&update->settings, update->step), filled, update->adam.lr);
    answer_real(answer, "lr", update->adam.lr);
    answer_open(answer, "rates", '[');
    for (int k = 0; k <= 10; k++) {
        int64_t step = (steps - 1) * k / 10;
        double rate = adam_rate_at(update->app, step);
        answer_line(answer, "In step %lld it is %.6g.", (long long)step + 1, rate);
        answer_open(answer, NULL, '{');
        answer_whole(answer, "step", step + 1);
        answer_real(answer, "lr", rate);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

void view_adam_tell(const App *app, Answer *answer)
{
    const AdamUpdate update = adam_update_of(app, subject_parameter(app));
    const int shows = app->look.choice[LOOK_ADAM_SHOWS];
    Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES], place[80];

    focus_print(&scope, (Focus){.kind = FOCUS_VALUE, .index = update.i}, name, sizeof name);
    adam_print_place(app, update.i, place);
    answer_line(answer, "The update of %s (%s) by %s, in step %lld.", name, place,
                adam_name(&update), (long long)update.step + 1);
    answer_text(answer, "parameter", name);
    answer_text(answer, "optimizer", adam_name(&update));
    answer_whole(answer, "step", update.step + 1);
    if (shows == ADAM_SHOWS_MATRIX)
        tell_matrix(app, update.i, answer);
    else if (shows == ADAM_SHOWS_SCHEDULE)
        tell_schedule(&update, answer);
    else
        tell_parameter(&update, answer);
}
