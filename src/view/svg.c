/* export_svg (view/export.h): the page, what lies behind the cells, the shapes, then the text in
 * reading order. Everything of one colour shares an element. */
#include "view/export.h"

#include "view/shape.h"
#include <inttypes.h>

enum {
    W = SHAPE_CELL_WIDTH,
    H = SHAPE_CELL_HEIGHT,
    MARGIN = 12,
    BASELINE = 12,
    GLYPH_SOLID = 0x2588
};

/* What is drawn of a cell. */
typedef struct Paint {
    uint32_t ink, paper; /* 0xRRGGBB */
    bool bold, underline;
} Paint;

typedef struct Picture {
    const Canvas *canvas;
    Theme theme;
    Paint page;
    FILE *stream;
} Picture;

static const Cell *cell_at(const Picture *picture, int x, int y)
{
    return &picture->canvas->cell[(size_t)y * (size_t)picture->canvas->width + (size_t)x];
}

static Paint paint_of(const Picture *picture, const Cell *cell)
{
    CellLook look = theme_cell(picture->theme, 256, cell);
    Paint paint = picture->page;
    if (look.fg >= 0)
        paint.ink = theme_rgb(look.fg);
    if (look.bg >= 0)
        paint.paper = theme_rgb(look.bg);
    if (look.attr & ATTR_REVERSE) {
        uint32_t ink = paint.ink;
        paint.ink = paint.paper;
        paint.paper = ink;
    }
    paint.bold = look.attr & ATTR_BOLD;
    paint.underline = look.attr & ATTR_UNDERLINE;
    return paint;
}

/* ---- one path for each kind and colour ------------------------------------------------------- */

/* A kind of shape and the style of its paths; SHAPE_NONE stands for what lies behind the cells. */
typedef struct Layer {
    ShapeKind kind;
    const char *colour, *style; /* attribute that takes the colour, others */
    bool bold;                  /* of dots: those of bold cells */
} Layer;

static const Layer layers[] = {
    {SHAPE_NONE, "fill", "", false},
    {SHAPE_SOLID, "fill", "", false},
    {SHAPE_SHADE1, "fill", " fill-opacity=\".25\"", false},
    {SHAPE_SHADE2, "fill", " fill-opacity=\".5\"", false},
    {SHAPE_SHADE3, "fill", " fill-opacity=\".75\"", false},
    {SHAPE_DOTS, "stroke", " stroke-width=\"2.8\" stroke-linecap=\"round\"", false},
    {SHAPE_DOTS, "stroke", " stroke-width=\"3.6\" stroke-linecap=\"round\"", true},
    {SHAPE_LINES, "stroke", " stroke-width=\"1.2\" fill=\"none\"", false},
    {SHAPE_HEAVY, "stroke", " stroke-width=\"2.6\" fill=\"none\"", false},
};

enum { NO_COLOUR = -1 };

/* The colour of a cell in a layer, or NO_COLOUR if it has nothing there. */
static int32_t layer_colour(const Picture *picture, const Layer *layer, int x, int y)
{
    Paint paint = paint_of(picture, cell_at(picture, x, y));
    if (layer->kind == SHAPE_NONE)
        return paint.paper != picture->page.paper ? (int32_t)paint.paper : NO_COLOUR;
    if (paint.ink == paint.paper || shape_kind(cell_at(picture, x, y)->glyph) != layer->kind ||
        (layer->kind == SHAPE_DOTS && paint.bold != layer->bold))
        return NO_COLOUR;
    return (int32_t)paint.ink;
}

/* The least colour of a layer that is greater than `above`, or NO_COLOUR. */
static int32_t next_colour(const Picture *picture, const Layer *layer, int32_t above)
{
    int32_t least = NO_COLOUR;
    for (int y = 0; y < picture->canvas->height; y++) {
        for (int x = 0; x < picture->canvas->width; x++) {
            int32_t colour = layer_colour(picture, layer, x, y);
            if (colour > above && (least == NO_COLOUR || colour < least))
                least = colour;
        }
    }
    return least;
}

/* Cells from x on that are one shape. */
static int run_length(const Picture *picture, const Layer *layer, int x, int y, int32_t colour)
{
    uint32_t glyph = cell_at(picture, x, y)->glyph;
    int end = x + 1;
    if (layer->kind != SHAPE_NONE && !shape_is_level(glyph))
        return 1;
    while (end < picture->canvas->width && layer_colour(picture, layer, end, y) == colour &&
           (layer->kind == SHAPE_NONE || cell_at(picture, end, y)->glyph == glyph))
        end++;
    return end - x;
}

static void write_row(const Picture *picture, const Layer *layer, int y, int32_t colour)
{
    for (int x = 0; x < picture->canvas->width; x++) {
        if (layer_colour(picture, layer, x, y) != colour)
            continue;
        int count = run_length(picture, layer, x, y, colour);
        uint32_t glyph = layer->kind == SHAPE_NONE ? GLYPH_SOLID : cell_at(picture, x, y)->glyph;
        shape_write(glyph, MARGIN + x * W, MARGIN + y * H, count, picture->stream);
        x += count - 1;
    }
}

static void write_layer(const Picture *picture, const Layer *layer)
{
    int32_t colour = next_colour(picture, layer, NO_COLOUR);
    for (; colour != NO_COLOUR; colour = next_colour(picture, layer, colour)) {
        fprintf(picture->stream, "<path %s=\"#%06" PRIx32 "\"%s d=\"", layer->colour,
                (uint32_t)colour, layer->style);
        for (int y = 0; y < picture->canvas->height; y++)
            write_row(picture, layer, y, colour);
        fputs("\"/>\n", picture->stream);
    }
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Every font has these at the width of its other letters. */
static bool is_letter(uint32_t glyph)
{
    return glyph >= 0x20 && glyph < 0x250;
}

static bool is_text(const Picture *picture, const Cell *cell)
{
    Paint paint = paint_of(picture, cell);
    return cell->glyph != 0 && shape_kind(cell->glyph) == SHAPE_NONE && paint.ink != paint.paper &&
           (cell->glyph != ' ' || cell->mark[0] || paint.underline);
}

static bool same_style(Paint a, Paint b)
{
    return a.ink == b.ink && a.bold == b.bold && a.underline == b.underline;
}

/* Cells from x on that are one piece of text: letters of one style with single blanks between. */
static int text_length(const Picture *picture, int x, int y)
{
    Paint style = paint_of(picture, cell_at(picture, x, y));
    int end = x + 1, width = picture->canvas->width;
    if (!is_letter(cell_at(picture, x, y)->glyph))
        return 1;
    for (int i = end; i < width && i <= end + 1; i++) {
        const Cell *cell = cell_at(picture, i, y);
        if (!is_text(picture, cell) && cell->glyph == ' ')
            continue;
        if (!is_text(picture, cell) || !is_letter(cell->glyph) ||
            !same_style(paint_of(picture, cell), style))
            break;
        end = i + 1;
    }
    return end - x;
}

static void write_escaped(const Cell *cell, FILE *stream)
{
    char text[CELL_TEXT_SIZE];
    canvas_cell_text(cell, text);
    for (const char *c = text; *c; c++) {
        const char *entity = *c == '&'   ? "&amp;"
                             : *c == '<' ? "&lt;"
                             : *c == '>' ? "&gt;"
                             : *c == '"' ? "&quot;"
                                         : NULL;
        if (entity)
            fputs(entity, stream);
        else
            fputc(*c, stream);
    }
}

/* Letters are stretched to the grid; other glyphs, which may come from another font, are centred on
 * their cells. */
static void open_text(const Picture *picture, int x, int y, int length)
{
    const Cell *cell = cell_at(picture, x, y);
    bool wide = x + 1 < picture->canvas->width && cell[1].glyph == 0;
    int left = MARGIN + x * W, base = MARGIN + y * H + BASELINE;
    if (is_letter(cell->glyph))
        fprintf(picture->stream, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"", left, base,
                length * W);
    else
        fprintf(picture->stream, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"",
                left + (wide ? W : W / 2), base);
    if (paint_of(picture, cell).underline)
        fputs(" text-decoration=\"underline\"", picture->stream);
    fputc('>', picture->stream);
}

static void write_text(const Picture *picture, int x, int y, int length)
{
    open_text(picture, x, y, length);
    for (int i = 0; i < length; i++)
        write_escaped(cell_at(picture, x + i, y), picture->stream);
    fputs("</text>\n", picture->stream);
}

static void open_group(Paint style, FILE *stream)
{
    fprintf(stream, "<g fill=\"#%06" PRIx32 "\"%s>\n", style.ink,
            style.bold ? " font-weight=\"bold\"" : "");
}

/* All text from left to right, then down; a group goes on until the style changes. */
static void write_all_text(const Picture *picture)
{
    Paint style = picture->page;
    open_group(style, picture->stream);
    for (int y = 0; y < picture->canvas->height; y++) {
        for (int x = 0; x < picture->canvas->width; x++) {
            if (!is_text(picture, cell_at(picture, x, y)))
                continue;
            Paint next = paint_of(picture, cell_at(picture, x, y));
            if (!same_style(style, next)) {
                fputs("</g>\n", picture->stream);
                open_group(next, picture->stream);
                style = next;
            }
            int length = text_length(picture, x, y);
            write_text(picture, x, y, length);
            x += length - 1;
        }
    }
    fputs("</g>\n", picture->stream);
}

void export_svg(const Canvas *canvas, Theme theme, FILE *stream)
{
    Paint page = {theme_ink(theme), theme_paper(theme), false, false};
    Picture picture = {canvas, theme, page, stream};
    int width = canvas->width * W + 2 * MARGIN, height = canvas->height * H + 2 * MARGIN;
    fprintf(stream,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            " viewBox=\"0 0 %d %d\" font-size=\"13.3\" font-family=\"ui-monospace,SFMono-Regular,"
            "Menlo,Consolas,'DejaVu Sans Mono',monospace\">\n"
            "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%06" PRIx32 "\"/>\n",
            width, height, width, height, page.paper);
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
        write_layer(&picture, &layers[i]);
    write_all_text(&picture);
    fputs("</svg>\n", stream);
}
