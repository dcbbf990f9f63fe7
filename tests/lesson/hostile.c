/* Whatever stands in a file, and whatever is typed: it is refused or taken, and nothing breaks. */
#include "suites.h"

#include "app/command.h"
#include "classroom.h"
#include "engine/rng.h"
#include "engine/support.h"
#include "engine/sys.h"
#include "lesson/directive.h"
#include "lesson/lint.h"
#include "scratch.h"
#include <stdio.h>
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

/* ---- what a lesson may do -------------------------------------------------------------------- */

/* Every command is in one of these lists. A new one is refused until somebody has thought about what
 * a stranger's file could do with it. */
static const char *const may[] = {"step",   "back",    "unit",     "goto",      "until", "set",
                                  "option", "undo",    "redo",     "gen",       "fork",  "switch",
                                  "diff",   "expr",    "why",      "gradcheck", "tok",   "bench",
                                  "watch",  "unwatch", "view",     "cursor",    "focus", "open",
                                  "leave",  "look",    "position", "head",      "print"};

/* They read or write files, change what keys mean, what lies before the reader, or the lesson; or
 * no lesson has needed them. */
static const char *const may_not[] = {
    "run",    "pause", "changes",  "edit",   "knobs",  "drop",   "compare", "sweep",
    "since",  "pane",  "mark",     "find",   "where",  "echo",   "list",    "help",
    "lesson", "next",  "prev",     "answer", "hint",   "show",   "skip",    "retry",
    "free",   "close", "save",     "load",   "resume", "export", "bind",    "theme",
    "glyphs", "mouse", "autosave", "prompt", "redraw", "quit"};

static bool is_in(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

START_TEST(each_command_is_known_to_be_allowed_in_lessons_or_not)
{
    const size_t mays = sizeof may / sizeof *may, may_nots = sizeof may_not / sizeof *may_not;

    for (int i = 0; i < command_count; i++) {
        const char *name = command_table[i].name;
        bool allowed = is_in(may, mays, name), refused = is_in(may_not, may_nots, name);
        ck_assert_msg(allowed != refused, "%s: put it into may or into may_not", name);
        ck_assert_msg(directive_allows(name) == allowed, "%s", name);
    }
    for (size_t i = 0; i < mays; i++)
        ck_assert_msg(command_find(may[i]), "there is no command %s", may[i]);
}
END_TEST

/* Lines that reach for a file, in every place where a lesson has a command. */
START_TEST(a_lesson_reaches_no_file)
{
    static const char *const lines[] = {"save caught",
                                        "sav caught",
                                        "  save caught",
                                        "save\tcaught",
                                        "load caught",
                                        "export loss caught",
                                        "export loss ../caught",
                                        "bind n save caught",
                                        "prompt save caught",
                                        "autosave on",
                                        "resume",
                                        "lesson ../caught.md",
                                        ":save caught",
                                        "!touch caught",
                                        "fork caught data caught",
                                        "fork caught seed 7 data caught",
                                        "fork data data /etc/passwd",
                                        "fork caught\vdata\fcaught",
                                        "quit",
                                        "expr a=1\rsave caught",
                                        "watch loss; save caught",
                                        "goto 1; save caught",
                                        "print \"$(touch caught)`touch caught`\""};
    static const char *const places[] = {"%s", "do step > 1 \"x\"\nby %s",
                                         "ask num \"x\"\nafter %s\nanswer 1\nwhy \"w\"\nend"};

    scratch_enter();
    for (size_t i = 0; i < sizeof lines / sizeof *lines * 3; i++) {
        char directives[512];
        Lesson lesson;
        Error error;
        snprintf(directives, sizeof directives, places[i % 3], lines[i / 3]);
        LessonText text = one_step(directives);
        if (!lesson_parse(&lesson, "t.md", text.text, strlen(text.text), &error))
            continue;
        lesson_release(&lesson);
        Classroom *room = classroom_open(text.text, NULL);
        for (int turn = 0; turn < 3; turn++)
            lesson_run_show(&room->run, &error);
        classroom_close(room);
        ck_assert_msg(i / 3 >= 19, "%s was taken", directives);
    }
    ck_assert_int_eq(scratch_entries(), 0);
    scratch_leave();
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
    tcase_add_test(tests, each_command_is_known_to_be_allowed_in_lessons_or_not);
    tcase_add_test(tests, a_lesson_reaches_no_file);
    suite_add_tcase(suite, tests);
    return suite;
}
