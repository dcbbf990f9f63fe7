#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <stdio.h>
#include <string.h>

/* ---- shared by all panels -------------------------------------------------------------------- */

int panel_title(Canvas *canvas, Area area, const char *words, const char *term)
{
    int x = canvas_text(canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD, _(words));

    term = _(term);
    if (x + text_width(term) + 3 > area.w)
        return x;
    return canvas_print(canvas, area, x, 0, ROLE_DIM, 0, " (%s)", term);
}

int panel_token(const App *app, Canvas *canvas, Area area, int x, int y, int token, bool at_end,
                Role role, int attr)
{
    const Corpus *corpus = &app->session.corpus;

    if (token == corpus->characters)
        return canvas_put(canvas, area, x, y, canvas_glyph(canvas, at_end ? 0x27e9 : 0x27e8), role,
                          attr);
    uint32_t c = corpus->character[token];
    return canvas_put(canvas, area, x, y, c == ' ' ? canvas_glyph(canvas, 0x2423) : c, role, attr);
}

int panel_scroll(int count, int room, int selected)
{
    int first = selected - room / 2;

    if (first > count - room)
        first = count - room;
    return first < 0 ? 0 : first;
}

bool panel_value(const App *app, Place place, int i, double *value)
{
    const Trainer *trainer = &app->session.trainer;
    const Span *span = gpt_span(&trainer->gpt, place);
    int32_t node = span ? span->out.first + i * span->out.stride : -1;

    if (!span || i >= span->out.count || !trainer_has_value(trainer, node))
        return false;
    *value = trainer->value[node];
    return true;
}

/* ---- the document ---------------------------------------------------------------------------- */

void panel_document(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Trainer *trainer = &app->session.trainer;
    const int selected = app_position(app), tokens = trainer->positions + 1;
    char number[24];
    int wide = snprintf(number, sizeof number, "%d", trainer->gpt.vocab) + 1;
    wide = wide < 3 ? 3 : wide;
    int room = (area.w - 7) / wide, first = panel_scroll(tokens, room, selected);

    panel_title(canvas, area, "The text of this step", N_("document"));
    canvas_text(canvas, area, 0, 1, ROLE_DIM, 0, _("text"));
    canvas_text(canvas, area, 0, 2, ROLE_DIM, 0, _("tokens"));
    for (int i = first; i < tokens && i < first + room; i++) {
        int x = 7 + (i - first) * wide;
        bool here = i == selected;
        panel_token(app, canvas, area, x + wide - 2, 1, trainer->token[i], i > 0,
                    here ? ROLE_ACCENT : ROLE_TEXT, here ? ATTR_BOLD | ATTR_UNDERLINE : ATTR_BOLD);
        frame_thing(frame, area, x + wide - 2, 1, 1, (Focus){.kind = FOCUS_INPUT, .index = i});
        snprintf(number, sizeof number, "%*d", wide - 1, trainer->token[i]);
        canvas_text(canvas, area, x, 2, here ? ROLE_ACCENT : ROLE_DIM, 0, number);
    }
    if (first + room < tokens)
        canvas_text(canvas, area, area.w - 1, 1, ROLE_DIM, 0, "…");
}

/* ---- what comes next ------------------------------------------------------------------------- */

enum { NEXT_HEAD = 2, GUESS_COLUMNS = 6, GUESSES = 8, RIGHT_COLUMNS = 12 };

/* The most probable tokens of a position, most probable first; returns how many. */
static int best_guesses(const App *app, Place probs, int most, int *token, double *share)
{
    const int vocab = app->session.trainer.gpt.vocab;
    int count = 0;

    for (int t = 0; most > 0 && t < vocab; t++) {
        double p;
        if (!panel_value(app, probs, t, &p))
            return 0;
        if (count == most && !(p > share[count - 1]))
            continue;
        int i = count < most ? count++ : count - 1;
        for (; i > 0 && share[i - 1] < p; i--) {
            share[i] = share[i - 1];
            token[i] = token[i - 1];
        }
        share[i] = p;
        token[i] = t;
    }
    return count;
}

/* One position: after this token, that one is right; how much it got; the best guesses. */
static void draw_position(Frame *frame, Area area, int y, int pos, int bar, int guesses)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Trainer *trainer = &app->session.trainer;
    const Place place = {PART_PROBS, pos, -1, -1};
    const int right = trainer->token[pos + 1];
    const bool here = pos == app_position(app);
    double share[GUESSES], given = 0;
    int token[GUESSES], count = best_guesses(app, place, guesses, token, share);
    bool known = panel_value(app, place, right, &given);

    if (here)
        canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    panel_token(app, canvas, area, 2, y, trainer->token[pos], false, here ? ROLE_ACCENT : ROLE_TEXT,
                ATTR_BOLD);
    canvas_text(canvas, area, 4, y, ROLE_DIM, 0, "→");
    panel_token(app, canvas, area, 6, y, right, true, ROLE_RIGHT, ATTR_BOLD);
    frame_share(frame, area, 8, y, focus_of_place(trainer, FOCUS_VALUE, place, right), known, given,
                ROLE_TEXT, 0);
    if (known)
        plot_bar(canvas, area, RIGHT_COLUMNS, y, bar, given, ROLE_RIGHT);
    for (int i = 0; i < count; i++) {
        int x = RIGHT_COLUMNS + bar + 1 + i * GUESS_COLUMNS;
        bool hit = token[i] == right;
        panel_token(app, canvas, area, x, y, token[i], true, hit ? ROLE_RIGHT : ROLE_TEXT,
                    hit ? ATTR_BOLD : 0);
        frame_share(frame, area, x + 2, y,
                    focus_of_place(trainer, FOCUS_VALUE, place, token[i]), true, share[i],
                    hit ? ROLE_RIGHT : ROLE_DIM, hit ? ATTR_UNDERLINE : 0);
    }
}

int panel_next_rows(const App *app)
{
    return NEXT_HEAD + app->session.trainer.positions;
}

void panel_next(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const int positions = app->session.trainer.positions;
    const int rows = area.h - NEXT_HEAD;
    int first = panel_scroll(positions, rows, app_position(app));
    int guesses = (area.w - RIGHT_COLUMNS - 9) / GUESS_COLUMNS;

    if (rows < 1)
        return;
    guesses = guesses < 0 ? 0 : guesses > GUESSES ? GUESSES : guesses;
    if (guesses > app->session.trainer.gpt.vocab)
        guesses = app->session.trainer.gpt.vocab;
    int bar = area.w - RIGHT_COLUMNS - 1 - guesses * GUESS_COLUMNS;
    bar = bar < 1 ? 1 : bar > 24 ? 24 : bar;
    panel_title(canvas, area, "What comes next?", N_("probabilities"));
    canvas_text(canvas, area, 0, 1, ROLE_DIM, 0, _("after → right one"));
    if (guesses > 0)
        canvas_text(canvas, area, RIGHT_COLUMNS + bar + 1, 1, ROLE_DIM, 0,
                    guesses > 1 ? _("best guesses") : _("guess"));
    for (int i = 0; i < rows && first + i < positions; i++)
        draw_position(frame, area, NEXT_HEAD + i, first + i, bar, guesses);
    if (first + rows < positions)
        canvas_text(canvas, area, area.w - 1, area.h - 1, ROLE_DIM, 0, "↓");
    if (first > 0)
        canvas_text(canvas, area, area.w - 1, NEXT_HEAD, ROLE_DIM, 0, "↑");
}
