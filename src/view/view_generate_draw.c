/* How a token is drawn: what it is drawn from, and where the drawn number fell. */
#include "app/text.h"
#include "engine/words.h"
#include "view/generate.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>

enum { MOST_ROWS = 64, BEFORE = 5, AFTER = 13, BAR = 22 };

/* Probability of a token after position pos, as it is drawn from. */
static double share_of(const Writing *writing, TapeRange probs, int token)
{
    return writing->sampler.value[probs.first + token * probs.stride];
}

/* ---- shares ---------------------------------------------------------------------------------- */

/* The `most` most probable tokens, most probable first; returns how many. */
static int rank_tokens(const Writing *writing, TapeRange probs, int most, int token[MOST_ROWS])
{
    int count = 0;

    for (int t = 0; t < probs.count; t++) {
        double share = share_of(writing, probs, t);
        if (count == most && !(share > share_of(writing, probs, token[count - 1])))
            continue;
        int i = count < most ? count++ : count - 1;
        for (; i > 0 && share_of(writing, probs, token[i - 1]) < share; i--)
            token[i] = token[i - 1];
        token[i] = t;
    }
    return count;
}

static void draw_share(Frame *frame, Area area, int y, int pos, int token)
{
    const Writing *writing = &frame->app->writing;
    const bool picked = token == writing->picked[pos], drawn = !isnan(writing->drawn[pos]);
    const Focus before = writing_focus(WRITING_ITEM_BEFORE, pos, token);
    const Focus after = writing_focus(WRITING_ITEM_AFTER, pos, token);
    const Role role = picked ? ROLE_ACCENT : ROLE_TEXT;
    double share = 0;
    const bool wide = area.w >= 48;
    const int bar = area.w - BAR - (wide ? 9 : 3);

    panel_token(frame->app, frame->canvas, area, 1, y, token, true, role, ATTR_BOLD);
    bool known = writing_value(frame->app, before, &share);
    frame_number(frame, area, BEFORE - 1, y, 7, before, known, share, ROLE_DIM, 0);
    known = writing_value(frame->app, after, &share);
    frame_number(frame, area, AFTER - 1, y, 7, after, known, share, role, picked ? ATTR_BOLD : 0);
    plot_bar(frame->canvas, area, BAR, y, bar, share, picked ? ROLE_ACCENT : ROLE_CURVE);
    if (picked)
        canvas_text_right(frame->canvas, area, area.w, y, ROLE_ACCENT, ATTR_BOLD,
                          !wide   ? "◀"
                          : drawn ? _("◀ drawn")
                                  : _("◀ given"));
}

void generate_draw_shares(Frame *frame, Area area, int pos)
{
    const Writing *writing = &frame->app->writing;
    const TapeRange probs = writing_probs(writing, pos);
    const int room = area.h - 2 < MOST_ROWS ? area.h - 2 : MOST_ROWS;
    char text[24];
    int token[MOST_ROWS], x;

    if (room < 1)
        return;
    int count = rank_tokens(writing, probs, room, token);
    bool seen = false;
    x = canvas_text(frame->canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD, _("What may follow "));
    x += panel_token(frame->app, frame->canvas, area, x, 0, writing->sampler.token[pos], false,
                     ROLE_ACCENT, ATTR_BOLD);
    canvas_print(frame->canvas, area, x, 0, ROLE_DIM, 0, ", position %d", pos);
    canvas_text_right(frame->canvas, area, BEFORE + 6, 1, ROLE_DIM, 0, "T = 1");
    snprintf(text, sizeof text, "T = %g", writing->from.temperature);
    canvas_text_right(frame->canvas, area, AFTER + 6, 1, ROLE_DIM, 0, text);
    canvas_text(frame->canvas, area, BAR, 1, ROLE_DIM, 0, _("temperature"));
    for (int i = 0; i < count; i++)
        seen = seen || token[i] == writing->picked[pos];
    if (!seen)
        token[count - 1] = writing->picked[pos];
    for (int i = 0; i < count; i++)
        draw_share(frame, area, 2 + i, pos, token[i]);
}

/* ---- the line -------------------------------------------------------------------------------- */

/* A token's stretch of the line: columns from ... end - 1. */
typedef struct Stretch {
    int from, end;
} Stretch;

static Stretch stretch_of(double low, double share, int width)
{
    if (!isfinite(low) || !isfinite(share))
        return (Stretch){0, 0};
    return (Stretch){(int)(low * width + 0.5), (int)((low + share) * width + 0.5)};
}

static void draw_stretch(Frame *frame, Area area, Stretch at, int token, bool picked, bool odd)
{
    Canvas *canvas = frame->canvas;
    const uint32_t glyph = picked ? 0x2588 : odd ? 0x2592 : 0x2591;

    if (at.end <= at.from)
        return;
    canvas_fill(canvas, area, at.from, 1, at.end - at.from, canvas_glyph(canvas, glyph),
                picked ? ROLE_ACCENT : ROLE_CURVE, 0);
    panel_token(frame->app, canvas, area, (at.from + at.end - 1) / 2, 0, token, true,
                picked ? ROLE_ACCENT : ROLE_TEXT, picked ? ATTR_BOLD | ATTR_UNDERLINE : 0);
}

static void draw_mark(Frame *frame, Area area, int pos)
{
    const Writing *writing = &frame->app->writing;
    const Focus focus = writing_focus(WRITING_ITEM_DRAWN, pos, 0);
    const double drawn = writing->drawn[pos];
    const int x = (int)fmin(drawn * area.w, area.w - 1);
    const bool right = x + 12 > area.w;

    canvas_text(frame->canvas, area, x, 2, ROLE_ACCENT, ATTR_BOLD, "▲");
    canvas_print(frame->canvas, area, right ? x - 8 : x + 2, 2, ROLE_ACCENT, ATTR_BOLD, "%.5f",
                 drawn);
    frame_spot(frame, area, right ? x - 8 : x + 2, 2, 7, 1, focus);
}

void generate_draw_line(Frame *frame, Area area, int pos)
{
    const Writing *writing = &frame->app->writing;
    const TapeRange probs = writing_probs(writing, pos);
    const bool given = isnan(writing->drawn[pos]), titled = area.h >= GENERATE_LINE_ROWS;
    Area line = area_inset(area, 2, titled, 2, 0);
    double low = 0;

    if (titled)
        canvas_text(frame->canvas, area, 0, 0, ROLE_DIM, 0,
                    given ? _("the probabilities end to end; this character was given, not drawn")
                          : _("the probabilities end to end, and where the drawn number fell"));
    canvas_text(frame->canvas, area, 0, 1 + titled, ROLE_DIM, 0, "0");
    canvas_text(frame->canvas, area, area.w - 1, 1 + titled, ROLE_DIM, 0, "1");
    for (int token = 0; token < probs.count; token++) {
        double share = share_of(writing, probs, token);
        draw_stretch(frame, line, stretch_of(low, share, line.w), token,
                     token == writing->picked[pos], token % 2);
        low += share;
    }
    if (!given)
        draw_mark(frame, line, pos);
}
