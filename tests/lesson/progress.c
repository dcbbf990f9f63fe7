#include "suites.h"

#include "engine/support.h"
#include "lesson/progress.h"
#include "scratch.h"
#include <stdlib.h>
#include <string.h>

static Progress progress;
static char message[480];

static void open_kept(void)
{
    Error error;

    ck_assert(progress_open(&progress, "kept.json", message, sizeof message, &error));
}

static void open_folder(void)
{
    scratch_enter();
    open_kept();
}

static void leave_folder(void)
{
    progress_close(&progress);
    scratch_leave();
}

static void again(void)
{
    Error error;

    ck_assert_msg(progress_save(&progress, &error), "%s", error.text);
    progress_close(&progress);
    open_kept();
    ck_assert_str_eq(message, "");
}

static Lesson lesson_of(const char *const ids[], int count)
{
    char text[2000] = "# t Test\n\n";
    Lesson lesson;
    Error error;

    for (int i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "## %s {#%s}\n\nx\n\n", ids[i],
                 ids[i]);
    ck_assert(lesson_parse(&lesson, "t.md", text, strlen(text), &error));
    return lesson;
}

static void note(const char *step, Outcome outcome, int attempts, bool recall, bool recalled)
{
    ProgressNote noted = {outcome, attempts, recall, recalled, "How much?", "14", "So it is."};

    progress_note(&progress, "t", step, &noted);
}

START_TEST(what_was_done_is_there_again)
{
    static const char *const ids[] = {"a", "b", "c"};
    Lesson lesson = lesson_of(ids, 3);

    ck_assert(!progress_is_begun(&progress, "t"));
    progress_enter(&progress, &lesson, 1);
    note("a", OUTCOME_RIGHT, 1, false, false);
    note("b", OUTCOME_SHOWN, 2, false, false);
    again();
    ck_assert_str_eq(progress_last(&progress), "t");
    ck_assert_int_eq(progress_resume(&progress, &lesson), 1);
    ck_assert_int_eq(progress_outcome(&progress, "t", "a"), OUTCOME_RIGHT);
    ck_assert_int_eq(progress_outcome(&progress, "t", "b"), OUTCOME_SHOWN);
    ck_assert_int_eq(progress_outcome(&progress, "t", "c"), OUTCOME_NONE);
    ck_assert_int_eq(progress_count(&progress, "t", OUTCOME_RIGHT), 1);
    progress_finish(&progress, &lesson);
    again();
    ck_assert(progress_is_done(&progress, "t"));
    ck_assert_int_eq(progress_resume(&progress, &lesson), 0);
    lesson_release(&lesson);
}
END_TEST

START_TEST(a_changed_lesson_goes_on_at_the_nearest_step)
{
    static const char *const before[] = {"a", "b", "c", "d"}, *const after[] = {"x", "b", "y", "a"},
                             *const none[] = {"u", "v"};
    Lesson old = lesson_of(before, 4), new = lesson_of(after, 4), other = lesson_of(none, 2);

    progress_enter(&progress, &old, 2);
    ck_assert_int_eq(progress_resume(&progress, &new), 1);
    progress_enter(&progress, &old, 0);
    ck_assert_int_eq(progress_resume(&progress, &new), 3);
    progress_enter(&progress, &old, 3);
    ck_assert_int_eq(progress_resume(&progress, &other), 0);
    lesson_release(&old);
    lesson_release(&new);
    lesson_release(&other);
}
END_TEST

START_TEST(what_was_right_stays_right)
{
    note("a", OUTCOME_RIGHT, 1, false, false);
    note("a", OUTCOME_SKIPPED, 0, false, false);
    ck_assert_int_eq(progress_outcome(&progress, "t", "a"), OUTCOME_RIGHT);
    note("b", OUTCOME_SKIPPED, 0, false, false);
    note("b", OUTCOME_RIGHT, 1, false, false);
    ck_assert_int_eq(progress_outcome(&progress, "t", "b"), OUTCOME_RIGHT);
}
END_TEST

START_TEST(what_was_missed_comes_first_in_the_review)
{
    ProgressDue due[4];

    note("a", OUTCOME_RIGHT, 1, true, false);
    note("b", OUTCOME_SHOWN, 0, false, false);
    note("c", OUTCOME_RIGHT, 1, false, false);
    note("d", OUTCOME_RIGHT, 3, false, false);
    ck_assert_int_eq(progress_due(&progress, NULL, due, 4), 3);
    ck_assert_str_eq(due[0].step, "b");
    ck_assert_str_eq(due[1].step, "d");
    ck_assert_str_eq(due[2].step, "a");
    ck_assert_int_eq(progress_due(&progress, NULL, due, 2), 2);
    ck_assert_int_eq(progress_due(&progress, "t", due, 4), 0);
    note("b", OUTCOME_RIGHT, 1, false, true); /* recalled: once more, then no more */
    ck_assert_int_eq(progress_due(&progress, NULL, due, 4), 3);
    note("b", OUTCOME_RIGHT, 1, false, true);
    note("a", OUTCOME_RIGHT, 1, true, true);
    ck_assert_int_eq(progress_due(&progress, NULL, due, 4), 1);
}
END_TEST

START_TEST(one_lesson_or_all_can_be_forgotten)
{
    ProgressNote noted = {OUTCOME_RIGHT, 1, false, false, "q", "a", "w"};

    note("a", OUTCOME_RIGHT, 1, false, false);
    progress_note(&progress, "u", "a", &noted);
    progress_reset(&progress, "t");
    ck_assert(!progress_is_begun(&progress, "t"));
    ck_assert(progress_is_begun(&progress, "u"));
    progress_reset(&progress, NULL);
    ck_assert(!progress_is_begun(&progress, "u"));
}
END_TEST

START_TEST(a_damaged_file_is_set_aside_with_a_message)
{
    progress_close(&progress);
    scratch_put("kept.json", "{\"version\": 1, \"less");
    open_kept();
    ck_assert_ptr_nonnull(strstr(message, "kept.json.damaged"));
    scratch_expect("kept.json.damaged", "{\"version\": 1, \"less");
    again();
    progress_close(&progress);
    scratch_put("kept.json", "{\"version\": 7}");
    open_kept();
    ck_assert_ptr_nonnull(strstr(message, "kept.json.damaged"));
}
END_TEST

START_TEST(a_file_of_another_shape_does_no_harm)
{
    static const char *const texts[] = {"{\"version\": 1, \"lessons\": 3, \"last\": []}",
                                        "{\"version\": 1, \"lessons\": {\"t\": {\"steps\": [], "
                                        "\"order\": {}, \"at\": 5, \"done\": \"yes\"}}}",
                                        "{\"version\": 1, \"lessons\": {\"t\": {\"steps\": {\"a\": "
                                        "3, \"b\": {\"due\": \"x\", \"outcome\": 7}}}}}"};
    static const char *const ids[] = {"a", "b"};
    Lesson lesson = lesson_of(ids, 2);
    ProgressDue due[4];
    FILE *sink = tmpfile();

    for (int i = 0; i < 3; i++) {
        progress_close(&progress);
        scratch_put("kept.json", texts[i]);
        open_kept();
        ck_assert_int_eq(progress_resume(&progress, &lesson), 0);
        ck_assert_int_eq(progress_due(&progress, NULL, due, 4), 0);
        ck_assert_int_eq(progress_outcome(&progress, "t", "b"), OUTCOME_NONE);
        progress_recap(&progress, sink);
        progress_enter(&progress, &lesson, 1);
        note("a", OUTCOME_RIGHT, 1, false, false);
        ck_assert_int_eq(progress_outcome(&progress, "t", "a"), OUTCOME_RIGHT);
    }
    fclose(sink);
    lesson_release(&lesson);
}
END_TEST

START_TEST(without_a_place_to_keep_it_lessons_work)
{
    Progress none;
    Error error;

    ck_assert(progress_open(&none, NULL, message, sizeof message, &error));
    ProgressNote noted = {OUTCOME_RIGHT, 1, false, false, "q", "a", "w"};
    progress_note(&none, "t", "a", &noted);
    ck_assert(progress_save(&none, &error));
    ck_assert_int_eq(progress_outcome(&none, "t", "a"), OUTCOME_RIGHT);
    progress_close(&none);
    ck_assert_int_eq(scratch_entries(), 0);
}
END_TEST

START_TEST(a_recap_has_the_readers_answers)
{
    static const char *const ids[] = {"b", "a", "c"};
    Lesson lesson = lesson_of(ids, 3);
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    progress_enter(&progress, &lesson, 0);
    note("a", OUTCOME_RIGHT, 1, false, false);
    note("b", OUTCOME_SHOWN, 1, false, false);
    progress_recap(&progress, stream);
    fclose(stream);
    ck_assert_str_eq(text, "# What I learnt with gptoscope\n\n## t Test\n"
                           "\n- How much?\n  Shown: 14\n  So it is.\n"
                           "\n- How much?\n  Your answer: 14\n  So it is.\n");
    free(text);
    lesson_release(&lesson);
}
END_TEST

START_TEST(a_recap_leaves_out_what_was_only_opened)
{
    static const char *const ids[] = {"a"};
    Lesson lesson = lesson_of(ids, 1);
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    progress_enter(&progress, &lesson, 0);
    progress_recap(&progress, stream);
    fclose(stream);
    ck_assert_str_eq(text, "# What I learnt with gptoscope\n\nNothing yet.\n");
    free(text);
    lesson_release(&lesson);
}
END_TEST

Suite *progress_suite(void)
{
    Suite *suite = suite_create("progress");
    TCase *tests = tcase_create("progress");

    tcase_add_checked_fixture(tests, open_folder, leave_folder);
    tcase_add_test(tests, what_was_done_is_there_again);
    tcase_add_test(tests, a_changed_lesson_goes_on_at_the_nearest_step);
    tcase_add_test(tests, what_was_right_stays_right);
    tcase_add_test(tests, what_was_missed_comes_first_in_the_review);
    tcase_add_test(tests, one_lesson_or_all_can_be_forgotten);
    tcase_add_test(tests, a_damaged_file_is_set_aside_with_a_message);
    tcase_add_test(tests, a_file_of_another_shape_does_no_harm);
    tcase_add_test(tests, without_a_place_to_keep_it_lessons_work);
    tcase_add_test(tests, a_recap_has_the_readers_answers);
    tcase_add_test(tests, a_recap_leaves_out_what_was_only_opened);
    suite_add_tcase(suite, tests);
    return suite;
}
