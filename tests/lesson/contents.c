#include "suites.h"

#include "lesson/contents.h"
#include "scratch.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static Contents contents;
static Progress progress;

static void lesson_file(const char *path, const char *title)
{
    char text[200];

    snprintf(text, sizeof text, "# %s\n\nAbout.\n\n```lesson\nminutes 5\n```\n\n## A {#a}\n\nx\n",
             title);
    scratch_put(path, text);
}

static void open_folder(void)
{
    static const char *const folders[] = {"given", "own"};
    char message[480];
    Error error;

    scratch_enter();
    mkdir("given", 0700);
    mkdir("own", 0700);
    lesson_file("given/2b-order.md", "2b Topological order");
    lesson_file("given/1-picture.md", "1 The big picture");
    lesson_file("given/2a-chain.md", "2a The chain rule");
    lesson_file("own/0-mine.md", "mine About softmax");
    scratch_put("given/README.md", "# How to\n");
    scratch_put("given/notes.txt", "x");
    scratch_put("given/9-broken.md", "# 9 Broken\n");
    ck_assert(contents_open(&contents, folders, 2, &error));
    ck_assert(progress_open(&progress, NULL, message, sizeof message, &error));
}

static void leave_folder(void)
{
    progress_close(&progress);
    contents_close(&contents);
    scratch_leave();
}

START_TEST(lessons_are_listed_in_the_order_of_their_files_the_readers_own_last)
{
    static const char *const names[] = {"1", "2a", "2b", "9", "mine"};

    ck_assert_int_eq(contents.count, 5);
    for (int i = 0; i < 5; i++)
        ck_assert_str_eq(contents.entry[i].name, names[i]);
    ck_assert_str_eq(contents.entry[1].title, "2a The chain rule");
    ck_assert_int_eq(contents.entry[1].minutes, 5);
    ck_assert_str_ne(contents.entry[3].wrong, "");
}
END_TEST

static void open_in(const char *languages)
{
    static const char *const folders[] = {"given"};
    Error error;

    contents_close(&contents);
    if (languages)
        setenv("LANGUAGE", languages, 1);
    else
        unsetenv("LANGUAGE");
    ck_assert(contents_open(&contents, folders, 1, &error));
}

START_TEST(a_lesson_is_listed_in_the_readers_language_where_it_is_translated)
{
    mkdir("given/de", 0700);
    mkdir("given/nl", 0700);
    lesson_file("given/de/1-picture.md", "1 Das Bild");
    lesson_file("given/nl/2a-chain.md", "2a De ketting");
    open_in("nl:de");
    ck_assert_str_eq(contents.entry[0].title, "1 The big picture"); /* the C locale has none */
    if (!setlocale(LC_MESSAGES, "de_DE.UTF-8"))
        return; /* this machine has none but that */
    open_in("nl_BE.UTF-8:de");
    ck_assert_int_eq(contents.count, 4);
    ck_assert_str_eq(contents.entry[0].title, "1 Das Bild");
    ck_assert_str_eq(contents.entry[1].title, "2a De ketting");
    ck_assert_str_eq(contents.entry[2].title, "2b Topological order");
    open_in(NULL);
    ck_assert_str_eq(contents.entry[0].title, "1 Das Bild");
    ck_assert_str_eq(contents.entry[1].title, "2a The chain rule");
    open_in("../given");
    ck_assert_str_eq(contents.entry[0].title, "1 The big picture");
}
END_TEST

START_TEST(a_lesson_is_found_by_its_name_or_a_word)
{
    ck_assert_int_eq(contents_find(&contents, "2a"), 1);
    ck_assert_int_eq(contents_find(&contents, "CHAIN"), 1);
    ck_assert_int_eq(contents_find(&contents, "softmax"), 4);
    ck_assert_int_eq(contents_find(&contents, "2"), -1);
    ck_assert_int_eq(contents_find(&contents, ""), -1);
    ck_assert_int_eq(contents_find(&contents, "physics"), -1);
}
END_TEST

START_TEST(the_list_says_what_is_done)
{
    Answer answer = {.cut = false};
    Lesson lesson;
    Error error;

    ck_assert(lesson_read(&lesson, "given/1-picture.md", &error));
    progress_enter(&progress, &lesson, 0);
    progress_finish(&progress, &lesson);
    lesson_release(&lesson);
    ck_assert(lesson_read(&lesson, "given/2a-chain.md", &error));
    progress_enter(&progress, &lesson, 0);
    contents_answer(&contents, &progress, &answer);
    ck_assert_ptr_nonnull(strstr(answer_first(&answer),
                                 "1\tThe big picture (done)\n2a\tThe chain rule (here)\n"
                                 "2b\tTopological order (5 minutes)\n"));
    ck_assert_ptr_nonnull(
        strstr(answer_first(&answer), "9\t? (cannot be read: given/9-broken.md:1: "));
    answer_release(&answer);
    lesson_release(&lesson);
}
END_TEST

Suite *contents_suite(void)
{
    Suite *suite = suite_create("contents");
    TCase *tests = tcase_create("contents");

    tcase_add_checked_fixture(tests, open_folder, leave_folder);
    tcase_add_test(tests, lessons_are_listed_in_the_order_of_their_files_the_readers_own_last);
    tcase_add_test(tests, a_lesson_is_listed_in_the_readers_language_where_it_is_translated);
    tcase_add_test(tests, a_lesson_is_found_by_its_name_or_a_word);
    tcase_add_test(tests, the_list_says_what_is_done);
    suite_add_tcase(suite, tests);
    return suite;
}
