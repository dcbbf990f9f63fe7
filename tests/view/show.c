#include "view/show.h"

#include "app/command.h"
#include "scratch.h"
#include "suites.h"
#include "viewing.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Viewing *viewing;

/* The data is found from where the tests begin, before a folder of their own is entered. */
static void set_up(void)
{
    viewing = calloc(1, sizeof *viewing);
    viewing_open(viewing, VIEW_ATTENTION, "../data/names.txt", "--steps 40", "30");
    scratch_enter();
}

static void tear_down(void)
{
    scratch_leave();
    viewing_close(viewing);
    free(viewing);
}

static char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");
    char *text = calloc(1, 1 << 20);

    ck_assert_msg(file != NULL, "%s", name);
    ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, file), 0);
    fclose(file);
    return text;
}

static const struct {
    const char *name, *holds;
} files[] = {
    {"loss.svg", "<svg "},
    {"loss.txt", "How surprised is it?"},
    {"loss.ansi", "\033["},
    {"loss.json", "{\"view\":\"loss\",\"moment\":\"30\""},
    {"loss.description", "bigram"},
};

START_TEST(a_view_is_drawn_in_the_format_of_the_files_ending)
{
    Error error;
    ck_assert_msg(show_export(&viewing->app, "loss", files[_i].name, "100x30", &error), "%s",
                  error.text);
    char *text = read_file(files[_i].name);
    ck_assert_msg(strstr(text, files[_i].holds), "%s: %.300s", files[_i].name, text);
    ck_assert_int_eq(scratch_entries(), 1);
    free(text);
}
END_TEST

START_TEST(afterwards_the_screen_is_as_it_was)
{
    Error error;
    viewing->app.look.focus[VIEW_ATTENTION] = (Focus){.kind = FOCUS_STEP, .index = 3};
    char *before = strdup(viewing_draw(viewing, 100, 30));

    ck_assert(show_export(&viewing->app, "parameters", "p.txt", "80x24", &error));
    ck_assert_int_eq(look_view(&viewing->app.look), VIEW_ATTENTION);
    ck_assert_str_eq(viewing_draw(viewing, 100, 30), before);
    free(before);
}
END_TEST

START_TEST(the_command_draws_where_there_is_something_to_draw_with)
{
    Error error = {""};
    App *app = &viewing->app;

    app->export = NULL;
    ck_assert(command_run(app, "export loss a.svg", &error) & CHANGE_FAILED);
    app->export = show_export;
    ck_assert(!(command_run(app, "export loss a.svg 90x30", &error) & CHANGE_FAILED));
    ck_assert_int_eq(scratch_entries(), 1);
}
END_TEST

static const char *const wrong[][3] = {
    {"nothing", "a.svg", "no view nothing"},
    {"loss", "nowhere/a.svg", "nowhere"},
};

START_TEST(what_cannot_be_drawn_says_why_and_leaves_no_file)
{
    Error error;

    ck_assert(!show_export(&viewing->app, wrong[_i][0], wrong[_i][1], "80x24", &error));
    ck_assert_msg(strstr(error.text, wrong[_i][2]), "%s", error.text);
    ck_assert(!show_export(&viewing->app, "loss", "a.svg", "0x24", &error));
    ck_assert_int_eq(scratch_entries(), 0);
}
END_TEST

Suite *show_suite(void)
{
    Suite *suite = suite_create("show");
    TCase *tests = tcase_create("files");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, a_view_is_drawn_in_the_format_of_the_files_ending, 0, 5);
    tcase_add_test(tests, afterwards_the_screen_is_as_it_was);
    tcase_add_test(tests, the_command_draws_where_there_is_something_to_draw_with);
    tcase_add_loop_test(tests, what_cannot_be_drawn_says_why_and_leaves_no_file, 0, 2);
    return suite;
}
