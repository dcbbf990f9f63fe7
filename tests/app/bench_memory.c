#include "app/bench_memory.h"

#include "suites.h"
#include <stdlib.h>
#include <string.h>

static Answer answer;

static void tear_down(void)
{
    answer_release(&answer);
}

/* Numbers that follow a member's name in the members. */
static int count_positive(const char *member)
{
    int count = 0;

    for (const char *at = answer.members.bytes; (at = strstr(at, member)); count++) {
        at += strlen(member);
        double number = strtod(at, NULL);
        ck_assert_msg(number > 0 && number < 1e6, "%s %g", member, number);
    }
    return count;
}

START_TEST(each_pair_has_two_times_and_their_ratio)
{
    static const struct {
        const char *name;
        int pairs;
    } benches[] = {{"layout", 4}, {"alloc", 2}};
    Error error;

    ck_assert_msg(bench_memory(benches[_i].name, &answer, &error), "%s", error.text);
    ck_assert_int_eq(answer_lines(&answer), benches[_i].pairs);
    ck_assert_int_eq(count_positive("\"slow_ns\":"), benches[_i].pairs);
    ck_assert_int_eq(count_positive("\"fast_ns\":"), benches[_i].pairs);
    ck_assert_int_eq(count_positive("\"ratio\":"), benches[_i].pairs);
}
END_TEST

START_TEST(what_cannot_be_measured_is_refused)
{
    Error error;

    ck_assert(!bench_memory("nothing", &answer, &error));
    ck_assert(strstr(error.text, "layout or alloc"));
}
END_TEST

Suite *bench_memory_suite(void)
{
    Suite *suite = suite_create("bench_memory");
    TCase *tests = tcase_create("pairs");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, NULL, tear_down);
    tcase_add_loop_test(tests, each_pair_has_two_times_and_their_ratio, 0, 2);
    tcase_add_test(tests, what_cannot_be_measured_is_refused);
    return suite;
}
