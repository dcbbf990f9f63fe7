/* A lesson: read, with every text looked at; one in sixteen is played. */
#include "fuzz.h"
#include "world.h"

#include "lesson/lesson_run.h"
#include <stdlib.h>
#include <string.h>

enum { PLAYED = 16, TURNS = 12 };

/* What may stand in a text besides what is safe: the marks of markdown.h. */
static const char marks[] = "\1\2\3\t\n";

static void look_at_question(const Question *question)
{
    world_expect_safe(question->text, strlen(question->text), marks);
    for (int i = 0; i < question->options; i++)
        world_expect_safe(question->option[i].text, strlen(question->option[i].text), marks);
    for (int i = 0; i < question->hints; i++)
        world_expect_safe(question->hint[i].text, strlen(question->hint[i].text), marks);
}

static void look_at(const Lesson *lesson)
{
    world_expect_safe(lesson->title, strlen(lesson->title), marks);
    world_expect_safe(lesson->about, strlen(lesson->about), marks);
    for (int i = 0; i < lesson->steps; i++)
        for (int k = 0; k < lesson->step[i].directives; k++) {
            const Directive *directive = &lesson->step[i].directive[k];
            if (directive->kind == DIRECTIVE_PROSE)
                world_expect_safe(directive->block->text, strlen(directive->block->text), marks);
            else if (directive->kind == DIRECTIVE_ASK)
                look_at_question(directive->question);
        }
}

/* Answers, wrong ones and right ones, and goes on. */
static void turn(LessonRun *run, int turn)
{
    Error error;

    if (run->phase == LESSON_READING)
        lesson_run_next(run);
    else if (turn % 4 == 0)
        lesson_run_answer(run, "a", &error);
    else if (turn % 4 == 1)
        lesson_run_hint(run, &error);
    else if (turn % 4 == 2)
        lesson_run_show(run, &error);
    else
        lesson_run_next(run);
}

static bool find_data(void *context, const char *name, char path[4096], Error *error)
{
    (void)context;
    (void)name;
    (void)error;
    strcpy(path, WORLD_DOCUMENTS);
    return true;
}

static void play(Lesson *lesson)
{
    const LessonPlaces places = {
        .settings = world_settings(), .data = WORLD_DOCUMENTS, .find_data = find_data};
    LessonRun run;
    Error error;
    App app;

    world_open_app(&app);
    if (!lesson_run_init(&run, &app, &places, NULL, &error))
        abort();
    lesson_run_fasten(&run);
    bool open = lesson_run_take(&run, lesson, 0, &error);
    for (int i = 0; open && i < TURNS && run.phase != LESSON_ENDED; i++)
        turn(&run, i);
    lesson_run_release(&run);
    app_release(&app);
}

/* Which lessons are played hangs on their bytes alone. */
static bool is_played(const uint8_t *bytes, size_t length)
{
    unsigned sum = 0;

    for (size_t i = 0; i < length; i++)
        sum = sum * 31 + bytes[i];
    return (sum >> 8) % PLAYED == 0;
}

void fuzz_lesson(const uint8_t *bytes, size_t length)
{
    Lesson lesson;
    Error error;

    if (!lesson_parse(&lesson, "t.md", (const char *)bytes, length, &error))
        return;
    look_at(&lesson);
    if (is_played(bytes, length))
        play(&lesson);
    lesson_release(&lesson);
}
