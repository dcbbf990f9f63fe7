/* Overview: the whole of a training run in one picture: the document, what the model expects, where
 * it looks, how its loss falls, what it writes. */
#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/view.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char overview_about[] = N_(
    "This is a small GPT learning to spell. Each step it reads one text, guesses every next "
    "character, and is corrected.\n"
    "The text of this step: its characters, and below them the numbers (tokens) that the model "
    "sees. ⟨ and ⟩ mark where it begins and ends.\n"
    "What comes next? One row a position: after this character, that one is right; the "
    "bar is the probability that the model gave it. Beside it the model's best guesses, the right "
    "one underlined.\n"
    "Who looks at whom? One picture a head. Each row is a position that looks back at the columns: "
    "itself and those before it; how much, says the legend. A row adds up to 1.\n"
    "How surprised is it? The loss: minus the logarithm of the probability of what was right, "
    "averaged over the text. 0 is certainty; the dashed line is what blind guessing costs.\n"
    "What it writes: texts the model makes up, always with the same dice. ✓ is in the data, the "
    "others are new.");

enum { NARROW = 56 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static Area column(Area area, int x, int w)
{
    return (Area){area.x + x, area.y, w, area.h};
}

/* Takes rows off the top of *area, and a blank one behind them. */
static Area take(Area *area, int rows)
{
    Area top = *area;

    top.h = least(rows, area->h);
    area->y += top.h + 1;
    area->h -= top.h + 1;
    return top;
}

/* Document, predictions, texts. */
static void draw_reading(Frame *frame, Area area)
{
    int texts = area.h > 30 ? 12 : area.h > 16 ? 5 : 2;

    panel_document(frame, take(&area, 3));
    panel_next(frame, take(&area, least(panel_next_rows(frame->app), area.h - texts - 1)));
    panel_texts(frame, area);
}

/*   document     loss
 *   next         attention
 *   texts                    */
static void draw_two_columns(Frame *frame, Area area)
{
    int left = (area.w - 3) / 2;
    Area right = column(area, left + 3, area.w - left - 3);
    int attention = least(panel_attention_rows(frame->app), right.h / 2);

    draw_reading(frame, column(area, 0, left));
    panel_loss(frame, take(&right, right.h - attention - (right.h > 24)));
    if (right.h < attention) /* no blank line between the two where rows are few */
        right = (Area){right.x, right.y - 1, right.w, right.h + 1};
    panel_attention(frame, right);
}

/*   document     attention     loss
 *   next
 *   texts                           */
static void draw_three_columns(Frame *frame, Area area)
{
    int middle = area.w * 40 / 100, side = (area.w - middle - 8) / 2;

    draw_reading(frame, column(area, 0, side));
    panel_attention(frame, column(area, side + 4, middle));
    panel_loss(frame, column(area, side + middle + 8, side));
}

/*   document
 *   next
 *   attention, or where that has no room the loss */
static void draw_one_column(Frame *frame, Area area)
{
    const int attention = panel_attention_rows(frame->app);
    int next = panel_next_rows(frame->app), left;

    panel_document(frame, take(&area, 3));
    left = area.h - next - 1;
    panel_next(frame, take(&area, least(next, area.h)));
    if (left >= attention)
        panel_attention(frame, take(&area, least(attention + 1, area.h)));
    if (area.h >= 8)
        panel_loss(frame, area);
    else
        panel_texts(frame, area);
}

void overview_draw(Frame *frame, Area area)
{
    panel_pipeline(frame, area);
    area = area_inset(area, 0, area.h < 24 ? 1 : 2, 0, 0);
    if (area.w < NARROW)
        draw_one_column(frame, area);
    else if (area.w >= 150)
        draw_three_columns(frame, area);
    else
        draw_two_columns(frame, area);
}

/* ---- in words -------------------------------------------------------------------------------- */

/* A token as text: its character, or "begin", "end" for the one at a document's ends. */
static const char *token_text(const App *app, int token, bool at_end, char text[16])
{
    const Corpus *corpus = &app->session.corpus;

    if (token < corpus->characters)
        text_show_character(corpus->character[token], text);
    else
        snprintf(text, 16, "%s", at_end ? _("end") : _("begin"));
    return text;
}

static void tell_position(const App *app, Answer *answer, int pos)
{
    const Trainer *trainer = &app->session.trainer;
    const int right = trainer->token[pos + 1];
    const Place place = {PART_PROBS, pos, -1, -1};
    const Focus focus = focus_of_place(trainer, FOCUS_VALUE, place, right);
    char after[16], next[16];
    double share;
    bool known = panel_value(app, place, right, &share);

    token_text(app, trainer->token[pos], false, after);
    token_text(app, right, true, next);
    answer_open(answer, NULL, '{');
    answer_text(answer, "after", after);
    answer_text(answer, "right", next);
    if (look_is_hidden(&app->look, focus)) {
        answer_line(answer, "After '%s', '%s' is right; its probability is hidden.", after, next);
        answer_text(answer, "probability", "hidden");
    } else if (known) {
        answer_line(answer, "After '%s', '%s' is right; it was given %.3f.", after, next, share);
        answer_real(answer, "probability", share);
    } else {
        answer_line(answer, "After '%s', '%s' is right; not computed yet.", after, next);
        answer_null(answer, "probability");
    }
    answer_close(answer, '}');
}

static void tell_texts(const App *app, Answer *answer)
{
    const SessionTexts *set = session_texts(&app->session, 0);
    char shown[4 * SESSION_TEXT_BYTES];

    answer_open(answer, "writes", '[');
    if (set)
        answer_format(answer, "At step %lld it wrote:", (long long)set->step);
    for (int i = 0; set && i < set->count; i++) {
        const char *bytes = set->text[i].bytes;
        text_show(bytes, strlen(bytes), shown, sizeof shown, false);
        answer_format(answer, "%s %s%s", i ? "," : "", shown,
                      set->text[i].known ? _(" (in the data)") : "");
        answer_text(answer, NULL, shown);
    }
    if (set)
        answer_line(answer, ".");
    answer_close(answer, ']');
}

void overview_tell(const App *app, Answer *answer)
{
    const Trainer *trainer = &app->session.trainer;
    const int64_t steps = trainer->at.step;
    const Focus last = {.kind = FOCUS_STEP, .index = (int32_t)steps};

    answer_whole(answer, "step", steps);
    answer_whole(answer, "steps", trainer->settings.steps);
    if (steps > 0 && look_is_hidden(&app->look, last)) {
        answer_line(answer, "The loss of step %lld is hidden.", (long long)steps);
        answer_text(answer, "loss", "hidden");
    } else if (steps > 0) {
        answer_line(answer, "The loss of step %lld is %.4f; guessing costs %.4f.", (long long)steps,
                    trainer->loss[steps - 1], log(trainer->gpt.vocab));
        answer_real(answer, "loss", trainer->loss[steps - 1]);
    } else {
        answer_line(answer, "Nothing is learnt yet; guessing costs %.4f.", log(trainer->gpt.vocab));
        answer_null(answer, "loss");
    }
    answer_real(answer, "guessing", log(trainer->gpt.vocab));
    answer_real(answer, "rate", trainer_rate(trainer));
    answer_line(answer, "The learning rate is %.5f.", trainer_rate(trainer));
    answer_open(answer, "positions", '[');
    for (int pos = 0; pos < trainer->positions; pos++)
        tell_position(app, answer, pos);
    answer_close(answer, ']');
    tell_texts(app, answer);
}
