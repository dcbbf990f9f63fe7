#include "suites.h"

#include "classroom.h"
#include "engine/support.h"
#include "engine/sys.h"
#include "lesson/lint.h"
#include <stdlib.h>
#include <string.h>

/* What lint says of a file. */
static char *lint(const char *path, const LessonPlaces *places, int *wrong)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    Error error = {""};

    ck_assert_msg(lint_files(&path, 1, places, stream, wrong, &error), "%s", error.text);
    fclose(stream);
    return text;
}

/* Each broken lesson of tests/lessons, and what lint says of it behind the path. */
static const struct {
    const char *file, *said;
} broken[] = {
    {"answer-unknown.md", ":8: answer: nobody: character 1: "},
    {"answer-untypable.md", ":8: answer: expected a number"},
    {"assert.md", ":6: assert: 1 > 2 does not hold"},
    {"by-not-enough.md", ":7: do: the by lines do not make it true"},
    {"command.md", ":6: goto nowhere: "},
    {"de/sound.md", ":1: the original has a step {#graph}, which is not here"},
    {"do-done.md", ":6: do: it holds already"},
    {"fill.md", ":5: nobody: character 1: "},
    {"guide.md", ":6: guide: it says 0.05, but it is 0.04"},
    {"guide-wrong.md", ":6: guide: this claim holds, but it is said to be wrong"},
    {"hint-fill.md", ":9: nobody: character 1: "},
    {"let-taken.md", ":6: let: loss has a meaning already"},
    {"mark-unknown.md", ":6: nobody: character 1: "},
    {"mask-unknown.md", ":6: wte[99]: character "},
    {"options-none.md", ":7: 0 of the options hold: exactly one must"},
    {"options-two.md", ":7: 2 of the options hold: exactly one must"},
    {"pick-unknown.md", ":8: answer: nobody: character 1: "},
    {"scene.md", ":6: scene: 41: the run has 40 steps"},
    {"shape.md", ":6: scene: expected init"},
    {"trap-answer.md", ":9: trap: its value, 14, is the answer"},
    {"trap-twice.md", ":10: trap: its value, 7, is that of line 9"},
    {"trap-unknown.md", ":9: trap: nobody: character 1: "},
};

START_TEST(a_broken_lesson_is_named_with_file_line_and_reason)
{
    LessonPlaces places = classroom_places();
    char name[100], expected[1200];
    int wrong;

    snprintf(name, sizeof name, "lessons/%s", broken[_i].file);
    TestPath path = test_path(name);
    char *text = lint(path.text, &places, &wrong);
    snprintf(expected, sizeof expected, "%s%s", path.text, broken[_i].said);
    ck_assert_msg(strncmp(text, expected, strlen(expected)) == 0, "not %s but %s", expected, text);
    ck_assert_int_ge(wrong, 1);
    free(text);
}
END_TEST

START_TEST(a_sound_lesson_says_nothing)
{
    LessonPlaces places = classroom_places();
    TestPath path = test_path("lessons/sound.md");
    int wrong;
    char *text = lint(path.text, &places, &wrong);

    ck_assert_str_eq(text, "");
    ck_assert_int_eq(wrong, 0);
    free(text);
}
END_TEST

/* ---- the lessons of the program -------------------------------------------------------------- */

enum { LESSONS_LIMIT = 64 };

typedef struct Files {
    char path[LESSONS_LIMIT][1200];
    int count;
} Files;

static bool add_lesson(void *context, const char *name, bool is_folder)
{
    Files *files = context;
    size_t length = strlen(name);

    if (!is_folder && length > 3 && strcmp(name + length - 3, ".md") == 0 &&
        strcmp(name, "README.md") != 0)
        snprintf(files->path[files->count++], sizeof files->path[0], "%s/%s",
                 test_path("../lessons").text, name);
    return files->count < LESSONS_LIMIT;
}

static bool find_data(void *context, const char *name, char path[4096], Error *error)
{
    char file[100];

    (void)context;
    (void)error;
    snprintf(file, sizeof file, "../data/%.40s.txt", name);
    snprintf(path, 4096, "%s", test_path(file).text);
    return true;
}

START_TEST(every_lesson_of_the_program_holds)
{
    TestPath names = test_path("../data/names.txt");
    LessonPlaces places = {.find_data = find_data, .data = names.text};
    const char *paths[LESSONS_LIMIT];
    Files *files = calloc(1, sizeof *files);
    char *text = NULL;
    size_t length;
    int wrong;
    Error error = {""};

    settings_default(&places.settings);
    ck_assert(sys_visit_folder(test_path("../lessons").text, add_lesson, files, &error));
    ck_assert_int_gt(files->count, 0);
    for (int i = 0; i < files->count; i++)
        paths[i] = files->path[i];
    FILE *stream = open_memstream(&text, &length);
    ck_assert_msg(lint_files(paths, files->count, &places, stream, &wrong, &error), "%s",
                  error.text);
    fclose(stream);
    ck_assert_msg(wrong == 0, "%s", text);
    free(text);
    free(files);
}
END_TEST

Suite *lint_suite(void)
{
    Suite *suite = suite_create("lint");
    TCase *tests = tcase_create("fixtures"), *lessons = tcase_create("lessons");

    tcase_add_loop_test(tests, a_broken_lesson_is_named_with_file_line_and_reason, 0,
                        (int)(sizeof broken / sizeof *broken));
    tcase_add_test(tests, a_sound_lesson_says_nothing);
    tcase_add_test(lessons, every_lesson_of_the_program_holds);
    tcase_set_timeout(lessons, 60);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, lessons);
    return suite;
}
