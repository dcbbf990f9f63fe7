#include "app/knob.h"

#include "app/expr.h"
#include "engine/gpt.h"
#include "suites.h"
#include <math.h>
#include <string.h>

enum { VOCAB = 27, TURNS = 400 };

static Settings standard(void)
{
    Settings settings;

    settings_default(&settings);
    return settings;
}

static Knob knob_of(const char *name)
{
    const int row = knob_find(settings_find(name));

    ck_assert_msg(row >= 0, "%s is no knob", name);
    return knob_row(row);
}

static double turned(const char *name, Settings *settings, int notches)
{
    const Knob knob = knob_of(name);

    knob_turn(&knob, settings, VOCAB, notches);
    return settings_get(settings, knob.info);
}

START_TEST(every_setting_of_a_run_is_a_knob)
{
    for (int i = 0; i < settings_count; i++)
        ck_assert_msg((knob_find(&settings_table[i]) >= 0) ==
                          (strcmp(settings_table[i].name, "samples") != 0),
                      "%s", settings_table[i].name);
}
END_TEST

/* To one end of the dial: always on, never to what no run can have, by short numbers. */
static int walk(const Knob *knob, Settings *settings, int way)
{
    char text[EXPR_NUMBER_BYTES];
    int turns = 0;

    for (double last = settings_get(settings, knob->info); turns < TURNS; turns++) {
        if (!knob_turn(knob, settings, VOCAB, way))
            break;
        const double now = settings_get(settings, knob->info);
        if (knob->scale != KNOB_HEADS)
            ck_assert(way > 0 ? now > last : now < last);
        ck_assert(settings_check(settings, NULL) && settings_allows(knob->info, now));
        ck_assert_msg(strlen(expr_print_number(now, text)) <= 8, "%s", text);
        last = now;
    }
    return turns;
}

START_TEST(a_knob_turns_from_end_to_end_by_short_numbers)
{
    const Knob knob = knob_row(_i);
    Settings settings = standard();

    ck_assert_int_lt(walk(&knob, &settings, -1), TURNS);
    ck_assert(knob_place(&knob, &settings, settings_get(&settings, knob.info)) < 0.13);
    const int turns = walk(&knob, &settings, 1);
    ck_assert_int_ge(turns, 1);
    ck_assert_int_lt(turns, TURNS);
    ck_assert(knob_place(&knob, &settings, settings_get(&settings, knob.info)) == 1);
}
END_TEST

START_TEST(a_notch_there_and_back_is_the_default)
{
    const Knob knob = knob_row(_i);

    for (int way = -1; way <= 1; way += 2) {
        Settings settings = standard();
        if (!knob_turn(&knob, &settings, VOCAB, way))
            continue;
        ck_assert(settings_get(&settings, knob.info) != knob.info->standard);
        ck_assert(knob_turn(&knob, &settings, VOCAB, -way));
        ck_assert(settings_get(&settings, knob.info) == knob.info->standard);
    }
}
END_TEST

START_TEST(a_turn_goes_over_what_no_run_can_have)
{
    Settings settings = standard();

    ck_assert(turned("n_embd", &settings, 1) == 20);
    ck_assert(turned("n_head", &settings, 1) == 5);
    ck_assert(turned("n_head", &settings, 2) == 20 || settings.n_head == 10);
    ck_assert_int_eq(settings.n_embd % settings.n_head, 0);
    settings.n_embd = 17;
    settings.n_head = 17;
    ck_assert(turned("n_head", &settings, -1) == 1);
}
END_TEST

START_TEST(a_turn_stops_where_memory_would)
{
    Settings settings = standard();
    Error error;

    settings.n_layer = 8;
    const double width = turned("n_embd", &settings, 1000);
    ck_assert(width > 32 && width < 128);
    ck_assert(gpt_bytes(&settings, VOCAB) <= KNOB_BYTES_LIMIT);
    settings.n_embd = 128;
    ck_assert(!knob_fits(&settings, VOCAB, &error));
    ck_assert(strstr(error.text, "1024 MB") != NULL);
}
END_TEST

START_TEST(a_larger_turn_is_as_many_small_ones)
{
    Settings once = standard(), often = standard();

    turned("lr", &once, 5);
    for (int i = 0; i < 5; i++)
        turned("lr", &often, 1);
    ck_assert(once.lr == often.lr);
    ck_assert(once.lr == 0.018);
}
END_TEST

START_TEST(words_go_round)
{
    Settings settings = standard();
    const Knob knob = knob_of("optimizer");

    for (int i = 1; i <= 3; i++) {
        ck_assert(knob_cycle(&knob, &settings, VOCAB));
        ck_assert_int_eq(settings.optimizer, i % 3);
    }
    ck_assert_int_eq(knob_places(&knob, &settings), 3);
}
END_TEST

START_TEST(heads_go_from_none_by_each_to_all)
{
    Settings settings = standard();

    settings.n_layer = 2;
    for (int layer = 0; layer < 2; layer++)
        for (int head = 0; head < 4; head++)
            ck_assert(turned("silence", &settings, 1) == (double)settings_head(layer, head));
    ck_assert(turned("silence", &settings, 1) == SETTING_ALL_HEADS);
    ck_assert(turned("silence", &settings, -9) == SETTING_NO_HEAD);
}
END_TEST

/* What was typed may lie anywhere. */
START_TEST(a_turn_comes_back_from_beyond_the_dial)
{
    Settings settings = standard();

    settings.lr = 1e300;
    ck_assert(turned("lr", &settings, 1) == 1e300);
    ck_assert(turned("lr", &settings, -1) < 1e300);
    settings.lr = 1e-200;
    ck_assert(turned("lr", &settings, 1) == 1e-5);
    ck_assert(turned("lr", &settings, -1) == 0);
    settings.beta1 = 1;
    ck_assert(turned("beta1", &settings, -1) < 1);
    settings.n_embd = 160;
    ck_assert(turned("n_embd", &settings, 1) == 160);
    ck_assert(turned("n_embd", &settings, -1) == 156);
}
END_TEST

Suite *knob_suite(void)
{
    Suite *suite = suite_create("knob");
    TCase *tests = tcase_create("knob");

    tcase_add_test(tests, every_setting_of_a_run_is_a_knob);
    tcase_add_loop_test(tests, a_knob_turns_from_end_to_end_by_short_numbers, 0, knob_count());
    tcase_add_loop_test(tests, a_notch_there_and_back_is_the_default, 0, knob_count());
    tcase_add_test(tests, a_turn_goes_over_what_no_run_can_have);
    tcase_add_test(tests, a_turn_stops_where_memory_would);
    tcase_add_test(tests, a_larger_turn_is_as_many_small_ones);
    tcase_add_test(tests, words_go_round);
    tcase_add_test(tests, heads_go_from_none_by_each_to_all);
    tcase_add_test(tests, a_turn_comes_back_from_beyond_the_dial);
    suite_add_tcase(suite, tests);
    return suite;
}
