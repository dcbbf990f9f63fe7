/* Generate: the model of this moment writes.
 *
 *     The model writes (sampling)                          model of step 300, text 1 of 20
 *       < k a m o n >   new
 *
 *     What may follow 'm'           Keys and values kept
 *       o .18 .31 #########           < ######## ########  kept
 *     the probabilities end to end
 *     0 aaaaaaeeeeiiiiooooo## 1
 *                      ^ 0.71 */
#include "view/generate.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/view.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char view_generate_about[] = N_(
    "The model of this moment writes a text: it reads what is there, gives every token a "
    "probability of coming next, one is drawn, and all begins again with it. ⟩ ends a text.\n"
    "The arrows choose a character: below stands what it was drawn from. Before: softmax(logits). "
    "After: softmax(logits / temperature); a low temperature favours what is probable, a high one "
    "evens it out.\n"
    "The line puts all probabilities end to end, from 0 to 1. A number is drawn between 0 and 1: "
    "the "
    "token it falls on is written. The same seed draws the same numbers.\n"
    "Keys and values of positions that were read before are kept (KV cache): only the new row is "
    "computed. Without it they would have to be made anew for every character.\n"
    "Enter writes the next character, Backspace takes one back. i sets what texts begin with. "
    "Writing works on a copy of the parameters: the run is not disturbed.\n"
    "In the list: ✓ is in the data, ● is among those that the run has been trained on.");

int generate_position(const App *app, Focus focus)
{
    const int last = writing_positions(&app->writing) - 1, pos = writing_item_position(focus);

    switch (writing_item(focus)) {
    case WRITING_ITEM_TOKEN:
    case WRITING_ITEM_BEFORE:
    case WRITING_ITEM_AFTER:
    case WRITING_ITEM_DRAWN:
        return pos < last ? pos : last;
    default:
        return last;
    }
}

/* ---- title ----------------------------------------------------------------------------------- */

static bool is_list(const App *app)
{
    return app->look.choice[LOOK_GENERATE_AS] == 1;
}

/* Which model and which text: "model of step 300 · text 1 of 20". */
static void print_source(const App *app, char *text, size_t size)
{
    const Writing *writing = &app->writing;
    char moment[64];

    moment_print(writing->from.at, moment, sizeof moment);
    int used = snprintf(text, size, _("%smodel of step %s"),
                        writing_is_current(app) ? "" : _("older: "), moment);
    if (!is_list(app))
        snprintf(text + used, size - (size_t)used, _(" · text %d of %d"), writing->held + 1,
                 WRITING_TEXTS);
}

static void draw_title(Frame *frame, Area area)
{
    char source[128];
    int x = panel_title(frame->canvas, area, "The model writes", N_("sampling"));

    print_source(frame->app, source, sizeof source);
    if (x + 2 + text_width(source) <= area.w)
        canvas_text_right(frame->canvas, area, area.w, 0,
                          writing_is_current(frame->app) ? ROLE_DIM : ROLE_NOTE, 0, source);
}

/* ---- the text -------------------------------------------------------------------------------- */

/* What follows position p: lit where it is shown below, underlined where it was given. */
static void draw_token(Frame *frame, Area area, int x, int p, bool here)
{
    const Writing *writing = &frame->app->writing;
    const bool given = isnan(writing->drawn[p]);

    panel_token(frame->app, frame->canvas, area, x, 0, writing->picked[p], true,
                here ? ROLE_ACCENT : ROLE_TEXT, given ? ATTR_UNDERLINE : ATTR_BOLD);
    frame_spot(frame, area, x, 0, 1, 1, writing_focus(WRITING_ITEM_TOKEN, p, 0));
    if (here)
        canvas_text(frame->canvas, area, x, 1, ROLE_ACCENT, ATTR_BOLD, "▴");
}

/* How the text stands: whole, or drawn character by character. */
static int draw_state(Frame *frame, Area area)
{
    const Writing *writing = &frame->app->writing;
    const bool whole = writing->sampler.ended && writing->held < writing->count;
    char text[96];

    if (!whole)
        snprintf(text, sizeof text, _("%d drawn, Enter draws on"), writing->draws);
    else
        snprintf(text, sizeof text, "%s", _(writing_kind_names[writing->text[writing->held].kind]));
    canvas_text_right(frame->canvas, area, area.w, 0, ROLE_NOTE, 0, text);
    return text_width(text) + 2;
}

static void draw_text(Frame *frame, Area area, int pos)
{
    const Writing *writing = &frame->app->writing;
    const int positions = writing_positions(writing);
    Area left = area_inset(area, 0, 0, draw_state(frame, area), 0);
    const int room = (left.w - 3) / 2, first = panel_scroll(positions, room, pos);

    panel_token(frame->app, frame->canvas, left, 1, 0, writing->sampler.gpt.vocab - 1, false,
                ROLE_DIM, 0);
    for (int p = first; p < positions && p < first + room; p++)
        draw_token(frame, left, 3 + 2 * (p - first), p, p == pos);
    for (int p = 0; frame->spots && p < positions; p++)
        if (p < first || p >= first + room)
            frame_spot(frame, (Area){left.x, left.y, 0, 0}, 3 + 2 * (p - first), 0, 1, 1,
                       writing_focus(WRITING_ITEM_TOKEN, p, 0));
}

/* What is under the cursor with all its digits: these numbers have no name in the status line. */
static bool draw_under_cursor(Frame *frame, Area area, int y)
{
    static const char *const names[] = {[WRITING_ITEM_BEFORE] = N_("before temperature"),
                                        [WRITING_ITEM_AFTER] = N_("after temperature"),
                                        [WRITING_ITEM_DRAWN] = N_("drawn"),
                                        [WRITING_ITEM_NODE] = N_("kept")};
    const WritingItem item = writing_item(frame->focus);
    double value;

    if (item < WRITING_ITEM_BEFORE || !writing_value(frame->app, frame->focus, &value))
        return false;
    canvas_print(frame->canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "%s: %.17g", _(names[item]),
                 value);
    return true;
}

/* ---- one text -------------------------------------------------------------------------------- */

/* Shares and cache beside each other, or below where the height allows, or shares alone. */
static void draw_middle(Frame *frame, Area area, int pos)
{
    const int cache = generate_cache_width(frame->app),
              rows = frame->app->writing.sampler.gpt.block_size + 2;
    const int left = area.w - cache - 2, shares = area.h - rows - 1;
    Area right = area;

    if (left >= 30) {
        right.w = area.w - 2 * cache >= 48 ? 2 * cache : cache;
        right.x = area.x + area.w - right.w;
        area.w -= right.w + 2;
    } else if (shares >= 8) {
        right.y += shares + 1;
        right.h -= shares + 1;
        area.h = shares;
    } else {
        right.h = 0;
    }
    generate_draw_shares(frame, area, pos);
    generate_draw_cache(frame, right, pos);
}

/* Rows of an area, none of them outside of it. */
static Area rows_of(Area area, int from, int rows)
{
    Area part = area_inset(area, 0, from, 0, 0);

    part.h = part.h < rows ? part.h : rows;
    return part;
}

static void draw_one(Frame *frame, Area area)
{
    const Gpt *gpt = &frame->app->writing.sampler.gpt;
    const int pos = generate_position(frame->app, frame->focus), top = 3;
    const bool roomy = area.h >= 16; /* a blank row, a title for the line, a row for the cursor */
    const int line = GENERATE_LINE_ROWS - !roomy, below = line + 1 + 2 * roomy;
    const int wanted = (gpt->vocab > gpt->block_size ? gpt->vocab : gpt->block_size) + 3;
    const int room = area.h - top - below > 0 ? area.h - top - below : 0;
    const int middle = room < wanted ? room : wanted;

    if (pos < 0) {
        canvas_text(frame->canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
        return;
    }
    draw_text(frame, rows_of(area, 1, 2), pos);
    draw_middle(frame, rows_of(area, top, middle), pos);
    generate_draw_line(frame, rows_of(area, top + middle + roomy, line), pos);
    if (roomy || !draw_under_cursor(frame, area, top + middle + line))
        generate_draw_count(frame, rows_of(area, top + middle + roomy + line, 1), pos);
    if (roomy)
        draw_under_cursor(frame, area, top + middle + line + 2);
}

void view_generate_draw(Frame *frame, Area area)
{
    const App *app = frame->app;

    draw_title(frame, area);
    if (is_list(app) && app->writing.ready)
        generate_draw_list(frame, area_inset(area, 0, 2, 0, 0));
    else
        draw_one(frame, area);
}

/* ---- in words -------------------------------------------------------------------------------- */

static const char *token_name(const App *app, int token, const char *end, char text[16])
{
    const Corpus *corpus = &app->session.corpus;

    if (token < corpus->characters)
        text_show_character(corpus->character[token], text);
    else
        snprintf(text, 16, "%s", end);
    return text;
}

static double value_of(const App *app, WritingItem item, int pos, int token)
{
    double value = NAN;

    writing_value(app, writing_focus(item, pos, token), &value);
    return value;
}

static void tell_shares(const App *app, Answer *answer, const char *name, WritingItem item, int pos)
{
    answer_open(answer, name, '[');
    for (int token = 0; token < app->writing.sampler.gpt.vocab; token++)
        answer_real(answer, NULL, value_of(app, item, pos, token));
    answer_close(answer, ']');
}

static void tell_position(const App *app, Answer *answer, int pos)
{
    const Writing *writing = &app->writing;
    const int picked = writing->picked[pos];
    const bool given = isnan(writing->drawn[pos]);
    char after[16], next[16];
    int64_t made, saved;

    token_name(app, writing->sampler.token[pos], _("begin"), after);
    token_name(app, picked, _("end"), next);
    writing_count(&writing->sampler.gpt, pos, &made, &saved);
    answer_line(answer,
                given
                    ? N_("After '%s', '%s' was given; its probability was %.3g.")
                    : N_("After '%s', '%s' was drawn; its probability was %.3g, after temperature "
                         "%.3g; the number drawn was %.5f."),
                after, next, value_of(app, WRITING_ITEM_BEFORE, pos, picked),
                value_of(app, WRITING_ITEM_AFTER, pos, picked), writing->drawn[pos]);
    answer_open(answer, NULL, '{');
    answer_text(answer, "after", after);
    answer_text(answer, "next", next);
    if (given)
        answer_null(answer, "drawn");
    else
        answer_real(answer, "drawn", writing->drawn[pos]);
    tell_shares(app, answer, "before_temperature", WRITING_ITEM_BEFORE, pos);
    tell_shares(app, answer, "after_temperature", WRITING_ITEM_AFTER, pos);
    answer_whole(answer, "operations", made);
    answer_whole(answer, "saved", writing->sampler.gpt.options.kv_cache ? saved : 0);
    answer_whole(answer, "again", writing_again(&writing->sampler.gpt, pos));
    answer_close(answer, '}');
}

static void tell_one(const App *app, Answer *answer)
{
    const Writing *writing = &app->writing;
    char text[WRITING_TEXT_BYTES], shown[4 * WRITING_TEXT_BYTES];
    const Gpt *gpt = &writing->sampler.gpt;
    int64_t made, saved, sum = 0, sum_saved = 0, again = 0;

    text_show(text, (size_t)writing_print(app, text, sizeof text), shown, sizeof shown, false);
    answer_line(answer, "The text: %s", shown);
    answer_text(answer, "text", text);
    if (writing->sampler.ended && writing->held < writing->count) {
        answer_line(answer, "It is %s.", _(writing_kind_names[writing->text[writing->held].kind]));
        answer_text(answer, "kind", writing_kind_names[writing->text[writing->held].kind]);
    }
    answer_open(answer, "positions", '[');
    for (int pos = 0; pos < writing_positions(writing); pos++) {
        writing_count(gpt, pos, &made, &saved);
        sum += made;
        sum_saved += saved;
        again += writing_again(gpt, pos);
        tell_position(app, answer, pos);
    }
    answer_close(answer, ']');
    if (gpt->options.kv_cache)
        answer_line(answer, "%lld operations; keeping keys and values saved %lld.", (long long)sum,
                    (long long)sum_saved);
    else
        answer_line(answer,
                    "%lld operations, and %lld again: keys and values are not kept.",
                    (long long)sum, (long long)again);
}

void view_generate_tell(const App *app, Answer *answer)
{
    const Writing *writing = &app->writing;
    char source[128], moment[64];

    if (!writing->ready || writing->held < 0) {
        answer_line(answer, "Nothing is written yet.");
        answer_null(answer, "text");
        return;
    }
    print_source(app, source, sizeof source);
    moment_print(writing->from.at, moment, sizeof moment);
    answer_line(answer, "The %s, at temperature %g.", source, writing->from.temperature);
    answer_text(answer, "model", moment);
    answer_real(answer, "temperature", writing->from.temperature);
    answer_whole(answer, "seed", writing->from.seed);
    answer_text(answer, "prefix", writing->from.prefix);
    if (is_list(app))
        generate_tell_list(app, answer);
    else
        tell_one(app, answer);
}
