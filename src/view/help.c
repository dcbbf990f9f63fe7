#include "view/help.h"

#include "app/command.h"
#include "engine/words.h"
#include "view/knobs_pane.h"
#include "view/view.h"
#include <stdio.h>
#include <string.h>

enum { PAGE_WIDTH = 100, TWO_COLUMNS = 74, KEY_WIDTH = 12, USAGE_WIDTH = 26 };

static const char *const kind_titles[COMMAND_KINDS] = {
    [COMMAND_MOVES] = N_("Moving through the run"),
    [COMMAND_SELECTS] = N_("Choosing what is shown"),
    [COMMAND_CHANGES] = N_("Changing the run"),
    [COMMAND_ANSWERS] = N_("Asking"),
    [COMMAND_FILES] = N_("Files"),
    [COMMAND_SCREEN] = N_("Keys and the screen"),
};

/* A piece of the page from row y on; returns the row after it. */
typedef int DrawPiece(const App *app, Canvas *canvas, Area area, int y);

static int kind_of(const Command *command)
{
    return command->kind & ~(COMMAND_ARRANGES | COMMAND_BESIDE);
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* All keys that stand for a command line, as many as fit: "Down j". */
static bool join_keys(const Keymap *keymap, const char *line, char *text, int size)
{
    int used = 0;

    for (int i = 0; i < keymap->count; i++) {
        const char *key = keymap->bound[i].key;
        if (strcmp(keymap->bound[i].line, line) == 0 && used + (int)strlen(key) + 1 < size)
            used += snprintf(text + used, (size_t)(size - used), "%s%s", used ? " " : "", key);
    }
    return used > 0;
}

static int draw_key(Canvas *canvas, Area area, int y, const char *keys, const char *label)
{
    canvas_text(canvas, area, 2, y, ROLE_KEY, ATTR_BOLD, keys);
    canvas_text(canvas, area, 2 + KEY_WIDTH, y, ROLE_TEXT, 0, label);
    return y + 1;
}

static int draw_keys_of_command(const App *app, Canvas *canvas, Area area, int y,
                                const Command *command)
{
    char line[COMMAND_LINE_BYTES], keys[KEY_WIDTH];

    for (int k = 0; k < COMMAND_KEYS && command->keys[k].key; k++)
        if (command->keys[k].label &&
            join_keys(&app->keymap, command_key_line(command, k, line), keys, sizeof keys))
            y = draw_key(canvas, area, y, keys, _(command->keys[k].label));
    return y;
}

static int draw_keys_of_kind(const App *app, Canvas *canvas, Area area, int y, int kind)
{
    int first = y + 1;

    y = first;
    for (int i = 0; i < command_count; i++)
        if (kind_of(&command_table[i]) == kind)
            y = draw_keys_of_command(app, canvas, area, y, &command_table[i]);
    if (y == first)
        return first - 1;
    canvas_text(canvas, area, 0, first - 1, ROLE_TITLE, ATTR_BOLD, _(kind_titles[kind]));
    return y;
}

/* Whether a line has a place among the keys of its command. */
static bool is_labelled(const char *line)
{
    char known[COMMAND_LINE_BYTES];

    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            if (strcmp(command_key_line(&command_table[i], k, known), line) == 0)
                return true;
    return false;
}

static int draw_own_keys(const App *app, Canvas *canvas, Area area, int y)
{
    int title = y++;

    for (int i = 0; i < app->keymap.count; i++)
        if (!is_labelled(app->keymap.bound[i].line))
            y = draw_key(canvas, area, y, app->keymap.bound[i].key, app->keymap.bound[i].line);
    if (y == title + 1)
        return title;
    canvas_text(canvas, area, 0, title, ROLE_TITLE, ATTR_BOLD, _("Your own keys"));
    return y;
}

/* The kinds from..to-1 one below the other. */
static int draw_kinds(const App *app, Canvas *canvas, Area area, int y, int from, int to)
{
    for (int kind = from; kind < to; kind++)
        y = draw_keys_of_kind(app, canvas, area, y, kind);
    return y;
}

static int greater(int a, int b)
{
    return a > b ? a : b;
}

/* Rows of two columns when the kinds from `split` on stand in the right one. */
static int split_rows(const App *app, Canvas *canvas, int split)
{
    return greater(draw_kinds(app, canvas, (Area){0}, 0, 0, split),
                   draw_kinds(app, canvas, (Area){0}, 0, split, COMMAND_KINDS));
}

/* In two columns where there is room, about as long as each other. */
static int draw_keys(const App *app, Canvas *canvas, Area area, int y)
{
    Area left = area, right = area_inset(area, area.w / 2, 0, 0, 0);
    int best = 1;

    if (area.w < TWO_COLUMNS)
        return draw_own_keys(app, canvas, area, draw_kinds(app, canvas, area, y, 0, COMMAND_KINDS));
    left.w = area.w / 2;
    for (int split = 2; split < COMMAND_KINDS; split++)
        if (split_rows(app, canvas, split) < split_rows(app, canvas, best))
            best = split;
    int rows = draw_kinds(app, canvas, right, y, best, COMMAND_KINDS);
    return greater(draw_kinds(app, canvas, left, y, 0, best),
                   draw_own_keys(app, canvas, right, rows));
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* "← h  turn it": the panel's own keys. */
static int draw_knobs_explanation(Canvas *canvas, Area area, int y)
{
    canvas_text(canvas, area, 0, y, ROLE_TITLE, ATTR_BOLD,
                _("What you see: knobs, settings that train the whole run anew"));
    y = canvas_wrap(canvas, area_inset(area, 2, 0, 0, 0), y + 1, ROLE_TEXT, 0, _(knobs_about)) + 1;
    canvas_text(canvas, area, 0, y++, ROLE_TITLE, ATTR_BOLD, _("Keys while settings are turned"));
    for (int i = 0; i < knobs_key_count; i++)
        if (knobs_keys[i].label)
            y = draw_key(canvas, area, y, knobs_keys[i].key, _(knobs_keys[i].label));
    return y;
}

/* The view that is shown, in its own words. */
static int draw_explanation(const App *app, Canvas *canvas, Area area, int y)
{
    const ViewName view = look_view(&app->look);

    if (app->knobs.on)
        return draw_knobs_explanation(canvas, area, y);
    canvas_print(canvas, area, 0, y, ROLE_TITLE, ATTR_BOLD, "What you see: %s, %s",
                 look_views[view].name, _(look_views[view].help));
    return canvas_wrap(canvas, area_inset(area, 2, 0, 0, 0), y + 1, ROLE_TEXT, 0,
                       _(view_table[view].about));
}

/* A usage that is wider than its column has the row for itself. */
static int draw_command(Canvas *canvas, Area area, int y, const Command *command)
{
    int end = canvas_print(canvas, area, 2, y, ROLE_KEY, ATTR_BOLD, ":%s %s", command->name,
                           command->args);

    y += end > 2 + USAGE_WIDTH;
    return canvas_wrap(canvas, area_inset(area, 4 + USAGE_WIDTH, 0, 0, 0), y, ROLE_TEXT, 0,
                       _(command->help));
}

static int draw_commands(const App *app, Canvas *canvas, Area area, int y)
{
    (void)app;
    canvas_text(canvas, area, 0, y++, ROLE_TITLE, ATTR_BOLD, _("Commands"));
    y = canvas_wrap(canvas, area_inset(area, 2, 0, 0, 0), y, ROLE_DIM, 0,
                    _("Type : and a command. Tab completes it, Up brings back earlier ones. What "
                      "stands in [ ] may be left out; | means or."));
    for (int kind = 0; kind < COMMAND_KINDS; kind++) {
        for (int i = 0; i < command_count; i++)
            if (kind_of(&command_table[i]) == kind)
                y = draw_command(canvas, area, y, &command_table[i]);
    }
    return y;
}

static int draw_page(const App *app, Canvas *canvas, Area area, int y)
{
    static DrawPiece *const pieces[] = {draw_explanation, draw_keys, draw_commands};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        y = pieces[i](app, canvas, area, y) + 1;
    return y - 1;
}

int help_draw(const App *app, Canvas *canvas, Area area)
{
    area = area_inset(area, 2, 0, 2, 0);
    area.w = area.w > PAGE_WIDTH ? PAGE_WIDTH : area.w;
    Area page = area_inset(area, 0, 0, 0, 1);
    int rows = draw_page(app, canvas, (Area){page.x, page.y, page.w, 0}, 0);
    int limit = rows > page.h ? rows - page.h : 0;
    int from = app->help_line < limit ? app->help_line : limit;
    draw_page(app, canvas, page, -from);
    canvas_text_right(canvas, area, area.w, area.h - 1, ROLE_DIM, 0,
                      limit > 0 ? _("↑ ↓ scroll · q leaves") : _("q leaves"));
    return limit;
}
