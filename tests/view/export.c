#include "view/export.h"

#include "engine/corpus.h"
#include "suites.h"
#include "support.h"
#include "view/plot.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Something of everything: roles, grounds, attributes, wide letters, marks, shapes. */
static void draw_everything(Canvas *canvas)
{
    Area all = canvas_area(canvas);
    double wave[60];
    for (Role role = 0; role < ROLE_COUNT; role++) {
        int x = canvas_print(canvas, all, 0, (int)role, role, role % 8, "<%u> & \"é\" 日本 ", role);
        canvas_ground(canvas, all, x, (int)role, 4, role);
        canvas_text(canvas, all, x, (int)role, ROLE_KEY, 0, "<&>\x1b[2J");
        plot_level(canvas, all, 26, (int)role, 2, role / 40.0);
        plot_signed(canvas, all, 28, (int)role, 1, role / 20.0 - 1);
    }
    for (int i = 0; i < 60; i++)
        wave[i] = sin(i / 9.0);
    Chart chart = plot_axes(canvas, area_inset(all, 32, 0, 0, 14), 0, 60, -1, 1);
    plot_level_line(canvas, &chart, 0.5, "a <base> line", ROLE_BASE);
    plot_curve(canvas, &chart, 0, 1, wave, 60, ROLE_SMOOTH);
    for (uint32_t glyph = 0x2800; glyph < 0x2900; glyph++)
        canvas_put(canvas, all, (int)(glyph % 64), 34 + (int)(glyph - 0x2800) / 64, glyph,
                   ROLE_TEXT, 0);
    for (uint32_t glyph = 0x2500; glyph < 0x25a0; glyph++)
        canvas_put(canvas, all, 36 + (int)(glyph % 32), 30 + (int)(glyph - 0x2500) / 32, glyph,
                   ROLE_TEXT, 0);
}

/* The picture of everything as ANSI or, where depth is negative, as SVG; free() it. */
static char *exported(Theme theme, int depth, Glyphs glyphs)
{
    Canvas canvas = test_canvas(72, 40, glyphs);
    TestText text;
    draw_everything(&canvas);
    test_text_open(&text);
    if (depth < 0)
        export_svg(&canvas, theme, text.stream);
    else
        export_ansi(&canvas, theme, depth, text.stream);
    test_text_close(&text);
    canvas_release(&canvas);
    return text.text;
}

/* ---- text and ANSI --------------------------------------------------------------------------- */

START_TEST(rows_of_text_end_without_blanks)
{
    Canvas canvas = test_canvas(8, 3, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    canvas_text(&canvas, all, 1, 0, ROLE_TITLE, ATTR_BOLD, "a 日 ");
    canvas_ground(&canvas, all, 0, 2, 8, ROLE_BAR);
    test_picture(&canvas, " a 日\n\n\n");
    canvas_release(&canvas);
}
END_TEST

/* The character behind a sequence of parameters and `m`, or NULL if it is another. */
static const char *skip_sgr(const char *text)
{
    if (text[0] != '\033' || text[1] != '[')
        return NULL;
    text += 2 + strspn(text + 2, "0123456789;");
    return *text == 'm' ? text + 1 : NULL;
}

/* Fails on any control but SGR and newline, and unless each row ends with the plain look; returns
 * the text without them. */
static char *strip_sgr(const char *ansi)
{
    char *plain = malloc(strlen(ansi) + 1), *end = plain;
    bool reset = true;
    while (*ansi) {
        const char *next = skip_sgr(ansi);
        if (next) {
            reset = strncmp(ansi, "\033[0m", 4) == 0;
            ansi = next;
            continue;
        }
        ck_assert_msg((unsigned char)*ansi >= 0x20 || *ansi == '\n', "control %d", *ansi);
        ck_assert(*ansi != '\n' || reset);
        *end++ = *ansi++;
    }
    *end = '\0';
    return plain;
}

START_TEST(ansi_is_the_text_and_no_sequence_but_sgr)
{
    static const int depths[] = {0, 8, 16, 256};
    for (Theme theme = 0; theme < THEME_COUNT; theme++) {
        for (int i = 0; i < 4; i++) {
            for (Glyphs glyphs = GLYPHS_ASCII; glyphs <= GLYPHS_BRAILLE; glyphs++) {
                char *ansi = exported(theme, depths[i], glyphs);
                char *plain = strip_sgr(ansi);
                Canvas canvas = test_canvas(72, 40, glyphs);
                draw_everything(&canvas);
                for (char *c = plain; (c = strstr(c, " \n"));) /* blanks with a background */
                    for (memmove(c, c + 1, strlen(c)); c > plain && c[-1] == ' '; c--)
                        memmove(c - 1, c, strlen(c) + 1);
                test_picture(&canvas, plain);
                canvas_release(&canvas);
                free(plain);
                free(ansi);
            }
        }
    }
}
END_TEST

static void check_ansi(int depth, const char *expected)
{
    Canvas canvas = test_canvas(8, 2, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    TestText text;
    canvas_text(&canvas, all, 0, 0, ROLE_ACCENT, 0, "a");
    canvas_text(&canvas, all, 2, 0, ROLE_ACCENT, ATTR_UNDERLINE, "b");
    plot_level(&canvas, all, 4, 0, 1, 1);
    canvas_text(&canvas, all, 0, 1, ROLE_TEXT, 0, "plain");
    test_text_open(&text);
    export_ansi(&canvas, THEME_DARK, depth, text.stream);
    test_text_close(&text);
    ck_assert_str_eq(text.text, expected);
    free(text.text);
    canvas_release(&canvas);
}

START_TEST(ansi_uses_the_colours_that_there_are)
{
    check_ansi(0, "\033[0;7ma\033[0m \033[0;4;7mb\033[0m █\nplain\n");
    check_ansi(8, "\033[0;1;33ma \033[0;1;4;33mb\033[0m \033[0;33m█\033[0m\nplain\n");
    check_ansi(16, "\033[0;1;93ma \033[0;1;4;93mb\033[0m \033[0;93m█\033[0m\nplain\n");
    check_ansi(256, "\033[0;1;38;5;214ma \033[0;1;4;38;5;214mb\033[0m "
                    "\033[0;38;5;227;48;5;227m█\033[0m\nplain\n");
}
END_TEST

/* ---- SVG ------------------------------------------------------------------------------------- */

/* A reader of the little XML that there is: elements, attributes in double quotes, four
 * entities. */
typedef struct Xml {
    const char *at;
    char open[8][16]; /* names of the elements around */
    int depth;
} Xml;

static void read_name(Xml *xml, char name[16])
{
    int n = 0;
    while (isalpha((unsigned char)*xml->at) && n < 15)
        name[n++] = *xml->at++;
    name[n] = '\0';
    ck_assert_int_gt(n, 0);
}

static void read_character(Xml *xml)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    ck_assert(*xml->at != '<' && *xml->at != '>' && *xml->at != '\0');
    ck_assert((unsigned char)*xml->at >= 0x20 || *xml->at == '\n');
    if (*xml->at != '&') {
        uint32_t code;
        int n = corpus_decode(xml->at, strlen(xml->at), &code);
        ck_assert_int_gt(n, 0);
        ck_assert_msg(code < 0x2500 || code > 0x28ff || (code >= 0x25a0 && code < 0x2800) ||
                          (code >= 0x2504 && code < 0x2580),
                      "U+%04X is no shape", code);
        xml->at += n;
        return;
    }
    for (int i = 0; i < 4; i++) {
        if (strncmp(xml->at, entities[i], strlen(entities[i])) == 0) {
            xml->at += strlen(entities[i]);
            return;
        }
    }
    ck_abort_msg("bare & at: %.20s", xml->at);
}

static void read_attributes(Xml *xml)
{
    char name[16];
    while (*xml->at == ' ') {
        xml->at++;
        for (char *c = name; *xml->at != '='; xml->at++, c++)
            ck_assert(isalnum((unsigned char)*xml->at) || *xml->at == '-');
        ck_assert_int_eq(strncmp(xml->at, "=\"", 2), 0);
        for (xml->at += 2; *xml->at != '"';)
            read_character(xml);
        xml->at++;
    }
}

static void read_tag(Xml *xml)
{
    char name[16];
    xml->at++;
    if (*xml->at == '/') {
        xml->at++;
        read_name(xml, name);
        ck_assert_int_gt(xml->depth, 0);
        ck_assert_str_eq(name, xml->open[--xml->depth]);
    } else {
        ck_assert_int_lt(xml->depth, 8);
        read_name(xml, xml->open[xml->depth]);
        read_attributes(xml);
        if (*xml->at == '/')
            xml->at++;
        else
            xml->depth++;
    }
    ck_assert_int_eq(*xml->at++, '>');
}

static void check_xml(const char *text)
{
    Xml xml = {.at = text};
    ck_assert_int_eq(strncmp(text, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 39), 0);
    do {
        if (*xml.at == '<')
            read_tag(&xml);
        else
            read_character(&xml);
    } while (xml.depth > 0);
    ck_assert_str_eq(xml.at, "\n");
}

START_TEST(svg_is_well_formed_and_draws_its_shapes_without_a_font)
{
    for (Theme theme = 0; theme < THEME_COUNT; theme++) {
        for (Glyphs glyphs = GLYPHS_ASCII; glyphs <= GLYPHS_BRAILLE; glyphs++) {
            char *svg = exported(theme, -1, glyphs);
            check_xml(svg);
            ck_assert_ptr_nonnull(strstr(svg, "&lt;"));
            free(svg);
        }
    }
}
END_TEST

/* The SVG of a canvas 8 x 2 with what `draw` puts there must hold each of the pieces. */
static void check_svg(void (*draw)(Canvas *, Area), Theme theme, const char *const *pieces)
{
    Canvas canvas = test_canvas(8, 2, GLYPHS_BRAILLE);
    TestText text;
    draw(&canvas, canvas_area(&canvas));
    test_text_open(&text);
    export_svg(&canvas, theme, text.stream);
    test_text_close(&text);
    check_xml(text.text);
    for (; *pieces; pieces++)
        ck_assert_msg(strstr(text.text, *pieces), "%s is not in\n%s", *pieces, text.text);
    free(text.text);
    canvas_release(&canvas);
}

static void draw_letters(Canvas *canvas, Area all)
{
    canvas_text(canvas, all, 0, 0, ROLE_TEXT, 0, "ab <  d");
    canvas_text(canvas, all, 2, 1, ROLE_TEXT, ATTR_UNDERLINE | ATTR_BOLD, "é日→");
}

START_TEST(letters_are_held_to_the_grid)
{
    static const char *const pieces[] = {
        "<text x=\"12\" y=\"24\" textLength=\"32\">ab &lt;</text>",
        "<text x=\"60\" y=\"24\" textLength=\"8\">d</text>",
        "<g fill=\"#d6d9df\" font-weight=\"bold\">",
        "<text x=\"28\" y=\"40\" textLength=\"8\" text-decoration=\"underline\">é</text>",
        "<text x=\"44\" y=\"40\" text-anchor=\"middle\" text-decoration=\"underline\">日</text>",
        "<text x=\"56\" y=\"40\" text-anchor=\"middle\" text-decoration=\"underline\">→</text>",
        NULL};
    check_svg(draw_letters, THEME_DARK, pieces);
}
END_TEST

static void draw_dots_around_a_shape(Canvas *canvas, Area all)
{
    canvas_text(canvas, all, 0, 0, ROLE_TEXT, 0, "a·█·b");
}

/* A blank between letters is part of their text, a shape is not: it has a colour of its own. */
START_TEST(a_shape_between_letters_is_no_part_of_their_text)
{
    static const char *const pieces[] = {
        "<text x=\"12\" y=\"24\" textLength=\"16\">a·</text>",
        "<text x=\"36\" y=\"24\" textLength=\"16\">·b</text>", NULL};
    check_svg(draw_dots_around_a_shape, THEME_DARK, pieces);
}
END_TEST

static void draw_shapes(Canvas *canvas, Area all)
{
    canvas_text(canvas, all, 0, 0, ROLE_TEXT, 0, "██▄⠉─┼▒");
    plot_level(canvas, all, 0, 1, 2, 1);
    plot_signed(canvas, all, 4, 1, 2, -1);
}

START_TEST(shapes_are_paths_and_solid_cells_one_box)
{
    static const char *const pieces[] = {
        "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#ffffff\"/>",
        "<path fill=\"#000087\" d=\"M12 28h16v16h-16z\"/>",
        "<path fill=\"#24292f\" d=\"M12 12h16v16h-16zM28 20h8v8h-8z\"/>",
        "<path fill=\"#24292f\" fill-opacity=\".5\" d=\"M60 12h8v16h-8z\"/>",
        "stroke-linecap=\"round\" d=\"M38 14h0M42 14h0\"/>",
        "d=\"M44 20h8M52 20h8M56 12v16\"/>",
        "d=\"M44 32h16M44 40h16M44 36h16\"/>",
        NULL};
    check_svg(draw_shapes, THEME_LIGHT, pieces);
}
END_TEST

static void draw_reversed(Canvas *canvas, Area all)
{
    canvas_text(canvas, all, 1, 0, ROLE_TEXT, ATTR_REVERSE, "x");
    canvas_ground(canvas, all, 0, 1, 8, ROLE_BAR);
}

START_TEST(a_reversed_cell_has_the_ink_behind_it)
{
    static const char *const pieces[] = {
        "<path fill=\"#24292f\" d=\"M20 12h8v16h-8zM12 28h64v16h-64z\"/>",
        "<g fill=\"#ffffff\">\n<text x=\"20\"", NULL};
    check_svg(draw_reversed, THEME_MONO, pieces);
}
END_TEST

Suite *export_suite(void)
{
    Suite *suite = suite_create("export");
    TCase *text = tcase_create("text");
    TCase *svg = tcase_create("svg");

    tcase_add_test(text, rows_of_text_end_without_blanks);
    tcase_add_test(text, ansi_is_the_text_and_no_sequence_but_sgr);
    tcase_add_test(text, ansi_uses_the_colours_that_there_are);
    tcase_add_test(svg, svg_is_well_formed_and_draws_its_shapes_without_a_font);
    tcase_add_test(svg, letters_are_held_to_the_grid);
    tcase_add_test(svg, a_shape_between_letters_is_no_part_of_their_text);
    tcase_add_test(svg, shapes_are_paths_and_solid_cells_one_box);
    tcase_add_test(svg, a_reversed_cell_has_the_ink_behind_it);
    suite_add_tcase(suite, text);
    suite_add_tcase(suite, svg);
    return suite;
}
