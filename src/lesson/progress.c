#include "lesson/progress.h"

#include "app/text.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 4 << 20 };

static const char *const outcomes[OUTCOMES] = {"none", "skipped", "shown", "right"};

/* ---- the tree -------------------------------------------------------------------------------- */

/* Takes over value. Running out of memory is remembered, and told when saving. */
static void put(Progress *progress, json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) != 0)
        progress->failed = true;
}

/* NULL stands for no text; what is not UTF-8 cannot be kept. */
static void put_text(Progress *progress, json_t *object, const char *name, const char *text)
{
    json_t *value = json_string(text ? text : "");

    put(progress, object, name, value ? value : json_string("?"));
}

/* The member of an object that is one; made where it is not there. NULL where memory runs out. */
static json_t *child(Progress *progress, json_t *object, const char *name)
{
    json_t *found = json_object_get(object, name);

    if (json_is_object(found))
        return found;
    put(progress, object, name, json_object());
    return json_object_get(object, name);
}

static json_t *find_lesson(const Progress *progress, const char *lesson)
{
    return json_object_get(json_object_get(progress->root, "lessons"), lesson);
}

static json_t *make_lesson(Progress *progress, const char *lesson)
{
    return child(progress, child(progress, progress->root, "lessons"), lesson);
}

static json_t *find_step(const Progress *progress, const char *lesson, const char *step)
{
    return json_object_get(json_object_get(find_lesson(progress, lesson), "steps"), step);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static int number_of(const json_t *object, const char *name)
{
    return (int)json_integer_value(json_object_get(object, name));
}

static Outcome outcome_of(const json_t *step)
{
    const char *word = text_of(step, "outcome");

    for (int i = OUTCOMES - 1; i > 0; i--)
        if (strcmp(outcomes[i], word) == 0)
            return (Outcome)i;
    return OUTCOME_NONE;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* What cannot be read is kept under another name. */
static void set_aside(const Progress *progress, const char *bytes, size_t length, char *message,
                      size_t size)
{
    char aside[PROGRESS_PATH_BYTES + 16];
    SysPiece piece = {bytes, length};
    Error error;

    snprintf(aside, sizeof aside, "%s.damaged", progress->path);
    if (sys_write_file(aside, &piece, 1, &error))
        snprintf(message, size,
                 _("what was known of your lessons cannot be read: it is kept as %s"), aside);
    else
        snprintf(message, size, _("what was known of your lessons cannot be read: %s"), error.text);
}

static json_t *read_root(Progress *progress, char *message, size_t size)
{
    size_t length;
    char *bytes;
    Error error;

    if (!*progress->path || (access(progress->path, F_OK) != 0 && errno == ENOENT))
        return NULL;
    if (!sys_read_file(progress->path, FILE_LIMIT, &bytes, &length, &error)) {
        snprintf(message, size, _("%s: lessons are not kept"), error.text);
        progress->path[0] = '\0';
        return NULL;
    }
    json_error_t reason = {0};
    json_t *root = json_loadb(bytes, length, 0, &reason);
    progress->failed =
        !root && (!*reason.text || json_error_code(&reason) == json_error_out_of_memory);
    if (progress->failed)
        snprintf(message, size, _("%.300s: out of memory"), progress->path);
    else if (!json_is_object(root) || number_of(root, "version") != 1) {
        set_aside(progress, bytes, length, message, size);
        json_decref(root);
        root = NULL;
    }
    sys_free(bytes);
    return root;
}

static void *json_memory(size_t size)
{
    return sys_alloc(size, 1);
}

bool progress_open(Progress *progress, const char *path, char *message, size_t size, Error *error)
{
    *progress = (Progress){.root = NULL};
    message[0] = '\0';
    json_set_alloc_funcs(json_memory, sys_free);
    if (path && strlen(path) < sizeof progress->path)
        memcpy(progress->path, path, strlen(path) + 1);
    progress->root = read_root(progress, message, size);
    if (!progress->root)
        progress->root = json_pack("{s:i,s:{}}", "version", 1, "lessons");
    return progress->root || error_set(error, "out of memory");
}

void progress_close(Progress *progress)
{
    json_decref(progress->root);
    progress->root = NULL;
}

static bool make_folder_of(const char *path, Error *error)
{
    char folder[PROGRESS_PATH_BYTES];
    const char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return true;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return sys_make_folder(folder, error);
}

bool progress_save(const Progress *progress, Error *error)
{
    if (!*progress->path)
        return true;
    if (progress->failed)
        return error_set(error, "%.300s: not saved: out of memory", progress->path);
    char *text = json_dumps(progress->root, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    if (!text)
        return error_set(error, "%.300s: not saved: out of memory", progress->path);
    SysPiece pieces[] = {{text, strlen(text)}, {"\n", 1}};
    bool saved =
        make_folder_of(progress->path, error) && sys_write_file(progress->path, pieces, 2, error);
    sys_free(text);
    return saved;
}

/* ---- where the reader is --------------------------------------------------------------------- */

void progress_enter(Progress *progress, const Lesson *lesson, int step)
{
    json_t *kept = make_lesson(progress, lesson->name), *order = json_array();

    for (int i = 0; i < lesson->steps; i++)
        if (json_array_append_new(order, json_string(lesson->step[i].id)) != 0)
            progress->failed = true;
    put_text(progress, kept, "at", lesson->step[step].id);
    put_text(progress, kept, "title", lesson->title);
    put(progress, kept, "order", order);
    put_text(progress, progress->root, "last", lesson->name);
}

void progress_finish(Progress *progress, const Lesson *lesson)
{
    json_t *kept = make_lesson(progress, lesson->name);

    put(progress, kept, "done", json_true());
    json_object_del(kept, "at");
}

int progress_resume(const Progress *progress, const Lesson *lesson)
{
    const json_t *kept = find_lesson(progress, lesson->name);
    const json_t *order = json_object_get(kept, "order");
    const char *at = text_of(kept, "at");
    int step = lesson_find(lesson, at);

    for (size_t i = json_array_size(order); *at && step < 0 && i > 0; i--) {
        const char *id = json_string_value(json_array_get(order, i - 1));
        if (id && strcmp(id, at) == 0 && i > 1) {
            at = json_string_value(json_array_get(order, i - 2));
            at = at ? at : "";
            step = lesson_find(lesson, at);
        }
    }
    return step < 0 ? 0 : step;
}

const char *progress_last(const Progress *progress)
{
    return text_of(progress->root, "last");
}

/* ---- what came of steps ---------------------------------------------------------------------- */

/* How urgent a recall is: what was missed twice, what is to be recalled once. */
static int due_after(const json_t *kept, const ProgressNote *note)
{
    int before = number_of(kept, "due");

    if (note->outcome == OUTCOME_SHOWN || (note->outcome == OUTCOME_RIGHT && note->attempts > 1))
        return 2;
    if (note->outcome == OUTCOME_SKIPPED)
        return before;
    if (note->recalled)
        return before > 0 ? before - 1 : 0;
    return before > (int)note->recall ? before : (int)note->recall;
}

void progress_note(Progress *progress, const char *lesson, const char *step,
                   const ProgressNote *note)
{
    json_t *steps = child(progress, make_lesson(progress, lesson), "steps");
    json_t *kept = child(progress, steps, step);
    Outcome before = outcome_of(kept), now = note->outcome > before ? note->outcome : before;

    put(progress, kept, "due", json_integer(due_after(kept, note)));
    put_text(progress, kept, "outcome", outcomes[now]);
    put(progress, kept, "attempts", json_integer(note->attempts));
    if (note->outcome < before)
        return;
    put_text(progress, kept, "question", note->question);
    put_text(progress, kept, "answer", note->answer);
    put_text(progress, kept, "why", note->why);
}

Outcome progress_outcome(const Progress *progress, const char *lesson, const char *step)
{
    return outcome_of(find_step(progress, lesson, step));
}

bool progress_is_done(const Progress *progress, const char *lesson)
{
    return json_is_true(json_object_get(find_lesson(progress, lesson), "done"));
}

bool progress_is_begun(const Progress *progress, const char *lesson)
{
    return find_lesson(progress, lesson) != NULL;
}

int progress_count(const Progress *progress, const char *lesson, Outcome outcome)
{
    json_t *steps = json_object_get(find_lesson(progress, lesson), "steps"), *step;
    const char *id;
    int count = 0;

    json_object_foreach(steps, id, step) count += outcome_of(step) == outcome;
    return count;
}

int progress_due(const Progress *progress, const char *except, ProgressDue *list, int room)
{
    json_t *lessons = json_object_get(progress->root, "lessons"), *lesson, *step;
    const char *name, *id;
    int count = 0;

    for (int due = 2; due >= 1; due--)
        json_object_foreach(lessons, name, lesson)
            json_object_foreach(json_object_get(lesson, "steps"), id, step)
        {
            bool other = !except || strcmp(name, except) != 0;
            if (!other || number_of(step, "due") != due || count == room)
                continue;
            list[count] = (ProgressDue){.due = due};
            snprintf(list[count].lesson, LESSON_NAME_BYTES, "%s", name);
            snprintf(list[count++].step, PROGRESS_ID_BYTES, "%s", id);
        }
    return count;
}

void progress_reset(Progress *progress, const char *lesson)
{
    if (lesson) {
        json_object_del(json_object_get(progress->root, "lessons"), lesson);
        return;
    }
    put(progress, progress->root, "lessons", json_object());
    json_object_del(progress->root, "last");
}

/* ---- recap ----------------------------------------------------------------------------------- */

static void recap_line(FILE *stream, const char *label, const json_t *step, const char *member)
{
    const char *text = text_of(step, member);

    if (!*text)
        return;
    fputs(label, stream);
    text_print(stream, text, strlen(text));
    fputc('\n', stream);
}

static void recap_step(FILE *stream, const json_t *step)
{
    static const char *const labels[OUTCOMES] = {N_("  Answer: "), N_("  Left out. "),
                                                 N_("  Shown: "), N_("  Your answer: ")};

    if (!*text_of(step, "question"))
        return;
    recap_line(stream, "\n- ", step, "question");
    recap_line(stream, _(labels[outcome_of(step)]), step, "answer");
    recap_line(stream, "  ", step, "why");
}

static bool was_asked(const json_t *lesson)
{
    json_t *step;
    const char *id;

    json_object_foreach(json_object_get(lesson, "steps"), id, step)
    {
        if (*text_of(step, "question"))
            return true;
    }
    return false;
}

/* Steps in the order of the lesson. */
static void recap_lesson(FILE *stream, const char *name, const json_t *lesson)
{
    const char *title = text_of(lesson, "title");
    json_t *order = json_object_get(lesson, "order"), *id;
    size_t i;

    fputs("\n## ", stream);
    text_print(stream, *title ? title : name, strlen(*title ? title : name));
    fputc('\n', stream);
    json_array_foreach(order, i, id)
        recap_step(stream, json_object_get(json_object_get(lesson, "steps"),
                                           json_string_value(id) ? json_string_value(id) : ""));
}

void progress_recap(const Progress *progress, FILE *stream)
{
    json_t *lessons = json_object_get(progress->root, "lessons"), *lesson;
    const char *name;
    bool any = false;

    fputs(_("# What I learnt with gptoscope\n"), stream);
    json_object_foreach(lessons, name, lesson)
    {
        if (!was_asked(lesson))
            continue;
        recap_lesson(stream, name, lesson);
        any = true;
    }
    if (!any)
        fputs(_("\nNothing yet.\n"), stream);
}
