#include "app/text.h"
#include "view/panel.h"
#include <string.h>

/* Texts side by side from row y on, as many as fit in `rows` rows. */
static void draw_texts(const SessionTexts *set, Canvas *canvas, Area area, int y, int rows, Role role)
{
    int x = 0, last = y + rows;

    for (int i = 0; i < set->count; i++) {
        char shown[4 * SESSION_TEXT_BYTES];
        const char *bytes = set->text[i].bytes;
        text_show(bytes, strlen(bytes), shown, sizeof shown, false);
        int width = text_width(shown) + (set->text[i].known ? 1 : 0);
        if (x > 0 && x + width > area.w) {
            x = 0;
            y++;
        }
        if (y >= last)
            return;
        x = canvas_text(canvas, area, x, y, role, 0, shown);
        if (set->text[i].known)
            x = canvas_text(canvas, area, x, y, ROLE_RIGHT, 0, "✓");
        x += 2;
    }
}

void panel_texts(const App *app, Canvas *canvas, Area area)
{
    const Session *session = &app->session;
    const SessionTexts *now = session_texts(session, 0), *before = session_texts(session, 1);
    const SessionTexts *untrained = session->sets > 2 ? &session->texts[0] : NULL;
    int sets = untrained && area.h >= 7 ? 3 : before && area.h >= 4 ? 2 : 1;
    int rows = (area.h - sets) / sets, extra = (area.h - sets) % sets, y = 1;

    if (area.h < 2)
        return;
    int x = panel_title(canvas, area, "What it writes", "samples");
    if (!now) {
        canvas_text(canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
        return;
    }
    x = canvas_print(canvas, area, x, 0, ROLE_DIM, 0, "  step %lld", (long long)now->step);
    if (x + 15 <= area.w) {
        canvas_text(canvas, area, area.w - 13, 0, ROLE_RIGHT, 0, "✓");
        canvas_text(canvas, area, area.w - 11, 0, ROLE_DIM, 0, "in the data");
    }
    draw_texts(now, canvas, area, y, rows + extra, ROLE_TEXT);
    y += rows + extra;
    if (sets > 1) {
        canvas_print(canvas, area, 0, y, ROLE_DIM, 0, "before, at step %lld", (long long)before->step);
        draw_texts(before, canvas, area, y + 1, rows, ROLE_DIM);
        y += rows + 1;
    }
    if (sets > 2) {
        canvas_text(canvas, area, 0, y, ROLE_DIM, 0, "untrained");
        draw_texts(untrained, canvas, area, y + 1, rows, ROLE_DIM);
    }
}
