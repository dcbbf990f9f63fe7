/* Whatever a run is asked for: it ends in numbers or in a divergence that has a name, in train, in a
 * script and on the screen. */
#include "app/app.h"
#include "app/batch.h"
#include "app/command.h"
#include "app/script.h"
#include "engine/support.h"
#include "suites.h"
#include "support.h"
#include "viewing.h"
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "--steps 8 --n-embd 4 --n-head 2 --block-size 6 --samples 2 "

/* What the run begins with, and what is done to it on the way, in step 3. */
static const struct {
    const char *options;
    const char *commands[3];
} rows[] = {
    {"--lr 1e300", {NULL}},
    {"--lr 1e300 --norm off", {NULL}},
    {"--lr 1e300 --optimizer sgd", {NULL}},
    {"--lr 1e300 --optimizer sgd --norm off --residual off", {NULL}},
    {"--lr 1e300 --optimizer momentum --schedule warmup", {NULL}},
    {"--lr 1e154 --beta1 0 --beta2 0", {NULL}},
    {"--lr 0", {NULL}},
    {"--lr 1 --schedule constant --n-layer 4 --norm off", {NULL}},
    {"--silence all", {NULL}},
    {"--silence all --residual off --mlp off", {NULL}},
    {"--silence 0.1 --attention uniform", {NULL}},
    {"--attention off", {NULL}},
    {"--attention off --mlp off", {NULL}},
    {"--attention off --mlp off --position off --norm off --residual off", {NULL}},
    {"--attention uniform --attn-scale off --subtract-max off", {NULL}},
    {"--block-size 1", {NULL}},
    {"--block-size 1 --attention uniform --silence all --kv-cache off", {NULL}},
    {"--block-size 1 --n-embd 1 --n-head 1", {NULL}},
    {"--n-embd 1 --n-head 1 --norm off", {NULL}},
    {"--n-head 4 --n-embd 4", {NULL}},
    {"--n-layer 12", {NULL}},
    {"--n-layer 12 --norm off --residual off --activation none", {NULL}},
    {"--init zeros", {NULL}},
    {"--init zeros --norm off --residual off", {NULL}},
    {"--init zeros --eps 0", {NULL}},
    {"--init-std 1e300", {NULL}},
    {"--init-std 1e300 --norm off --subtract-max off", {NULL}},
    {"--init-std 1e155 --activation gelu --norm off", {NULL}},
    {"--init-std 30 --subtract-max off", {NULL}},
    {"--init-std 1e-300", {NULL}},
    {"--init-std 1e-160 --norm off", {NULL}},
    {"--eps 0", {NULL}},
    {"--eps 0 --beta1 1 --beta2 1", {NULL}},
    {"--eps 0 --beta2 1 --bias-correction off", {NULL}},
    {"--eps 0 --beta1 0 --beta2 0 --init zeros", {NULL}},
    {"--eps 1e300", {NULL}},
    {"--beta1 1", {NULL}},
    {"--beta1 1 --bias-correction off", {NULL}},
    {"--beta1 1 --optimizer momentum --lr 1e9", {NULL}},
    {"--beta2 1 --lr 1e300", {NULL}},
    {"--temperature 0.001 --lr 1e300 --norm off", {NULL}},
    {"--temperature 1000 --init-std 1e3 --kv-cache off", {NULL}},
    {"--accumulate off --zero-grad off --lr 1e12", {NULL}},
    {"--k-gradient off --v-gradient off --zero-grad off --optimizer sgd --lr 1e3", {NULL}},
    {"--schedule warmup --warmup-steps 1", {NULL}},
    {"--schedule warmup --warmup-steps 10000000 --lr 1e300", {NULL}},
    {"--samples 0 --steps 1", {NULL}},
    {"", {"option lr = 1e300", NULL}},
    {"", {"option eps = 0", "option beta1 = 1", "option beta2 = 1"}},
    {"", {"option residual = off", "option norm = off", "option lr = 1e300"}},
    {"", {"option silence = all", "option attention = off", "option mlp = off"}},
    {"", {"set wte[0][0] = 1e300", "set wpe[0][0] = -1e300", NULL}},
    {"", {"set x[0].embed[0] = inf", NULL}},
    {"", {"set x[1].layer0.mlp.fc1[0] = nan", NULL}},
    {"", {"set attn[0][0][1][0] = -inf", NULL}},
    {"", {"set attn[0][0][1][0] = 1e300", "set attn[0][1][1][1] = 1e300", NULL}},
    {"", {"set grad(wte[0][0]) = nan", NULL}},
    {"", {"set adam(wte[0][0]).v = -1", NULL}},
    {"", {"set adam(wpe[0][0]).m = inf", "option residual = off", "undo"}},
    {"", {"set probs[0][0] = 0", "set loss = nan", NULL}},
    {"", {"set losses[0] = -inf", "undo", "redo"}},
    {"", {"set tok[0] = 0", "set tok[1] = 26", "option position = off"}},
};

static bool never(void)
{
    return false;
}

/* "step 1: node(436) in pos0.layer0.attn.q = inf, from ... (at 0.forward.5)" */
static bool names_a_number(const char *text)
{
    return strstr(text, "step ") && strstr(text, "(at ") &&
           (strstr(text, "nan") || strstr(text, "inf"));
}

/* ---- train ----------------------------------------------------------------------------------- */

static char *words_of(const char *row, char *word[64], int *words)
{
    char line[512], *copy, *rest;

    snprintf(line, sizeof line, "gptoscope train --quiet " SMALL "%s", row);
    rest = copy = strdup(line);
    *words = 0;
    while ((word[*words] = strtok_r(rest, " ", &rest)))
        ++*words;
    return copy;
}

START_TEST(training_ends_in_numbers_or_names_the_first_that_is_none)
{
    char *word[64];
    int words;
    char *copy = words_of(rows[_i].options, word, &words);
    Options options;
    Error error = {""};

    ck_assert_msg(options_parse(&options, words, word, &error), "%s", error.text);
    ck_assert(freopen("/dev/null", "w", stdout));
    const int status = batch_train(&options, test_path("data/words.txt").text, never, &error);
    ck_assert(status == BATCH_DONE || status == BATCH_FAILED);
    if (status == BATCH_FAILED)
        ck_assert_msg(names_a_number(error.text), "%s: %s", rows[_i].options, error.text);
    free(copy);
}
END_TEST

/* ---- on the screen --------------------------------------------------------------------------- */

static void draw_all(Viewing *viewing)
{
    for (int view = 0; view < VIEW_COUNT; view++) {
        look_show(&viewing->app.look, (ViewName)view);
        script_settle(&viewing->app, NULL);
        viewing_draw(viewing, 80, 24);
        viewing_draw(viewing, 120, 40);
        viewing_tell(viewing, true);
    }
}

/* Wherever it stands, the program answers. */
static void ask_all(Viewing *viewing)
{
    static const char *const commands[] = {"why loss", "changes",      "where",
                                           "gen",      "back 1 phase", "step 1 operation"};

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        command_run(&viewing->app, commands[i], &(Error){""});
    script_settle(&viewing->app, NULL);
}

START_TEST(the_screen_shows_numbers_or_names_the_first_that_is_none)
{
    char options[512];
    Viewing viewing;
    Error error = {""};

    snprintf(options, sizeof options, SMALL "%s", rows[_i].options);
    viewing_open(&viewing, VIEW_OVERVIEW, "data/words.txt", options, "0");
    const Trainer *trainer = &viewing.app.session.trainer;
    app_seek(&viewing.app, trainer->settings.steps > 3 ? "3.backward.50" : "0.backward.50", &error);
    draw_all(&viewing);
    for (int i = 0; i < 3 && rows[_i].commands[i]; i++) {
        command_run(&viewing.app, rows[_i].commands[i], &error);
        script_settle(&viewing.app, NULL);
        draw_all(&viewing);
    }
    error.text[0] = '\0';
    const bool whole = app_seek(&viewing.app, "end", &error);
    ck_assert_msg(whole || names_a_number(error.text), "%s: %s", rows[_i].options, error.text);
    for (int64_t step = 0; whole && step < trainer->settings.steps; step++)
        ck_assert(isfinite(trainer->loss[step]));
    draw_all(&viewing);
    ask_all(&viewing);
    draw_all(&viewing);
    viewing_close(&viewing);
}
END_TEST

/* ---- in a script ----------------------------------------------------------------------------- */

START_TEST(a_script_ends_in_numbers_or_names_the_first_that_is_none)
{
    char line[1024], *word[64], *rest = line, *printed = NULL;
    char path[] = "/tmp/hostile-XXXXXX";
    int words = 0;
    size_t length;
    Options options;
    Error error = {""};
    const int file = mkstemp(path);
    FILE *script = fdopen(file, "w"), *stream = open_memstream(&printed, &length);

    fprintf(script, "goto 0.backward.50\n");
    for (int i = 0; i < 3 && rows[_i].commands[i]; i++)
        fprintf(script, "%s\n", rows[_i].commands[i]);
    fprintf(script, "goto end\nprint loss\n");
    fclose(script);
    snprintf(line, sizeof line, "gptoscope script --json " SMALL "%s %s", rows[_i].options, path);
    while ((word[words] = strtok_r(rest, " ", &rest)))
        words++;
    ck_assert_msg(options_parse(&options, words, word, &error), "%s", error.text);
    const int status =
        script_run(&options, test_path("data/words.txt").text, NULL, never, stream, &error);
    fclose(stream);
    ck_assert(status == BATCH_DONE || error.text[0]);
    if (strstr(error.text, "goto end"))
        ck_assert_msg(names_a_number(error.text), "%s", error.text);
    free(printed);
    remove(path);
}
END_TEST

Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tests = tcase_create("hostile");
    const int count = sizeof rows / sizeof *rows;

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, training_ends_in_numbers_or_names_the_first_that_is_none, 0, count);
    tcase_add_loop_test(tests, the_screen_shows_numbers_or_names_the_first_that_is_none, 0, count);
    tcase_add_loop_test(tests, a_script_ends_in_numbers_or_names_the_first_that_is_none, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}
