#include "view/canvas.h"

#include "app/text.h"
#include "suites.h"
#include "support.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- the edges ------------------------------------------------------------------------------- */

static bool is_inside(Area area, int x, int y)
{
    return x >= area.x && (int64_t)x < (int64_t)area.x + area.w && y >= area.y &&
           (int64_t)y < (int64_t)area.y + area.h;
}

static bool same_cell(const Cell *a, const Cell *b)
{
    bool marks = true;
    for (int i = 0; i < CELL_MARKS; i++)
        marks = marks && a->mark[i] == b->mark[i];
    return marks && a->glyph == b->glyph && a->role == b->role && a->ground == b->ground &&
           a->attr == b->attr;
}

/* Letters, blanks, wide ones, marks, controls, what hides, what is no UTF-8, and long words. */
static const char *const pieces[] = {
    "a",    " ", "\n", "日", "é", "\xcc\x81", "\xe2\x80\xae", "\xff",
    "\x1b", "→", "█",  "⠿",  "😀", "xyz",      "\xe6\x97",
};

static void random_text(uint32_t *seed, char text[64])
{
    int count = test_chance(seed, 0, 9);
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        int piece = test_chance(seed, 0, (int)(sizeof pieces / sizeof *pieces) - 1);
        strcat(text, pieces[piece]);
    }
}

/* Mostly near the canvas, sometimes as far as an int goes. */
static int random_place(uint32_t *seed)
{
    static const int far[] = {INT_MIN, INT_MIN / 2, -1000, 1000, INT_MAX / 2, INT_MAX};
    int chance = test_chance(seed, 0, 29);
    return chance < 6 ? far[chance] : test_chance(seed, -2, 7);
}

static void draw_something(Canvas *canvas, Area area, uint32_t *seed)
{
    static const uint32_t glyphs[] = {'a', 0x65e5, 0x301, 0x202e, 0, 7, 0x110000, 0x2588, 0x28ff};
    char text[64];
    int x = random_place(seed), y = random_place(seed), count = test_chance(seed, -2, 20);
    uint32_t glyph = glyphs[test_chance(seed, 0, 8)];
    random_text(seed, text);
    switch (test_chance(seed, 0, 7)) {
    case 0:
        canvas_put(canvas, area, x, y, glyph, ROLE_KEY, ATTR_BOLD);
        break;
    case 1:
        canvas_text(canvas, area, x, y, ROLE_KEY, ATTR_BOLD, text);
        break;
    case 2:
        canvas_print(canvas, area, x, y, ROLE_KEY, 0, "%s%d", text, x);
        break;
    case 3:
        canvas_text_right(canvas, area, test_chance(seed, -3, 14), y, ROLE_KEY, 0, text);
        break;
    case 4:
        canvas_wrap(canvas, area, test_chance(seed, -3, 14), ROLE_KEY, 0, text);
        break;
    case 5:
        canvas_fill(canvas, area, x, y, count, glyph, ROLE_KEY, 0);
        break;
    case 6:
        canvas_restyle(canvas, area, x, y, count, ROLE_WRONG, ATTR_REVERSE);
        break;
    default:
        canvas_ground(canvas, area, x, y, count, ROLE_BAR);
    }
}

static void check_wide_glyphs(const Canvas *canvas)
{
    for (int y = 0; y < canvas->height; y++) {
        const Cell *row = &canvas->cell[y * canvas->width];
        ck_assert_msg(row[0].glyph != 0, "a right half begins row %d", y);
        for (int x = 0; x < canvas->width; x++) {
            bool wide = text_width_of(row[x].glyph) == 2;
            bool half = x + 1 < canvas->width && row[x + 1].glyph == 0;
            ck_assert_msg(wide == half, "torn at %d,%d", x, y);
        }
    }
}

static void check_outside(const Canvas *canvas, const Cell *before, Area area)
{
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++)
            if (!is_inside(area, x, y))
                ck_assert(same_cell(&canvas->cell[y * canvas->width + x],
                                    &before[y * canvas->width + x]));
}

static Canvas canvas_of_wide_glyphs(uint32_t *seed, Glyphs glyphs)
{
    Canvas canvas = test_canvas(test_chance(seed, 1, 12), test_chance(seed, 1, 6), glyphs);
    for (int y = 0; y < canvas.height; y++)
        canvas_text(&canvas, canvas_area(&canvas), y % 2, y, ROLE_TEXT, 0, "日本日本日本");
    return canvas;
}

START_TEST(whatever_is_drawn_stays_in_its_area_and_tears_no_wide_glyph)
{
    uint32_t seed = 2463534242;
    for (int round = 0; round < 1500; round++) {
        Canvas canvas = canvas_of_wide_glyphs(&seed, round % 3);
        size_t size = (size_t)(canvas.width * canvas.height) * sizeof(Cell);
        Cell *before = malloc(size);
        for (int i = 0; i < 12; i++) {
            Area area = {random_place(&seed), random_place(&seed), random_place(&seed),
                         random_place(&seed)};
            memcpy(before, canvas.cell, size);
            draw_something(&canvas, area, &seed);
            check_outside(&canvas, before, area);
            check_wide_glyphs(&canvas);
        }
        free(before);
        canvas_release(&canvas);
    }
}
END_TEST

START_TEST(a_wide_glyph_that_the_edge_would_cut_leaves_a_blank)
{
    Canvas canvas = test_canvas(6, 2, GLYPHS_BRAILLE);
    Area area = {1, 0, 4, 2};
    canvas_text(&canvas, canvas_area(&canvas), 0, 0, ROLE_TEXT, 0, "......");
    canvas_text(&canvas, canvas_area(&canvas), 0, 1, ROLE_TEXT, 0, "......");
    ck_assert_int_eq(canvas_text(&canvas, area, 1, 0, ROLE_TEXT, 0, "日本"), 5);
    ck_assert_int_eq(canvas_text(&canvas, area, -1, 1, ROLE_TEXT, 0, "日本"), 3);
    test_picture(&canvas, "..日 .\n. 本..\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(a_letter_on_half_a_wide_glyph_blanks_the_other_half)
{
    Canvas canvas = test_canvas(8, 1, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    canvas_text(&canvas, all, 0, 0, ROLE_TEXT, 0, "日本日本");
    canvas_put(&canvas, all, 1, 0, 'a', ROLE_TEXT, 0);
    canvas_put(&canvas, all, 2, 0, 'b', ROLE_TEXT, 0);
    test_picture(&canvas, " ab 日本\n");
    canvas_put(&canvas, all, 5, 0, 0x672c, ROLE_TEXT, 0);
    test_picture(&canvas, " ab  本\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(a_wide_glyph_with_a_half_outside_of_the_area_stays_whole)
{
    Canvas canvas = test_canvas(4, 1, GLYPHS_BRAILLE);
    canvas_text(&canvas, canvas_area(&canvas), 0, 0, ROLE_TEXT, 0, "日本");
    canvas_text(&canvas, (Area){1, 0, 2, 1}, 0, 0, ROLE_TEXT, 0, "ab");
    test_picture(&canvas, "日本\n");
    canvas_put(&canvas, (Area){0, 0, 3, 1}, 1, 0, 0x5b57, ROLE_TEXT, 0);
    test_picture(&canvas, "  本\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(an_inset_is_never_of_negative_size)
{
    Area part = area_inset((Area){2, 3, 10, 5}, 1, 2, 3, 1);
    ck_assert(part.x == 3 && part.y == 5 && part.w == 6 && part.h == 2);
    part = area_inset((Area){0, 0, 3, 1}, 2, 1, 2, 1);
    ck_assert(part.w == 0 && part.h == 0);
}
END_TEST

START_TEST(a_new_size_is_blank_and_within_the_limits)
{
    Canvas canvas = test_canvas(3, 2, GLYPHS_ASCII);
    Error error;
    canvas_text(&canvas, canvas_area(&canvas), 0, 0, ROLE_TEXT, 0, "abc");
    ck_assert(canvas_resize(&canvas, 2, 3, &error));
    test_picture(&canvas, "\n\n\n");
    ck_assert(canvas_resize(&canvas, 100000, -5, &error));
    ck_assert_int_eq(canvas.width, CANVAS_WIDTH_LIMIT);
    ck_assert_int_eq(canvas.height, 1);
    ck_assert_int_eq(canvas.glyphs, GLYPHS_ASCII);
    canvas_release(&canvas);
}
END_TEST

/* ---- characters ------------------------------------------------------------------------------ */

static void check_cell_is_safe(const Cell *cell, uint32_t code)
{
    bool safe = cell->glyph == 0 || text_is_plain(cell->glyph);
    for (int i = 0; i < CELL_MARKS && cell->mark[i]; i++)
        safe = safe && text_is_plain(cell->mark[i]) && text_width_of(cell->mark[i]) == 0;
    ck_assert_msg(safe, "U+%04X stands raw in a cell", code);
    ck_assert_msg(!cell->glyph || text_width_of(cell->glyph) > 0, "U+%04X", code);
}

static void check_code_points(Canvas *canvas, uint32_t first, uint32_t last, uint32_t step)
{
    for (uint32_t code = first; code <= last; code += step) {
        canvas_clear(canvas);
        int columns = canvas_put(canvas, canvas_area(canvas), 0, 0, code, ROLE_TEXT, 0);
        ck_assert_msg(columns >= 1 && columns <= 10, "U+%04X takes %d columns", code, columns);
        for (int x = 0; x < canvas->width; x++)
            check_cell_is_safe(&canvas->cell[x], code);
        bool space = code == ' ' || code == 0xa0 || (code >= 0x1680 && code <= 0x3000);
        ck_assert_msg(space || canvas->cell[0].glyph != ' ', "U+%04X does not show", code);
    }
}

START_TEST(no_code_point_stands_in_a_cell_that_a_terminal_would_act_on)
{
    Canvas canvas = test_canvas(12, 1, GLYPHS_BRAILLE);
    check_code_points(&canvas, 0, 0x33ff, 1);
    check_code_points(&canvas, 0x3400, 0x1ffff, 7);
    check_code_points(&canvas, 0xdfff0, 0xe01ff, 1);
    check_code_points(&canvas, 0x10fff0, 0x110010, 1);
    canvas_release(&canvas);
}
END_TEST

START_TEST(controls_and_what_is_no_text_are_written_out)
{
    Canvas canvas = test_canvas(40, 2, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    canvas_text(&canvas, all, 0, 0, ROLE_TEXT, 0,
                "a\x1b[31mb\tc\x7f\xff\xe2\x80\xae"
                "d\xc3");
    canvas_put(&canvas, all, 0, 1, '\0', ROLE_TEXT, 0);
    test_picture(&canvas, "a^[[31mb^Ic^?\\xffU+202Ed\\xc3\n^@\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(marks_join_the_letter_before_them)
{
    Canvas canvas = test_canvas(10, 2, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    int end = canvas_text(&canvas, all, 0, 0, ROLE_TEXT, 0, "e\xcc\x82\xcc\x81x日\xcc\x81y");
    ck_assert_int_eq(end, 5);
    ck_assert_uint_eq(canvas.cell[0].mark[0], 0x302);
    ck_assert_uint_eq(canvas.cell[0].mark[1], 0x301);
    ck_assert_uint_eq(canvas.cell[2].mark[0], 0x301);
    end =
        canvas_text(&canvas, all, 0, 1, ROLE_TEXT, 0, "\xcc\x81z\xcc\x81\xcc\x81\xcc\x81\xcc\x81");
    ck_assert_int_eq(end, 3);
    test_picture(&canvas, "e\xcc\x82\xcc\x81x日\xcc\x81y\n"
                          "◌\xcc\x81z\xcc\x81\xcc\x81\xcc\x81◌\xcc\x81\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(marks_of_letters_beyond_the_edge_are_gone_with_them)
{
    Canvas canvas = test_canvas(4, 1, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    int end = canvas_text(&canvas, all, -1, 0, ROLE_TEXT, 0,
                          "e\xcc\x81"
                          "abcde\xcc\x81");
    ck_assert_int_eq(end, 5);
    test_picture(&canvas, "abcd\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(glyphs_of_the_program_have_an_ascii_form)
{
    static const char own[] = "─━│┌┤┼═╌‖•…▸◂▶●○·→←↑↓×−✓✗⟨⟩█▄░▁≈";
    Canvas canvas = test_canvas(40, 2, GLYPHS_ASCII);
    Area all = canvas_area(&canvas);
    canvas_text(&canvas, all, 0, 0, ROLE_TEXT, 0, own);
    canvas_text(&canvas, all, 0, 1, ROLE_TEXT, 0, "é ж 日");
    test_picture(&canvas, "--|+++=-|*~><>*o.><^vx-*x<>#.:_~\né ж 日\n");
    for (uint32_t code = 0; code < 0x3000; code++)
        ck_assert_uint_lt(canvas_glyph(&canvas, code), 0x80);
    ck_assert_uint_eq(canvas_glyph(&canvas, 0x439), '?');
    canvas.glyphs = GLYPHS_BLOCKS;
    ck_assert_uint_eq(canvas_glyph(&canvas, 0x2500), 0x2500);
    canvas_release(&canvas);
}
END_TEST

/* ---- lines ----------------------------------------------------------------------------------- */

START_TEST(text_to_the_right_ends_at_its_column)
{
    Canvas canvas = test_canvas(10, 3, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    canvas_text_right(&canvas, all, 10, 0, ROLE_TEXT, 0, "1.25");
    canvas_text_right(&canvas, all, 10, 1, ROLE_TEXT, 0, "日e\xcc\x81\xff");
    canvas_text_right(&canvas, all, 3, 2, ROLE_TEXT, 0, "abcdef");
    test_picture(&canvas, "      1.25\n   日e\xcc\x81\\xff\ndef\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(a_measured_width_is_the_drawn_width)
{
    uint32_t seed = 77;
    Canvas canvas = test_canvas(200, 1, GLYPHS_BRAILLE);
    char text[64];
    for (int i = 0; i < 3000; i++) {
        random_text(&seed, text);
        int measured = canvas_text(&canvas, (Area){0}, 0, 0, ROLE_TEXT, 0, text);
        ck_assert_int_eq(canvas_text(&canvas, canvas_area(&canvas), 0, 0, ROLE_TEXT, 0, text),
                         measured);
        ck_assert_int_eq(canvas_text(&canvas, canvas_area(&canvas), -7, 0, ROLE_TEXT, 0, text),
                         measured - 7);
    }
    canvas_release(&canvas);
}
END_TEST

START_TEST(text_is_broken_at_spaces_and_newlines)
{
    Canvas canvas = test_canvas(10, 7, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    int next = canvas_wrap(&canvas, all, 0, ROLE_TEXT, 0,
                           "to be or not  to be\n\na_word_too_long 日本日本");
    ck_assert_int_eq(next, 6);
    test_picture(&canvas, "to be or\nnot  to be\n\na_word_too\n_long\n日本日本\n\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(wrapped_text_ends_in_any_width)
{
    Canvas canvas = test_canvas(8, 4, GLYPHS_BRAILLE);
    for (int width = -1; width < 8; width++) {
        Area area = {0, 0, width, 4};
        int next = canvas_wrap(&canvas, area, 0, ROLE_TEXT, 0, "日本 a   \n  \xff\x1b 日\xcc\x81 ");
        ck_assert_int_ge(next, 0);
        ck_assert_int_le(next, 14);
    }
    canvas_release(&canvas);
}
END_TEST

START_TEST(a_long_printed_text_ends_with_a_whole_character)
{
    Canvas canvas = test_canvas(1, 1, GLYPHS_BRAILLE);
    char text[6001];
    for (int i = 0; i < 3000; i++)
        memcpy(text + 2 * i, "é", 2);
    text[6000] = '\0';
    for (int shift = 0; shift < 4; shift++) {
        int end = canvas_print(&canvas, canvas_area(&canvas), 0, 0, ROLE_TEXT, 0, "%.*s%s", shift,
                               "abc", text);
        ck_assert_int_eq(end, 2046 + shift / 2);
    }
    canvas_release(&canvas);
}
END_TEST

START_TEST(a_ground_stays_under_what_is_drawn_on_it)
{
    Canvas canvas = test_canvas(4, 1, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    canvas_ground(&canvas, all, 1, 0, 2, ROLE_BAR);
    canvas_text(&canvas, all, 0, 0, ROLE_KEY, ATTR_BOLD, "abcd");
    canvas_restyle(&canvas, all, 2, 0, 9, ROLE_NOTE, ATTR_UNDERLINE);
    const Cell *cell = canvas.cell;
    ck_assert(cell[0].ground == ROLE_TEXT && cell[1].ground == ROLE_BAR);
    ck_assert(cell[1].role == ROLE_KEY && cell[1].attr == ATTR_BOLD && cell[1].glyph == 'b');
    ck_assert(cell[3].role == ROLE_NOTE && cell[3].attr == ATTR_UNDERLINE && cell[3].glyph == 'd');
    canvas_clear(&canvas);
    ck_assert(cell[1].ground == ROLE_TEXT && cell[1].glyph == ' ' && cell[1].role == ROLE_TEXT);
    canvas_release(&canvas);
}
END_TEST

Suite *canvas_suite(void)
{
    Suite *suite = suite_create("canvas");
    TCase *edges = tcase_create("edges");
    TCase *characters = tcase_create("characters");
    TCase *lines = tcase_create("lines");

    tcase_set_timeout(edges, 20);
    tcase_set_timeout(characters, 20);
    tcase_add_test(edges, whatever_is_drawn_stays_in_its_area_and_tears_no_wide_glyph);
    tcase_add_test(edges, a_wide_glyph_that_the_edge_would_cut_leaves_a_blank);
    tcase_add_test(edges, a_letter_on_half_a_wide_glyph_blanks_the_other_half);
    tcase_add_test(edges, a_wide_glyph_with_a_half_outside_of_the_area_stays_whole);
    tcase_add_test(edges, an_inset_is_never_of_negative_size);
    tcase_add_test(edges, a_new_size_is_blank_and_within_the_limits);
    tcase_add_test(characters, no_code_point_stands_in_a_cell_that_a_terminal_would_act_on);
    tcase_add_test(characters, controls_and_what_is_no_text_are_written_out);
    tcase_add_test(characters, marks_join_the_letter_before_them);
    tcase_add_test(characters, marks_of_letters_beyond_the_edge_are_gone_with_them);
    tcase_add_test(characters, glyphs_of_the_program_have_an_ascii_form);
    tcase_add_test(lines, text_to_the_right_ends_at_its_column);
    tcase_add_test(lines, a_measured_width_is_the_drawn_width);
    tcase_add_test(lines, text_is_broken_at_spaces_and_newlines);
    tcase_add_test(lines, wrapped_text_ends_in_any_width);
    tcase_add_test(lines, a_long_printed_text_ends_with_a_whole_character);
    tcase_add_test(lines, a_ground_stays_under_what_is_drawn_on_it);
    suite_add_tcase(suite, edges);
    suite_add_tcase(suite, characters);
    suite_add_tcase(suite, lines);
    return suite;
}
