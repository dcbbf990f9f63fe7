#include "view/theme.h"

#include "suites.h"
#include "support.h"

static const int depths[] = {0, 8, 16, 256};

static int16_t ink(Theme theme, Role role)
{
    return theme_look(theme, 256, role).fg;
}

static bool same_look(CellLook a, CellLook b)
{
    return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

START_TEST(levels_rise_in_lightness_on_dark_and_fall_on_light)
{
    for (Role role = ROLE_LEVEL0; role < ROLE_LEVEL7; role++) {
        ck_assert_double_lt(test_lightness(ink(THEME_DARK, role)) + 2,
                            test_lightness(ink(THEME_DARK, role + 1)));
        ck_assert_double_gt(test_lightness(ink(THEME_LIGHT, role)) - 2,
                            test_lightness(ink(THEME_LIGHT, role + 1)));
    }
}
END_TEST

/* How much farther in lightness a signed role is from zero's than the one next to it. */
static double farther(Theme theme, Role role, Role nearer)
{
    double step = test_lightness(ink(theme, role)) - test_lightness(ink(theme, nearer));
    return theme == THEME_DARK ? step : -step;
}

START_TEST(signed_colours_leave_the_paper_with_their_size)
{
    for (Theme theme = THEME_DARK; theme <= THEME_LIGHT; theme++) {
        for (Role k = 0; k < 4; k++) {
            Role below = ROLE_SIGNED0 + 4 - k, above = ROLE_SIGNED0 + 4 + k;
            ck_assert_double_gt(farther(theme, below - 1, below), 2);
            ck_assert_double_gt(farther(theme, above + 1, above), 2);
        }
    }
}
END_TEST

START_TEST(negative_is_blue_and_positive_is_not)
{
    for (Theme theme = THEME_DARK; theme <= THEME_LIGHT; theme++) {
        for (Role k = 1; k <= 4; k++) {
            uint32_t below = theme_rgb(ink(theme, ROLE_SIGNED0 + 4 - k));
            uint32_t above = theme_rgb(ink(theme, ROLE_SIGNED0 + 4 + k));
            ck_assert_uint_gt(below & 0xff, below >> 16);
            ck_assert_uint_lt(above & 0xff, above >> 16);
        }
    }
}
END_TEST

START_TEST(every_role_has_a_look_for_every_theme_and_depth)
{
    for (Theme theme = 0; theme < THEME_COUNT; theme++) {
        for (int i = 0; i < 4; i++) {
            for (Role role = 0; role < ROLE_COUNT; role++) {
                CellLook look = theme_look(theme, depths[i], role);
                int colours = theme == THEME_MONO ? 0 : depths[i];
                ck_assert_int_ge(look.fg, -1);
                ck_assert_int_lt(look.fg, colours ? colours : 0);
                ck_assert_int_lt(look.bg, colours ? colours : 0);
                ck_assert_int_le(look.attr, ATTR_BOLD | ATTR_UNDERLINE | ATTR_REVERSE);
                bool plain = same_look(look, (CellLook){-1, -1, 0});
                ck_assert_msg(!plain || colours < 256 || role == ROLE_TEXT, "role %u", role);
            }
        }
    }
}
END_TEST

START_TEST(depths_between_are_rounded_down)
{
    static const int given[] = {-1, 2, 9, 15, 17, 88, 255, 257, 1 << 24};
    static const int meant[] = {0, 0, 8, 8, 16, 16, 16, 256, 256};
    for (int i = 0; i < 9; i++)
        for (Role role = 0; role < ROLE_COUNT; role++)
            ck_assert(same_look(theme_look(THEME_DARK, given[i], role),
                                theme_look(THEME_DARK, meant[i], role)));
}
END_TEST

/* Least contrast with the paper: of what is read, of legends, of lines, of what is not there
 * yet. */
static double least_contrast(Role role)
{
    return role == ROLE_ABSENT ? 1.5 : role == ROLE_CURVE ? 2.2 : role == ROLE_DIM ? 4 : 4.2;
}

START_TEST(text_can_be_read_on_its_paper)
{
    for (Theme theme = THEME_DARK; theme <= THEME_LIGHT; theme++) {
        ck_assert_double_gt(test_contrast(theme_ink(theme), theme_paper(theme)), 10);
        for (Role role = ROLE_DIM; role < ROLE_BAR; role++) {
            double contrast = test_contrast(theme_rgb(ink(theme, role)), theme_paper(theme));
            ck_assert_msg(contrast >= least_contrast(role), "%s: role %u has a contrast of %.1f",
                          theme_names[theme], role, contrast);
        }
        CellLook bar = theme_look(theme, 256, ROLE_BAR);
        ck_assert_double_gt(test_contrast(theme_rgb(bar.fg), theme_rgb(bar.bg)), 5);
    }
}
END_TEST

START_TEST(without_colours_roles_that_must_differ_do)
{
    static const Role pairs[][2] = {
        {ROLE_TITLE, ROLE_TEXT},       {ROLE_ACCENT, ROLE_TEXT},     {ROLE_ACCENT, ROLE_TITLE},
        {ROLE_KEY, ROLE_DIM},          {ROLE_RIGHT, ROLE_TEXT},      {ROLE_RIGHT, ROLE_WRONG},
        {ROLE_WRONG, ROLE_TEXT},       {ROLE_NOTE, ROLE_TEXT},       {ROLE_CURVE, ROLE_SMOOTH},
        {ROLE_FORWARD, ROLE_BACKWARD}, {ROLE_FORWARD, ROLE_UPDATE},  {ROLE_BACKWARD, ROLE_UPDATE},
        {ROLE_BAR, ROLE_TEXT},         {ROLE_ACCENT, ROLE_BACKWARD},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ck_assert_int_ne(theme_look(THEME_MONO, 256, pairs[i][0]).attr,
                         theme_look(THEME_MONO, 256, pairs[i][1]).attr);
        ck_assert(same_look(theme_look(THEME_MONO, 256, pairs[i][0]),
                            theme_look(THEME_LIGHT, 0, pairs[i][0])));
    }
}
END_TEST

static CellLook look_on(Theme theme, int depth, Role role, Role ground, int attr)
{
    Cell cell = {
        .glyph = 'x', .role = (uint8_t)role, .ground = (uint8_t)ground, .attr = (uint8_t)attr};
    return theme_cell(theme, depth, &cell);
}

START_TEST(a_cell_without_a_ground_looks_like_its_role)
{
    for (Role role = 0; role < ROLE_COUNT; role++) {
        CellLook plain = theme_look(THEME_DARK, 256, role);
        ck_assert(same_look(look_on(THEME_DARK, 256, role, ROLE_TEXT, 0), plain));
        plain.attr |= ATTR_UNDERLINE;
        ck_assert(same_look(look_on(THEME_DARK, 256, role, ROLE_TEXT, ATTR_UNDERLINE), plain));
    }
}
END_TEST

START_TEST(heat_is_solid_and_negative_heat_shows_its_glyph_quietly)
{
    for (Theme theme = THEME_DARK; theme <= THEME_LIGHT; theme++) {
        for (Role role = ROLE_LEVEL0; role <= ROLE_SIGNED8; role++) {
            CellLook look = look_on(theme, 256, role, role, 0);
            bool negative = role >= ROLE_SIGNED0 && role < ROLE_SIGNED0 + 4;
            ck_assert_int_eq(look.bg, ink(theme, role));
            ck_assert_int_eq(look.fg == look.bg, !negative);
            double contrast = test_contrast(theme_rgb(look.fg), theme_rgb(look.bg));
            ck_assert_msg(!negative || (contrast > 1.3 && contrast < 3), "role %u: %.2f", role,
                          contrast);
        }
    }
}
END_TEST

START_TEST(numbers_on_heat_can_be_read)
{
    for (Theme theme = THEME_DARK; theme <= THEME_LIGHT; theme++) {
        for (Role role = ROLE_LEVEL0; role <= ROLE_SIGNED8; role++) {
            CellLook look = look_on(theme, 256, ROLE_TEXT, role, ATTR_BOLD);
            ck_assert_int_eq(look.bg, ink(theme, role));
            ck_assert_int_eq(look.attr, ATTR_BOLD);
            ck_assert_double_gt(test_contrast(theme_rgb(look.fg), theme_rgb(look.bg)), 3.9);
        }
    }
}
END_TEST

START_TEST(with_few_colours_heat_is_a_coloured_glyph)
{
    for (int i = 0; i < 3; i++)
        for (Role role = ROLE_LEVEL0; role <= ROLE_SIGNED8; role++)
            ck_assert(same_look(look_on(THEME_DARK, depths[i], role, role, 0),
                                theme_look(THEME_DARK, depths[i], role)));
    ck_assert(same_look(look_on(THEME_MONO, 256, ROLE_LEVEL7, ROLE_LEVEL7, 0), (CellLook){-1, -1, 0}));
}
END_TEST

START_TEST(a_half_block_shows_two_levels)
{
    CellLook look = look_on(THEME_DARK, 256, ROLE_LEVEL7, ROLE_LEVEL0 + 2, 0);
    ck_assert_int_eq(look.fg, ink(THEME_DARK, ROLE_LEVEL7));
    ck_assert_int_eq(look.bg, ink(THEME_DARK, ROLE_LEVEL0 + 2));
}
END_TEST

START_TEST(a_bar_lies_behind_every_role)
{
    for (Theme theme = 0; theme < THEME_COUNT; theme++) {
        for (int i = 0; i < 4; i++) {
            CellLook bar = theme_look(theme, depths[i], ROLE_BAR);
            for (Role role = 0; role < ROLE_BAR; role++) {
                CellLook look = look_on(theme, depths[i], role, ROLE_BAR, 0);
                ck_assert_int_eq(look.bg, bar.bg);
                ck_assert_int_eq(look.attr & ATTR_REVERSE & bar.attr, bar.attr & ATTR_REVERSE);
            }
        }
    }
}
END_TEST

START_TEST(names_find_their_theme)
{
    for (Theme theme = 0; theme < THEME_COUNT; theme++)
        ck_assert_int_eq(theme_find(theme_names[theme]), theme);
    ck_assert_int_eq(theme_find("Dark"), THEME_COUNT);
    ck_assert_int_eq(theme_find(""), THEME_COUNT);
}
END_TEST

START_TEST(palette_numbers_have_the_colours_of_terminals)
{
    ck_assert_uint_eq(theme_rgb(0), 0x000000);
    ck_assert_uint_eq(theme_rgb(16), 0x000000);
    ck_assert_uint_eq(theme_rgb(231), 0xffffff);
    ck_assert_uint_eq(theme_rgb(196), 0xff0000);
    ck_assert_uint_eq(theme_rgb(67), 0x5f87af);
    ck_assert_uint_eq(theme_rgb(232), 0x080808);
    ck_assert_uint_eq(theme_rgb(255), 0xeeeeee);
}
END_TEST

Suite *theme_suite(void)
{
    Suite *suite = suite_create("theme");
    TCase *roles = tcase_create("roles");
    TCase *cells = tcase_create("cells");

    tcase_add_test(roles, levels_rise_in_lightness_on_dark_and_fall_on_light);
    tcase_add_test(roles, signed_colours_leave_the_paper_with_their_size);
    tcase_add_test(roles, negative_is_blue_and_positive_is_not);
    tcase_add_test(roles, every_role_has_a_look_for_every_theme_and_depth);
    tcase_add_test(roles, depths_between_are_rounded_down);
    tcase_add_test(roles, text_can_be_read_on_its_paper);
    tcase_add_test(roles, without_colours_roles_that_must_differ_do);
    tcase_add_test(roles, names_find_their_theme);
    tcase_add_test(roles, palette_numbers_have_the_colours_of_terminals);
    tcase_add_test(cells, a_cell_without_a_ground_looks_like_its_role);
    tcase_add_test(cells, heat_is_solid_and_negative_heat_shows_its_glyph_quietly);
    tcase_add_test(cells, numbers_on_heat_can_be_read);
    tcase_add_test(cells, with_few_colours_heat_is_a_coloured_glyph);
    tcase_add_test(cells, a_half_block_shows_two_levels);
    tcase_add_test(cells, a_bar_lies_behind_every_role);
    suite_add_tcase(suite, roles);
    suite_add_tcase(suite, cells);
    return suite;
}
