/* The left of the knobs pane: settings with their dials, and the losses in numbers. */
#include "app/text.h"
#include "engine/words.h"
#include "view/knobs_pane.h"
#include "view/panel.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    MARK = 2,
    NAME = 12,
    WIDE_NAME = 16,
    VALUE = 9,
    WIDE = 42,
    LEAST_DIAL = 5,
    LEGEND_FROM = 20
};

/* ---- dials ----------------------------------------------------------------------------------- */

typedef struct Dial {
    Canvas *canvas;
    Area area;
    int x, y, width;
    Role role; /* of the knob */
} Dial;

static int column_of(const Dial *dial, double place)
{
    return dial->x + (int)(place * (dial->width - 1) + 0.5);
}

static void put(const Dial *dial, double place, const char *glyph, Role role, int attr)
{
    canvas_text(dial->canvas, dial->area, column_of(dial, place), dial->y, role, attr, glyph);
}

/* ──○───┼────●── */
static void draw_dial(const Dial *dial, const Knobs *knobs, const Knob *knob)
{
    const Settings *now = &knobs->turned;
    const int places = knob_places(knob, now);
    const bool notched = places > 1 && places <= dial->width;

    if (dial->width < LEAST_DIAL)
        return;
    canvas_fill(dial->canvas, dial->area, dial->x, dial->y, dial->width,
                canvas_glyph(dial->canvas, notched ? ' ' : 0x2500), ROLE_DIM, 0);
    for (int i = 0; notched && i < places; i++)
        put(dial, (double)i / (places - 1), "·", ROLE_DIM, 0);
    put(dial, knob_place(knob, now, knob->info->standard), "┼", ROLE_TEXT, 0);
    if (settings_get(&knobs->base, knob->info) != knob->info->standard)
        put(dial, knob_place(knob, now, settings_get(&knobs->base, knob->info)), "○", ROLE_BASE, 0);
    put(dial, knob_place(knob, now, settings_get(now, knob->info)), "●", dial->role, ATTR_BOLD);
}

static const char *word_mark(const Knobs *knobs, const Knob *knob, int i)
{
    if (i == (int)settings_get(&knobs->turned, knob->info))
        return "●";
    if (i == (int)knob->info->standard)
        return "┼";
    return i == (int)settings_get(&knobs->base, knob->info) ? "○" : "·";
}

/* "┼adam ●sgd ·momentum", where there is room for it. */
static bool draw_words(const Dial *dial, const Knobs *knobs, const Knob *knob)
{
    int width = -1, x = dial->x;

    for (int i = 0; knob->scale == KNOB_WORDS && knob->info->words[i]; i++)
        width += 2 + text_width(knob->info->words[i]);
    if (width < 0 || width > dial->width)
        return false;
    for (int i = 0; knob->info->words[i]; i++) {
        const bool chosen = i == (int)settings_get(&knobs->turned, knob->info);
        const Role role = chosen ? dial->role : ROLE_DIM;
        const int attr = chosen ? ATTR_BOLD : 0;
        x = canvas_text(dial->canvas, dial->area, x, dial->y, role, attr,
                        word_mark(knobs, knob, i));
        x = 1 + canvas_text(dial->canvas, dial->area, x, dial->y, role, attr, knob->info->words[i]);
    }
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The number as it is, or as far as it is typed. */
static void draw_value(const Knobs *knobs, Canvas *canvas, Area area, int end, int y,
                       const Knob *knob, Role role, bool here)
{
    char text[64], typed[KNOBS_TYPED + 1];

    snprintf(typed, sizeof typed, "%s_", knobs->typed);
    canvas_text_right(canvas, area, end, y, role, role == ROLE_TEXT ? 0 : ATTR_BOLD,
                      here && knobs->typed[0] ? typed
                                              : knobs_print(&knobs->turned, knob->info, text));
}

/* "▸*lr            0.02 ────┼─●───" */
static void draw_row(const Knobs *knobs, Canvas *canvas, Area area, int y, int i)
{
    const Knob knob = knob_row(i);
    const bool here = i == knobs->row, turned = knobs_is_turned(knobs, knob.info);
    const int name = area.w >= WIDE ? WIDE_NAME : NAME, end = MARK + name + VALUE;
    const Role role = here ? ROLE_ACCENT : turned ? ROLE_NOTE : ROLE_TEXT;
    Dial dial = {canvas, area, MARK + name + 1, y, area.w - MARK - name - 1, role};

    if (here)
        canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    if (turned)
        canvas_text(canvas, area, 1, y, ROLE_NOTE, ATTR_BOLD, "*");
    Area names = area;
    names.w = area.w < MARK + name ? area.w : MARK + name;
    canvas_text(canvas, names, MARK, y, role, role == ROLE_TEXT ? 0 : ATTR_BOLD, knob.info->name);
    if (draw_words(&dial, knobs, &knob))
        return;
    draw_value(knobs, canvas, area, end, y, &knob, role, here);
    dial.x = end + 1;
    dial.width = area.w - end - 1;
    draw_dial(&dial, knobs, &knob);
}

/* What the marks of a dial are. */
static void draw_legend(Canvas *canvas, Area area, int y)
{
    int x = canvas_text(canvas, area, MARK, y, ROLE_TEXT, ATTR_BOLD, "● ");
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0, _("as turned"));
    x = canvas_text(canvas, area, x + 2, y, ROLE_TEXT, 0, "┼ ");
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0, _("default"));
    x = canvas_text(canvas, area, x + 2, y, ROLE_BASE, 0, "○ ");
    canvas_text(canvas, area, x, y, ROLE_DIM, 0, _("your run"));
}

void knobs_draw_list(const Knobs *knobs, Canvas *canvas, Area area)
{
    const bool legend = area.h > LEGEND_FROM;
    const int count = knob_count(), rows = area.h - 2 * legend,
              first = panel_scroll(count, rows, knobs->row);

    for (int i = 0; i < rows && first + i < count; i++)
        draw_row(knobs, canvas, area, i, first + i);
    if (legend)
        draw_legend(canvas, area, (count < rows ? count : rows) + 1);
}

/* ---- losses ---------------------------------------------------------------------------------- */

enum { LABEL = 9, COLUMNS = 3, NUMBER = 8 };

/* The column after the last of number i. */
static int end_of(Area area, int i)
{
    const int room = area.w - LABEL < COLUMNS * NUMBER ? area.w - LABEL : COLUMNS * NUMBER;

    return LABEL + room * (i + 1) / COLUMNS;
}

static void draw_number(Canvas *canvas, Area area, int i, int y, double number, const char *format,
                        Role role)
{
    char text[32] = "·";

    if (isfinite(number))
        snprintf(text, sizeof text, format, number);
    canvas_text_right(canvas, area, end_of(area, i), y, isfinite(number) ? role : ROLE_ABSENT,
                      ATTR_BOLD, text);
}

static void draw_loss(Canvas *canvas, Area area, int y, const char *label, double now,
                      double before, bool same)
{
    const double change = same ? NAN : now - before;

    canvas_text(canvas, area, 0, y, ROLE_TEXT, 0, label);
    draw_number(canvas, area, 0, y, now, "%.3f", ROLE_SMOOTH);
    draw_number(canvas, area, 1, y, before, "%.3f", ROLE_CURVE);
    draw_number(canvas, area, 2, y, change, "%+.3f", change < 0 ? ROLE_RIGHT : ROLE_WRONG);
}

void knobs_draw_losses(const Knobs *knobs, Canvas *canvas, Area area)
{
    const KnobsRun *run = knobs_seen(knobs), *ghost = knobs_ghost(knobs);
    const bool same = run == ghost;
    const char *const heads[COLUMNS] = {
        _("now"), ghost && ghost == knobs->kept ? _("kept") : _("yours"), C_("column", "change")};

    canvas_text(canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD, _("Loss"));
    for (int i = 0; i < COLUMNS; i++)
        canvas_text_right(canvas, area, end_of(area, i), 0, ROLE_DIM, 0, heads[i]);
    draw_loss(canvas, area, 1, _("last 100"), knobs_last(run), knobs_last(ghost), same);
    draw_loss(canvas, area, 2, _("held out"), knobs_heldout(run), knobs_heldout(ghost), same);
}
