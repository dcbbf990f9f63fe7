#include "lesson/lint.h"

#include "app/paths.h"
#include "app/text.h"
#include "engine/sys.h"
#include "engine/words.h"
#include "lesson/claim.h"
#include "lesson/lesson_walk.h"
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum { SEEN_LIMIT = 256, REASON_BYTES = 512, DIGEST_BYTES = 32, STEPS_LIMIT = 256 };

/* Where the program stands: the run's state, and its own graph's. */
typedef struct State {
    uint8_t digest[DIGEST_BYTES];
    int64_t graph_at;
    double graph_sum;
} State;

/* A lesson that is being checked. */
typedef struct Lint {
    LessonRun run;
    App app;
    const char *path;
    FILE *stream;
    int wrong;
    struct {
        int line;
        char reason[REASON_BYTES];
    } seen[SEEN_LIMIT]; /* said already: it comes up in every play */
    int seens;
    Store store;
    Posed *posed; /* [poseds] every question as the first play posed it */
    int poseds;
    State begin[STEPS_LIMIT]; /* as each step of the first play began */
    State end[STEPS_LIMIT];
} Lint;

/* ---- saying what is wrong -------------------------------------------------------------------- */

static void say(void *context, int line, const char *reason)
{
    Lint *lint = context;
    char safe[4 * REASON_BYTES];

    for (int i = 0; i < lint->seens; i++)
        if (lint->seen[i].line == line &&
            strncmp(lint->seen[i].reason, reason, REASON_BYTES - 1) == 0)
            return;
    if (lint->seens < SEEN_LIMIT) {
        lint->seen[lint->seens].line = line;
        snprintf(lint->seen[lint->seens++].reason, REASON_BYTES, "%s", reason);
    }
    text_show(reason, strlen(reason), safe, sizeof safe, false);
    text_print(lint->stream, lint->path, strlen(lint->path));
    fprintf(lint->stream, ":%d: %s\n", line, safe);
    lint->wrong++;
}

/* ---- claims and tasks ------------------------------------------------------------------------ */

static void check_assert(LessonRun *run, const Directive *directive)
{
    bool holds;
    Error error;

    if (!datum_holds(run->app, &run->lets, directive->text, &holds, &error))
        report_say(&run->report, directive->line, "assert: %s", error.text);
    else if (!holds)
        report_say(&run->report, directive->line, "assert: %s does not hold", directive->text);
}

static void check_guide(LessonRun *run, const Directive *directive)
{
    Datum value;
    Error reason;

    if (!datum_eval(run->app, &run->lets, directive->text, &value, NULL, &reason)) {
        report_say(&run->report, directive->line, "guide: %s", reason.text);
        return;
    }
    bool holds = claim_holds(directive->quoted, &value, &reason);
    if (holds && directive->wrong)
        report_say(&run->report, directive->line,
                   "guide: this claim holds, but it is said to be wrong");
    else if (!holds && !directive->wrong)
        report_say(&run->report, directive->line, "guide: %s", reason.text);
}

static void check_do(LessonRun *run, const Directive *directive)
{
    bool holds;
    Error error;

    if (datum_holds(run->app, &run->lets, directive->text, &holds, &error) && holds)
        report_say(&run->report, directive->line, "do: it holds already, there is nothing to do");
}

static void check(LessonRun *run, const Directive *directive)
{
    if (directive->kind == DIRECTIVE_ASSERT)
        check_assert(run, directive);
    else if (directive->kind == DIRECTIVE_GUIDE)
        check_guide(run, directive);
    else if (directive->kind == DIRECTIVE_DO)
        check_do(run, directive);
}

/* ---- questions ------------------------------------------------------------------------------- */

/* A trap as one would type it. */
static void print_trap(const Posed *posed, int i, const App *app, char *text, size_t size)
{
    Posed other = *posed;

    other.right = posed->trap[i];
    other.option = posed->trap_option[i];
    other.place = posed->trap_place[i];
    posed_print_right(&other, app, text, size);
}

/* Falls into each trap: it must be wrong, and must be that one. */
static void check_traps(Lint *lint)
{
    LessonRun *run = &lint->run;
    const Question *question = run->posed.question;

    for (int i = 0; i < question->traps; i++) {
        char text[LINE_BYTES];
        int trap = -1;
        Error error;
        if (!run->posed.trapped[i])
            continue;
        print_trap(&run->posed, i, run->app, text, sizeof text);
        Verdict verdict = posed_grade(&run->posed, run->app, text, &trap, &error);
        if (verdict == VERDICT_UNREADABLE)
            report_say(&run->report, question->trap[i].line, "trap: %s", error.text);
        else if (verdict == VERDICT_RIGHT)
            report_say(&run->report, question->trap[i].line, "trap: its value, %s, is the answer",
                       text);
        else if (trap != i)
            report_say(&run->report, question->trap[i].line,
                       "trap: its value, %s, is that of line %d", text,
                       question->trap[trap < 0 ? i : trap].line);
        else
            lesson_run_answer(run, text, &error); /* its feedback is filled in */
    }
}

/* Gives the right answer, which must be right. */
static void answer_right(Lint *lint)
{
    LessonRun *run = &lint->run;
    const Question *question = run->posed.question;
    char text[LINE_BYTES];
    Error error;
    int line = question->answer.text ? question->answer.line : question->line;

    if (!posed_print_right(&run->posed, run->app, text, sizeof text))
        snprintf(text, sizeof text, "%s",
                 question->kind == QUESTION_TEXT ? "so"
                 : question->options > 0         ? "a"
                                                 : "1");
    Verdict verdict = lesson_run_answer(run, text, &error);
    if (verdict == VERDICT_RIGHT)
        return;
    report_say(&run->report, line, "answer: %s is not taken as right%s%s", text,
               verdict == VERDICT_UNREADABLE ? ": " : "",
               verdict == VERDICT_UNREADABLE ? error.text : "");
    lesson_run_show(run, &error);
}

static void answer_wrong(Lint *lint)
{
    LessonRun *run = &lint->run;
    char text[LINE_BYTES];
    Error error;

    posed_print_wrong(&run->posed, run->app, text, sizeof text);
    for (int i = 0; i < 3 && run->phase == LESSON_ASKING; i++)
        lesson_run_answer(run, text, &error);
}

static void keep_posed(Lint *lint)
{
    Posed *grown = store_grow(&lint->store, lint->posed, lint->poseds, sizeof *lint->posed);

    if (!grown)
        return;
    lint->posed = grown;
    lint->posed[lint->poseds++] = lint->run.posed;
}

static void check_question(Lint *lint)
{
    Error error;

    keep_posed(lint);
    check_traps(lint);
    while (lesson_run_hint(&lint->run, &error))
        ;
    answer_right(lint);
}

/* Posing a question may train a whole run: the later plays take it as the first has found it. */
static const Posed *find_posed(LessonRun *run, const Question *question)
{
    const Lint *lint = (const Lint *)(void *)run; /* its first member */

    for (int i = 0; i < lint->poseds; i++)
        if (lint->posed[i].question == question)
            return &lint->posed[i];
    return NULL;
}

/* ---- playing --------------------------------------------------------------------------------- */

/* How a reader goes through a lesson. */
typedef enum Play { PLAY_RIGHT, PLAY_WRONG, PLAY_SKIPPED, PLAY_SHOWN, PLAYS } Play;

static const char *const play_names[PLAYS] = {N_("answered"), N_("answered wrong and shown"),
                                              N_("skipped"), N_("shown")};

/* Does what the `by` lines say, as a reader would. */
static void do_task(Lint *lint)
{
    LessonRun *run = &lint->run;
    const Directive *task = run->waiting;
    Error error;

    for (int i = 0; i < task->bys; i++)
        if (!scene_run(run->app, task->by[i].text, &error))
            report_say(&run->report, task->by[i].line, "by: %s", error.text);
    if (lesson_run_follow(run))
        return;
    report_say(&run->report, task->line, "do: the by lines do not make it true");
    lesson_run_skip(run, &error);
}

/* Answers whatever waits in a step. */
static void play_step(Lint *lint, Play play)
{
    LessonRun *run = &lint->run;
    Error error;

    while (run->phase == LESSON_ASKING || run->phase == LESSON_DOING) {
        bool asking = run->phase == LESSON_ASKING;
        if (play == PLAY_SKIPPED) {
            lesson_run_skip(run, &error);
        } else if (play == PLAY_SHOWN) {
            lesson_run_show(run, &error);
        } else if (!asking) {
            do_task(lint);
        } else if (play == PLAY_RIGHT) {
            check_question(lint);
        } else {
            const Directive *waiting = run->waiting;
            answer_wrong(lint);
            if (run->phase == LESSON_ASKING && run->waiting == waiting)
                lesson_run_show(run, &error);
        }
    }
}

static State state_of(const App *app)
{
    State state = {.graph_at = -1};

    history_digest(&app->session.history, state.digest);
    if (!app->graphing)
        return state;
    state.graph_at = app->graph.at;
    for (int32_t i = 0; i < app->graph.tape.count; i++)
        state.graph_sum += (i + 1) * app->graph.value[i];
    return state;
}

static bool same_state(const State *a, const State *b)
{
    return memcmp(a->digest, b->digest, DIGEST_BYTES) == 0 && a->graph_at == b->graph_at &&
           memcmp(&a->graph_sum, &b->graph_sum, sizeof a->graph_sum) == 0;
}

/* Walks the lesson from its first step on. */
static void play_all(Lint *lint, Play play)
{
    LessonRun *run = &lint->run;

    for (int i = 0; i < run->visits && i < STEPS_LIMIT; i++) {
        lesson_walk_enter(run, i);
        const Step *step = lesson_run_step(run);
        if (play == PLAY_RIGHT)
            lint->begin[i] = state_of(run->app);
        play_step(lint, play);
        State end = state_of(run->app);
        if (play == PLAY_RIGHT)
            lint->end[i] = end;
        else if (!same_state(&end, &lint->end[i]))
            report_say(&run->report, step->line, "the step ends in another state when it is %s",
                       _(play_names[play]));
    }
}

/* Enters each step from elsewhere. */
static void enter_all(Lint *lint)
{
    LessonRun *run = &lint->run;

    for (int i = run->visits - 1; i >= 0; i--) {
        const Visit *visit = &run->visit[i];
        if (i >= STEPS_LIMIT || visit->lesson->step[visit->step].scene != SCENE_KEEP)
            continue; /* its own scene is all that it begins with */
        lesson_walk_enter(run, i);
        /* a task or question at its beginning has changed nothing; what stands before it has */
        if (run->phase == LESSON_READING)
            continue;
        State state = state_of(run->app);
        if (!same_state(&state, &lint->begin[i]))
            report_say(&run->report, lesson_run_step(run)->line,
                       "the step begins in another state when it is entered by itself");
    }
}

/* lessons/2a.md of lessons/de/2a.md. Returns false where there is none: it is no translation. */
static bool find_original(const char *path, char original[PATHS_BYTES])
{
    const char *name = strrchr(path, '/');
    const char *folder = name;

    while (folder && folder > path && folder[-1] != '/')
        folder--;
    return name &&
           snprintf(original, PATHS_BYTES, "%.*s%s", (int)(folder - path), path, name + 1) <
               PATHS_BYTES &&
           access(original, R_OK) == 0;
}

/* Progress is kept under the lesson's name and its steps' ids: a translation must have the same. */
static void compare_steps(Lint *lint, const Lesson *lesson, const Lesson *original)
{
    const Report report = {say, lint};

    if (strcmp(lesson->name, original->name) != 0)
        report_say(&report, 1, "the original is lesson %s, not %s", original->name, lesson->name);
    for (int i = 0; i < original->steps; i++)
        if (lesson_find(lesson, original->step[i].id) < 0)
            report_say(&report, 1, "the original has a step {#%s}, which is not here",
                       original->step[i].id);
    for (int i = 0; i < lesson->steps; i++)
        if (lesson_find(original, lesson->step[i].id) < 0)
            report_say(&report, lesson->step[i].line, "the original has no step {#%s}",
                       lesson->step[i].id);
}

static void check_translation(Lint *lint, const Lesson *lesson)
{
    char path[PATHS_BYTES];
    Lesson original;
    Error error;

    if (!find_original(lint->path, path) || !lesson_read(&original, path, &error))
        return;
    compare_steps(lint, lesson, &original);
    lesson_release(&original);
}

static void lint_file(Lint *lint, const char *path)
{
    LessonRun *run = &lint->run;
    Lesson lesson;
    Error error;

    lint->path = path;
    lint->seens = 0;
    if (!lesson_read(&lesson, path, &error)) {
        text_print(lint->stream, error.text, strlen(error.text));
        fputc('\n', lint->stream);
        lint->wrong++;
        return;
    }
    check_translation(lint, &lesson);
    store_release(&lint->store);
    lint->posed = NULL;
    lint->poseds = 0;
    run->check = check;
    run->known = NULL;
    if (lesson_run_take(run, &lesson, 0, &error)) {
        play_all(lint, PLAY_RIGHT);
        run->check = NULL;
        run->known = find_posed;
        enter_all(lint);
        for (int play = PLAY_WRONG; play < PLAYS; play++)
            play_all(lint, (Play)play);
    } else {
        say(lint, 1, error.text);
    }
    lesson_release(&lesson);
}

bool lint_files(const char *const path[], int count, const LessonPlaces *places, FILE *stream,
                int *wrong, Error *error)
{
    LessonPlaces none = *places;
    Lint *lint = sys_alloc(1, sizeof *lint);

    if (!lint)
        return error_set(error, "out of memory");
    none.lessons[0] = none.lessons[1] = NULL;
    _Static_assert(offsetof(Lint, run) == 0, "find_posed relies on it");
    lint->stream = stream;
    bool made = app_init(&lint->app, &places->settings, places->data, NULL, error) &&
                lesson_run_init(&lint->run, &lint->app, &none, NULL, error);
    if (made) {
        app_run(&lint->app, 0);
        lint->run.report = (Report){say, lint};
        for (int i = 0; i < count; i++)
            lint_file(lint, path[i]);
        lesson_run_release(&lint->run);
    }
    *wrong = lint->wrong;
    store_release(&lint->store);
    app_release(&lint->app);
    sys_free(lint);
    return made;
}
