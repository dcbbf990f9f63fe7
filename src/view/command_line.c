#include "view/command_line.h"

#include "app/command.h"
#include "app/text.h"
#include "engine/corpus.h"
#include "engine/words.h"
#include "lesson/lesson_run.h"
#include "view/layout.h"
#include <stdio.h>
#include <string.h>

enum {
    HINT_ROWS = 2,
    CANDIDATE_ROWS = 4,
    KEYS_SHOWN = 16,
    KEYS_GAP = 2,
    RANKS = 11,
    LABEL_BYTES = 96
};

/* ---- keys ------------------------------------------------------------------------------------ */

typedef struct KeyHint {
    char keys[72], label[LABEL_BYTES];
    int rank; /* the lower, the later it is left out where there is no room */
} KeyHint;

/* Arrows are known by their picture. */
static const char *picture_of(const char *key)
{
    static const char *const arrows[][2] = {
        {"Up", "↑"}, {"Down", "↓"}, {"Left", "←"}, {"Right", "→"}};

    for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++)
        if (strcmp(arrows[i][0], key) == 0)
            return arrows[i][1];
    return key;
}

/* The keys of up to four command lines, whatever the reader has bound them to. */
static void join_keys(const App *app, const char *const lines[4], char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < 4 && lines[i]; i++) {
        const char *key = keymap_key(&app->keymap, lines[i]);
        if (key && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "",
                                     picture_of(key));
    }
}

static const char *const option_lines[] = {"look first +", "look second +", "look third +",
                                           "look fourth +"};

/* What is chosen of option i of the view: "shows: gradient". */
static bool describe_option(const App *app, int i, char *label, size_t size)
{
    const LookName option = look_option(look_view(&app->look), i);
    char choice[LOOK_CHOICE_BYTES];

    if (option == LOOK_COUNT || (app->graphing && option != LOOK_GRAPH_MODE) || app->help ||
        !look_choice_shown(app, option, app->look.choice[option], choice))
        return false;
    snprintf(label, size, "%s: %s", _(look_options[option].help), choice);
    return true;
}

/* What q does; nothing where it is a letter of an answer. */
static const char *quit_label(const App *app)
{
    if (app->help)
        return N_("leave help");
    if (app->graphing)
        return N_("leave the graph");
    return app->tutor.open && !app->tutor.lesson->free ? N_("leave the lesson") : "quit";
}

/* While an answer is typed all keys are for it but `:`; the lesson says which. */
static int collect_typing(const App *app, KeyHint hints[KEYS_SHOWN])
{
    hints[0] = (KeyHint){.label = ""};
    snprintf(hints[0].label, sizeof hints[0].label, "%s", _("command"));
    join_keys(app, (const char *const[4]){"prompt"}, hints[0].keys, sizeof hints[0].keys);
    return hints[0].keys[0] != '\0';
}

/* Keys with one label stand together: "← → turn it". */
static int collect_knobs_keys(KeyHint hints[KEYS_SHOWN])
{
    int count = 0;

    for (int i = 0; i < knobs_key_count && count < KEYS_SHOWN; i++) {
        const KnobsKey *row = &knobs_keys[i];
        const bool same = i > 0 && row->label && strcmp(row->label, knobs_keys[i - 1].label) == 0;
        KeyHint *hint = &hints[same ? count - 1 : count];
        if (!row->label)
            break; /* second keys stand at the end */
        const size_t used = same ? strlen(hint->keys) : 0;
        snprintf(hint->keys + used, sizeof hint->keys - used, "%s%s", same ? " " : "",
                 picture_of(row->key));
        snprintf(hint->label, sizeof hint->label, "%s", _(row->label));
        hint->rank = row->rank;
        count += !same;
    }
    return count;
}

static int collect_keys(const App *app, KeyHint hints[KEYS_SHOWN], int columns)
{
    const bool split =
        !app->tutor.open && !app->help && !app->graphing && layout_is_split(&app->look, columns);
    const bool cursor = look_focus(&app->look).kind != FOCUS_NONE;
    const bool writes = look_view(&app->look) == VIEW_GENERATE;
    char option[4][LABEL_BYTES] = {""};
    const struct {
        const char *lines[4], *label;
        int rank;
    } wanted[KEYS_SHOWN] = {
        {{"run"}, app->direction ? N_("pause") : N_("run"), 1},
        {{"step"}, N_("on"), 3},
        {{"back"}, N_("back"), 4},
        {{"unit +", "unit -"}, stride_units[app->unit].name, 8},
        {{"cursor left", "cursor right", "cursor up", "cursor down"}, N_("cursor"), 11},
        {{"open"},
         writes   ? N_("next")
         : cursor ? N_("deeper")
                  : NULL,
         writes ? 4 : 6},
        {{"why"}, N_("why"), 6},
        {{option_lines[0]}, describe_option(app, 0, option[0], LABEL_BYTES) ? option[0] : NULL, 5},
        {{option_lines[1]}, describe_option(app, 1, option[1], LABEL_BYTES) ? option[1] : NULL, 7},
        {{option_lines[2]}, describe_option(app, 2, option[2], LABEL_BYTES) ? option[2] : NULL, 9},
        {{option_lines[3]}, describe_option(app, 3, option[3], LABEL_BYTES) ? option[3] : NULL, 10},
        {{"pane next"}, split ? N_("other view") : NULL, 6},
        {{"prompt gen"}, writes ? N_("begin with") : NULL, 5},
        {{"prompt"}, N_("command"), 7},
        {{"help"}, N_("help"), 2},
        {{"quit"}, quit_label(app), 0},
    };
    int count = 0;

    if (app->knobs.on && !app->help)
        return collect_knobs_keys(hints);
    if (app->tutor.open && !app->help && lesson_run_is_typing(app->tutor.lesson))
        return collect_typing(app, hints);
    for (int i = 0; i < KEYS_SHOWN; i++) {
        KeyHint *hint = &hints[count];
        if (!wanted[i].label)
            continue;
        join_keys(app, wanted[i].lines, hint->keys, sizeof hint->keys);
        snprintf(hint->label, sizeof hint->label, "%s", _(wanted[i].label));
        hint->rank = wanted[i].rank;
        count += hint->keys[0] != '\0';
    }
    return count;
}

static int width_of(const KeyHint *hint)
{
    return text_width(hint->keys) + 1 + text_width(hint->label) + KEYS_GAP;
}

/* Leaves out what there is no room for, the highest ranks first. */
static void choose_keys(const KeyHint *hints, int count, int width, bool shown[KEYS_SHOWN])
{
    int room = width + KEYS_GAP;

    memset(shown, 0, KEYS_SHOWN * sizeof *shown);
    for (int rank = 0; rank <= RANKS; rank++)
        for (int i = 0; i < count; i++)
            if (hints[i].rank == rank && width_of(&hints[i]) <= room) {
                shown[i] = true;
                room -= width_of(&hints[i]);
            }
}

static int draw_keys(const App *app, Canvas *canvas, Area area)
{
    KeyHint hints[KEYS_SHOWN];
    bool shown[KEYS_SHOWN];
    int count = collect_keys(app, hints, area.w), x = 0;

    choose_keys(hints, count, area.w, shown);
    for (int i = 0; i < count; i++) {
        if (!shown[i])
            continue;
        canvas_text(canvas, area, x, 0, ROLE_KEY, ATTR_BOLD, hints[i].keys);
        canvas_text(canvas, area, x + text_width(hints[i].keys) + 1, 0, ROLE_DIM, 0,
                    hints[i].label);
        x += width_of(&hints[i]);
    }
    return 1;
}

static int draw_message(const App *app, Canvas *canvas, Area area)
{
    char shown[4 * sizeof app->message];

    text_show(app->message, strlen(app->message), shown, sizeof shown, false);
    return canvas_wrap(canvas, area, 0, app->message_wrong ? ROLE_WRONG : ROLE_NOTE, ATTR_BOLD,
                       shown);
}

/* ---- the prompt ------------------------------------------------------------------------------ */

/* Candidates in columns: as wide as the widest, and which rows of them are shown. */
typedef struct Grid {
    int wide, columns, first, rows;
} Grid;

static Grid lay_out(const Prompt *prompt, int width)
{
    const Completion *completion = &prompt->completion;
    Grid grid = {.wide = 1};

    for (int i = 0; i < completion->count; i++) {
        int wide = text_width(completion->candidate[i] + completion->shown) + 2;
        grid.wide = wide > grid.wide ? wide : grid.wide;
    }
    grid.columns = width / grid.wide > 0 ? width / grid.wide : 1;
    grid.rows = (completion->count + grid.columns - 1) / grid.columns;
    grid.rows = grid.rows < CANDIDATE_ROWS ? grid.rows : CANDIDATE_ROWS;
    if (prompt->chosen >= grid.rows * grid.columns)
        grid.first = prompt->chosen / grid.columns - grid.rows + 1;
    return grid;
}

static int draw_candidates(const App *app, Canvas *canvas, Area area)
{
    const Prompt *prompt = &app->prompt;
    const Completion *completion = &prompt->completion;

    if (!prompt->completing)
        return 0;
    if (completion->count == 0) {
        canvas_text(canvas, area, 0, 0, ROLE_DIM, 0, _("nothing fits"));
        return 1;
    }
    Grid grid = lay_out(prompt, area.w);
    int end = (grid.first + grid.rows) * grid.columns;
    for (int i = grid.first * grid.columns; i < completion->count && i < end; i++)
        canvas_text(canvas, area, i % grid.columns * grid.wide, i / grid.columns - grid.first,
                    i == prompt->chosen ? ROLE_ACCENT : ROLE_TEXT,
                    i == prompt->chosen ? ATTR_REVERSE : 0,
                    completion->candidate[i] + completion->shown);
    char more[32];
    snprintf(more, sizeof more, _(" +%d more"), completion->count + completion->more - end);
    if (completion->count + completion->more > end)
        canvas_text_right(canvas, area, area.w, grid.rows - 1, ROLE_DIM, 0, more);
    return grid.rows;
}

/* What stands before the first blank of the line. */
static int first_word(const char *line, char *word, size_t size)
{
    const char *begin = line + strspn(line, " ");

    return snprintf(word, size, "%.*s", (int)strcspn(begin, " "), begin);
}

/* Usage and help of the command that is being typed; or which ones it may become. */
static int draw_hint(const App *app, Canvas *canvas, Area area)
{
    char word[LINE_BYTES], names[LINE_BYTES];
    int length = first_word(app->prompt.line.text, word, sizeof word), used = 0, x;
    const Command *command = command_find(word);

    if (command) {
        x = canvas_text(canvas, area, 0, 0, ROLE_KEY, ATTR_BOLD, command->name);
        x = canvas_text(canvas, area, x + (*command->args != 0), 0, ROLE_ACCENT, 0, command->args);
        Area beside = area_inset(area, x + 2, 0, 0, 0);
        if (beside.w >= area.w / 2)
            return canvas_wrap(canvas, beside, 0, ROLE_DIM, 0, _(command->help));
        return canvas_wrap(canvas, area, 1, ROLE_DIM, 0, _(command->help));
    }
    names[0] = '\0';
    for (int i = 0; i < command_count; i++)
        if (strncmp(command_table[i].name, word, (size_t)length) == 0)
            used += snprintf(names + used, sizeof names - (size_t)used, "%s%s", used ? "  " : "",
                             command_table[i].name);
    return canvas_wrap(canvas, area, 0, ROLE_DIM, 0, used ? names : _("there is no such command"));
}

/* How one character of the line is shown. Returns its bytes in the line. */
static int show_character(const char *text, char shown[16])
{
    uint32_t code_point;
    int bytes = corpus_decode(text, strlen(text), &code_point);

    text_show_character(bytes ? code_point : ' ', shown);
    return bytes ? bytes : 1;
}

/* The first byte of the line that is shown, so that the cursor stands within so many columns. */
static int first_shown(const Line *line, int width)
{
    int from = 0, columns = 0;
    char shown[16];

    for (int at = 0; at < line->cursor;) {
        at += show_character(line->text + at, shown);
        columns += text_width(shown);
        while (columns > width - 2) {
            from += show_character(line->text + from, shown);
            columns -= text_width(shown);
        }
    }
    return from;
}

static int draw_line(const App *app, Canvas *canvas, Area area)
{
    const Line *line = &app->prompt.line;
    Area text = area_inset(area, 1, 0, 0, 0);
    int from = first_shown(line, text.w), x = 0;

    canvas_text(canvas, area, 0, 0, ROLE_KEY, ATTR_BOLD, ":");
    canvas_text(canvas, text, 0, 0, ROLE_TEXT, 0, line->text + from);
    for (int at = from; at < line->cursor;) {
        char shown[16];
        at += show_character(line->text + at, shown);
        x += text_width(shown);
    }
    char under[16];
    show_character(line->text + line->cursor, under);
    int wide = text_width(under);
    canvas_restyle(canvas, text, x, 0, wide ? wide : 1, ROLE_TEXT, ATTR_REVERSE);
    return 1;
}

/* ---- all together ---------------------------------------------------------------------------- */

/* Draws a part of the prompt at the top of *area, at most so many rows, and takes them off. */
static void take(const App *app, Canvas *canvas, Area *area, int most,
                 int (*part)(const App *app, Canvas *canvas, Area area))
{
    Area here = *area;

    here.h = here.h < most ? here.h : most;
    int rows = part(app, canvas, here);
    rows = rows < most ? rows : most;
    area->y += rows;
    area->h -= rows;
}

static int limited(int rows, int most)
{
    return rows < 1 ? 1 : rows > most ? most : rows;
}

static Area inner(Area area)
{
    return area_inset(area, 1, 0, 1, 0);
}

int command_line_rows(const App *app, Canvas *canvas, int width)
{
    Area area = inner((Area){0, 0, width, 0});

    if (app->prompt.open) {
        int candidates = draw_candidates(app, canvas, area), hints = draw_hint(app, canvas, area);
        return candidates + limited(hints, HINT_ROWS) + 1;
    }
    if (app->message[0])
        return limited(draw_message(app, canvas, area), COMMAND_LINE_MOST_ROWS);
    return 1;
}

void command_line_draw(const App *app, Canvas *canvas, Area area)
{
    area = inner(area);
    if (app->prompt.open) {
        take(app, canvas, &area, CANDIDATE_ROWS, draw_candidates);
        take(app, canvas, &area, HINT_ROWS, draw_hint);
        draw_line(app, canvas, area);
    } else if (app->message[0]) {
        draw_message(app, canvas, area);
    } else {
        draw_keys(app, canvas, area);
    }
}
