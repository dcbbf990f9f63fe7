/* Overview: the whole of a training run in one picture: the document, what the model expects, where
 * it looks, how its loss falls, what it writes. */
#include "view/panel.h"
#include "view/view.h"

const char overview_about[] =
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
    "others are new.";

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
    int attention = least(panel_attention_rows(frame->app), right.h * 55 / 100);

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

void overview_draw(Frame *frame, Area area)
{
    if (area.w >= 150)
        draw_three_columns(frame, area);
    else
        draw_two_columns(frame, area);
}

void overview_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
