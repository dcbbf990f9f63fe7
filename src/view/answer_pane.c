#include "view/answer_pane.h"

#include "app/text.h"
#include "engine/words.h"
#include <string.h>

enum { SHOWN_BYTES = 2 * ANSWER_LINE_BYTES, COLUMN_MOST = 30 };

/* Copies what stands before an end mark or a tab, made safe to show. Returns what comes behind
 * it. */
static const char *take(const char *text, const char *end, char tab, char shown[SHOWN_BYTES])
{
    const char *stop = tab ? memchr(text, tab, (size_t)(end - text)) : NULL;

    text_show(text, (size_t)((stop ? stop : end) - text), shown, SHOWN_BYTES, false);
    return stop ? stop + 1 : end;
}

static const char *line_end(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end : line + strlen(line);
}

/* Where the second column begins: behind the widest text before a tab; 0 where there is no tab. */
static int second_column(const char *text, int width)
{
    char shown[SHOWN_BYTES];
    int column = 0, most = width / 2 < COLUMN_MOST ? width / 2 : COLUMN_MOST;

    for (const char *line = text; *line;) {
        const char *end = line_end(line);
        if (memchr(line, '\t', (size_t)(end - line))) {
            take(line, end, '\t', shown);
            int wide = text_width(shown) + 2;
            column = wide > column ? wide : column;
        }
        line = end + (*end == '\n');
    }
    return column < most ? column : most;
}

/* One line from row y on; returns the row after it. A first column that is too wide has a row for
 * itself. */
static int draw_line(Canvas *canvas, Area area, int y, const char *line, const char *end,
                     int column)
{
    char shown[SHOWN_BYTES];
    bool split = column > 0 && memchr(line, '\t', (size_t)(end - line));

    if (split) {
        line = take(line, end, '\t', shown);
        y += canvas_text(canvas, area, 0, y, ROLE_KEY, ATTR_BOLD, shown) > column;
    }
    take(line, end, '\0', shown);
    int after = canvas_wrap(canvas, split ? area_inset(area, column, 0, 0, 0) : area, y, ROLE_TEXT,
                            0, shown);
    return after > y ? after : y + 1;
}

static int draw_lines(const App *app, Canvas *canvas, Area area, int y)
{
    const char *text = answer_first(&app->answer);
    int column = second_column(text, area.w);

    for (const char *line = text; *line;) {
        const char *end = line_end(line);
        y = draw_line(canvas, area, y, line, end, column);
        line = end + (*end == '\n');
    }
    return y;
}

static Area text_area(Area area)
{
    return area_inset(area, 1, 1, 1, 0);
}

static int text_rows(const App *app, Canvas *canvas, Area area)
{
    area.h = 0;
    return draw_lines(app, canvas, area, 0);
}

int answer_pane_rows(const App *app, Canvas *canvas, int width)
{
    return 1 + text_rows(app, canvas, text_area((Area){0, 0, width, 1}));
}

static void draw_rule(Canvas *canvas, Area area, int from, int rows, int limit)
{
    canvas_fill(canvas, area, 0, 0, area.w, canvas_glyph(canvas, 0x2500), ROLE_DIM, 0);
    if (limit > 0)
        canvas_print(canvas, area, 2, 0, ROLE_DIM, 0, " %d-%d of %d ", from + 1, from + area.h - 1,
                     rows);
    canvas_text_right(canvas, area, area.w - 2, 0, ROLE_DIM, 0,
                      limit > 0 ? _(" ↑ ↓ scroll · q closes ") : _(" q closes "));
}

int answer_pane_draw(const App *app, Canvas *canvas, Area area)
{
    Area text = text_area(area);
    int rows = text_rows(app, canvas, text), limit = rows > text.h ? rows - text.h : 0;
    int from = app->answer_row < limit ? app->answer_row : limit;

    draw_rule(canvas, area, from, rows, limit);
    draw_lines(app, canvas, text, -from);
    return limit;
}
