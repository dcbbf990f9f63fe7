/* What the panel of knobs shows, in words and numbers. */
#include "app/app.h"

#include "engine/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static void tell_turned(const Knobs *knobs, Answer *answer)
{
    char now[64], before[64];

    answer_open(answer, "turned", '{');
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        if (!knobs_is_turned(knobs, info))
            continue;
        answer_line(answer, "%s is turned to %s; your run has %s.", info->name,
                    knobs_print(&knobs->turned, info, now),
                    knobs_print(&knobs->base, info, before));
        if (info->kind == SETTING_REAL || info->kind == SETTING_WHOLE)
            answer_real(answer, info->name, settings_get(&knobs->turned, info));
        else
            answer_text(answer, info->name, now);
    }
    answer_close(answer, '}');
    if (knobs_turned(knobs) == 0)
        answer_line(answer, "Nothing is turned: this is your run.");
}

/* ---- losses ---------------------------------------------------------------------------------- */

static void tell_number(Answer *answer, const char *name, double number)
{
    if (isfinite(number))
        answer_real(answer, name, number);
    else
        answer_null(answer, name);
}

/* "Loss, ...: 2.31; of your run 2.37: lower by 0.06." */
static void tell_loss(const Knobs *knobs, Answer *answer, const char *what, double now,
                      double before)
{
    const char *whose = knobs_ghost(knobs) == knobs->kept ? _("the one kept") : _("your run");

    if (!isfinite(now))
        answer_line(answer, "%s: not known.", what);
    else if (!isfinite(before) || knobs_ghost(knobs) == knobs_seen(knobs))
        answer_line(answer, "%s: %.4f.", what, now);
    else
        answer_line(answer, "%s: %.4f; of %s %.4f: %s by %.4f.", what, now, whose, before,
                    now < before ? _("lower") : _("higher"), fabs(now - before));
}

static void tell_losses(const Knobs *knobs, Answer *answer)
{
    const KnobsRun *run = knobs_seen(knobs), *ghost = knobs_ghost(knobs);

    tell_loss(knobs, answer, _("Loss, mean of the last 100 steps"), knobs_last(run),
              knobs_last(ghost));
    tell_loss(knobs, answer, _("Loss on documents held out"), knobs_heldout(run),
              knobs_heldout(ghost));
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void tell_texts(const KnobsRun *run, Answer *answer)
{
    answer_open(answer, "texts", '[');
    for (int i = 0; i < KNOBS_TEXTS && atomic_load(&run->course.state) == COURSE_DONE; i++)
        answer_string(answer, NULL, run->course.text[i], strlen(run->course.text[i]));
    answer_close(answer, ']');
}

static void tell_run(const KnobsRun *run, Answer *answer)
{
    static const char *const states[] = {"waiting",  "running", "done",
                                         "diverged", "stopped", "failed"};

    answer_text(answer, "state", states[atomic_load(&run->course.state)]);
    answer_whole(answer, "steps", run->course.plan.settings.steps);
    answer_whole(answer, "done", atomic_load(&run->course.done));
    tell_number(answer, "last", knobs_last(run));
    tell_number(answer, "held_out", knobs_heldout(run));
    answer_open(answer, "loss", '[');
    for (int64_t i = 0; i < atomic_load(&run->course.done); i++)
        answer_real(answer, NULL, run->course.loss[i]);
    answer_close(answer, ']');
    tell_texts(run, answer);
}

static void say_texts(const KnobsRun *run, Answer *answer)
{
    answer_format(answer, "It writes:");
    for (int i = 0; i < KNOBS_TEXTS; i++)
        answer_format(answer, "%s %s", i > 0 ? "," : "", run->course.text[i]);
    answer_line(answer, ".");
}

/* ---- attention ------------------------------------------------------------------------------- */

static void name_token(const App *app, int token, char name[8])
{
    int bytes = 0;

    if (token == app->knobs.documents.characters)
        snprintf(name, 8, "%s", _("begin"));
    else
        bytes = corpus_encode(app->knobs.documents.character[token], name);
    if (bytes > 0)
        name[bytes] = '\0';
}

/* "Layer 0, head 2: begin looks at begin 1.00, e most at begin 0.62, ..." */
static void say_head(const App *app, const Gaze *gaze, int layer, int head, Answer *answer)
{
    char query_name[8], key_name[8];

    answer_format(answer, _("Layer %d, head %d:"), layer, head);
    for (int query = 0; query < gaze->positions; query++) {
        int most = 0;
        for (int key = 1; key <= query; key++)
            if (gaze_weight(gaze, layer, head, query, key) >
                gaze_weight(gaze, layer, head, query, most))
                most = key;
        name_token(app, gaze->token[query], query_name);
        name_token(app, gaze->token[most], key_name);
        answer_format(answer, "%s '%s' %s '%s' %.2f", query > 0 ? "," : "", query_name,
                      _("looks most at"), key_name, gaze_weight(gaze, layer, head, query, most));
    }
    answer_line(answer, ".");
}

static void tell_head(const Gaze *gaze, int layer, int head, Answer *answer)
{
    answer_open(answer, NULL, '[');
    for (int query = 0; query < gaze->positions; query++) {
        answer_open(answer, NULL, '[');
        for (int key = 0; key <= query; key++)
            answer_real(answer, NULL, gaze_weight(gaze, layer, head, query, key));
        answer_close(answer, ']');
    }
    answer_close(answer, ']');
}

static void tell_attention(const App *app, const Gaze *gaze, Answer *answer)
{
    char name[8];

    answer_open(answer, "text", '[');
    for (int i = 0; i < gaze->positions; i++) {
        name_token(app, gaze->token[i], name);
        answer_text(answer, NULL, name);
    }
    answer_close(answer, ']');
    answer_open(answer, "attention", '[');
    for (int layer = 0; layer < gaze->layers; layer++) {
        answer_open(answer, NULL, '[');
        for (int head = 0; head < gaze->heads; head++) {
            tell_head(gaze, layer, head, answer);
            if (isfinite(gaze_weight(gaze, layer, head, 0, 0)))
                say_head(app, gaze, layer, head, answer);
        }
        answer_close(answer, ']');
    }
    answer_close(answer, ']');
}

/* ---- all together ---------------------------------------------------------------------------- */

void knobs_tell(const App *app, Answer *answer)
{
    const Knobs *knobs = &app->knobs;
    const KnobsRun *run = knobs_seen(knobs), *ghost = knobs_ghost(knobs);

    tell_turned(knobs, answer);
    if (knobs->error.text[0]) {
        answer_line(answer, "%s", knobs->error.text);
        answer_text(answer, "error", knobs->error.text);
        return;
    }
    if (!run)
        return;
    if (atomic_load(&run->course.state) == COURSE_DIVERGED) {
        answer_line(answer, "The run ends after %lld of %lld steps: %s.",
                    (long long)atomic_load(&run->course.done),
                    (long long)run->course.plan.settings.steps, run->course.error.text);
        answer_text(answer, "reason", run->course.error.text);
    }
    tell_run(run, answer);
    tell_losses(knobs, answer);
    if (atomic_load(&run->course.state) == COURSE_DONE) {
        say_texts(run, answer);
        tell_attention(app, &run->gaze, answer);
    }
    if (!ghost || ghost == run)
        return;
    answer_open(answer, "ghost", '{');
    answer_truth(answer, "kept", ghost == knobs->kept);
    tell_run(ghost, answer);
    answer_close(answer, '}');
}
