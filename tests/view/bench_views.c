#include "view/bench_views.h"

#include "app/look.h"
#include "engine/support.h"
#include "suites.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 20"

static void measure(bool json, TestText *text)
{
    const Options options = {.settings = test_settings(SMALL), .json = json};
    Error error = {""};

    test_text_open(text);
    ck_assert_msg(bench_views(&options, test_path("data/words.txt").text, text->stream, &error),
                  "%s", error.text);
    test_text_close(text);
}

/* Every view has a line with its name; and a picture takes some time, but not long. */
START_TEST(every_view_is_measured)
{
    TestText text;

    measure(true, &text);
    const char *at = text.text;
    for (int i = 0; i < VIEW_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "\"view\":\"%s\"", look_views[i].name);
        at = strstr(at, name);
        ck_assert_msg(at != NULL, "no %s in %s", name, text.text);
        double median = strtod(strstr(at, "\"median\":") + 9, NULL);
        double p95 = strtod(strstr(at, "\"p95\":") + 6, NULL);
        ck_assert(median > 0 && median <= p95 && p95 < 1000);
    }
    free(text.text);
}
END_TEST

START_TEST(lines_for_people_name_size_and_unit)
{
    TestText text;

    measure(false, &text);
    ck_assert_ptr_nonnull(strstr(text.text, "views, loss       at 200x60: median "));
    ck_assert_ptr_nonnull(strstr(text.text, " ms a redraw, over 200\n"));
    free(text.text);
}
END_TEST

Suite *bench_views_suite(void)
{
    Suite *suite = suite_create("bench_views");
    TCase *tests = tcase_create("bench_views");

    tcase_add_test(tests, every_view_is_measured);
    tcase_add_test(tests, lines_for_people_name_size_and_unit);
    suite_add_tcase(suite, tests);
    return suite;
}
