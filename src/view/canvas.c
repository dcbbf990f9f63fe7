#include "view/canvas.h"

#include "app/text.h"
#include "engine/corpus.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const Cell BLANK = {.glyph = ' '};

/* ---- the grid -------------------------------------------------------------------------------- */

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

bool canvas_init(Canvas *canvas, int width, int height, Glyphs glyphs, Error *error)
{
    *canvas = (Canvas){.glyphs = glyphs};
    return canvas_resize(canvas, width, height, error);
}

bool canvas_resize(Canvas *canvas, int width, int height, Error *error)
{
    width = clamp(width, 1, CANVAS_WIDTH_LIMIT);
    height = clamp(height, 1, CANVAS_HEIGHT_LIMIT);
    Cell *cell = sys_alloc((size_t)width * (size_t)height, sizeof *cell);
    if (!cell)
        return error_set(error, "not enough memory for a picture of %dx%d", width, height);
    sys_free(canvas->cell);
    *canvas = (Canvas){width, height, cell, canvas->glyphs};
    canvas_clear(canvas);
    return true;
}

void canvas_release(Canvas *canvas)
{
    sys_free(canvas->cell);
    *canvas = (Canvas){.glyphs = canvas->glyphs};
}

void canvas_clear(Canvas *canvas)
{
    int count = canvas->width * canvas->height;
    for (int i = 0; i < count; i++)
        canvas->cell[i] = BLANK;
}

/* ---- areas ----------------------------------------------------------------------------------- */

Area canvas_area(const Canvas *canvas)
{
    return (Area){0, 0, canvas->width, canvas->height};
}

Area area_inset(Area area, int left, int top, int right, int bottom)
{
    int w = area.w - left - right, h = area.h - top - bottom;
    return (Area){area.x + left, area.y + top, w > 0 ? w : 0, h > 0 ? h : 0};
}

static void clip_span(int64_t start, int64_t length, int limit, int *low, int *high)
{
    int64_t end = start + length;
    *low = (int)(start < 0 ? 0 : start > limit ? limit : start);
    *high = (int)(end < *low ? *low : end > limit ? limit : end);
}

enum { NOWHERE = -1 };

/* Where the next glyph goes. Positions count columns of the canvas and may lie far outside of it:
 * only what is inside left <= x < right, top <= y < bottom is drawn. */
typedef struct Pen {
    Canvas *canvas;
    int left, right, top, bottom;
    int64_t x, y;
    int64_t last; /* column of the glyph before, for a combining mark to join; or NOWHERE */
    int marks;    /* on the glyph before; -1: there is none that can carry one */
    Role role;
    int attr;
} Pen;

static Pen pen_at(Canvas *canvas, Area area, int x, int y, Role role, int attr)
{
    Pen pen = {.canvas = canvas, .last = NOWHERE, .marks = -1, .role = role, .attr = attr};
    pen.x = (int64_t)area.x + x;
    pen.y = (int64_t)area.y + y;
    clip_span(area.x, area.w, canvas->width, &pen.left, &pen.right);
    clip_span(area.y, area.h, canvas->height, &pen.top, &pen.bottom);
    return pen;
}

static bool pen_reaches(const Pen *pen, int64_t x)
{
    return x >= pen->left && x < pen->right && pen->y >= pen->top && pen->y < pen->bottom;
}

static Cell *pen_cell(const Pen *pen, int64_t x)
{
    return &pen->canvas->cell[pen->y * pen->canvas->width + x];
}

/* Column of the other half of the wide glyph that stands at x; x itself if there is none. */
static int64_t pen_other_half(const Pen *pen, int64_t x)
{
    if (pen_cell(pen, x)->glyph == 0)
        return x - 1;
    return x + 1 < pen->canvas->width && pen_cell(pen, x + 1)->glyph == 0 ? x + 1 : x;
}

/* Makes the cell at x one that may be overwritten: half of a wide glyph blanks the other half.
 * Returns false if that one is out of reach. */
static bool pen_detach(const Pen *pen, int64_t x)
{
    int64_t other = pen_other_half(pen, x);
    if (other == x)
        return true;
    if (!pen_reaches(pen, other))
        return false;
    Cell *half = pen_cell(pen, other);
    *half = (Cell){.glyph = ' ', .role = half->role, .ground = half->ground, .attr = half->attr};
    return true;
}

static void pen_store(const Pen *pen, int64_t x, uint32_t glyph)
{
    Cell *cell = pen_cell(pen, x);
    *cell = (Cell){.glyph = glyph,
                   .role = (uint8_t)pen->role,
                   .ground = cell->ground,
                   .attr = (uint8_t)pen->attr};
}

static void pen_narrow(Pen *pen, uint32_t glyph)
{
    bool drawn = pen_reaches(pen, pen->x) && pen_detach(pen, pen->x);
    if (drawn)
        pen_store(pen, pen->x, glyph);
    pen->last = drawn ? pen->x : NOWHERE;
    pen->marks = 0;
    pen->x++;
}

/* A wide glyph that the edge would cut, or that has no room for its second half, leaves blanks. */
static void pen_wide(Pen *pen, uint32_t glyph)
{
    int64_t x = pen->x;
    if (!pen_reaches(pen, x) || !pen_reaches(pen, x + 1)) {
        pen_narrow(pen, ' ');
        pen_narrow(pen, ' ');
        pen->last = NOWHERE;
        return;
    }
    bool room = pen_detach(pen, x);
    if (room)
        pen_store(pen, x, ' ');
    bool drawn = room && pen_detach(pen, x + 1);
    if (drawn) {
        pen_store(pen, x, glyph);
        pen_store(pen, x + 1, 0);
    }
    pen->last = drawn ? x : NOWHERE;
    pen->marks = 0;
    pen->x += 2;
}

static void pen_mark(Pen *pen, uint32_t mark)
{
    if (pen_reaches(pen, pen->last))
        pen_cell(pen, pen->last)->mark[pen->marks] = mark;
    pen->marks++;
}

/* ---- glyphs ---------------------------------------------------------------------------------- */

/* What stands for the program's own characters where only ASCII can be shown; in rising order.
 * Letters are not here: they may be a document's. */
typedef struct AsciiForm {
    uint32_t first, last;
    char ascii;
} AsciiForm;

static const AsciiForm ascii_forms[] = {
    {0x00b1, 0x00b1, '~'}, {0x00b2, 0x00b2, '2'},  {0x00b7, 0x00b7, '.'},  {0x00d7, 0x00d7, 'x'},
    {0x2010, 0x2015, '-'}, {0x2016, 0x2016, '|'},  {0x2018, 0x2019, '\''}, {0x201c, 0x201d, '"'},
    {0x2022, 0x2022, '*'}, {0x2026, 0x2026, '~'},  {0x2039, 0x2039, '<'},  {0x203a, 0x203a, '>'},
    {0x2190, 0x2190, '<'}, {0x2191, 0x2191, '^'},  {0x2192, 0x2192, '>'},  {0x2193, 0x2193, 'v'},
    {0x21d0, 0x21d0, '<'}, {0x21d2, 0x21d2, '>'},  {0x2202, 0x2202, 'd'},  {0x2211, 0x2211, 'S'},
    {0x2212, 0x2212, '-'}, {0x221a, 0x221a, 'V'},  {0x221e, 0x221e, '@'},  {0x2248, 0x2248, '~'},
    {0x2260, 0x2260, '!'}, {0x2261, 0x2261, '%'},  {0x2264, 0x2264, '<'},  {0x2265, 0x2265, '>'},
    {0x22c5, 0x22c5, '.'}, {0x23f8, 0x23f8, '='},  {0x2500, 0x2501, '-'},  {0x2502, 0x2503, '|'},
    {0x2504, 0x2505, '-'}, {0x2506, 0x2507, '|'},  {0x2508, 0x2509, '-'},  {0x250a, 0x250b, '|'},
    {0x250c, 0x254b, '+'}, {0x254c, 0x254d, '-'},  {0x254e, 0x254f, '|'},  {0x2550, 0x2550, '='},
    {0x2551, 0x2551, '|'}, {0x2552, 0x2570, '+'},  {0x2571, 0x2571, '/'},  {0x2572, 0x2572, '\\'},
    {0x2573, 0x2573, 'x'}, {0x2574, 0x2574, '-'},  {0x2575, 0x2575, '|'},  {0x2576, 0x2576, '-'},
    {0x2577, 0x2577, '|'}, {0x2578, 0x2578, '-'},  {0x2579, 0x2579, '|'},  {0x257a, 0x257a, '-'},
    {0x257b, 0x257b, '|'}, {0x257c, 0x257c, '-'},  {0x257d, 0x257d, '|'},  {0x257e, 0x257e, '-'},
    {0x257f, 0x257f, '|'}, {0x2580, 0x2580, '\''}, {0x2581, 0x2582, '_'},  {0x2583, 0x2584, '.'},
    {0x2585, 0x2586, '+'}, {0x2587, 0x258b, '#'},  {0x258c, 0x258d, '='},  {0x258e, 0x258f, '-'},
    {0x2590, 0x2590, '='}, {0x2591, 0x2591, ':'},  {0x2592, 0x2592, '+'},  {0x2593, 0x2593, '#'},
    {0x2594, 0x2594, '^'}, {0x2595, 0x2595, '|'},  {0x2596, 0x259f, '#'},  {0x25a0, 0x25a0, '#'},
    {0x25a1, 0x25a1, 'o'}, {0x25aa, 0x25aa, '*'},  {0x25b2, 0x25b5, '^'},  {0x25b6, 0x25bb, '>'},
    {0x25bc, 0x25bf, 'v'}, {0x25c0, 0x25c5, '<'},  {0x25c6, 0x25c6, '*'},  {0x25c7, 0x25c7, 'o'},
    {0x25c9, 0x25c9, '@'}, {0x25cb, 0x25cc, 'o'},  {0x25cf, 0x25cf, '*'},  {0x2713, 0x2714, '*'},
    {0x2717, 0x2718, 'x'}, {0x27e8, 0x27e8, '<'},  {0x27e9, 0x27e9, '>'},
};

static int compare_form(const void *key, const void *element)
{
    uint32_t glyph = *(const uint32_t *)key;
    const AsciiForm *form = element;
    return glyph < form->first ? -1 : glyph > form->last;
}

/* The ASCII form of one of the program's own characters, or 0. */
static uint32_t find_ascii_form(uint32_t glyph)
{
    size_t count = sizeof ascii_forms / sizeof ascii_forms[0];
    const AsciiForm *form =
        bsearch(&glyph, ascii_forms, count, sizeof ascii_forms[0], compare_form);
    return form ? (uint32_t)form->ascii : 0;
}

uint32_t canvas_glyph(const Canvas *canvas, uint32_t fancy)
{
    if (canvas->glyphs != GLYPHS_ASCII || fancy < 0x80)
        return fancy;
    uint32_t form = find_ascii_form(fancy);
    return form ? form : '?';
}

int canvas_cell_text(const Cell *cell, char text[CELL_TEXT_SIZE])
{
    int n = cell->glyph ? corpus_encode(cell->glyph, text) : 0;
    for (int i = 0; i < CELL_MARKS && cell->mark[i]; i++)
        n += corpus_encode(cell->mark[i], text + n);
    text[n] = '\0';
    return n;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void pen_put(Pen *pen, uint32_t code);

/* What must not stand in a cell as it is, as text that may. */
static void pen_show(Pen *pen, uint32_t code)
{
    char text[16];
    int length = text_show_character(code, text);
    bool carries = text_is_plain(code);
    for (int i = 0, n; i < length; i += n) {
        n = corpus_decode(text + i, (size_t)(length - i), &code);
        assert(n > 0);
        pen_put(pen, code);
    }
    if (!carries)
        pen->marks = -1;
}

/* The program's own characters take one column whatever the locale says of them. */
static bool pen_put_own(Pen *pen, uint32_t code)
{
    if (code >= 0x2800 && code <= 0x28ff) {
        pen_narrow(pen, code);
        return true;
    }
    uint32_t form = find_ascii_form(code);
    if (form)
        pen_narrow(pen, pen->canvas->glyphs == GLYPHS_ASCII ? form : code);
    return form != 0;
}

static void pen_put(Pen *pen, uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        pen_narrow(pen, code);
    else if (pen_put_own(pen, code))
        return;
    else if (!text_is_plain(code))
        pen_show(pen, code);
    else if (text_width_of(code) == 2)
        pen_wide(pen, code);
    else if (text_width_of(code) == 1)
        pen_narrow(pen, code);
    else if (pen->marks >= 0 && pen->marks < CELL_MARKS)
        pen_mark(pen, code);
    else
        pen_show(pen, code);
}

/* The first character of text, or its first byte written out where that is no UTF-8. Returns bytes.
 */
static int pen_next(Pen *pen, const char *text, size_t length)
{
    uint32_t code;
    int n = corpus_decode(text, length, &code);
    if (n > 0) {
        pen_put(pen, code);
        return n;
    }
    char shown[8];
    snprintf(shown, sizeof shown, "\\x%02x", (unsigned char)text[0]);
    for (const char *c = shown; *c; c++)
        pen_narrow(pen, (unsigned char)*c);
    pen->marks = -1;
    return 1;
}

static void pen_text(Pen *pen, const char *text, size_t length)
{
    for (size_t i = 0; i < length;)
        i += (size_t)pen_next(pen, text + i, length - i);
}

int canvas_put(Canvas *canvas, Area area, int x, int y, uint32_t glyph, Role role, int attr)
{
    Pen pen = pen_at(canvas, area, x, y, role, attr);
    int64_t start = pen.x;
    pen_put(&pen, glyph);
    return (int)(pen.x - start);
}

int canvas_text(Canvas *canvas, Area area, int x, int y, Role role, int attr, const char *text)
{
    Pen pen = pen_at(canvas, area, x, y, role, attr);
    pen_text(&pen, text, strlen(text));
    return (int)(pen.x - area.x);
}

/* Ends text near its buffer's end, but not within a character. */
static void cut_text(char *text, size_t size)
{
    size_t end = size - 4;
    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--;
    text[end] = '\0';
}

int canvas_print(Canvas *canvas, Area area, int x, int y, Role role, int attr, const char *format,
                 ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, _(format), args);
    va_end(args);
    if (length >= (int)sizeof text)
        cut_text(text, sizeof text);
    return length < 0 ? x : canvas_text(canvas, area, x, y, role, attr, text);
}

void canvas_text_right(Canvas *canvas, Area area, int x_end, int y, Role role, int attr,
                       const char *text)
{
    int columns = canvas_text(canvas, (Area){0}, 0, 0, role, attr, text);
    canvas_text(canvas, area, x_end - columns, y, role, attr, text);
}

/* Bytes of text that make a line of `width` columns: up to a newline, else to the last space that
 * fits, else what fits but at least one character. */
static size_t line_length(Canvas *canvas, const char *text, size_t length, int width)
{
    Pen pen = pen_at(canvas, (Area){0}, 0, 0, ROLE_TEXT, 0);
    size_t space = 0;
    for (size_t i = 0; i < length;) {
        if (text[i] == '\n')
            return i;
        if (text[i] == ' ')
            space = i;
        size_t next = i + (size_t)pen_next(&pen, text + i, length - i);
        if (pen.x > width && text[i] != ' ')
            return space > 0 ? space : i > 0 ? i : next;
        i = next;
    }
    return length;
}

int canvas_wrap(Canvas *canvas, Area area, int y, Role role, int attr, const char *text)
{
    size_t length = area.w > 0 ? strlen(text) : 0;
    while (length > 0) {
        size_t n = line_length(canvas, text, length, area.w);
        Pen pen = pen_at(canvas, area, 0, y++, role, attr);
        pen_text(&pen, text, n);
        bool newline = text[n] == '\n';
        while (!newline && text[n] == ' ')
            n++;
        n += text[n] == '\n';
        text += n;
        length -= n;
    }
    return y;
}

void canvas_fill(Canvas *canvas, Area area, int x, int y, int count, uint32_t glyph, Role role,
                 int attr)
{
    Pen pen = pen_at(canvas, area, x, y, role, attr);
    for (int i = 0; i < count && pen.x < pen.right; i++)
        pen_put(&pen, glyph);
}

/* The cells of a row from x on that a call may change: *first and how many. */
static int span(Canvas *canvas, Area area, int x, int y, int count, Cell **first)
{
    Pen pen = pen_at(canvas, area, x, y, ROLE_TEXT, 0);
    int64_t end = pen.x + count;
    if (pen.x < pen.left)
        pen.x = pen.left;
    if (end > pen.right)
        end = pen.right;
    if (end <= pen.x || !pen_reaches(&pen, pen.x))
        return 0;
    *first = pen_cell(&pen, pen.x);
    return (int)(end - pen.x);
}

void canvas_restyle(Canvas *canvas, Area area, int x, int y, int count, Role role, int attr)
{
    Cell *cell = NULL;
    count = span(canvas, area, x, y, count, &cell);
    for (int i = 0; i < count; i++) {
        cell[i].role = (uint8_t)role;
        cell[i].attr = (uint8_t)attr;
    }
}

void canvas_underline(Canvas *canvas, Area area, int x, int y, int count)
{
    Cell *cell = NULL;
    count = span(canvas, area, x, y, count, &cell);
    for (int i = 0; i < count; i++)
        cell[i].attr |= ATTR_UNDERLINE;
}

void canvas_ground(Canvas *canvas, Area area, int x, int y, int count, Role ground)
{
    Cell *cell = NULL;
    count = span(canvas, area, x, y, count, &cell);
    for (int i = 0; i < count; i++)
        cell[i].ground = (uint8_t)ground;
}
