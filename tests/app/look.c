#include "app/look.h"

#include "program.h"
#include "suites.h"
#include <string.h>

static App *app;

static void set_up(void)
{
    app = program_open("--n-embd 4 --n-head 2 --steps 12");
}

static void tear_down(void)
{
    program_close(app);
}

/* ---- views ----------------------------------------------------------------------------------- */

START_TEST(digits_and_names_show_views)
{
    for (int i = 0; i < VIEW_COUNT; i++) {
        char digit[2] = {(char)('1' + i), '\0'};
        program_press(app, digit);
        ck_assert_int_eq(look_view(&app->look), i);
    }
    program_enter(app, "view attention");
    ck_assert_int_eq(look_view(&app->look), VIEW_ATTENTION);
    program_enter(app, "view lo");
    ck_assert_int_eq(look_view(&app->look), VIEW_LOSS);
    program_enter(app, "view nothing");
    ck_assert(app->message_wrong && strstr(app->message, "nothing"));
    ck_assert_int_eq(look_view(&app->look), VIEW_LOSS);
}
END_TEST

START_TEST(two_views_stand_beside_each_other_and_tab_moves_between)
{
    program_enter(app, "view loss attention");
    ck_assert_int_eq(app->look.panes, 2);
    ck_assert_int_eq(look_view(&app->look), VIEW_LOSS);
    program_press(app, "Tab");
    ck_assert_int_eq(look_view(&app->look), VIEW_ATTENTION);
    program_press(app, "6");
    ck_assert_int_eq(app->look.pane[1], VIEW_ADAM);
    program_enter(app, "pane one");
    ck_assert_int_eq(app->look.panes, 1);
    ck_assert_int_eq(look_view(&app->look), VIEW_ADAM);
}
END_TEST

START_TEST(what_goes_with_a_view_is_shown_only_where_there_is_room)
{
    const ViewName beside = look_views[VIEW_PARAMETERS].beside;

    program_press(app, "4");
    ck_assert(look_is_shown(&app->look, VIEW_PARAMETERS));
    ck_assert(!look_is_shown(&app->look, beside));
    app->look.wide = true;
    ck_assert(look_is_shown(&app->look, beside));
    program_enter(app, "pane one");
    ck_assert(!look_is_shown(&app->look, beside));
    program_enter(app, "view loss attention");
    ck_assert(look_is_shown(&app->look, VIEW_LOSS) && look_is_shown(&app->look, VIEW_ATTENTION));
    ck_assert(!look_is_shown(&app->look, VIEW_PARAMETERS));
}
END_TEST

START_TEST(options_go_round_by_keys_and_are_set_by_name)
{
    char choice[LOOK_CHOICE_BYTES];
    const LookName option = look_option(VIEW_ATTENTION, 0);
    int choices = 0;

    program_press(app, "3");
    while (look_choice(app, option, choices, choice))
        choices++;
    ck_assert_int_gt(choices, 1);
    program_press(app, "t");
    ck_assert_int_eq(app->look.choice[option], 1);
    program_press(app, "T T");
    ck_assert_int_eq(app->look.choice[option], choices - 1);
    program_enter(app, "look shows score");
    look_choice(app, option, app->look.choice[option], choice);
    ck_assert_str_eq(choice, "score");
    program_enter(app, "look shows nonsense");
    ck_assert(app->message_wrong);
    program_enter(app, "look nothing");
    ck_assert(app->message_wrong);
}
END_TEST

START_TEST(every_option_has_choices_and_a_view_at_most_four)
{
    char choice[LOOK_CHOICE_BYTES];
    int of_view[VIEW_COUNT] = {0};

    for (int i = 0; i < LOOK_COUNT; i++) {
        ck_assert(look_options[i].name && look_options[i].help);
        ck_assert_msg(look_choice(app, (LookName)i, 1, choice), "%s", look_options[i].name);
        ck_assert_int_le(++of_view[look_options[i].view], 4);
    }
}
END_TEST

/* ---- deeper and back ------------------------------------------------------------------------- */

START_TEST(enter_goes_deeper_and_backspace_back)
{
    program_enter(app, "goto 3");
    program_press(app, "3");
    program_enter(app, "focus attn[0][1][0][0]");
    ck_assert_int_eq(app->head, 1);
    for (int depth = 1; depth < look_views[VIEW_ATTENTION].depths; depth++) {
        program_press(app, "Enter");
        ck_assert_int_eq(app->look.depth[VIEW_ATTENTION], depth);
    }
    Focus focus = look_focus(&app->look);
    program_press(app, "Enter");
    ck_assert_int_eq(look_view(&app->look), VIEW_GRAPH);
    ck_assert(focus_same(look_focus(&app->look), focus));
    program_press(app, "Backspace");
    ck_assert_int_eq(look_view(&app->look), VIEW_ATTENTION);
    for (int depth = look_views[VIEW_ATTENTION].depths - 1; depth > 0; depth--) {
        ck_assert_int_eq(app->look.depth[VIEW_ATTENTION], depth);
        program_press(app, "Backspace");
    }
    ck_assert_int_eq(app->look.depth[VIEW_ATTENTION], 0);
    program_press(app, "Backspace");
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_NONE);
}
END_TEST

START_TEST(enter_on_a_loss_goes_to_its_step)
{
    program_enter(app, "goto 9");
    program_press(app, "5");
    program_enter(app, "focus step 4");
    program_press(app, "Enter");
    program_settle(app);
    program_at(app, "4");
}
END_TEST

START_TEST(why_asks_about_what_is_under_the_cursor)
{
    program_enter(app, "goto 3");
    program_enter(app, "focus adam(wte[0][1]).v_hat");
    program_press(app, "w");
    ck_assert(app->asking.on);
    ck_assert_str_eq(app->asking.why.question, "adam(wte[0][1]).v_hat");
}
END_TEST

START_TEST(edit_opens_the_prompt_with_the_number)
{
    program_enter(app, "focus wte[0][1]");
    program_press(app, "e");
    ck_assert(app->prompt.open);
    ck_assert_msg(strncmp(app->prompt.line.text, "set wte[0][1] = ", 16) == 0, "%s",
                  app->prompt.line.text);
}
END_TEST

START_TEST(find_puts_the_cursor_on_a_name)
{
    program_press(app, "/");
    ck_assert(app->prompt.open);
    ck_assert_str_eq(app->prompt.line.text, "find ");
    program_press(app, "Esc");
    program_enter(app, "find wpe[0][1]");
    Scope scope = app_scope(app);
    char text[FOCUS_TEXT_BYTES];
    focus_print(&scope, look_focus(&app->look), text, sizeof text);
    ck_assert_str_eq(text, "wpe[0][1]");
}
END_TEST

/* ---- marks and what is hidden ---------------------------------------------------------------- */

START_TEST(marks_are_gone_round_and_taken_away)
{
    program_enter(app, "focus wte[0][1]");
    program_press(app, "m");
    Focus first = look_focus(&app->look);
    program_enter(app, "focus wpe[0][0]");
    program_press(app, "m");
    Focus second = look_focus(&app->look);
    ck_assert(look_is_marked(&app->look, first) && look_is_marked(&app->look, second));
    program_press(app, "'");
    ck_assert(focus_same(look_focus(&app->look), first));
    program_press(app, "m");
    ck_assert(!look_is_marked(&app->look, first));
    program_enter(app, "mark none");
    ck_assert(!look_is_marked(&app->look, second));
}
END_TEST

START_TEST(what_is_hidden_is_hidden_until_it_is_revealed)
{
    program_enter(app, "focus wte[0][1]");
    Focus focus = look_focus(&app->look);
    ck_assert(!look_is_hidden(&app->look, focus));
    ck_assert(look_hide(&app->look, focus));
    ck_assert(look_is_hidden(&app->look, focus));
    look_reveal(&app->look);
    ck_assert(!look_is_hidden(&app->look, focus));
}
END_TEST

/* ---- spots ----------------------------------------------------------------------------------- */

static Focus item(int index)
{
    return (Focus){.kind = FOCUS_ITEM, .index = index};
}

/*   0  1        4
 *   2  3
 *   3           (once more)                     */
static void lay_out(Spots *spots)
{
    static const struct {
        int x, y, index;
    } places[] = {{0, 0, 0}, {5, 0, 1}, {0, 1, 2}, {5, 1, 3}, {20, 0, 4}, {0, 2, 3}};

    spots_clear(spots);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        spots_add(spots, (Spot){places[i].x, places[i].y, 4, 1, item(places[i].index)});
}

START_TEST(the_cursor_moves_to_the_nearest_spot_on_a_side)
{
    static const struct {
        int from;
        Toward side;
        int to;
    } moves[] = {{0, TOWARD_RIGHT, 1}, {1, TOWARD_RIGHT, 4}, {4, TOWARD_LEFT, 1}, {0, TOWARD_DOWN, 2},
                 {1, TOWARD_DOWN, 3},  {3, TOWARD_UP, 1},    {2, TOWARD_UP, 0},   {0, TOWARD_LEFT, 0},
                 {0, TOWARD_UP, 0},    {4, TOWARD_RIGHT, 4}};
    Spots *spots = &app->look.spots;

    lay_out(spots);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        int to = spots_toward(spots, moves[i].from, moves[i].side, 1);
        ck_assert_msg(to == moves[i].to, "%zu: %d", i, to);
    }
    ck_assert_int_eq(spots_toward(spots, -1, TOWARD_DOWN, 1), 0);
    ck_assert_int_eq(spots_toward(spots, 0, TOWARD_RIGHT, 100), 4);
    ck_assert_int_eq(spots_at(spots, 6, 1), 3);
    ck_assert_int_eq(spots_at(spots, 30, 1), -1);
}
END_TEST

START_TEST(keys_and_clicks_move_the_cursor)
{
    lay_out(&app->look.spots);
    program_press(app, "Down");
    ck_assert(focus_same(look_focus(&app->look), item(0)));
    program_press(app, "Right Down");
    ck_assert(focus_same(look_focus(&app->look), item(3)));
    app_key(app, "Click 21 0");
    ck_assert(focus_same(look_focus(&app->look), item(4)));
    app_key(app, "Click 70 9");
    ck_assert(focus_same(look_focus(&app->look), item(4)));
}
END_TEST

START_TEST(without_a_picture_the_cursor_stays_nowhere)
{
    program_press(app, "Down Up Left Right PgDn");
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_NONE);
}
END_TEST

Suite *look_suite(void)
{
    Suite *suite = suite_create("look");
    TCase *tests = tcase_create("views");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, digits_and_names_show_views);
    tcase_add_test(tests, two_views_stand_beside_each_other_and_tab_moves_between);
    tcase_add_test(tests, what_goes_with_a_view_is_shown_only_where_there_is_room);
    tcase_add_test(tests, options_go_round_by_keys_and_are_set_by_name);
    tcase_add_test(tests, every_option_has_choices_and_a_view_at_most_four);
    tcase_add_test(tests, enter_goes_deeper_and_backspace_back);
    tcase_add_test(tests, enter_on_a_loss_goes_to_its_step);
    tcase_add_test(tests, why_asks_about_what_is_under_the_cursor);
    tcase_add_test(tests, edit_opens_the_prompt_with_the_number);
    tcase_add_test(tests, find_puts_the_cursor_on_a_name);
    tcase_add_test(tests, marks_are_gone_round_and_taken_away);
    tcase_add_test(tests, what_is_hidden_is_hidden_until_it_is_revealed);
    tcase_add_test(tests, the_cursor_moves_to_the_nearest_spot_on_a_side);
    tcase_add_test(tests, keys_and_clicks_move_the_cursor);
    tcase_add_test(tests, without_a_picture_the_cursor_stays_nowhere);
    return suite;
}
