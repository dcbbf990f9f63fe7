/* Whatever stands in a file, and whatever is typed: it is refused or taken, and nothing breaks. */
#include "suites.h"

#include "classroom.h"
#include "engine/rng.h"
#include "engine/support.h"
#include "engine/sys.h"
#include "lesson/lint.h"
#include <stdlib.h>
#include <string.h>

/* A lesson with a bit of everything, to be damaged. */
static char *read_seed(size_t *length)
{
    char *text;
    Error error;

    ck_assert(sys_read_file(test_path("lessons/sound.md").text, 1 << 20, &text, length, &error));
    return text;
}

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Cuts, doubles and overwrites pieces of a text. */
static size_t damage(char *text, size_t length, size_t room, unsigned *state)
{
    static const char *const pieces[] = {"\"",      "{{",           "}}",    "```", "\n",
                                         "end\n",   "ask num \"",   "|",     "`",   "**",
                                         "\033[2J", "\xe2\x80\xae", "(((((", "[",   "]",
                                         "{#",      "999999999999", "\\",    "  ",  "scene expr "};
    for (unsigned i = 1 + next(state) % 6; i > 0 && length > 0; i--) {
        size_t at = next(state) % length;
        const char *piece = pieces[next(state) % (sizeof pieces / sizeof *pieces)];
        size_t bytes = strlen(piece), gone = next(state) % 12;
        gone = at + gone > length ? length - at : gone;
        if (length + bytes >= room)
            break;
        memmove(text + at + bytes, text + at + gone, length - at - gone);
        memcpy(text + at, piece, bytes);
        length = length + bytes - gone;
    }
    return length;
}

START_TEST(a_damaged_lesson_is_refused_or_played)
{
    LessonPlaces places = classroom_places();
    size_t length, room = 1 << 16;
    char *seed = read_seed(&length), *text = malloc(room), *said = NULL;
    unsigned state = 12345;
    App *app = calloc(1, sizeof *app);
    LessonRun *run = calloc(1, sizeof *run);
    int played = 0, rounds = test_full() ? 4000 : 300;
    Error error;

    ck_assert(app_init(app, &places.settings, places.data, NULL, &error));
    app_run(app, 0);
    ck_assert(lesson_run_init(run, app, &places, NULL, &error));
    lesson_run_fasten(run);
    for (int i = 0; i < rounds; i++) {
        Lesson lesson;
        memcpy(text, seed, length);
        size_t bytes = damage(text, length, room, &state);
        if (!lesson_parse(&lesson, "t.md", text, bytes, &error))
            continue;
        played++;
        bool taken = lesson_run_take(run, &lesson, 0, &error);
        for (int turn = 0; taken && turn < 40 && run->phase != LESSON_ENDED; turn++) {
            if (run->phase == LESSON_ASKING && turn % 3 != 2)
                lesson_run_answer(run, turn % 3 ? "a" : "14", &error);
            else
                lesson_run_next(run);
        }
        lesson_release(&lesson);
    }
    ck_assert_int_gt(played, rounds / 20);
    lesson_run_release(run);
    app_release(app);
    free(said);
    free(run);
    free(app);
    free(text);
    sys_free(seed);
}
END_TEST

START_TEST(random_bytes_are_no_lesson)
{
    unsigned state = 99;
    char text[512];

    for (int i = 0; i < 2000; i++) {
        size_t length = next(&state) % sizeof text;
        Lesson lesson;
        Error error;
        for (size_t k = 0; k < length; k++)
            text[k] = (char)(next(&state) % (i % 2 ? 128 : 256));
        if (lesson_parse(&lesson, "t.md", text, length, &error))
            lesson_release(&lesson);
    }
}
END_TEST

START_TEST(deep_nesting_is_only_deep)
{
    char *text = malloc(70000);
    Lesson lesson;
    Error error;
    size_t length = (size_t)sprintf(text, "# t T\n\n## A {#a}\n\n");

    for (int i = 0; i < 2000; i++)
        length += (size_t)sprintf(text + length, "%s", i % 2 ? "> " : "- ");
    length += (size_t)sprintf(text + length, "end\n\n");
    for (int i = 0; i < 5000; i++)
        length += (size_t)sprintf(text + length, "%s", "*[`");
    if (lesson_parse(&lesson, "t.md", text, length, &error))
        lesson_release(&lesson);
    free(text);
}
END_TEST

START_TEST(anything_can_be_typed)
{
    static const char *const keys[] = {"Enter", "a",    "1",         ".",    "(",    "[",     "\"",
                                       "?",     "S",    "N",         "B",    "F",    "Esc",   "R",
                                       "n",     "b",    "Backspace", "Left", "Home", "Space", "Tab",
                                       "é",     "S-Up", "S-Down",    ",",    "w",    "q",     ":"};
    Classroom *room =
        classroom_open("# t T\n\n## A {#a}\n\n```lesson\nscene expr a=2; b=3; c=a*b\nmask c\nask "
                       "num \"x\"\nafter goto 1\nanswer c\nhint \"h\"\nwhy \"w\"\n"
                       "end\n```\n\n## B {#b}\n\n```lesson\nask pick \"x\"\nanswer a\nwhy "
                       "\"w\"\nend\ndo graph_at > 1 \"x\"\nby goto end\n```\n",
                       NULL);
    unsigned state = 7;

    for (int i = 0; i < 4000; i++) {
        app_key(&room->app, keys[next(&state) % (sizeof keys / sizeof *keys)]);
        if (i % 50 == 0)
            scene_settle(&room->app);
        if (!room->app.tutor.open) {
            Lesson lesson;
            Error error;
            LessonText text =
                one_step("scene expr a=2; b=a^2\nask num \"x\"\nanswer b\nwhy \"w\"\nend");
            app_key(&room->app, "Esc");
            ck_assert(lesson_parse(&lesson, "t.md", text.text, strlen(text.text), &error));
            ck_assert(lesson_run_take(&room->run, &lesson, 0, &error));
        }
    }
    classroom_close(room);
}
END_TEST

Suite *hostile_suite(void)
{
    Suite *suite = suite_create("hostile");
    TCase *tests = tcase_create("hostile");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_damaged_lesson_is_refused_or_played);
    tcase_add_test(tests, random_bytes_are_no_lesson);
    tcase_add_test(tests, deep_nesting_is_only_deep);
    tcase_add_test(tests, anything_can_be_typed);
    suite_add_tcase(suite, tests);
    return suite;
}
