/* Options that change on the way: what follows is another run from there on, going back un-does it,
 * and every moment has one state. */
#include "engine/diverged.h"
#include "engine/history.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SMALL "--steps 9 --n-layer 2 --n-embd 6 --n-head 2 --block-size 6 "

typedef struct Changed {
    TestRun run;
    History history;
} Changed;

static void open_run(Changed *changed, const char *options, size_t bytes)
{
    Error error;

    test_run_open(&changed->run, "words.txt", options);
    ck_assert_msg(history_init(&changed->history, &changed->run.trainer, bytes, &error), "%s",
                  error.text);
}

static void close_run(Changed *changed)
{
    history_release(&changed->history);
    test_run_close(&changed->run);
}

typedef struct Digest {
    uint8_t byte[32];
} Digest;

static Digest digest_at(Changed *changed, Moment at)
{
    Digest digest;

    ck_assert(history_seek(&changed->history, at));
    history_digest(&changed->history, digest.byte);
    return digest;
}

/* Row i of the settings that can change on the way, with its default's opposite. */
static const SettingInfo *changeable(int i, double *number)
{
    for (const SettingInfo *info = settings_table;; info++) {
        if (info->part != SETTING_GRAPH && info->part != SETTING_BACKWARD &&
            info->part != SETTING_UPDATE)
            continue;
        if (i-- == 0) {
            *number = info->kind == SETTING_CHOICE ? (info->standard == 1 ? 0 : info->most)
                      : info->kind == SETTING_HEAD ? 1
                      : info->kind == SETTING_REAL ? info->standard / 4
                                                   : 3;
            return info;
        }
    }
}

static int changeables(void)
{
    int count = 0;

    for (int i = 0; i < settings_count; i++)
        count += settings_table[i].part == SETTING_GRAPH ||
                 settings_table[i].part == SETTING_BACKWARD ||
                 settings_table[i].part == SETTING_UPDATE;
    return count;
}

static void change(Changed *changed, const SettingInfo *info, double number)
{
    Error error;

    ck_assert_msg(history_edit(&changed->history, EVENT_SETTING, (int32_t)(info - settings_table),
                               number, &error),
                  "%s: %s", info->name, error.text);
}

static const Moment moments[] = {
    {2, PHASE_DONE, 0},     {2, PHASE_FORWARD, 0},  {4, PHASE_DONE, 0},       {4, PHASE_FORWARD, 0},
    {4, PHASE_FORWARD, 77}, {4, PHASE_BACKWARD, 0}, {4, PHASE_BACKWARD, 300}, {4, PHASE_UPDATE, 50},
    {5, PHASE_DONE, 0},     {6, PHASE_FORWARD, 5},  {8, PHASE_BACKWARD, 9},   {9, PHASE_DONE, 0}};
enum { MOMENTS = sizeof moments / sizeof *moments };

/* In any order, with many keyframes or one, states are those of a run that only went forward. */
START_TEST(every_moment_around_a_change_has_one_state)
{
    static const Moment changes[] = {
        {4, PHASE_DONE, 0}, {4, PHASE_FORWARD, 0}, {0, PHASE_DONE, 0}, {4, PHASE_BACKWARD, 200}};
    double number;
    const SettingInfo *info = changeable(_i, &number);

    for (int c = 0; c < (info->part == SETTING_GRAPH ? 3 : 4); c++) {
        Changed forward, about, few;
        Digest expected[MOMENTS];
        open_run(&forward, SMALL, HISTORY_BYTES);
        open_run(&about, SMALL, HISTORY_BYTES);
        open_run(&few, SMALL, 1);
        for (int i = 0; i < MOMENTS && moment_compare(moments[i], changes[c]) < 0; i++)
            expected[i] = digest_at(&forward, moments[i]);
        ck_assert(history_seek(&forward.history, changes[c]));
        change(&forward, info, number);
        for (int i = 0; i < MOMENTS; i++)
            if (moment_compare(moments[i], changes[c]) >= 0)
                expected[i] = digest_at(&forward, moments[i]);
        ck_assert(history_seek(&about.history, (Moment){9, PHASE_DONE, 0}));
        ck_assert(history_seek(&about.history, changes[c]));
        change(&about, info, number);
        ck_assert(history_seek(&few.history, changes[c]));
        change(&few, info, number);
        for (int i = 0; i < 3 * MOMENTS; i++) {
            int at = i * 7 % MOMENTS;
            Digest many = digest_at(&about, moments[at]), one = digest_at(&few, moments[at]);
            ck_assert_msg(memcmp(&many, &expected[at], sizeof many) == 0, "%s: %d, moment %d",
                          info->name, c, at);
            ck_assert_msg(memcmp(&one, &expected[at], sizeof one) == 0, "%s: %d, moment %d",
                          info->name, c, at);
        }
        close_run(&few);
        close_run(&about);
        close_run(&forward);
    }
}
END_TEST

START_TEST(a_change_at_the_beginning_is_a_run_that_began_with_it)
{
    double number;
    const SettingInfo *info = changeable(_i, &number);
    Changed changed, begun;
    Settings settings = test_settings(SMALL);
    char text[256], value[64];

    settings_set(&settings, info, number);
    settings_print(&settings, info, value, sizeof value);
    snprintf(text, sizeof text, SMALL "--%s %s", info->name, value);
    open_run(&begun, text, HISTORY_BYTES);
    open_run(&changed, SMALL, HISTORY_BYTES);
    change(&changed, info, number);
    for (int i = 0; i < 2 * MOMENTS; i++) { /* first on the way, then from the end and back */
        int at = i < MOMENTS ? i : i * 7 % MOMENTS;
        Digest a = digest_at(&changed, moments[at]), b = digest_at(&begun, moments[at]);
        static Digest first[MOMENTS];
        if (i < MOMENTS)
            first[i] = a;
        ck_assert_msg(memcmp(&a, &b, sizeof a) == 0, "%s, moment %d", info->name, at);
        ck_assert_msg(memcmp(&a, &first[at], sizeof a) == 0, "%s, moment %d", info->name, at);
    }
    close_run(&begun);
    close_run(&changed);
}
END_TEST

START_TEST(undo_and_redo_take_an_option_back_and_make_it_again)
{
    double number;
    const SettingInfo *info = changeable(_i, &number);
    const Moment end = {9, PHASE_DONE, 0};
    Changed changed;
    Moment at;

    open_run(&changed, SMALL, HISTORY_BYTES);
    Digest plain = digest_at(&changed, end);
    ck_assert(history_seek(&changed.history, (Moment){3, PHASE_DONE, 0}));
    change(&changed, info, number);
    Digest after = digest_at(&changed, end);
    ck_assert(history_undo(&changed.history, &at));
    Digest undone = digest_at(&changed, end);
    ck_assert(history_redo(&changed.history, &at));
    Digest redone = digest_at(&changed, end);
    ck_assert_mem_eq(&undone, &plain, sizeof plain);
    ck_assert_mem_eq(&redone, &after, sizeof after);
    ck_assert_mem_ne(&after, &plain, sizeof plain);
    close_run(&changed);
}
END_TEST

START_TEST(a_graph_under_way_keeps_its_shape)
{
    static const Moment within[] = {
        {3, PHASE_FORWARD, 1}, {3, PHASE_BACKWARD, 0}, {3, PHASE_UPDATE, 7}};
    Changed changed;
    Error error;

    open_run(&changed, SMALL, HISTORY_BYTES);
    for (int i = 0; i < 3; i++) {
        Digest before = digest_at(&changed, within[i]);
        ck_assert(!history_edit(&changed.history, EVENT_SETTING,
                                (int32_t)(settings_find("residual") - settings_table), 0, &error));
        test_error(&error, "residual shapes the graph of a step: it can change between two steps "
                           "only, such as at 3 or 4");
        Digest after = digest_at(&changed, within[i]);
        ck_assert_mem_eq(&before, &after, sizeof before);
    }
    close_run(&changed);
}
END_TEST

START_TEST(what_makes_the_run_cannot_change)
{
    Changed changed;
    Error error;

    open_run(&changed, SMALL, HISTORY_BYTES);
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        if (info->part != SETTING_RUN)
            continue;
        ck_assert(!history_edit(&changed.history, EVENT_SETTING, i, info->standard, &error));
        test_error_names(&error, info->name);
        test_error_names(&error, "can only be given at the start");
    }
    ck_assert_int_eq(changed.history.events, 0);
    close_run(&changed);
}
END_TEST

START_TEST(a_planned_change_must_be_possible_too)
{
    const struct {
        const char *name;
        Moment at;
        double number;
    } wrong[] = {{"residual", {5, PHASE_FORWARD, 3}, 0}, {"residual", {5, PHASE_DONE, 0}, 0.5},
                 {"activation", {5, PHASE_DONE, 0}, 3},  {"lr", {5, PHASE_DONE, 0}, NAN},
                 {"silence", {5, PHASE_DONE, 0}, 512},   {"n_embd", {5, PHASE_DONE, 0}, 16},
                 {"optimizer", {5, PHASE_DONE, 0}, -1}};
    Changed changed;
    Error error;

    open_run(&changed, SMALL, HISTORY_BYTES);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Event event = {.at = wrong[i].at,
                       .kind = EVENT_SETTING,
                       .index = (int32_t)(settings_find(wrong[i].name) - settings_table),
                       .number = wrong[i].number};
        ck_assert_msg(!history_plan(&changed.history, event, &error), "%s", wrong[i].name);
    }
    ck_assert_int_eq(changed.history.events, 0);
    close_run(&changed);
}
END_TEST

/* ---- hostile options ------------------------------------------------------------------------- */

static const char *const hostile[] = {
    "--lr 1e300",
    "--lr 1e300 --norm off",
    "--lr 1e300 --optimizer sgd --norm off",
    "--lr 1e300 --optimizer momentum --residual off --activation none",
    "--silence all",
    "--silence all --residual off",
    "--attention off --mlp off",
    "--attention off --mlp off --position off --norm off --residual off",
    "--block-size 1",
    "--block-size 1 --attention uniform --silence all",
    "--init-std 0",
    "--init-std 0 --norm off --residual off",
    "--init-std 1e300",
    "--init-std 1e300 --norm off --subtract-max off",
    "--init-std 1e155 --norm off --activation gelu",
    "--init-std 20 --subtract-max off",
    "--n-layer 8 --norm off",
    "--n-layer 8 --norm off --lr 1",
    "--n-layer 8 --residual off --norm off --activation none",
    "--beta1 1 --beta2 1",
    "--beta1 1 --optimizer momentum --schedule constant --lr 1",
    "--eps 0 --init-std 0",
    "--eps 1e300",
    "--lr 0 --schedule warmup --warmup-steps 10000000",
    "--schedule warmup --warmup-steps 9",
    "--zero-grad off --accumulate off --lr 1e9",
    "--k-gradient off --v-gradient off --zero-grad off --optimizer sgd --lr 100",
};

/* Numbers to the end, or a stop whose reason has a name. */
START_TEST(hostile_options_end_in_numbers_or_in_a_named_divergence)
{
    Changed changed;
    char text[256];

    snprintf(text, sizeof text, "--steps 12 --n-embd 6 --n-head 2 --block-size 6 %s", hostile[_i]);
    open_run(&changed, text, HISTORY_BYTES);
    const Trainer *trainer = &changed.run.trainer;
    bool whole = history_seek(&changed.history, (Moment){12, PHASE_DONE, 0});
    ck_assert(whole != trainer_failed(trainer));
    for (int64_t step = 0; whole && step < 12; step++)
        ck_assert(isfinite(trainer->loss[step]));
    Diverged found = diverged_seek(&changed.history);
    ck_assert(whole || found.kind != DIVERGED_NOWHERE);
    ck_assert(whole || !isfinite(found.number));
    close_run(&changed);
}
END_TEST

Suite *change_suite(void)
{
    Suite *suite = suite_create("change");
    TCase *tests = tcase_create("change");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, every_moment_around_a_change_has_one_state, 0, changeables());
    tcase_add_loop_test(tests, a_change_at_the_beginning_is_a_run_that_began_with_it, 0,
                        changeables());
    tcase_add_loop_test(tests, undo_and_redo_take_an_option_back_and_make_it_again, 0,
                        changeables());
    tcase_add_test(tests, a_graph_under_way_keeps_its_shape);
    tcase_add_test(tests, what_makes_the_run_cannot_change);
    tcase_add_test(tests, a_planned_change_must_be_possible_too);
    tcase_add_loop_test(tests, hostile_options_end_in_numbers_or_in_a_named_divergence, 0,
                        sizeof hostile / sizeof *hostile);
    suite_add_tcase(suite, tests);
    return suite;
}
