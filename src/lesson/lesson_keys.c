/* Keys and commands of a lesson.
 *
 *     what waits          what a key does
 *     an answer           types it; Enter gives it; on an empty line: ? hint, S show, N skip, B back, F free play,
 *                         Q leave; : goes to the program
 *     a place (pick)      goes to the program, so that the cursor moves; Enter gives the place under it
 *     a task              goes to the program; S shows, N skips, B goes back
 *     nothing             Enter and n next, b back, R again, F free play; others go to the program
 *     free play           goes to the program; F or Esc comes back */
#include "lesson/lesson_walk.h"

#include "engine/words.h"
#include <stdio.h>
#include <string.h>

bool lesson_run_is_typing(const LessonRun *run)
{
    return run->phase == LESSON_ASKING && !run->free && run->posed.question->kind != QUESTION_PICK;
}

static void notice(LessonRun *run, bool done, const Error *error)
{
    if (!done)
        snprintf(run->notice, sizeof run->notice, "%s", error->text);
}

static void answer_line_typed(LessonRun *run)
{
    Error error;

    notice(run, lesson_run_answer(run, run->line.text, &error) != VERDICT_UNREADABLE, &error);
}

/* The place under the cursor. */
static void answer_cursor(LessonRun *run)
{
    Scope scope = app_scope(run->app);
    char text[FOCUS_TEXT_BYTES];
    Error error;

    focus_print(&scope, look_focus(&run->app->look), text, sizeof text);
    notice(run, lesson_run_answer(run, text, &error) != VERDICT_UNREADABLE, &error);
}

/* ---- acts ------------------------------------------------------------------------------------ */

static void act_hint(LessonRun *run)
{
    Error error;

    notice(run, lesson_run_hint(run, &error), &error);
}

static void act_show(LessonRun *run)
{
    Error error;

    notice(run, lesson_run_show(run, &error), &error);
}

enum { ASKING = 1, PICKING = 2, DOING = 4, READING = 8, ENDED = 16, FREE = 32 };

static const struct {
    const char *key;
    int when;
    void (*act)(LessonRun *run);
    const char *label; /* for the key line; NULL: a second key for the same */
} rows[] = {
    {"Enter", ASKING, answer_line_typed, N_("answer")},
    {"Enter", PICKING, answer_cursor, N_("this one")},
    {"Enter", READING | ENDED, lesson_run_next, N_("next")},
    {"n", READING | ENDED, lesson_run_next, NULL},
    {"b", READING | ENDED, lesson_run_prev, N_("back")},
    {"?", ASKING | PICKING, act_hint, N_("hint")},
    {"S", ASKING | PICKING | DOING, act_show, N_("show")},
    {"N", ASKING | PICKING | DOING, lesson_run_next, N_("skip")},
    {"B", ASKING | PICKING | DOING, lesson_run_prev, N_("back")},
    {"R", READING, lesson_run_retry, N_("again")},
    {"F", ASKING | PICKING | READING | ENDED, lesson_run_free, N_("free play")},
    {"q", PICKING | DOING | READING | ENDED, lesson_run_close, N_("leave")},
    {"Q", ASKING, lesson_run_close, N_("leave")},
    {"F", FREE, lesson_run_free, N_("back to the lesson")},
    {"Esc", ASKING, lesson_run_free, NULL},
    {"Esc", FREE, lesson_run_free, NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

static int situation(const LessonRun *run)
{
    if (run->free)
        return FREE;
    switch (run->phase) {
    case LESSON_ASKING:
        return run->posed.question->kind == QUESTION_PICK ? PICKING : ASKING;
    case LESSON_DOING:
        return DOING;
    case LESSON_READING:
        return READING;
    case LESSON_ENDED:
        return ENDED;
    default:
        return 0;
    }
}

/* Letters that stand for something do so on an empty line; in a text of one's own they are
 * typed. */
static bool is_for_line(const LessonRun *run, const char *key)
{
    bool letter = key[1] == '\0';
    bool words = run->posed.question->kind == QUESTION_TEXT;

    return letter && (run->line.length > 0 || (words && *key != '?'));
}

static bool act_on(LessonRun *run, const char *key, int when)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].when & when && strcmp(rows[i].key, key) == 0) {
            rows[i].act(run);
            return true;
        }
    return false;
}

/* The sheet is longer than its pane. */
static bool scroll(LessonRun *run, const char *key)
{
    static const struct {
        const char *key;
        int by;
    } by[] = {{"S-Down", 1}, {"S-Up", -1}, {"S-PgDn", 8}, {"S-PgUp", -8}, {"M-j", 1}, {"M-k", -1}};

    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (strcmp(by[i].key, key) == 0) {
            run->scroll += by[i].by;
            run->scroll = run->scroll < 0 ? 0 : run->scroll;
            return true;
        }
    return false;
}

bool lesson_run_key(LessonRun *run, const char *key)
{
    int when = situation(run);

    run->notice[0] = '\0';
    if (scroll(run, key))
        return true;
    if (when != ASKING)
        return act_on(run, key, when);
    if (strcmp(key, ":") == 0 && run->line.length == 0)
        return false;
    if (is_for_line(run, key) || !act_on(run, key, when))
        return line_key(&run->line, strcmp(key, "Space") == 0 ? " " : key);
    return true;
}

void lesson_run_keys(const LessonRun *run, char *text, size_t size)
{
    int when = situation(run);
    bool words = when == ASKING && run->posed.question->kind == QUESTION_TEXT;
    size_t length = 0;

    text[0] = '\0';
    for (int i = 0; i < ROWS && length < size; i++) {
        bool typed = words && rows[i].key[1] == '\0' && *rows[i].key != '?';
        if (rows[i].when & when && rows[i].label && !typed)
            length += (size_t)snprintf(text + length, size - length, "%s%s %s",
                                       length > 0 ? " · " : "", rows[i].key, _(rows[i].label));
    }
    if (words && length < size)
        snprintf(text + length, size - length, _(" · Esc free play"));
}

/* ---- commands -------------------------------------------------------------------------------- */

static bool open_or_list(LessonRun *run, const char *name, Error *error)
{
    if (strcmp(name, "list") != 0)
        return lesson_run_open(run, name, error);
    contents_answer(&run->contents, run->progress, &run->app->answer);
    return true;
}

bool lesson_run_act(LessonRun *run, TutorAct act, const char *text, Error *error)
{
    run->notice[0] = '\0';
    switch (act) {
    case TUTOR_OPEN:
        return open_or_list(run, text, error);
    case TUTOR_NEXT:
        lesson_run_next(run);
        return true;
    case TUTOR_PREV:
        lesson_run_prev(run);
        return true;
    case TUTOR_HINT:
        return lesson_run_hint(run, error);
    case TUTOR_SHOW:
        return lesson_run_show(run, error);
    case TUTOR_SKIP:
        return lesson_run_skip(run, error);
    case TUTOR_RETRY:
        lesson_run_retry(run);
        return true;
    case TUTOR_FREE:
        lesson_run_free(run);
        return true;
    case TUTOR_ANSWER:
        return lesson_run_answer(run, text, error) != VERDICT_UNREADABLE;
    default:
        lesson_run_close(run);
        return true;
    }
}

void lesson_run_fasten(LessonRun *run)
{
    run->app->tutor = (Tutor){.lesson = run,
                              .act = lesson_run_act,
                              .key = lesson_run_key,
                              .follow = lesson_run_follow,
                              .open = run->phase != LESSON_CLOSED};
}

/* ---- what stands above the sheet ------------------------------------------------------------- */

void lesson_run_describe(const LessonRun *run, char *title, char *place, size_t size)
{
    const Visit *visit = &run->visit[run->at < run->visits ? run->at : run->visits - 1];

    sheet_plain(visit->lesson->title, title, size);
    if (run->phase == LESSON_ENDED) {
        snprintf(place, size, _("end"));
    } else if (visit->recall) {
        snprintf(title, size, _("Once more"));
        snprintf(place, size, _("from lesson %s"), visit->lesson->name);
    } else {
        snprintf(place, size, _("step %d of %d"), visit->step + 1, visit->lesson->steps);
    }
}
