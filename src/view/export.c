#include "view/export.h"

static const Cell *cell_row(const Canvas *canvas, int y)
{
    return canvas->cell + (size_t)y * (size_t)canvas->width;
}

static void write_cell(const Cell *cell, FILE *stream)
{
    char text[CELL_TEXT_SIZE];
    canvas_cell_text(cell, text);
    fputs(text, stream);
}

/* ---- text ------------------------------------------------------------------------------------ */

static int text_end(const Canvas *canvas, int y)
{
    const Cell *row = cell_row(canvas, y);
    int end = canvas->width;
    while (end > 0 && row[end - 1].glyph == ' ' && !row[end - 1].mark[0])
        end--;
    return end;
}

void export_text(const Canvas *canvas, FILE *stream)
{
    for (int y = 0; y < canvas->height; y++) {
        int end = text_end(canvas, y);
        for (int x = 0; x < end; x++)
            write_cell(&cell_row(canvas, y)[x], stream);
        fputc('\n', stream);
    }
}

/* ---- ANSI ------------------------------------------------------------------------------------ */

static const CellLook plain_look = {-1, -1, 0};

static bool same_look(CellLook a, CellLook b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

/* base: 30 for letters, 40 for the background. */
static void write_colour(int16_t colour, int base, FILE *stream)
{
    if (colour >= 16)
        fprintf(stream, ";%d;5;%d", base + 8, colour);
    else if (colour >= 8)
        fprintf(stream, ";%d", base + 60 + colour - 8);
    else if (colour >= 0)
        fprintf(stream, ";%d", base + colour);
}

static void write_look(CellLook look, FILE *stream)
{
    fputs("\033[0", stream);
    if (look.attr & ATTR_BOLD)
        fputs(";1", stream);
    if (look.attr & ATTR_UNDERLINE)
        fputs(";4", stream);
    if (look.attr & ATTR_REVERSE)
        fputs(";7", stream);
    write_colour(look.fg, 30, stream);
    write_colour(look.bg, 40, stream);
    fputc('m', stream);
}

/* A blank shows nothing but its background and lines. */
static bool is_invisible(const Cell *cell, CellLook look)
{
    return cell->glyph == ' ' && !cell->mark[0] && look.bg < 0 &&
           !(look.attr & (ATTR_UNDERLINE | ATTR_REVERSE));
}

static int ansi_end(const Canvas *canvas, int y, Theme theme, int depth)
{
    const Cell *row = cell_row(canvas, y);
    int end = canvas->width;
    while (end > 0 && is_invisible(&row[end - 1], theme_cell(theme, depth, &row[end - 1])))
        end--;
    return end;
}

void export_ansi(const Canvas *canvas, Theme theme, int depth, FILE *stream)
{
    for (int y = 0; y < canvas->height; y++) {
        CellLook now = plain_look;
        int end = ansi_end(canvas, y, theme, depth);
        for (int x = 0; x < end; x++) {
            const Cell *cell = &cell_row(canvas, y)[x];
            CellLook look = theme_cell(theme, depth, cell);
            if (cell->glyph && !is_invisible(cell, look) && !same_look(look, now)) {
                write_look(look, stream);
                now = look;
            } else if (is_invisible(cell, look) && !is_invisible(cell, now)) {
                write_look(plain_look, stream);
                now = plain_look;
            }
            write_cell(cell, stream);
        }
        fputs(same_look(now, plain_look) ? "\n" : "\033[0m\n", stream);
    }
}
