/* Answers, hints, and what comes of questions and tasks. */
#include "lesson/lesson_walk.h"

#include "engine/sys.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static const double LOOK_SECONDS = 0.5;

enum { ATTEMPTS_BEFORE_HINT = 2, TEXT_BYTES = 4096 };

/* ---- noting ---------------------------------------------------------------------------------- */

static const char *fill_plain(const LessonRun *run, const char *text, char *plain)
{
    char filled[TEXT_BYTES];

    datum_fill(run->app, &run->lets, text ? text : "", filled, sizeof filled, NULL);
    return sheet_plain(filled, plain, TEXT_BYTES);
}

static void note(LessonRun *run, Outcome outcome, const char *answer)
{
    const Visit *visit = &run->visit[run->at];
    const Directive *waiting = run->waiting;
    char question[TEXT_BYTES], why[TEXT_BYTES];

    if (!run->progress)
        return;
    ProgressNote noted = {.outcome = outcome,
                          .attempts = run->attempts,
                          .recall = lesson_run_step(run)->recall,
                          .recalled = visit->recall,
                          .answer = answer};
    noted.question = fill_plain(run, waiting->question ? waiting->question->text : "", question);
    noted.why = fill_plain(run, waiting->question ? waiting->question->why.text : "", why);
    progress_note(run->progress, visit->lesson->name, visit->lesson->step[visit->step].id, &noted);
}

/* ---- ends of questions and tasks ------------------------------------------------------------- */

static bool has_question_behind(const LessonRun *run)
{
    const Step *step = lesson_run_step(run);

    for (int i = run->next; i < step->directives; i++)
        if (step->directive[i].kind == DIRECTIVE_ASK)
            return true;
    return false;
}

/* The reader has answered: what was carried out unseen now happens in sight. */
static void end_question(LessonRun *run, Outcome outcome, const char *answer)
{
    static const PieceKind kinds[OUTCOMES] = {[OUTCOME_RIGHT] = PIECE_RIGHT,
                                              [OUTCOME_SHOWN] = PIECE_SHOWN,
                                              [OUTCOME_SKIPPED] = PIECE_SKIPPED};
    const Question *question = run->waiting->question;
    Error error;

    if (!scene_is_current(&run->scene, run->app) && !scene_restore(&run->scene, run->app, &error))
        report_say(&run->report, question->line, "%s", error.text);
    sheet_drop(&run->sheet, PIECE_WRONG);
    bool any = posed_takes_all(question);
    sheet_add(&run->sheet, any && outcome == OUTCOME_RIGHT ? PIECE_SAID : kinds[outcome], NULL, "",
              any && outcome == OUTCOME_SHOWN ? _("any will do") : answer);
    if (!has_question_behind(run))
        look_reveal(&run->app->look);
    for (int i = 0; i < question->afters; i++)
        lesson_walk_command(run, &question->after[i], true);
    if (outcome != OUTCOME_SKIPPED)
        lesson_walk_put(run, PIECE_WHY, NULL, "", question->why.line, question->why.text);
    note(run, outcome, answer);
    line_set(&run->line, "");
    lesson_walk_on(run);
}

static void end_task(LessonRun *run, Outcome outcome)
{
    const Directive *task = run->waiting;

    for (int i = 0; outcome != OUTCOME_RIGHT && i < task->bys; i++)
        lesson_walk_command(run, &task->by[i], true);
    sheet_add(&run->sheet, outcome == OUTCOME_SKIPPED ? PIECE_SKIPPED : PIECE_DONE, NULL, "", "");
    note(run, outcome, "");
    lesson_walk_on(run);
}

bool lesson_run_follow(LessonRun *run)
{
    bool holds;
    Error error;

    if (run->watching && !run->busy && run->app->tutor.look_at <= sys_seconds()) {
        run->app->tutor.look_at = sys_seconds() + LOOK_SECONDS;
        if (lesson_run_reload(run))
            return true;
    }
    if (run->phase != LESSON_DOING || run->busy || run->app->moving || run->app->pending != 0)
        return false;
    if (!datum_holds(run->app, &run->lets, run->waiting->text, &holds, &error)) {
        report_say(&run->report, run->waiting->line, "do: %s", error.text);
        return false;
    }
    if (!holds)
        return false;
    app_run(run->app, 0);
    run->free = false;
    end_task(run, OUTCOME_RIGHT);
    return true;
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool nothing_waits(Error *error)
{
    return error_set(error, "nothing is asked here: Enter goes on");
}

/* The trap's feedback, or that it is not so; then a hint, if there was one wrong answer before. */
static void say_wrong(LessonRun *run, const char *text, int trap)
{
    const Question *question = run->posed.question;
    char said[LINE_BYTES];
    Error error;

    snprintf(said, sizeof said, "%s", text);
    sheet_drop(&run->sheet, PIECE_WRONG);
    if (trap >= 0)
        lesson_walk_put(run, PIECE_WRONG, NULL, said, question->trap[trap].line,
                        question->trap[trap].feedback);
    else
        sheet_add(&run->sheet, PIECE_WRONG, NULL, said, _("Not so. Look again."));
    if (run->attempts >= ATTEMPTS_BEFORE_HINT)
        lesson_run_hint(run, &error);
    line_set(&run->line, "");
}

Verdict lesson_run_answer(LessonRun *run, const char *text, Error *error)
{
    char kept[LINE_BYTES];
    int trap;

    if (run->phase != LESSON_ASKING) {
        nothing_waits(error);
        return VERDICT_UNREADABLE;
    }
    snprintf(kept, sizeof kept, "%s", text);
    Verdict verdict = posed_grade(&run->posed, run->app, kept, &trap, error);
    if (verdict == VERDICT_UNREADABLE)
        return verdict;
    run->attempts++;
    if (verdict == VERDICT_RIGHT)
        end_question(run, OUTCOME_RIGHT, kept);
    else
        say_wrong(run, kept, trap);
    return verdict;
}

bool lesson_run_hint(LessonRun *run, Error *error)
{
    const Question *question = run->waiting ? run->waiting->question : NULL;

    if (run->phase != LESSON_ASKING)
        return nothing_waits(error);
    if (run->hints == question->hints)
        return error_set(error, question->hints > 0
                                    ? N_("that was the last hint: the answer can be shown")
                                    : N_("there is no hint here: the answer can be shown"));
    const Said *hint = &question->hint[run->hints++];
    lesson_walk_put(run, PIECE_HINT, NULL, "", hint->line, hint->text);
    return true;
}

bool lesson_run_show(LessonRun *run, Error *error)
{
    char answer[LINE_BYTES];

    if (run->phase == LESSON_ASKING) {
        posed_print_right(&run->posed, run->app, answer, sizeof answer);
        end_question(run, OUTCOME_SHOWN, answer);
        return true;
    }
    if (run->phase != LESSON_DOING)
        return nothing_waits(error);
    end_task(run, OUTCOME_SHOWN);
    return true;
}

bool lesson_run_skip(LessonRun *run, Error *error)
{
    if (run->phase == LESSON_ASKING)
        end_question(run, OUTCOME_SKIPPED, "");
    else if (run->phase == LESSON_DOING)
        end_task(run, OUTCOME_SKIPPED);
    else
        return nothing_waits(error);
    return true;
}
