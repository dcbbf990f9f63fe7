/* The file of what the reader has done: read, asked in every way, changed, saved. */
#include "fuzz.h"
#include "world.h"

#include "engine/sys.h"
#include "lesson/progress.h"
#include <stdlib.h>
#include <string.h>

enum { DUE = 8 };

static const char lesson_text[] = "# 2a The chain rule\n\n## Push {#push}\n\ntext\n\n"
                                  "## Slope {#slope}\n\ntext\n";

static void ask(Progress *progress, const Lesson *lesson)
{
    ProgressDue due[DUE];
    int step = progress_resume(progress, lesson);
    int dues = progress_due(progress, "2b", due, DUE);

    if (step < 0 || step >= lesson->steps || dues < 0 || dues > DUE)
        abort();
    progress_last(progress);
    progress_is_done(progress, "2a");
    progress_count(progress, "2a", OUTCOME_RIGHT);
    progress_outcome(progress, "2a", "push");
}

static void change(Progress *progress, const Lesson *lesson)
{
    const ProgressNote note = {OUTCOME_RIGHT, 2, true, false, "question", "answer", "why"};
    Error error;

    progress_enter(progress, lesson, 1);
    progress_note(progress, "2a", "push", &note);
    if (progress_outcome(progress, "2a", "push") != OUTCOME_RIGHT ||
        progress_resume(progress, lesson) != 1 || strcmp(progress_last(progress), "2a") != 0 ||
        !progress_save(progress, &error))
        abort();
    progress_finish(progress, lesson);
    progress_reset(progress, "2a");
}

static void print(const Progress *progress)
{
    char *text;
    size_t length;
    FILE *stream = sys_open_memory(&text, &length);

    if (!stream)
        abort();
    progress_recap(progress, stream);
    fclose(stream);
    world_expect_safe(text, length, "\n");
    sys_free(text);
}

void fuzz_progress(const uint8_t *bytes, size_t length)
{
    char message[480];
    Progress progress;
    Lesson lesson;
    Error error;

    world_serve(bytes, length);
    if (!lesson_parse(&lesson, "2a.md", lesson_text, sizeof lesson_text - 1, &error) ||
        !progress_open(&progress, WORLD_FILE, message, sizeof message, &error))
        abort();
    ask(&progress, &lesson);
    print(&progress);
    change(&progress, &lesson);
    progress_close(&progress);
    lesson_release(&lesson);
}
