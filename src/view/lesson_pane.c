#include "view/lesson_pane.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/prose.h"
#include <stdio.h>
#include <string.h>

enum { LEAST = 43, MOST = 64, BESIDE = 30, NARROW = 100, LABEL_COLUMNS = 2, KEYS_BYTES = 256 };

int lesson_pane_width(const LessonRun *run, int columns)
{
    int width = columns * 2 / 5 < LEAST ? LEAST : columns * 2 / 5 > MOST ? MOST : columns * 2 / 5;
    bool wide = run->phase != LESSON_ENDED && lesson_run_step(run)->wide && !run->free;

    return wide || columns - width < BESIDE ? columns : width;
}

bool lesson_pane_is_line(const LessonRun *run, int columns)
{
    return run->free && columns < NARROW;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* How each kind is set: what stands before it, and whether a blank row does. */
static const struct {
    const char *label;
    Role label_role, role;
    int attr;
    bool apart;
} looks[] = {
    [PIECE_QUESTION] = {"", ROLE_TITLE, ROLE_TITLE, ATTR_BOLD, true},
    [PIECE_OPTION] = {"", ROLE_KEY, ROLE_TEXT, 0, false},
    [PIECE_TASK] = {"▸", ROLE_ACCENT, ROLE_TITLE, ATTR_BOLD, true},
    [PIECE_OUTPUT] = {"", ROLE_DIM, ROLE_DIM, 0, false},
    [PIECE_RIGHT] = {"✓", ROLE_RIGHT, ROLE_RIGHT, ATTR_BOLD, true},
    [PIECE_SAID] = {"·", ROLE_DIM, ROLE_TEXT, ATTR_BOLD, true},
    [PIECE_WRONG] = {"✗", ROLE_WRONG, ROLE_TEXT, 0, true},
    [PIECE_SHOWN] = {"=", ROLE_NOTE, ROLE_NOTE, ATTR_BOLD, true},
    [PIECE_SKIPPED] = {"·", ROLE_DIM, ROLE_DIM, 0, true},
    [PIECE_DONE] = {"✓", ROLE_RIGHT, ROLE_RIGHT, ATTR_BOLD, true},
    [PIECE_HINT] = {"?", ROLE_NOTE, ROLE_TEXT, 0, true},
    [PIECE_WHY] = {"", ROLE_TEXT, ROLE_TEXT, 0, false},
    [PIECE_NOTE] = {"", ROLE_NOTE, ROLE_TEXT, 0, true},
};

/* What the program says by itself. */
static const char *words_of(const Piece *piece, char *text, size_t size)
{
    if (piece->kind == PIECE_SKIPPED)
        return _("left out");
    if (piece->kind == PIECE_DONE)
        return _("done");
    if (piece->kind != PIECE_WRONG)
        return piece->text;
    snprintf(text, size, "%s: %s", piece->label, piece->text);
    return text;
}

/* List items and rows of a table stand close together. */
static bool is_apart(const Piece *piece, const Piece *before)
{
    if (piece->kind != PIECE_BLOCK)
        return looks[piece->kind].apart;
    if (!before || before->kind != PIECE_BLOCK)
        return true;
    return piece->block->kind != BLOCK_ITEM || before->block->kind != BLOCK_ITEM;
}

static void set_piece(Prose *prose, const Piece *piece)
{
    const char *label = piece->kind == PIECE_OPTION ? piece->label : looks[piece->kind].label;
    char text[4096];

    prose_text(prose, *label || piece->kind == PIECE_WHY ? LABEL_COLUMNS : 0, label,
               looks[piece->kind].label_role, looks[piece->kind].role, looks[piece->kind].attr,
               words_of(piece, text, sizeof text));
}

/* The line that is being typed, with its cursor. */
static void set_line(Prose *prose, const LessonRun *run)
{
    const Line *line = &run->line;
    char before[LINE_BYTES], at[LINE_BYTES];
    int room = prose->area.w - LABEL_COLUMNS - 1;

    prose->y++;
    if (!prose->measuring && prose->y >= 0 && prose->y < prose->area.h) {
        snprintf(before, sizeof before, "%.*s", line->cursor, line->text);
        snprintf(at, sizeof at, "%s", line->text + line->cursor);
        const char *shown = before;
        while (text_width(shown) > room)
            shown++;
        while (((unsigned char)*shown & 0xc0) == 0x80)
            shown++;
        canvas_text(prose->canvas, prose->area, 0, prose->y, ROLE_ACCENT, ATTR_BOLD, "=");
        int x = canvas_text(prose->canvas, prose->area, LABEL_COLUMNS, prose->y, ROLE_ACCENT,
                            ATTR_BOLD, shown);
        canvas_text(prose->canvas, prose->area, x, prose->y, ROLE_ACCENT, ATTR_BOLD,
                    *at ? at : " ");
        canvas_restyle(prose->canvas, prose->area, x, prose->y, 1, ROLE_ACCENT, ATTR_REVERSE);
    }
    prose->y++;
}

static void set_sheet(Prose *prose, const LessonRun *run)
{
    const Sheet *sheet = &run->sheet;

    for (int i = 0, taken; i < sheet->count; i += taken) {
        prose->y += i > 0 && is_apart(&sheet->piece[i], &sheet->piece[i - 1]);
        taken = 1;
        if (sheet->piece[i].kind == PIECE_BLOCK)
            taken = prose_block(prose, sheet, i);
        else
            set_piece(prose, &sheet->piece[i]);
    }
    if (lesson_run_is_typing(run))
        set_line(prose, run);
}

/* ---- around the sheet ------------------------------------------------------------------------ */

static void draw_title(const LessonRun *run, Canvas *canvas, Area area)
{
    char title[160], place[160], step[160];

    lesson_run_describe(run, title, place, sizeof title);
    if (run->free) {
        canvas_ground(canvas, area, 0, 0, area.w, ROLE_BAR);
        canvas_text(canvas, area, 1, 0, ROLE_NOTE, ATTR_BOLD, _("FREE PLAY"));
        canvas_text(canvas, area, 12, 0, ROLE_KEY, 0, _("F or Esc: back to the lesson"));
        return;
    }
    int x = canvas_text(canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD, title);
    if (x + 3 + text_width(place) <= area.w)
        canvas_text_right(canvas, area, area.w, 0, ROLE_DIM, 0, place);
    if (run->phase == LESSON_ENDED)
        return;
    sheet_plain(lesson_run_step(run)->title, step, sizeof step);
    canvas_text(canvas, area, 0, 1, ROLE_TITLE, ATTR_BOLD, step);
}

/* Rows at the foot: a notice, and the keys in as many rows as they need. */
static int draw_foot(const LessonRun *run, Canvas *canvas, Area area)
{
    char keys[KEYS_BYTES];
    Prose measured = {.canvas = canvas, .area = area, .measuring = true};

    lesson_run_keys(run, keys, sizeof keys);
    prose_text(&measured, 0, "", ROLE_DIM, ROLE_DIM, 0, keys);
    if (run->notice[0])
        prose_text(&measured, 0, "", ROLE_DIM, ROLE_WRONG, 0, run->notice);
    Prose prose = {.canvas = canvas, .area = area, .y = area.h - measured.y};
    if (run->notice[0]) {
        char safe[4 * sizeof run->notice];
        text_show(run->notice, strlen(run->notice), safe, sizeof safe, false);
        prose_text(&prose, 0, "", ROLE_DIM, ROLE_WRONG, 0, safe);
    }
    prose_text(&prose, 0, "", ROLE_DIM, ROLE_KEY, 0, keys);
    return measured.y;
}

/* The key to what is hidden, in place of a row rather than over the end of its words. */
static void draw_more(Canvas *canvas, Area area, int y, const char *key)
{
    canvas_fill(canvas, area, 0, y, area.w, ' ', ROLE_TEXT, 0);
    canvas_text_right(canvas, area, area.w, y, ROLE_NOTE, 0, key);
}

/* The sheet, its end in sight unless the reader has scrolled back. */
static void draw_body(const LessonRun *run, Canvas *canvas, Area area)
{
    Prose prose = {.canvas = canvas, .area = area, .measuring = true};

    set_sheet(&prose, run);
    int hidden = prose.y > area.h ? prose.y - area.h : 0;
    int above = hidden - run->scroll > 0 ? hidden - run->scroll : 0;
    prose = (Prose){.canvas = canvas, .area = area, .y = -above};
    set_sheet(&prose, run);
    if (above > 0)
        draw_more(canvas, area, 0, "↑ M-k");
    if (hidden > above)
        draw_more(canvas, area, area.h - 1, "↓ M-j");
}

void lesson_pane_draw(const LessonRun *run, Canvas *canvas, Area area)
{
    draw_title(run, canvas, area);
    if (area.h < 2)
        return;
    int foot = draw_foot(run, canvas, area);

    draw_body(run, canvas, area_inset(area, 0, area.h < 20 ? 2 : 3, 0, foot + 1));
}
