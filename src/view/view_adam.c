/* Adam: how the gradient of one parameter becomes its update, every term with its formula filled
 * in; the same quantities of a whole matrix; the learning rate over the run. */
#include "view/view_adam.h"

#include "app/subject.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/matrix.h"
#include "view/panel.h"
#include "view/view.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char view_adam_about[] = N_(
    "After the backward pass every parameter has a gradient: how the loss changes with it. The "
    "update moves each a little against its gradient. This is the work for one of them, line by "
    "line: the formula, the same with its numbers, the result.\n"
    "Adam keeps two running means of every parameter. m is that of the gradient: where it has "
    "pointed lately. v is that of the gradient squared: how large it usually is. Both began at 0, "
    "which m_hat and v_hat make up for. The update is lr × m_hat / √v_hat: a parameter with small "
    "gradients moves about as far as one with large ones.\n"
    "A dim dot is not computed yet: step on, and the lines fill in. Below, how value, gradient, m "
    "and v went over the run.\n"
    "Left and right go to the parameters beside this one. The list names the largest updates of "
    "the step. t shows the whole matrix, or the learning rate over the run. w asks why.");

/* ---- the terms ------------------------------------------------------------------------------- */

enum { NAME = 8, NUMBER = 9, FORMULA = 30, FILLED = 44, WORDS = 38, BESIDE = 3 };

/* The cursor knows the learning rate by its parameter too, or the view would lose it. */
static Focus spot_of(const Frame *frame, const AdamRow *row)
{
    Focus tagged = {.kind = FOCUS_RATE, .index = row->focus.index, .entry = QUANTITY_RATE_OF};
    const Focus plain = {.kind = FOCUS_RATE};

    if (row->focus.kind != FOCUS_RATE)
        return row->focus;
    return frame_is_hidden(frame, plain) || frame_is_here(frame, plain) ? plain : tagged;
}

/* The same term of the parameters before and behind, to go there by the cursor. */
static void add_neighbours(Frame *frame, Area area, int y, const AdamRow *row)
{
    const Gpt *gpt = &frame->app->session.trainer.gpt;

    for (int by = -BESIDE; by <= BESIDE; by++) {
        Focus focus = spot_of(frame, row);
        focus.index += by;
        if (by != 0 && focus.index >= 0 && focus.index < gpt->params &&
            (focus.kind != FOCUS_RATE || focus.entry == QUANTITY_RATE_OF))
            frame_spot(frame, area, by < 0 ? 4 * by - area.w : area.w + 4 * by, y, 1, 1, focus);
    }
}

/* Columns of a row: its formula and words stand where there is room for them. */
static void draw_row(Frame *frame, Area area, int y, const AdamRow *row)
{
    Canvas *canvas = frame->canvas;
    const bool formula = area.w >= NAME + FORMULA + FILLED + NUMBER;
    const int x = formula ? NAME + FORMULA : NAME, wide = x + FILLED + NUMBER;
    const int end = area.w < wide ? area.w : wide;
    const char *shown = row->filled[0] || formula ? row->filled : row->formula;

    canvas_text(canvas, area, 0, y, ROLE_TEXT, ATTR_BOLD, _(row->name));
    if (formula)
        canvas_text(canvas, area, NAME, y, ROLE_DIM, 0, row->formula);
    canvas_text(canvas, area_inset(area, 0, 0, area.w - end + NUMBER + 1, 0), x, y,
                row->known ? ROLE_TEXT : ROLE_DIM, 0, shown);
    frame_number(frame, area, end - NUMBER, y, NUMBER, spot_of(frame, row), row->known, row->number,
                 ROLE_UPDATE, row->focus.kind == FOCUS_UPDATE ? ATTR_BOLD : 0);
    if (area.w >= wide + 2 + WORDS)
        canvas_text(canvas, area, wide + 2, y, ROLE_DIM, 0, row->words);
    add_neighbours(frame, area, y, row);
}

/* Which parameter, whose it is, and why just that one. */
static void draw_subject(Frame *frame, Area area, const AdamUpdate *update)
{
    const App *app = frame->app;
    Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES], place[80];
    int x;

    focus_print(&scope, (Focus){.kind = FOCUS_VALUE, .index = update->i}, name, sizeof name);
    adam_print_place(app, update->i, place);
    x = canvas_text(frame->canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD, name);
    x = canvas_print(frame->canvas, area, x, 0, ROLE_DIM, 0, "  %s", place);
    if (subject_is_chosen(app))
        return;
    canvas_print(frame->canvas, area, x, 0, ROLE_DIM, 0, " · %s",
                 app->session.trainer.at.phase == PHASE_UPDATE
                     ? _("updated last")
                     : _("moved farthest since the beginning"));
}

/* ---- the largest updates --------------------------------------------------------------------- */

enum { LARGEST = 12, LARGEST_WIDTH = 32, MOST_PARAMS = 100000 };

typedef struct Largest {
    int count;
    int32_t i[LARGEST];
    double update[LARGEST];
} Largest;

static void keep_largest(Largest *largest, int32_t i, double update, int room)
{
    int at = largest->count;

    while (at > 0 && fabs(largest->update[at - 1]) < fabs(update))
        at--;
    if (at == room)
        return;
    largest->count += largest->count < room;
    for (int k = largest->count - 1; k > at; k--) {
        largest->i[k] = largest->i[k - 1];
        largest->update[k] = largest->update[k - 1];
    }
    largest->i[at] = i;
    largest->update[at] = update;
}

/* Those of the step on the tape, as far as it is done. In a very large model it would take too long
 * for a picture. */
static Largest find_largest(const App *app, int room)
{
    const int32_t params = app->session.trainer.gpt.params;
    const Quantities from = quantities_of(app);
    Largest largest = {.count = 0};
    double number;

    for (int32_t i = 0; i < params && params <= MOST_PARAMS; i++)
        if (quantity_read(&from, QUANTITY_UPDATE, i, &number) && number != 0)
            keep_largest(&largest, i, number, room < LARGEST ? room : LARGEST);
    return largest;
}

static void draw_largest(Frame *frame, Area area)
{
    const Largest largest = find_largest(frame->app, area.h - 1);
    Scope scope = app_scope(frame->app);
    char name[FOCUS_TEXT_BYTES];

    canvas_text(frame->canvas, area, 0, 0, ROLE_TEXT, ATTR_BOLD, _("Largest updates of the step"));
    if (largest.count == 0)
        canvas_text(frame->canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
    for (int k = 0; k < largest.count; k++) {
        const Focus focus = {.kind = FOCUS_UPDATE, .index = largest.i[k]};
        focus_print(&scope, (Focus){.kind = FOCUS_VALUE, .index = focus.index}, name, sizeof name);
        canvas_text(frame->canvas, area, 0, 1 + k, ROLE_DIM, 0, name);
        if (focus.index == subject_parameter(frame->app)) /* it stands among the terms already */
            canvas_text(frame->canvas, area, area.w - NUMBER - 2, 1 + k, ROLE_ACCENT, 0, "▸");
        frame_number(frame, area, area.w - NUMBER, 1 + k, NUMBER, focus, true, largest.update[k],
                     ROLE_UPDATE, 0);
    }
}

/* ---- a parameter ----------------------------------------------------------------------------- */

static void draw_parameter(Frame *frame, Area area, const AdamUpdate *update)
{
    AdamRow row[ADAM_ROWS];
    char text[200];
    const int count = adam_rows(update, row), space = area.h >= 24;
    int y = 1 + space;

    draw_subject(frame, area, update);
    for (int i = 0; i < count; i++)
        draw_row(frame, area, y++, &row[i]);
    y += space;
    y = canvas_wrap(frame->canvas, area, y, ROLE_NOTE, 0, adam_compare(update, text, sizeof text));
    if (area.h - y < 6)
        return;
    y += space;
    Area below = area_inset(area, 0, y, 0, 0);
    const bool list = area.w >= 70 && below.h >= 10;
    if (list)
        draw_largest(frame, area_inset(below, area.w - LARGEST_WIDTH, 0, 0, 0));
    adam_draw_curves(frame, area_inset(below, 0, 0, list ? LARGEST_WIDTH + 3 : 0, 0), update);
}

void view_adam_draw(Frame *frame, Area area)
{
    const App *app = frame->app;
    const AdamUpdate update = adam_update_of(app, subject_parameter(app));
    const int shows = app->look.choice[LOOK_ADAM_SHOWS];
    const Area body = area_inset(area, 0, 1, 0, 0);

    if (shows == ADAM_SHOWS_SCHEDULE)
        panel_title(frame->canvas, area, "How far does a step go?", N_("learning rate"));
    else
        panel_title(frame->canvas, area, "How far does each number move?", adam_name(&update));
    if (shows == ADAM_SHOWS_MATRIX)
        adam_draw_matrix(frame, body, update.i);
    else if (shows == ADAM_SHOWS_SCHEDULE)
        adam_draw_schedule(frame, body, &update);
    else
        draw_parameter(frame, body, &update);
}
