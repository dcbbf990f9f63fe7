#include "app/nearest.h"

#include "suites.h"
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

START_TEST(a_distance_is_the_fewest_letters_to_insert_drop_or_change)
{
    static const struct {
        const char *a, *b;
        int distance;
    } rows[] = {
        {"", "", 0},          {"", "abc", 3},           {"steps", "steps", 0},
        {"step", "steps", 1}, {"stepss", "steps", 1},   {"stops", "steps", 1},
        {"tsep", "step", 2},  {"kitten", "sitting", 3}, {"saturday", "sunday", 3},
        {"abc", "xyz", 3},    {"n_haed", "n_head", 2},  {"aab", "ab", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ck_assert_msg(nearest_distance(rows[i].a, rows[i].b) == rows[i].distance, "%s %s",
                      rows[i].a, rows[i].b);
        ck_assert_int_eq(nearest_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
}
END_TEST

/* The definition, without a table. */
static int plain_distance(const char *a, const char *b)
{
    if (!*a || !*b)
        return (int)(strlen(a) + strlen(b));
    int drop = plain_distance(a + 1, b) + 1, insert = plain_distance(a, b + 1) + 1;
    int change = plain_distance(a + 1, b + 1) + (*a != *b);
    int least = drop < insert ? drop : insert;
    return least < change ? least : change;
}

/* Word number i of those of up to four letters of a, b, c. */
static void spell(int i, char word[8])
{
    int length = 0;
    for (; i > 0; i = (i - 1) / 3)
        word[length++] = (char)('a' + (i - 1) % 3);
    word[length] = '\0';
}

START_TEST(the_distance_of_short_words_is_that_of_the_definition)
{
    char a[8], b[8];
    for (int i = 0; i <= 120; i++)
        for (int k = 0; k <= 120; k++) {
            spell(i, a);
            spell(k, b);
            if (nearest_distance(a, b) != plain_distance(a, b))
                ck_abort_msg("%s %s", a, b);
        }
}
END_TEST

START_TEST(only_the_first_letters_of_a_long_word_count)
{
    char a[64] = {0}, b[64] = {0};
    memset(a, 'x', 63);
    memset(b, 'x', 31);
    ck_assert_int_eq(nearest_distance(a, b), 0);
    ck_assert_int_eq(nearest_distance(a, ""), 31);
}
END_TEST

/* The best of a list, as it is found by asking about one after the other. */
static const char *best_of(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    for (; *candidates; candidates++)
        best = nearest_of(word, best, *candidates);
    return best;
}

START_TEST(the_nearest_word_is_kept_and_of_equals_the_first)
{
    static const char *const names[] = {"train", "show", "list", "bench",
                                        "steps", "stop", "at",   NULL};
    static const struct {
        const char *word, *best;
    } rows[] = {
        {"train", "train"}, {"tran", "train"}, {"trian", "train"},
        {"shwo", "show"},   {"lst", "list"},   {"benhc", "bench"},
        {"sto", "stop"},    {"stp", "stop"},   {"stips", "steps"},
    };
    static const char *const equals[] = {"bat", "cat", "rat", NULL};
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_str_eq(best_of(rows[i].word, names), rows[i].best);
    ck_assert_str_eq(best_of("hat", equals), "bat");
}
END_TEST

START_TEST(the_beginning_of_a_word_is_nearest_to_it)
{
    static const char *const names[] = {"at", "save", "samples", "stop", NULL};
    ck_assert_str_eq(best_of("st", names), "stop");
    ck_assert_str_eq(best_of("s", names), "save");
    ck_assert_str_eq(best_of("sam", names), "samples");
}
END_TEST

START_TEST(what_differs_in_more_than_half_is_no_guess)
{
    static const char *const names[] = {"train", "show", "at", NULL};
    ck_assert_ptr_null(best_of("xyzzy", names));
    ck_assert_ptr_null(best_of("", names));
    ck_assert_ptr_null(best_of("tr-xx", names));
    ck_assert_str_eq(best_of("trxx", (const char *const[]){"trai", NULL}), "trai");
}
END_TEST

Suite *nearest_suite(void)
{
    Suite *suite = suite_create("nearest");
    TCase *tests = tcase_create("nearest");

    tcase_add_test(tests, a_distance_is_the_fewest_letters_to_insert_drop_or_change);
    tcase_add_test(tests, the_distance_of_short_words_is_that_of_the_definition);
    tcase_add_test(tests, only_the_first_letters_of_a_long_word_count);
    tcase_add_test(tests, the_nearest_word_is_kept_and_of_equals_the_first);
    tcase_add_test(tests, the_beginning_of_a_word_is_nearest_to_it);
    tcase_add_test(tests, what_differs_in_more_than_half_is_no_guess);
    suite_add_tcase(suite, tests);
    return suite;
}
