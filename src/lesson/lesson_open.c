/* Opening and closing lessons, and going from step to step. */
#include "lesson/lesson_walk.h"

#include "app/paths.h"
#include "app/twin.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

bool lesson_run_init(LessonRun *run, App *app, const LessonPlaces *places, Progress *progress,
                     Error *error)
{
    *run = (LessonRun){.app = app, .places = *places, .progress = progress};
    return contents_open(&run->contents, run->places.lessons, 2, error);
}

/* What belongs to the lesson that is open. */
static void release_lesson(LessonRun *run)
{
    sheet_clear(&run->sheet);
    scene_release(&run->scene);
    lesson_release(&run->lesson);
    for (int i = 0; i < LESSON_RECALLS; i++)
        lesson_release(&run->recalled[i]);
    sys_free(run->visit);
    run->visit = NULL;
    run->visits = run->at = 0;
    run->waiting = NULL;
    run->phase = LESSON_CLOSED;
    run->lets.count = 0;
}

void lesson_run_release(LessonRun *run)
{
    release_lesson(run);
    scene_release(&run->home);
    branches_release(&run->home_branches);
    if (run->is_away)
        session_release(&run->away);
    contents_close(&run->contents);
    run->app->tutor = (Tutor){.lesson = NULL};
}

/* ---- the run of a lesson --------------------------------------------------------------------- */

static bool same_settings(const Settings *a, const Settings *b)
{
    for (int i = 0; i < settings_count; i++)
        if (settings_get(a, &settings_table[i]) != settings_get(b, &settings_table[i]))
            return false;
    return true;
}

/* The documents of a lesson. */
static bool find_data(LessonRun *run, const Lesson *lesson, const char **path, Error *error)
{
    *path = run->places.data;
    if (!lesson->data)
        return true;
    *path = run->data;
    return run->places.find_data(run->places.context, lesson->data, run->data, error);
}

static void take_session(App *app, Session *session, const char *data_path)
{
    app_leave_graph(app);
    session_replace(&app->session, session);
    twins_follow_beginning(app);
    app->data_path = data_path;
    app_run(app, 0);
}

/* Puts the run of the reader away, where the lesson has another. */
static bool make_session(LessonRun *run, const Lesson *lesson, Error *error)
{
    App *app = run->app;
    Settings settings = lesson_settings(lesson, &run->places.settings);
    const char *data = NULL;
    Session session;

    if (!find_data(run, lesson, &data, error))
        return false;
    if (same_settings(&settings, &app->session.history.settings) &&
        strcmp(data, app->data_path) == 0 && !app->session.data[0])
        return true;
    if (!session_init(&session, &settings, data, NULL, error))
        return false;
    if (!run->is_away) {
        run->away = app->session;
        run->home_data = app->data_path;
        run->is_away = true;
        app->session = (Session){.writing = false};
    }
    take_session(app, &session, data);
    return true;
}

static void bring_session_back(LessonRun *run)
{
    if (run->is_away)
        take_session(run->app, &run->away, run->home_data);
    run->is_away = false;
}

/* A lesson has branches of its own. */
static void put_branches_away(LessonRun *run)
{
    run->home_branches = run->app->branches;
    run->app->branches = (Branches){.count = 0};
    run->app->compared[0] = '\0';
    twins_forget_all(run->app);
}

static void bring_branches_back(LessonRun *run)
{
    branches_release(&run->app->branches);
    run->app->branches = run->home_branches;
    run->home_branches = (Branches){.count = 0};
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Up to two questions of other lessons come first, if they go with this run. */
static void add_recalls(LessonRun *run)
{
    ProgressDue due[LESSON_RECALLS];
    int count = run->progress && !run->unasked && run->lesson.settings == 0 && !run->lesson.data
                    ? progress_due(run->progress, run->lesson.name, due, LESSON_RECALLS)
                    : 0;

    for (int i = 0; i < count; i++) {
        Lesson *lesson = &run->recalled[i];
        int entry = contents_find(&run->contents, due[i].lesson);
        if (entry < 0 || !lesson_read(lesson, run->contents.entry[entry].path, NULL))
            continue;
        int step = lesson_find(lesson, due[i].step);
        if (step >= 0 && lesson->settings == 0 && !lesson->data)
            run->visit[run->visits++] = (Visit){lesson, step, true};
    }
}

bool lesson_run_take(LessonRun *run, Lesson *lesson, int step, Error *error)
{
    bool open = run->phase != LESSON_CLOSED;
    Visit *visit = sys_alloc((size_t)lesson->steps + LESSON_RECALLS, sizeof *visit);

    if (!visit)
        return error_set(error, "out of memory");
    app_run(run->app, 0);
    look_reveal(&run->app->look);
    if ((!open && !scene_keep(&run->home, run->app, error)) || !make_session(run, lesson, error)) {
        sys_free(visit);
        return false;
    }
    if (!open)
        put_branches_away(run);
    release_lesson(run);
    run->lesson = *lesson;
    *lesson = (Lesson){.about = ""};
    run->visit = visit;
    if (step == 0)
        add_recalls(run);
    int first = step == 0 ? 0 : run->visits + step;
    for (int i = 0; i < run->lesson.steps; i++)
        run->visit[run->visits++] = (Visit){&run->lesson, i, false};
    run->app->tutor.open = run->app->tutor.lesson == run;
    lesson_walk_enter(run, first);
    return true;
}

/* A path of the reader's; names of lessons have neither a slash nor a dot. */
static bool is_path(const char *name)
{
    return strchr(name, '/') || strchr(name, '.') || *name == '~';
}

static bool find_path(LessonRun *run, const char *name, char path[PATHS_BYTES], Error *error)
{
    const Contents *contents = &run->contents;

    if (is_path(name))
        return paths_expand(name, path) || error_set(error, "%.60s: the path is too long", name);
    if (!*name && run->progress)
        name = progress_last(run->progress);
    int found = *name ? contents_find(contents, name) : contents->count > 0 ? 0 : -1;
    if (found < 0)
        return error_set(error,
                         *name ? N_("there is no lesson %.60s: see gptoscope list lessons")
                               : N_("there are no lessons%s where they were installed"),
                         name);
    snprintf(path, PATHS_BYTES, "%s", contents->entry[found].path);
    return true;
}

bool lesson_run_open(LessonRun *run, const char *name, Error *error)
{
    char path[PATHS_BYTES];
    Lesson lesson;

    if (!find_path(run, name, path, error) || !lesson_read(&lesson, path, error))
        return false;
    int step = run->progress ? progress_resume(run->progress, &lesson) : 0;
    bool taken = lesson_run_take(run, &lesson, step, error);
    lesson_release(&lesson);
    return taken;
}

/* ---- while it is being written --------------------------------------------------------------- */

static bool sum_file(const char *path, uint32_t *sum)
{
    char *bytes;
    size_t length;

    if (!sys_read_file(path, LESSON_FILE_LIMIT, &bytes, &length, NULL))
        return false;
    *sum = 2166136261u;
    for (size_t i = 0; i < length; i++)
        *sum = (*sum ^ (unsigned char)bytes[i]) * 16777619u;
    sys_free(bytes);
    return true;
}

bool lesson_run_reload(LessonRun *run)
{
    char path[PATHS_BYTES], id[PROGRESS_ID_BYTES];
    uint32_t sum;
    Lesson lesson;
    Error error;

    snprintf(path, sizeof path, "%s", run->lesson.path ? run->lesson.path : "");
    if (run->phase == LESSON_CLOSED || !sum_file(path, &sum) || sum == run->seen)
        return false;
    bool first = run->seen == 0;
    run->seen = sum;
    if (first)
        return false;
    snprintf(id, sizeof id, "%s", lesson_run_step(run)->id);
    bool read = lesson_read(&lesson, path, &error);
    if (read) {
        int step = lesson_find(&lesson, id);
        run->unasked = true;
        read = lesson_run_take(run, &lesson, step < 0 ? 0 : step, &error);
        lesson_release(&lesson);
    }
    if (!read)
        snprintf(run->notice, sizeof run->notice, "%s", error.text);
    return true;
}

/* ---- closing --------------------------------------------------------------------------------- */

void lesson_run_close(LessonRun *run)
{
    Error error;

    if (run->phase == LESSON_CLOSED)
        return;
    scene_clear(run->app);
    release_lesson(run);
    bring_session_back(run);
    bring_branches_back(run);
    if (run->home.kept)
        scene_restore(&run->home, run->app, &error);
    scene_release(&run->home);
    run->app->tutor.open = false;
    app_say(run->app, false, "The lesson is closed; :lesson goes on with it. q quits.");
    if (run->progress && !progress_save(run->progress, &error))
        app_say(run->app, true, "%s", error.text);
}

/* ---- review ---------------------------------------------------------------------------------- */

enum { REVIEW_LIMIT = 16 };

bool lesson_run_review(LessonRun *run, Error *error)
{
    ProgressDue due[REVIEW_LIMIT];
    int count = run->progress ? progress_due(run->progress, NULL, due, REVIEW_LIMIT) : 0;

    for (int i = 0; i < count; i++) {
        Lesson lesson;
        int entry = contents_find(&run->contents, due[i].lesson);
        if (entry < 0 || !lesson_read(&lesson, run->contents.entry[entry].path, error))
            continue;
        int step = lesson_find(&lesson, due[i].step);
        bool taken = step >= 0 && lesson_run_take(run, &lesson, step, error);
        lesson_release(&lesson);
        if (taken)
            return true;
    }
    return error_set(error, "there is nothing to review");
}

/* ---- from step to step ----------------------------------------------------------------------- */

/* The page behind the last step. */
static void end_lesson(LessonRun *run)
{
    const char *name = run->lesson.name;
    char text[200];

    sheet_clear(&run->sheet);
    run->phase = LESSON_ENDED;
    run->waiting = NULL;
    run->notice[0] = '\0';
    run->at = run->visits;
    snprintf(text, sizeof text, _("This was lesson %s."), run->lesson.title);
    sheet_add(&run->sheet, PIECE_NOTE, NULL, "", text);
    if (!run->progress)
        return;
    progress_finish(run->progress, &run->lesson);
    snprintf(text, sizeof text, _("Answered: %d. Shown: %d. Left out: %d."),
             progress_count(run->progress, name, OUTCOME_RIGHT),
             progress_count(run->progress, name, OUTCOME_SHOWN),
             progress_count(run->progress, name, OUTCOME_SKIPPED));
    sheet_add(&run->sheet, PIECE_NOTE, NULL, "", text);
    int here = contents_find(&run->contents, name);
    if (here >= 0 && here + 1 < run->contents.count) {
        snprintf(text, sizeof text, _("Enter opens the next one: %s."),
                 run->contents.entry[here + 1].title);
        sheet_add(&run->sheet, PIECE_NOTE, NULL, "", text);
    }
}

static void open_following(LessonRun *run)
{
    int here = contents_find(&run->contents, run->lesson.name);
    Error error;

    error_set(&error, "this was the last lesson");
    if (here < 0 || here + 1 >= run->contents.count ||
        !lesson_run_open(run, run->contents.entry[here + 1].path, &error))
        snprintf(run->notice, sizeof run->notice, "%s", error.text);
}

/* Whether something came of this step in an earlier visit: then the reader may pass. */
static bool was_met(const LessonRun *run)
{
    const Visit *visit = &run->visit[run->at];

    return run->progress && progress_outcome(run->progress, visit->lesson->name,
                                             visit->lesson->step[visit->step].id) != OUTCOME_NONE;
}

void lesson_run_next(LessonRun *run)
{
    Error error;

    if (run->phase == LESSON_ENDED)
        open_following(run);
    else if (run->phase != LESSON_READING && !was_met(run))
        lesson_run_skip(run, &error);
    else if (run->at + 1 == run->visits)
        end_lesson(run);
    else
        lesson_walk_enter(run, run->at + 1);
    if (run->progress)
        progress_save(run->progress, NULL);
}

void lesson_run_prev(LessonRun *run)
{
    if (run->at > 0)
        lesson_walk_enter(run, run->at - 1);
}

void lesson_run_retry(LessonRun *run)
{
    lesson_walk_enter(run, run->at < run->visits ? run->at : run->visits - 1);
}

void lesson_run_free(LessonRun *run)
{
    Error error;

    run->free = !run->free;
    if (run->free || run->phase == LESSON_DOING || !run->scene.kept)
        return;
    if (!scene_is_current(&run->scene, run->app) && !scene_restore(&run->scene, run->app, &error))
        snprintf(run->notice, sizeof run->notice, "%s", error.text);
}
