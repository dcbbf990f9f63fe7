#include "app/writing.h"

#include "app/command.h"
#include "app/pass.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define OPTIONS "--block-size 6 --lr 0.05"

static void choose(App *app, LookName option, const char *text)
{
    Error error;
    ck_assert_msg(look_choose(app, option, text, &error), "%s", error.text);
}

/* The text that is looked at, written at this moment. */
static const char *text_of(App *app)
{
    static char text[WRITING_TEXT_BYTES];

    writing_finish(app);
    writing_print(app, text, sizeof text);
    return text;
}

static App *open_at(const char *options, const char *moment)
{
    App *app = program_open(options);
    Error error;

    ck_assert_msg(app_seek(app, moment, &error), "%s", error.text);
    return app;
}

/* ---- the run ---------------------------------------------------------------------------------- */

static const char *const moments[] = {"0",          "3.forward.50", "7.backward.20",
                                      "7.update.9", "12",           "40"};

START_TEST(writing_never_disturbs_the_run)
{
    App *writes = open_at(OPTIONS, moments[_i]), *silent = open_at(OPTIONS, moments[_i]);

    choose(writes, LOOK_GENERATE_AS, "list");
    writing_finish(writes);
    ck_assert_int_eq(writes->writing.count, WRITING_TEXTS);
    program_same(writes, silent);
    choose(writes, LOOK_GENERATE_AS, "one");
    choose(writes, LOOK_GENERATE_SEED, "7");
    text_of(writes);
    program_enter(writes, "gen a");
    program_same(writes, silent);
    program_enter(writes, "goto end");
    program_enter(silent, "goto end");
    program_same(writes, silent);
    program_close(writes);
    program_close(silent);
}
END_TEST

START_TEST(with_the_dice_of_the_run_the_list_is_what_the_run_writes)
{
    App *app = open_at(OPTIONS, "20");
    const SessionTexts *set = session_texts(&app->session, 0);

    choose(app, LOOK_GENERATE_AS, "list");
    writing_finish(app);
    ck_assert_int_eq(set->step, 20);
    for (int i = 0; i < WRITING_TEXTS; i++) {
        ck_assert_str_eq(app->writing.text[i].bytes, set->text[i].bytes);
        ck_assert_int_eq(app->writing.text[i].kind != WRITING_NEW, set->text[i].known);
    }
    program_close(app);
}
END_TEST

START_TEST(what_is_written_follows_the_moment)
{
    App *app = open_at(OPTIONS, "5"), *later = open_at(OPTIONS, "30");
    Error error;

    text_of(app);
    ck_assert(writing_is_current(app));
    ck_assert(app_seek(app, "30", &error));
    ck_assert(!writing_is_current(app));
    text_of(app);
    text_of(later);
    ck_assert(writing_is_current(app));
    ck_assert_mem_eq(app->writing.before, later->writing.before,
                     sizeof(double) * (size_t)app->writing.sampler.gpt.vocab);
    /* Within a step parameters move in the update alone. */
    ck_assert(app_seek(app, "30.backward.5", &error));
    ck_assert(writing_is_current(app));
    ck_assert(app_seek(app, "30.update.5", &error));
    ck_assert(!writing_is_current(app));
    program_close(app);
    program_close(later);
}
END_TEST

START_TEST(a_change_of_a_parameter_makes_what_is_written_old)
{
    App *app = open_at(OPTIONS, "5");

    text_of(app);
    program_enter(app, "set wte[0][0] = 3");
    ck_assert(!writing_is_current(app));
    text_of(app);
    program_enter(app, "undo");
    ck_assert(!writing_is_current(app));
    program_enter(app, "set wte[0][0] = 4");
    ck_assert(!writing_is_current(app));
    program_close(app);
}
END_TEST

START_TEST(another_run_is_written_by_its_own_model)
{
    App *small = program_open("--block-size 6"), *large = program_open("--block-size 8 --n-embd 8");

    text_of(large);
    program_enter(small, "save other");
    program_enter(large, "load other");
    ck_assert_msg(!large->message_wrong, "%s", large->message);
    ck_assert(!writing_is_current(large));
    text_of(small);
    text_of(large);
    ck_assert_int_eq(large->writing.sampler.gpt.block_size, 6);
    ck_assert_mem_eq(small->writing.before, large->writing.before,
                     sizeof(double) * (size_t)small->writing.sampler.gpt.vocab);
    program_close(small);
    program_close(large);
}
END_TEST

/* ---- drawing ---------------------------------------------------------------------------------- */

START_TEST(a_drawn_number_falls_on_the_token_that_is_written)
{
    App *app = open_at(OPTIONS, "20");
    const Writing *writing = &app->writing;
    int drawn = 0;

    for (int seed = 1; seed < 30; seed++) {
        char text[16];
        snprintf(text, sizeof text, "%d", seed);
        choose(app, LOOK_GENERATE_SEED, text);
        text_of(app);
        for (int pos = 0; pos < writing_positions(writing); pos++) {
            double low = 0, share;
            for (int t = 0; t < writing->picked[pos]; t++) {
                ck_assert(writing_value(app, writing_focus(WRITING_ITEM_AFTER, pos, t), &share));
                low += share;
            }
            ck_assert(writing_value(
                app, writing_focus(WRITING_ITEM_AFTER, pos, writing->picked[pos]), &share));
            ck_assert_double_ge(writing->drawn[pos], low - 1e-12);
            ck_assert_double_le(writing->drawn[pos], low + share + 1e-12);
            drawn++;
        }
    }
    ck_assert_int_gt(drawn, 60);
    program_close(app);
}
END_TEST

START_TEST(before_temperature_is_after_it_at_temperature_1)
{
    App *app = open_at(OPTIONS, "20");
    const int vocab = app->session.trainer.gpt.vocab;
    double before, after, sum_of_differences = 0;

    choose(app, LOOK_GENERATE_TEMPERATURE, "1");
    text_of(app);
    for (int pos = 0; pos < writing_positions(&app->writing); pos++)
        for (int t = 0; t < vocab; t++) {
            writing_value(app, writing_focus(WRITING_ITEM_BEFORE, pos, t), &before);
            writing_value(app, writing_focus(WRITING_ITEM_AFTER, pos, t), &after);
            ck_assert_mem_eq(&before, &after, sizeof before);
        }
    choose(app, LOOK_GENERATE_TEMPERATURE, "0.25");
    text_of(app);
    for (int t = 0; t < vocab; t++) {
        writing_value(app, writing_focus(WRITING_ITEM_BEFORE, 0, t), &before);
        writing_value(app, writing_focus(WRITING_ITEM_AFTER, 0, t), &after);
        sum_of_differences += fabs(before - after);
    }
    ck_assert_double_gt(sum_of_differences, 0.01);
    program_close(app);
}
END_TEST

START_TEST(the_option_temperature_is_the_first_choice)
{
    App *app = open_at(OPTIONS, "5");

    program_enter(app, "option temperature = 0.123");
    ck_assert_double_eq(writing_temperature(app), 0.123);
    text_of(app);
    ck_assert_double_eq(app->writing.from.temperature, 0.123);
    choose(app, LOOK_GENERATE_TEMPERATURE, "1.5");
    ck_assert_double_eq(writing_temperature(app), 1.5);
    program_close(app);
}
END_TEST

/* ---- what the reader asks for ----------------------------------------------------------------- */

START_TEST(a_text_begins_with_the_prefix)
{
    App *app = open_at(OPTIONS, "20");
    Error error;
    char c[8] = "";

    corpus_encode(app->session.corpus.character[1], c);
    ck_assert_msg(writing_set_prefix(app, c, &error), "%s", error.text);
    ck_assert_int_eq(strncmp(text_of(app), c, strlen(c)), 0);
    ck_assert(isnan(app->writing.drawn[0]));
    ck_assert_int_eq(app->writing.picked[0], 1);
    ck_assert_int_eq(app->writing.draws, writing_positions(&app->writing) - 1);
    ck_assert(!writing_set_prefix(app, "€", &error));
    ck_assert_str_eq(app->writing.prefix, c);
    program_close(app);
}
END_TEST

START_TEST(a_prefix_leaves_room_for_a_character)
{
    App *app = open_at(OPTIONS, "20");
    char c[8] = "", long_one[64] = "";
    Error error;

    corpus_encode(app->session.corpus.character[0], c);
    for (int i = 0; i < 5; i++)
        strcat(long_one, c);
    ck_assert(writing_set_prefix(app, long_one, &error));
    text_of(app);
    ck_assert_int_eq(app->writing.draws, 1);
    strcat(long_one, c);
    ck_assert(!writing_set_prefix(app, long_one, &error));
    ck_assert_str_eq(error.text, "a text of this model has at most 5 characters to begin with");
    program_close(app);
}
END_TEST

START_TEST(character_by_character_the_same_text_comes_about)
{
    App *app = open_at(OPTIONS, "20");
    char whole[WRITING_TEXT_BYTES];

    choose(app, LOOK_GENERATE_SEED, "3");
    snprintf(whole, sizeof whole, "%s", text_of(app));
    const int draws = app->writing.draws;
    for (int k = 1; k <= draws; k++) {
        writing_next(app);
        ck_assert_int_eq(strncmp(text_of(app), whole, strlen(text_of(app))), 0);
        ck_assert_int_eq(app->writing.draws, k);
    }
    ck_assert_str_eq(text_of(app), whole);
    writing_next(app);
    text_of(app);
    ck_assert_int_eq(app->writing.number, 1);
    ck_assert_int_eq(app->writing.draws, 1);
    ck_assert(writing_back(app));
    text_of(app);
    ck_assert_int_eq(app->writing.draws, 0);
    ck_assert_int_eq(writing_positions(&app->writing), 0);
    ck_assert(writing_back(app));
    text_of(app);
    ck_assert(app->writing.sampler.ended);
    ck_assert(!writing_back(app));
    program_close(app);
}
END_TEST

START_TEST(a_text_of_the_list_is_the_one_that_is_opened)
{
    App *app = open_at(OPTIONS, "20");

    choose(app, LOOK_GENERATE_AS, "list");
    writing_finish(app);
    for (int i = WRITING_TEXTS - 1; i >= 0; i -= 4) {
        char expected[WRITING_TEXT_BYTES];
        snprintf(expected, sizeof expected, "%s", app->writing.text[i].bytes);
        choose(app, LOOK_GENERATE_AS, "list");
        app->look.focus[VIEW_GENERATE] = writing_focus(WRITING_ITEM_TEXT, 0, i);
        writing_next(app);
        ck_assert_str_eq(text_of(app), expected);
    }
    program_close(app);
}
END_TEST

START_TEST(what_was_trained_on_is_told_from_what_is_only_in_the_data)
{
    App *app = open_at("--block-size 8 --steps 300 --lr 0.03 --n-embd 8", "300");
    int kinds[WRITING_KINDS] = {0};

    choose(app, LOOK_GENERATE_AS, "list");
    writing_finish(app);
    for (int i = 0; i < WRITING_TEXTS; i++) {
        const WritingText *text = &app->writing.text[i];
        bool known = known_has(&app->session.known, text->bytes, strlen(text->bytes));
        ck_assert(known ? text->kind == WRITING_TRAINED : text->kind == WRITING_NEW);
        kinds[text->kind]++;
    }
    ck_assert_int_gt(kinds[WRITING_TRAINED], 0);
    ck_assert_int_gt(kinds[WRITING_NEW], 0);
    program_close(app);
}
END_TEST

START_TEST(gen_answers_a_script_with_the_text)
{
    App *app = open_at(OPTIONS, "20");
    Error error;

    app->headless = true;
    ck_assert(!(command_run(app, "gen", &error) & CHANGE_FAILED));
    char line[WRITING_TEXT_BYTES + 32];
    snprintf(line, sizeof line, "%s\t%s\n", app->writing.text[0].bytes,
             writing_kind_names[app->writing.text[0].kind]);
    ck_assert_str_eq(answer_first(&app->answer), line);
    ck_assert_ptr_nonnull(strstr(app->answer.members.bytes, "\"drawn\":"));
    ck_assert(command_run(app, "gen €", &error) & CHANGE_FAILED);
    ck_assert_str_eq(error.text, "€ is no character of the documents");
    program_close(app);
}
END_TEST

/* ---- the cache -------------------------------------------------------------------------------- */

/* Counted span by span, the other way round: what K and V of a position rest on. */
static int64_t nodes_for_keys(const Gpt *gpt, int pos)
{
    int64_t sum = 0;

    for (int i = 0; i < gpt->spans; i++) {
        const Span *span = &gpt->span[i];
        const Place place = span->place;
        bool below = place.layer < gpt->n_layer - 1 && place.part < PART_LOGITS;
        bool needed = place.part == PART_ATTN_NORM || place.part == PART_K || place.part == PART_V;
        if (place.pos == pos && (below || needed))
            sum += span->end - span->first;
    }
    return sum;
}

START_TEST(the_cache_saves_the_keys_and_values_of_all_positions_before)
{
    App *app = open_at(_i ? OPTIONS " --n-layer 3" : OPTIONS, "20");
    const Gpt *gpt = &app->writing.sampler.gpt;
    int64_t made, saved, all = 0, expected = 0;
    Error error;

    char begin[8] = "";
    corpus_encode(app->session.corpus.character[0], begin);
    ck_assert(writing_set_prefix(app, begin, &error));
    text_of(app);
    ck_assert_int_gt(gpt->positions, 1);
    for (int pos = 0; pos < gpt->positions; pos++) {
        writing_count(gpt, pos, &made, &saved);
        ck_assert_int_eq(saved, expected);
        expected += nodes_for_keys(gpt, pos);
        all += made;
    }
    ck_assert_int_eq(all, app->writing.sampler.tape.count - gpt->params);
    program_close(app);
}
END_TEST

/* ---- a cell of attention ---------------------------------------------------------------------- */

static double number(const Pass *pass, int32_t node)
{
    double value;

    ck_assert(pass_number(pass, FOCUS_VALUE, node, &value));
    return value;
}

START_TEST(a_cell_of_attention_is_opened_to_its_operations)
{
    App *app = open_at(OPTIONS " --n-layer 2", "20");
    Pass passes[2];

    text_of(app);
    passes[0] = pass_of_run(app);
    passes[1] = pass_of_writing(app);
    const Pass *pass = &passes[_i];
    const int last = pass->positions - 1, d = pass_dimensions(pass);
    for (PassCell cell = {1, 1, last, 0}; cell.key <= last; cell.key++) {
        double sum = 0;
        for (int j = 0; j < d; j++) {
            double product = number(pass, pass_entry(pass, PART_Q, cell, j)) *
                             number(pass, pass_entry(pass, PART_K, cell, j));
            ck_assert_double_eq(number(pass, pass_product(pass, cell, j)), product);
            ck_assert_double_eq(number(pass, pass_share(pass, cell, j)),
                                number(pass, pass_cell(pass, PART_WEIGHT, cell)) *
                                    number(pass, pass_entry(pass, PART_V, cell, j)));
            sum += product;
        }
        ck_assert_double_eq(number(pass, pass_sum(pass, cell)), sum);
        ck_assert_double_eq_tol(number(pass, pass_cell(pass, PART_SCORE, cell)), sum / sqrt(d),
                                1e-12);
        ck_assert_double_eq_tol(number(pass, pass_exponential(pass, cell)) /
                                    number(pass, pass_total(pass, cell)),
                                number(pass, pass_cell(pass, PART_WEIGHT, cell)), 1e-12);
        PassCell found;
        ck_assert(pass_find(pass, pass_focus(pass, FOCUS_VALUE, pass_cell(pass, PART_SCORE, cell)),
                            &found));
        ck_assert_mem_eq(&found, &cell, sizeof cell);
        ck_assert(
            !pass_find(pass, pass_focus(pass, FOCUS_VALUE, pass_product(pass, cell, 0)), &found));
    }
    program_close(app);
}
END_TEST

Suite *writing_suite(void)
{
    Suite *suite = suite_create("writing");
    TCase *tests = tcase_create("writing");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_loop_test(tests, writing_never_disturbs_the_run, 0, 6);
    tcase_add_test(tests, with_the_dice_of_the_run_the_list_is_what_the_run_writes);
    tcase_add_test(tests, what_is_written_follows_the_moment);
    tcase_add_test(tests, a_change_of_a_parameter_makes_what_is_written_old);
    tcase_add_test(tests, another_run_is_written_by_its_own_model);
    tcase_add_test(tests, a_drawn_number_falls_on_the_token_that_is_written);
    tcase_add_test(tests, before_temperature_is_after_it_at_temperature_1);
    tcase_add_test(tests, the_option_temperature_is_the_first_choice);
    tcase_add_test(tests, a_text_begins_with_the_prefix);
    tcase_add_test(tests, a_prefix_leaves_room_for_a_character);
    tcase_add_test(tests, character_by_character_the_same_text_comes_about);
    tcase_add_test(tests, a_text_of_the_list_is_the_one_that_is_opened);
    tcase_add_test(tests, what_was_trained_on_is_told_from_what_is_only_in_the_data);
    tcase_add_test(tests, gen_answers_a_script_with_the_text);
    tcase_add_loop_test(tests, the_cache_saves_the_keys_and_values_of_all_positions_before, 0, 2);
    tcase_add_loop_test(tests, a_cell_of_attention_is_opened_to_its_operations, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
