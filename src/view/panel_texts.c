#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Texts side by side from row y on, as many as fit. Returns the row after the last. */
static int draw_texts(const SessionTexts *set, Canvas *canvas, Area area, int y, Role role)
{
    int x = 0;

    for (int i = 0; i < set->count && y < area.h; i++) {
        char shown[4 * SESSION_TEXT_BYTES];
        const char *bytes = set->text[i].bytes;
        text_show(bytes, strlen(bytes), shown, sizeof shown, false);
        int width = text_width(shown) + (set->text[i].known ? 1 : 0);
        if (x > 0 && x + width > area.w) {
            x = 0;
            y++;
        }
        x = canvas_text(canvas, area, x, y, role, 0, shown);
        if (set->text[i].known)
            x = canvas_text(canvas, area, x, y, ROLE_RIGHT, 0, "✓");
        x += 2;
    }
    return x > 0 ? y + 1 : y;
}

/* Rows that a set fills at this width. */
static int rows_of(const SessionTexts *set, Area area)
{
    return draw_texts(set, &(Canvas){0}, (Area){0, 0, area.w, INT_MAX}, 0, ROLE_TEXT);
}

/* An earlier set below what is there, as far as there is room, and at the least two rows. Returns
 * the row after it. */
static int draw_earlier(const SessionTexts *set, const char *name, Canvas *canvas, Area area, int y)
{
    if (!set || area.h - y < 2)
        return y;
    canvas_print(canvas, area, 0, y, ROLE_DIM, 0, "%s, step %lld", name, (long long)set->step);
    return draw_texts(set, canvas, area, y + 1, ROLE_DIM);
}

void panel_texts(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Session *session = &app->session;
    const SessionTexts *now = session_texts(session, 0), *before = session_texts(session, 1);
    const SessionTexts *untrained =
        session_texts(session, 2) && session->texts[0].count > 0 ? &session->texts[0] : NULL;
    char step[32];
    int y = 1;

    if (area.h < 2)
        return;
    if (!now) {
        panel_title(canvas, area, "What it writes", N_("samples"));
        canvas_text(canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
        return;
    }
    snprintf(step, sizeof step, _(" step %lld"), (long long)now->step);
    int x = panel_title(canvas, area_inset(area, 0, 0, text_width(step), 0), "What it writes",
                        N_("samples"));
    x = canvas_text(canvas, area, x, 0, ROLE_DIM, 0, step);
    if (x + 15 <= area.w) {
        canvas_text(canvas, area, area.w - 13, 0, ROLE_RIGHT, 0, "✓");
        canvas_text(canvas, area, area.w - 11, 0, ROLE_DIM, 0, _("in the data"));
    }
    Area latest = area;
    if (before && area.h >= 5 &&
        rows_of(now, area) > area.h - 3) /* two rows are kept for the set before */
        latest.h -= 2;
    y = draw_texts(now, canvas, latest, y, ROLE_TEXT);
    y += y + 2 < area.h && area.h > 12;
    y = draw_earlier(before, _("before"), canvas, area, y);
    y += y + 2 < area.h && area.h > 12;
    draw_earlier(untrained, _("untrained"), canvas, area, y);
}
