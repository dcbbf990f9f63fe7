#include "classroom.h"

#include "engine/support.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static TestPath words;

static void tell(void *context, int line, const char *reason)
{
    Classroom *room = context;
    size_t used = strlen(room->told);

    snprintf(room->told + used, sizeof room->told - used, "%d: %s\n", line, reason);
}

LessonPlaces classroom_places(void)
{
    words = test_path("data/words.txt");
    return (LessonPlaces){.settings =
                              test_settings("--n-embd 4 --n-head 2 --block-size 4 --steps 40"),
                          .data = words.text};
}

Classroom *classroom_open(const char *text, const char *progress)
{
    Classroom *room = calloc(1, sizeof *room);
    LessonPlaces places = classroom_places();
    Lesson lesson;
    char message[480];
    Error error;

    ck_assert(room);
    ck_assert_msg(lesson_parse(&lesson, "t.md", text, strlen(text), &error), "%s", error.text);
    ck_assert(app_init(&room->app, &places.settings, places.data, NULL, &error));
    app_run(&room->app, 0);
    ck_assert(progress_open(&room->progress, progress, message, sizeof message, &error));
    ck_assert(lesson_run_init(&room->run, &room->app, &places, &room->progress, &error));
    room->run.report = (Report){tell, room};
    lesson_run_fasten(&room->run);
    ck_assert_msg(lesson_run_take(&room->run, &lesson, 0, &error), "%s", error.text);
    return room;
}

void classroom_close(Classroom *room)
{
    lesson_run_release(&room->run);
    progress_close(&room->progress);
    app_release(&room->app);
    free(room);
}

LessonText one_step(const char *directives)
{
    LessonText lesson;

    snprintf(lesson.text, sizeof lesson.text,
             "# t Test\n\n## Step {#step}\n\n```lesson\n%s\n```\n\nbehind it\n", directives);
    return lesson;
}

void classroom_answers(Classroom *room, const char *text, Verdict verdict)
{
    Error error = {""};

    ck_assert_int_eq(room->run.phase, LESSON_ASKING);
    Verdict given = lesson_run_answer(&room->run, text, &error);
    ck_assert_msg(given == verdict, "%s: verdict %d, not %d (%s)", text, given, verdict,
                  error.text);
}

bool classroom_has(const Classroom *room, PieceKind kind, const char *text)
{
    const Sheet *sheet = &room->run.sheet;

    for (int i = 0; i < sheet->count; i++)
        if (sheet->piece[i].kind == kind && strstr(sheet->piece[i].text, text))
            return true;
    return false;
}

RoomText classroom_reads(const Classroom *room, const char *expression)
{
    Scope scope = app_scope(&room->app);
    RoomText read;
    ExprValue value;
    ExprError wrong;
    Expr expr;

    ck_assert(expr_init(&expr, expression, &wrong));
    if (expr_eval(&expr, &scope, &value, &wrong))
        expr_print(&value, read.text, sizeof read.text);
    else
        snprintf(read.text, sizeof read.text, "%s", wrong.why.text);
    expr_release(&expr);
    return read;
}

void classroom_press(Classroom *room, const char *keys)
{
    char all[512];

    snprintf(all, sizeof all, "%s", keys);
    for (char *key = strtok(all, " "); key; key = strtok(NULL, " "))
        app_key(&room->app, key);
}
