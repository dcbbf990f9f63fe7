#include "engine/history.h"

#include "engine/stride.h"
#include "suites.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

enum { MOMENTS = 40, SEEKS = 200, SEEKS_FULL = 10000 };

/* A run, its history, and digests of a straight run at moments spread over it. */
typedef struct Line {
    TestRun run;
    History history;
    Moment moment[MOMENTS];
    uint8_t digest[MOMENTS][32];
} Line;

static void open_line(Line *line, const char *data, const char *options, size_t bytes)
{
    Error error;

    test_run_open(&line->run, data, options);
    ck_assert_msg(history_init(&line->history, &line->run.trainer, bytes, &error), "%s", error.text);
}

static void close_line(Line *line)
{
    history_release(&line->history);
    test_run_close(&line->run);
}

static int64_t whole_run(const Trainer *trainer)
{
    return trainer->settings.steps *
           (1 + gpt_nodes(&trainer->settings, trainer->gpt.vocab, trainer->gpt.block_size) * 2 + trainer->gpt.params);
}

/* Walks a run of its own straight through, in odd strides, and notes digests on the way. */
static void walk_straight(Line *line, const char *data, const char *options)
{
    Line straight;
    Trainer *trainer = &straight.run.trainer;
    uint64_t seed = 1;

    open_line(&straight, data, options, HISTORY_BYTES);
    int64_t stride = whole_run(trainer) / MOMENTS / 3;
    for (int i = 0; i < MOMENTS; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        trainer_advance(trainer, 1 + (int64_t)(seed >> 33) % stride);
        line->moment[i] = trainer->at;
        history_digest(&straight.history, line->digest[i]);
    }
    close_line(&straight);
}

static void expect_state(Line *line, int i)
{
    uint8_t digest[32];
    char name[64];

    moment_print(line->moment[i], name, sizeof name);
    ck_assert_msg(history_seek(&line->history, line->moment[i]), "cannot go to %s", name);
    ck_assert_int_eq(moment_compare(line->run.trainer.at, line->moment[i]), 0);
    history_digest(&line->history, digest);
    ck_assert_msg(memcmp(digest, line->digest[i], 32) == 0, "other bits at %s", name);
}

/* What the seeks are tried with; room for keyframes from plenty to a single one. */
static const struct {
    const char *data, *options;
    size_t bytes;
} lines[] = {
    {"words.txt", "--n-embd 8 --n-head 2 --steps 12", HISTORY_BYTES},
    {"words.txt", "--n-embd 8 --n-head 2 --steps 12", 1},
    {"letters.txt", "--n-layer 2 --n-embd 6 --n-head 3 --block-size 4 --steps 30", 60000},
};

START_TEST(the_state_at_a_moment_is_the_same_bits_however_one_came_there)
{
    Line line;
    uint64_t seed = 7;

    open_line(&line, lines[_i].data, lines[_i].options, lines[_i].bytes);
    walk_straight(&line, lines[_i].data, lines[_i].options);
    for (int i = 0; i < (test_full() ? SEEKS_FULL : SEEKS); i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        expect_state(&line, (int)((seed >> 33) % MOMENTS));
    }
    close_line(&line);
}
END_TEST

START_TEST(a_cold_history_goes_back_from_the_end)
{
    Line line;

    open_line(&line, lines[_i].data, lines[_i].options, lines[_i].bytes);
    walk_straight(&line, lines[_i].data, lines[_i].options);
    ck_assert(history_seek(&line.history, (Moment){line.run.settings.steps, PHASE_DONE, 0}));
    for (int i = MOMENTS; i-- > 0;)
        expect_state(&line, i);
    close_line(&line);
}
END_TEST

START_TEST(small_approaches_lead_where_one_seek_leads)
{
    Line line;

    open_line(&line, lines[_i].data, lines[_i].options, lines[_i].bytes);
    walk_straight(&line, lines[_i].data, lines[_i].options);
    for (int i = MOMENTS; i-- > 0;) {
        while (history_approach(&line.history, line.moment[i], 777) == APPROACH_MOVING)
            continue;
        expect_state(&line, i);
    }
    close_line(&line);
}
END_TEST

START_TEST(every_unit_forward_and_back_again_stands_where_it_stood)
{
    Line line;
    uint8_t before[32], after[32];
    uint64_t seed = 3;

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 6", HISTORY_BYTES);
    Trainer *trainer = &line.run.trainer;
    for (int i = 0; i < 300; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        Unit unit = (Unit)((seed >> 40) % UNIT_STEP);
        if (trainer->at.step == 6)
            history_seek(&line.history, (Moment){0, PHASE_DONE, 0});
        Moment to = stride_forward(trainer, unit);
        ck_assert_int_gt(moment_compare(to, trainer->at), 0);
        history_seek(&line.history, to);
        ck_assert_int_eq(moment_compare(trainer->at, to), 0);
        if (trainer_finished(trainer))
            continue;
        history_digest(&line.history, before);
        history_seek(&line.history, stride_forward(trainer, UNIT_OPERATION));
        history_seek(&line.history, stride_back(trainer, UNIT_OPERATION));
        ck_assert_int_eq(moment_compare(trainer->at, to), 0);
        history_digest(&line.history, after);
        ck_assert_mem_eq(before, after, sizeof before);
    }
    close_line(&line);
}
END_TEST

START_TEST(a_unit_back_is_a_unit_forward_undone)
{
    Line line;
    Moment stand[400];
    int count = 0;

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 2", HISTORY_BYTES);
    Trainer *trainer = &line.run.trainer;
    Unit unit = (Unit)(UNIT_BLOCK + _i);
    for (; count < 400 && !trainer_finished(trainer); count++) {
        stand[count] = trainer->at;
        history_seek(&line.history, stride_forward(trainer, unit));
    }
    ck_assert_int_gt(count, 5);
    while (count-- > 0) {
        history_seek(&line.history, stride_back(trainer, unit));
        ck_assert_int_eq(moment_compare(trainer->at, stand[count]), 0);
    }
    close_line(&line);
}
END_TEST

/* ---- events ---------------------------------------------------------------------------------- */

START_TEST(a_change_is_undone_by_going_back_and_done_again_by_going_forward)
{
    Line line;
    Error error;
    const Moment changed = {3, PHASE_FORWARD, 500}, before = {3, PHASE_FORWARD, 499}, later = {5, PHASE_DONE, 0};
    uint8_t plain[32], edited[32], again[32];

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", lines[_i].bytes);
    history_seek(&line.history, later);
    history_digest(&line.history, plain);
    history_seek(&line.history, changed);
    double old = line.run.trainer.value[7];
    ck_assert(history_edit(&line.history, EVENT_VALUE, 7, 0.5, &error));
    ck_assert_double_eq(line.run.trainer.value[7], 0.5);
    history_seek(&line.history, later);
    history_digest(&line.history, edited);
    ck_assert_mem_ne(plain, edited, sizeof plain);

    history_seek(&line.history, before);
    ck_assert_double_eq(line.run.trainer.value[7], old);
    history_seek(&line.history, changed);
    ck_assert_double_eq(line.run.trainer.value[7], 0.5);
    history_seek(&line.history, later);
    history_digest(&line.history, again);
    ck_assert_mem_eq(edited, again, sizeof edited);
    close_line(&line);
}
END_TEST

/* A change of each kind, at moments of each kind. */
static const struct {
    Moment at;
    EventKind kind;
    int32_t index;
    double number;
} changes[] = {
    {{0, PHASE_DONE, 0}, EVENT_VALUE, 0, 1.5},        {{2, PHASE_DONE, 0}, EVENT_VALUE, 3, -0.25},
    {{2, PHASE_FORWARD, 0}, EVENT_VALUE, 4, 0.75},    {{2, PHASE_FORWARD, 900}, EVENT_VALUE, 300, 2},
    {{3, PHASE_BACKWARD, 100}, EVENT_GRAD, 9, 0.125}, {{4, PHASE_UPDATE, 11}, EVENT_VALUE, 2, 1},
    {{1, PHASE_DONE, 0}, EVENT_SETTING, 6, 0.3},      {{4, PHASE_UPDATE, 5}, EVENT_SETTING, 7, 0.5},
};

START_TEST(undo_gives_the_bits_of_a_run_without_the_change_and_redo_those_with_it)
{
    Line line;
    Error error;
    Moment at;
    const Moment later = {6, PHASE_FORWARD, 100};
    uint8_t plain[32], edited[32], digest[32];

    ck_assert_str_eq(settings_table[6].name, "lr");
    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    history_seek(&line.history, later);
    history_digest(&line.history, plain);
    history_seek(&line.history, changes[_i].at);
    ck_assert_msg(history_edit(&line.history, changes[_i].kind, changes[_i].index, changes[_i].number, &error), "%s",
                  error.text);
    history_seek(&line.history, later);
    history_digest(&line.history, edited);
    ck_assert_mem_ne(plain, edited, sizeof plain);

    ck_assert(history_undo(&line.history, &at));
    ck_assert_int_eq(moment_compare(at, changes[_i].at), 0);
    ck_assert_int_eq(moment_compare(line.run.trainer.at, at), 0);
    history_seek(&line.history, later);
    history_digest(&line.history, digest);
    ck_assert_mem_eq(plain, digest, sizeof digest);

    ck_assert(history_redo(&line.history, &at));
    ck_assert_int_eq(moment_compare(at, changes[_i].at), 0);
    history_seek(&line.history, later);
    history_digest(&line.history, digest);
    ck_assert_mem_eq(edited, digest, sizeof digest);
    ck_assert(!history_redo(&line.history, &at));
    close_line(&line);
}
END_TEST

START_TEST(what_is_not_computed_cannot_be_changed)
{
    Line line;
    Error error;

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    history_seek(&line.history, (Moment){1, PHASE_FORWARD, 10});
    ck_assert(!history_edit(&line.history, EVENT_VALUE, line.run.trainer.tape.count - 1, 1, &error));
    test_error(&error, "what is not computed yet cannot be changed");
    ck_assert(!history_edit(&line.history, EVENT_GRAD, 0, 1, &error));
    ck_assert(!history_edit(&line.history, EVENT_VALUE, -1, 1, &error));
    ck_assert(!history_edit(&line.history, EVENT_VALUE, line.run.trainer.tape.count, 1, &error));
    ck_assert_int_eq(line.history.events, 0);
    close_line(&line);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

START_TEST(keyframes_stay_within_their_room_and_one_is_always_there)
{
    static const size_t rooms[] = {1, 10000, 100000, 1000000, HISTORY_BYTES};
    Line line;

    open_line(&line, "words.txt", "--n-embd 8 --n-head 2 --steps 5000", rooms[_i]);
    size_t bytes = (size_t)line.history.frames * 3 * (size_t)line.run.trainer.gpt.params * sizeof(double);
    ck_assert_int_ge(line.history.frames, 1);
    ck_assert(bytes <= rooms[_i] || line.history.frames == 1);
    ck_assert_int_gt(line.history.frames * line.history.spacing, 5000);
    close_line(&line);
}
END_TEST

/* ---- names of moments ------------------------------------------------------------------------ */

START_TEST(a_moment_reads_back_as_it_was_written)
{
    static const char *const names[] = {"0", "412", "412.forward.17", "3.backward.0", "999.update.4191"};
    MomentName name;
    Error error;
    char text[64];

    ck_assert_msg(moment_parse(names[_i], &name, &error), "%s", error.text);
    moment_print(name.at, text, sizeof text);
    ck_assert_str_eq(text, names[_i]);
}
END_TEST

static const struct {
    const char *text, *error;
} wrong_names[] = {
    {"", ": expected a step, or end at character 1"},
    {"x", "x: expected a step, or end at character 1"},
    {"-1", "-1: expected a step, or end at character 1"},
    {"12x", "12x: expected .forward, .backward or .update at character 3"},
    {"12.", "12.: expected forward, backward or update at character 4"},
    {"12.sideways.1", "12.sideways.1: expected forward, backward or update at character 4"},
    {"12.forward", "12.forward: expected .N or @PLACE at character 11"},
    {"12.forward.", "12.forward.: expected a number of operations at character 12"},
    {"12.forward.1x", "12.forward.1x: expected a number of operations at character 13"},
    {"12.forward@pos3.nose", "12.forward@pos3.nose: expected a place such as pos3.layer0.attn.q at character 12"},
    {"12.update@pos3.embed", "12.update@pos3.embed: expected .N at character 10"},
    {"99999999999999999", "99999999999999999: expected a step, or end at character 17"},
};

START_TEST(a_wrong_moment_is_refused_at_the_character)
{
    MomentName name;
    Error error;

    ck_assert(!moment_parse(wrong_names[_i].text, &name, &error));
    test_error(&error, wrong_names[_i].error);
}
END_TEST

static void go(Line *line, const char *text)
{
    MomentName name;
    Error error;

    ck_assert_msg(moment_parse(text, &name, &error), "%s", error.text);
    ck_assert_msg(history_go(&line->history, &name, &error), "%s", error.text);
}

START_TEST(a_place_is_the_moment_before_its_first_operation)
{
    Line line;

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    const Trainer *trainer = &line.run.trainer;
    const Place score = {PART_SCORE, 1, 0, 1};
    go(&line, "5.forward@pos1.layer0.attn.head1.score");
    ck_assert_int_eq(stride_next_node(trainer), gpt_span(&trainer->gpt, score)->first);
    go(&line, "2.backward@pos1.layer0.attn.head1.score");
    ck_assert(place_same(gpt_span_of(&trainer->gpt, stride_next_node(trainer))->place, score));
    Moment at = trainer->at;
    history_seek(&line.history, stride_back(trainer, UNIT_OPERATION));
    ck_assert(!place_same(gpt_span_of(&trainer->gpt, stride_next_node(trainer))->place, score));
    ck_assert_int_eq(at.phase, PHASE_BACKWARD);
    close_line(&line);
}
END_TEST

START_TEST(a_moment_that_the_run_does_not_have_leaves_it_where_it_stood)
{
    static const char *const names[] = {"9", "8.forward.0", "3.forward@pos99.embed", "3.forward.99999999",
                                        "3.backward@pos0.layer7.attn.q", "2.update.1000000"};
    Line line;
    MomentName name;
    Error error = {""};
    uint8_t before[32], after[32];

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    history_seek(&line.history, (Moment){4, PHASE_BACKWARD, 33});
    history_digest(&line.history, before);
    ck_assert(moment_parse(names[_i], &name, &error));
    ck_assert(!history_go(&line.history, &name, &error));
    ck_assert_str_ne(error.text, "");
    history_digest(&line.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    close_line(&line);
}
END_TEST

/* Each phase of each step, asked for far beyond its end. */
START_TEST(a_moment_beyond_its_phase_is_cut_to_the_phases_end)
{
    Line line, plain;
    const Moment beyond = {3, (Phase)_i, 99999999}, later = {5, PHASE_FORWARD, 50};
    uint8_t before[32], after[32];

    open_line(&plain, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    history_seek(&plain.history, later);
    history_digest(&plain.history, before);
    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 8", HISTORY_BYTES);
    history_seek(&line.history, beyond);
    Moment at = line.run.trainer.at;
    ck_assert_int_eq(at.n, 0);
    ck_assert_int_eq(at.step, beyond.phase == PHASE_UPDATE ? 4 : 3);
    history_seek(&line.history, later);
    history_seek(&line.history, beyond);
    ck_assert_int_eq(moment_compare(line.run.trainer.at, at), 0);
    history_seek(&line.history, later);
    history_digest(&line.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    close_line(&line);
    close_line(&plain);
}
END_TEST

START_TEST(a_diverging_run_stops_and_can_be_gone_back_in)
{
    Line line;

    open_line(&line, "words.txt", "--n-embd 4 --n-head 2 --steps 50 --lr 1e200", HISTORY_BYTES);
    ck_assert(!history_seek(&line.history, (Moment){50, PHASE_DONE, 0}));
    ck_assert(trainer_failed(&line.run.trainer));
    Moment failed = line.run.trainer.at;
    ck_assert(history_seek(&line.history, (Moment){0, PHASE_FORWARD, 5}));
    ck_assert(!history_seek(&line.history, (Moment){50, PHASE_DONE, 0}));
    ck_assert_int_eq(moment_compare(line.run.trainer.at, failed), 0);
    close_line(&line);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, the_state_at_a_moment_is_the_same_bits_however_one_came_there, 0, COUNT(lines));
    tcase_add_loop_test(tests, a_cold_history_goes_back_from_the_end, 0, COUNT(lines));
    tcase_add_loop_test(tests, small_approaches_lead_where_one_seek_leads, 0, COUNT(lines));
    tcase_add_test(tests, every_unit_forward_and_back_again_stands_where_it_stood);
    tcase_add_loop_test(tests, a_unit_back_is_a_unit_forward_undone, 0, UNIT_STEP - UNIT_BLOCK);
    tcase_add_loop_test(tests, a_change_is_undone_by_going_back_and_done_again_by_going_forward, 0, 2);
    tcase_add_loop_test(tests, undo_gives_the_bits_of_a_run_without_the_change_and_redo_those_with_it, 0,
                        COUNT(changes));
    tcase_add_test(tests, what_is_not_computed_cannot_be_changed);
    tcase_add_loop_test(tests, keyframes_stay_within_their_room_and_one_is_always_there, 0, 5);
    tcase_add_loop_test(tests, a_moment_reads_back_as_it_was_written, 0, 5);
    tcase_add_loop_test(tests, a_wrong_moment_is_refused_at_the_character, 0, COUNT(wrong_names));
    tcase_add_test(tests, a_place_is_the_moment_before_its_first_operation);
    tcase_add_loop_test(tests, a_moment_that_the_run_does_not_have_leaves_it_where_it_stood, 0, 6);
    tcase_add_loop_test(tests, a_moment_beyond_its_phase_is_cut_to_the_phases_end, PHASE_FORWARD, PHASE_COUNT);
    tcase_add_test(tests, a_diverging_run_stops_and_can_be_gone_back_in);
    suite_add_tcase(suite, tests);
    return suite;
}
