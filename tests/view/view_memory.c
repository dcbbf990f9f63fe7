#include "app/storage.h"
#include "suites.h"
#include "support.h"
#include "viewing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES "../data/names.txt"
#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 60"

static void shows(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) != NULL, "no \"%s\" in\n%s", part, picture);
}

static void shows_not(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) == NULL, "\"%s\" in\n%s", part, picture);
}

START_TEST(nothing_is_said_of_time_before_it_is_measured)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    shows(viewing_draw(&viewing, 100, 40), "not measured yet");
    shows(viewing_tell(&viewing, true), "\"measured\":false");
    viewing_run(&viewing, "step 2 step");
    shows_not(viewing_draw(&viewing, 100, 40), "not measured yet");
    shows(viewing_tell(&viewing, true), "\"measured\":true");
    shows(viewing_tell(&viewing, true), "\"operations_per_second\":");
    viewing_close(&viewing);
}
END_TEST

START_TEST(times_are_those_that_were_measured)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    Pace *pace = &viewing.app.pace;
    pace->known = true;
    pace->phase[PHASE_DONE] = (PacePhase){10e-6, 1000};
    pace->phase[PHASE_FORWARD] = (PacePhase){41.5e-6, 2000};
    pace->phase[PHASE_BACKWARD] = (PacePhase){28.5e-6, 1500};
    pace->phase[PHASE_UPDATE] = (PacePhase){20e-6, 500};
    const char *picture = viewing_draw(&viewing, 100, 40);
    shows(picture, "41.5 µs     2,000 nodes");
    shows(picture, "28.5 µs     1,500 visits");
    shows(picture, "10,000 steps and 50,000,000 operations a second");
    pace->fused_steps = 60;
    pace->fused_seconds = 60 * 12.5e-6;
    if (fused_can(&viewing.app.session.trainer.settings))
        shows(viewing_draw(&viewing, 100, 40), "12.5 µs each, 80,000 a second");
    viewing_close(&viewing);
}
END_TEST

START_TEST(the_node_that_is_next_lies_there_with_its_inputs)
{
    Viewing viewing;
    char part[64];

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12.backward.7");
    const Trainer *trainer = &viewing.app.session.trainer;
    const int32_t node = stride_next_node(trainer);
    const char *picture = viewing_draw(&viewing, 100, 40);
    snprintf(part, sizeof part, "value[%d]", (int)node);
    shows(picture, part);
    snprintf(part, sizeof part, "%d", (int)trainer->tape.node[node].a);
    shows(picture, part);
    shows(picture, tape_ops[trainer->tape.node[node].op].name);
    viewing_close(&viewing);
}
END_TEST

/* 0.5 is 3fe0000000000000; which end lies first depends on the machine. */
START_TEST(a_value_is_shown_as_its_bytes)
{
    Viewing viewing;
    const double half = 0.5;
    unsigned char bytes[sizeof half];
    char part[32] = "";

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    viewing_run(&viewing, "set wte[5][0] = 0.5");
    memcpy(bytes, &half, sizeof half);
    for (size_t i = 0; i < sizeof half; i++)
        snprintf(part + strlen(part), 4, i ? " %02x" : "%02x", bytes[i]);
    viewing_draw(&viewing, 100, 40);
    shows(viewing_run(&viewing, "focus wte[5][0]"), part);
    shows(viewing.text, "One Value in memory (layout)  wte[5][0]");
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_hidden_value_is_not_there_in_bytes_either)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    viewing_run(&viewing, "focus wte[5][0]");
    viewing_draw(&viewing, 100, 40);
    const Focus here = look_focus(&viewing.app.look);
    char bytes[4];
    unsigned char raw[8];
    memcpy(raw, &viewing.app.session.trainer.value[here.index], sizeof raw);
    snprintf(bytes, sizeof bytes, "%02x ", raw[3]);
    ck_assert(look_hide(&viewing.app.look, here));
    const char *picture = viewing_draw(&viewing, 100, 40), *line = strstr(picture, "value[");
    ck_assert_ptr_nonnull(line);
    char row[160];
    snprintf(row, sizeof row, "%.*s", (int)strcspn(line, "\n"), line);
    shows(row, "????");
    shows_not(row, bytes);
    viewing_close(&viewing);
}
END_TEST

START_TEST(the_parts_stand_by_size_and_add_up)
{
    Viewing viewing;
    char part[64];

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    const Session *session = &viewing.app.session;
    const char *picture = viewing_run(&viewing, "look shows bytes");
    for (int i = 0; i < STORAGE_PARTS; i++)
        shows(picture, storage_table[i].name);
    int64_t sum = 0;
    for (int i = 0; i < STORAGE_PARTS; i++)
        sum += storage_table[i].bytes(session);
    ck_assert_int_eq(sum, storage_bytes(session));
    snprintf(part, sizeof part, "%lld of %lld taken", (long long)storage_keyframes(session),
             (long long)session->history.frames);
    shows(picture, part);
    snprintf(part, sizeof part, "\"bytes\":%lld", (long long)storage_bytes(session));
    shows(viewing_tell(&viewing, true), part);
    viewing_close(&viewing);
}
END_TEST

START_TEST(operations_of_the_graph_are_counted)
{
    Viewing viewing;
    char part[64];
    int adds = 0, plain = 0;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12.forward.5");
    const Tape *tape = &viewing.app.session.trainer.tape;
    for (int32_t i = 0; i < tape->count; i++) {
        adds += tape->node[i].op == OP_ADD;
        plain += strcmp(tape_ops[tape->node[i].op].name, "const") == 0;
    }
    const char *picture = viewing_draw(&viewing, 100, 60);
    snprintf(part, sizeof part, "%d,%03d", adds / 1000, adds % 1000);
    shows(picture, part);
    const char *table = strstr(picture, "What the graph is made of"), *line;
    ck_assert_ptr_nonnull(table);
    ck_assert_ptr_nonnull(line = strstr(table, "const  "));
    ck_assert_int_eq(strtol(line + strcspn(line, "0123456789"), NULL, 10), plain);
    ck_assert_ptr_null(strstr(line + 8, "const  "));
    viewing_close(&viewing);
}
END_TEST

START_TEST(the_cursor_follows_the_inputs_of_a_node)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12");
    const Trainer *trainer = &viewing.app.session.trainer;
    viewing_run(&viewing, "cursor down");
    ck_assert_int_eq(look_focus(&viewing.app.look).kind, FOCUS_VALUE);
    for (int i = 0; i < 50; i++)
        viewing_run(&viewing, i % 2 ? "cursor up" : "cursor left");
    int32_t node = focus_node(&(Scope){.trainer = trainer}, look_focus(&viewing.app.look));
    ck_assert_int_ge(node, 0);
    ck_assert_int_lt(node, trainer->loss_node);
    viewing_close(&viewing);
}
END_TEST

START_TEST(all_sizes_and_choices_stay_in_their_area)
{
    static const char *const choices[] = {"look shows all", "look shows time", "look shows value",
                                          "look shows bytes"};
    Viewing viewing;

    viewing_open(&viewing, VIEW_MEMORY, NAMES, SMALL, "12.update.5");
    viewing_run(&viewing, "step 3 step");
    for (int i = 0; i < 4; i++) {
        viewing_run(&viewing, choices[i]);
        viewing_sweep(&viewing);
    }
    viewing_close(&viewing);
}
END_TEST

Suite *view_memory_suite(void)
{
    Suite *suite = suite_create("view_memory");
    TCase *tests = tcase_create("view_memory");

    tcase_add_test(tests, nothing_is_said_of_time_before_it_is_measured);
    tcase_add_test(tests, times_are_those_that_were_measured);
    tcase_add_test(tests, the_node_that_is_next_lies_there_with_its_inputs);
    tcase_add_test(tests, a_value_is_shown_as_its_bytes);
    tcase_add_test(tests, a_hidden_value_is_not_there_in_bytes_either);
    tcase_add_test(tests, the_parts_stand_by_size_and_add_up);
    tcase_add_test(tests, operations_of_the_graph_are_counted);
    tcase_add_test(tests, the_cursor_follows_the_inputs_of_a_node);
    tcase_add_test(tests, all_sizes_and_choices_stay_in_their_area);
    suite_add_tcase(suite, tests);
    return suite;
}
