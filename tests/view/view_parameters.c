#include "view/view_parameters.h"
#include "app/program.h"
#include "app/projection.h"
#include "app/subject.h"
#include "shown.h"
#include "suites.h"
#include "view/matrix.h"
#include "viewing.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static App *app;
static Shown shown, other;

static void set_up(void)
{
    app = program_open("--n-embd 8 --n-head 2 --steps 20");
    program_press(app, "4");
}

static void tear_down(void)
{
    program_close(app);
}

static bool shows(const char *text)
{
    return strstr(shown.text, text) != NULL;
}

/* A number as the view writes it. */
static const char *digits(double number)
{
    static char text[24];

    return matrix_number(number, text);
}

START_TEST(every_size_is_drawn_without_a_stray_cell)
{
    static const char *const looks[] = {"look as heat", "look as map", "look as cosines"};
    static const char *const moments[] = {"0", "3.backward.40", "7.update.100", "20"};

    for (size_t i = 0; i < 4; i++) {
        shown_go(app, moments[i]);
        program_enter(app, looks[i % 3]);
        program_enter(app, i % 2 ? "look tensor layer0.attn_wo" : "look tensor wte");
        viewing_sweep_view(app, VIEW_PARAMETERS, GLYPHS_BRAILLE);
        program_enter(app, i % 2 ? "focus layer0.mlp_fc2[7][31]" : "focus wte[2][1]");
        viewing_sweep_view(app, VIEW_PARAMETERS, GLYPHS_BRAILLE);
    }
}
END_TEST

START_TEST(what_is_said_of_all_numbers_is_so)
{
    const Trainer *trainer = &app->session.trainer;
    const Tensor *wpe = &trainer->gpt.tensor[GPT_WPE];
    double squares = 0, most = -1;

    shown_go(app, "6");
    program_enter(app, "look shows gradient");
    program_enter(app, "look tensor wpe");
    for (int32_t i = wpe->first; i < wpe->first + wpe->rows * wpe->cols; i++) {
        squares += trainer->grad[i] * trainer->grad[i];
        most = fmax(most, trainer->grad[i]);
    }
    shown_screen(app, 100, 30, GLYPHS_BRAILLE, &shown);
    ck_assert_msg(shows(digits(sqrt(squares))), "%s", shown.text);
    ck_assert_msg(shows(digits(most)), "%s", shown.text);
    ck_assert(shows("wpe") && shows("gradient"));
}
END_TEST

START_TEST(rows_have_the_names_of_tokens_and_heads)
{
    shown_screen(app, 100, 60, GLYPHS_BRAILLE, &shown);
    for (int token = 0; token < app->session.corpus.characters; token++) {
        char row[8];
        snprintf(row, sizeof row, "\n %c  ", (char)app->session.corpus.character[token]);
        ck_assert_msg(shows(row), "%s", row);
    }
    program_enter(app, "look tensor layer0.attn_wk");
    shown_screen(app, 100, 60, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("head 0 0") && shows("head 1 0"));
    program_enter(app, "look tensor layer0.attn_wo");
    shown_screen(app, 100, 60, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("head 0 ") && shows("head 1"));
}
END_TEST

START_TEST(arrows_say_that_rows_and_columns_go_on)
{
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert_msg(shows("\n p ↓") && !shows("↑"), "%s", shown.text);
    program_enter(app, "focus wte[26][0]");
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert_msg(shows("\n l ↑") && !shows("↓"), "%s", shown.text);
}
END_TEST

/* The cursor comes to every number of the matrix, also where few are seen. */
START_TEST(the_cursor_lands_on_every_number)
{
    const Tensor *tensor = gpt_tensor(&app->session.trainer.gpt, "layer0.mlp_fc2");
    char place[24];

    program_enter(app, "look tensor layer0.mlp_fc2");
    shown_press(app, 60, 16, "Down");
    ck_assert_int_eq(look_focus(&app->look).index, tensor->first);
    for (int32_t row = 0; row < tensor->rows; row++) {
        for (int32_t col = 1; col < tensor->cols; col++) {
            const char *way = row % 2 == 0 ? "Right" : "Left";
            shown_press(app, 60, 16, way);
            ck_assert_int_eq(look_focus(&app->look).index,
                             tensor->first + row * tensor->cols +
                                 (row % 2 == 0 ? col : tensor->cols - 1 - col));
        }
        if (row + 1 < tensor->rows)
            shown_press(app, 60, 16, "Down");
    }
    snprintf(place, sizeof place, "[%d][0] =", (int)tensor->rows - 1);
    shown_screen(app, 60, 16, GLYPHS_BRAILLE, &shown);
    ck_assert_msg(shows(place), "%s", shown.text);
}
END_TEST

START_TEST(a_page_of_rows_or_columns_is_one_key)
{
    const Tensor *fc1 = gpt_tensor(&app->session.trainer.gpt, "layer0.mlp_fc1");

    program_enter(app, "look tensor layer0.mlp_fc1");
    shown_press(app, 60, 16, "Down");
    shown_press(app, 60, 16, "PgDn");
    ck_assert_int_eq(look_focus(&app->look).index, fc1->first + 8 * fc1->cols);
    shown_press(app, 60, 16, "PgDn");
    shown_press(app, 60, 16, "PgUp");
    ck_assert_int_eq(look_focus(&app->look).index, fc1->first + 8 * fc1->cols);
    program_enter(app, "focus none");
    program_enter(app, "look as cosines");
    shown_press(app, 60, 16, "Down");
    shown_press(app, 60, 16, "PgDn");
    ck_assert_int_eq(look_focus(&app->look).index, 8);
}
END_TEST

START_TEST(pictures_unhappen)
{
    static const char *const looks[] = {"look as heat", "look as map", "look shows update"};

    for (int i = 0; i < 3; i++) {
        program_enter(app, looks[i]);
        shown_go(app, "9.update.120");
        shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
        shown_go(app, "17");
        shown_screen(app, 120, 40, GLYPHS_BRAILLE, &other);
        ck_assert_str_ne(shown.text, other.text);
        shown_go(app, "9.update.120");
        shown_screen(app, 120, 40, GLYPHS_BRAILLE, &other);
        ck_assert_str_eq(shown.text, other.text);
    }
}
END_TEST

START_TEST(what_is_not_computed_is_a_dot)
{
    program_enter(app, "look shows gradient");
    shown_go(app, "3.forward.5");
    shown_members(app, VIEW_PARAMETERS, &shown);
    ck_assert(shows("\"norm\":null") && shows("[null,null"));
    shown_go(app, "3.backward.5");
    shown_members(app, VIEW_PARAMETERS, &shown);
    ck_assert(!shows("null"));
    program_enter(app, "look shows update");
    shown_go(app, "3.update.3");
    shown_members(app, VIEW_PARAMETERS, &shown);
    ck_assert_ptr_nonnull(strstr(shown.text, ",null,"));
    ck_assert_ptr_null(strstr(shown.text, "[[null"));
}
END_TEST

START_TEST(hidden_numbers_are_neither_drawn_nor_told)
{
    const Trainer *trainer = &app->session.trainer;
    const Focus focus = {.kind = FOCUS_VALUE, .index = 5};
    char number[40];

    shown_go(app, "4");
    program_enter(app, "focus wte[0][5]");
    snprintf(number, sizeof number, "%.17g", trainer->value[5]);
    number[8] = '\0';
    shown_members(app, VIEW_PARAMETERS, &shown);
    ck_assert_msg(shows(number), "%s", number);
    look_hide(&app->look, focus);
    shown_members(app, VIEW_PARAMETERS, &shown);
    ck_assert(!shows(number) && shows("hidden"));
    shown_words(app, VIEW_PARAMETERS, &shown);
    ck_assert(!shows(number) && shows("hidden"));
    shown_screen(app, 100, 30, GLYPHS_BRAILLE, &shown);
    ck_assert(!shows(number) && shows("?") && !shows(digits(trainer->value[5])));
}
END_TEST

START_TEST(the_members_are_the_numbers)
{
    const Trainer *trainer = &app->session.trainer;
    char begin[64];

    shown_go(app, "8");
    program_enter(app, "since 5");
    double at_5 = app->since.value[0];
    program_enter(app, "look shows change");
    shown_members(app, VIEW_PARAMETERS, &shown);
    snprintf(begin, sizeof begin, "\"numbers\":[[%.10g", trainer->value[0] - at_5);
    ck_assert_msg(strstr(shown.text, begin) != NULL, "%s", begin);
    ck_assert(shows("\"since\":\"5\"") && shows("\"tensor\":\"wte\""));
}
END_TEST

START_TEST(the_map_shows_each_token_once_and_says_which_are_alike)
{
    shown_go(app, "20");
    program_enter(app, "look as map");
    program_enter(app, "focus token 1");
    shown_screen(app, 100, 40, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("Most like 'b'") || shows("Most like"));
    shown_members(app, VIEW_PARAMETERS, &other);
    int points = 0;
    for (const char *at = other.text; (at = strstr(at, "{\"row\"")); at++)
        points++;
    ck_assert_int_eq(points, app->session.trainer.gpt.vocab);
    /* each point is a spot of its own */
    int spots = 0;
    for (int i = 0; i < app->look.spots.count; i++)
        spots += app->look.spots.spot[i].focus.kind == FOCUS_TOKEN;
    ck_assert_int_eq(spots, app->session.trainer.gpt.vocab);
}
END_TEST

START_TEST(vowels_are_known_and_point_the_axes)
{
    const Tensor *wte = &app->session.trainer.gpt.tensor[GPT_WTE];
    const Tensor *wpe = &app->session.trainer.gpt.tensor[GPT_WPE];
    double side[PROJECTION_ROWS];

    parameters_sides(app, wte, side);
    for (int token = 0; token <= app->session.corpus.characters; token++) {
        bool vowel = token < app->session.corpus.characters &&
                     strchr("aeiou", (char)app->session.corpus.character[token]);
        ck_assert_int_eq(parameters_is_vowel(app, wte, token), vowel);
        ck_assert_double_eq(side[token], vowel);
    }
    ck_assert(!parameters_is_vowel(app, wpe, 0));
    parameters_sides(app, wpe, side);
    ck_assert_double_lt(side[0], side[wpe->rows - 1]);
}
END_TEST

START_TEST(the_cursor_walks_through_the_table_of_cosines)
{
    program_enter(app, "look as cosines");
    shown_press(app, 60, 16, "Down");
    for (int i = 1; i < app->session.trainer.gpt.vocab; i++)
        shown_press(app, 60, 16, "Right");
    ck_assert_int_eq(look_focus(&app->look).entry, app->session.trainer.gpt.vocab - 1);
    shown_press(app, 60, 16, "Down");
    ck_assert_int_eq(look_focus(&app->look).index, 1);
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("cosine of"));
}
END_TEST

START_TEST(all_matrices_stand_small_below_where_there_is_room)
{
    const Gpt *gpt = &app->session.trainer.gpt;

    shown_screen(app, 150, 70, GLYPHS_BRAILLE, &shown);
    for (int i = 0; i < gpt->tensors; i++)
        ck_assert_msg(shows(gpt->tensor[i].name), "%s in\n%s", gpt->tensor[i].name, shown.text);
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert(!shows("wpe"));
}
END_TEST

Suite *view_parameters_suite(void)
{
    Suite *suite = suite_create("view_parameters");
    TCase *tests = tcase_create("view_parameters");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 20);
    tcase_add_test(tests, every_size_is_drawn_without_a_stray_cell);
    tcase_add_test(tests, what_is_said_of_all_numbers_is_so);
    tcase_add_test(tests, rows_have_the_names_of_tokens_and_heads);
    tcase_add_test(tests, arrows_say_that_rows_and_columns_go_on);
    tcase_add_test(tests, the_cursor_lands_on_every_number);
    tcase_add_test(tests, a_page_of_rows_or_columns_is_one_key);
    tcase_add_test(tests, pictures_unhappen);
    tcase_add_test(tests, what_is_not_computed_is_a_dot);
    tcase_add_test(tests, hidden_numbers_are_neither_drawn_nor_told);
    tcase_add_test(tests, the_members_are_the_numbers);
    tcase_add_test(tests, the_map_shows_each_token_once_and_says_which_are_alike);
    tcase_add_test(tests, vowels_are_known_and_point_the_axes);
    tcase_add_test(tests, the_cursor_walks_through_the_table_of_cosines);
    tcase_add_test(tests, all_matrices_stand_small_below_where_there_is_room);
    suite_add_tcase(suite, tests);
    return suite;
}
