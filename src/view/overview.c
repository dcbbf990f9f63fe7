#include "view/overview.h"

#include "view/panel.h"

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
static void draw_reading(const App *app, Canvas *canvas, Area area, bool with_texts)
{
    panel_document(app, canvas, take(&area, 3));
    int texts = with_texts ? area.h > 26 ? 12 : 6 : 0;
    panel_next(app, canvas, take(&area, least(panel_next_rows(app), area.h - texts)));
    if (with_texts)
        panel_texts(app, canvas, area);
}

/* Attention's rows, so that nothing of the document's is cut if there is room. */
static int attention_rows(const App *app, int most)
{
    return least(app->session.trainer.positions + 4, most);
}

/*   document     loss
 *   next         attention
 *   texts                    */
static void draw_two_columns(const App *app, Canvas *canvas, Area area)
{
    int left = area.w * 48 / 100;
    Area right = column(area, left + 3, area.w - left - 3);
    int loss = right.h - attention_rows(app, right.h * 55 / 100) - 1;

    draw_reading(app, canvas, column(area, 0, left), true);
    panel_loss(app, canvas, take(&right, loss));
    panel_attention(app, canvas, right);
}

/*   document     attention     loss
 *   next                       texts  */
static void draw_three_columns(const App *app, Canvas *canvas, Area area)
{
    int third = (area.w - 8) / 3;
    Area right = column(area, 2 * third + 8, third);

    draw_reading(app, canvas, column(area, 0, third), false);
    panel_attention(app, canvas, column(area, third + 4, third));
    panel_loss(app, canvas, take(&right, least(right.h * 55 / 100, 24)));
    panel_texts(app, canvas, right);
}

void overview_draw(const App *app, Canvas *canvas, Area area)
{
    if (area.w >= 150)
        draw_three_columns(app, canvas, area);
    else
        draw_two_columns(app, canvas, area);
}
