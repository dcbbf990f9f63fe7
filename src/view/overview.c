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
static void draw_reading(const App *app, Canvas *canvas, Area area)
{
    int texts = area.h > 30 ? 12 : area.h > 16 ? 5 : 2;

    panel_document(app, canvas, take(&area, 3));
    panel_next(app, canvas, take(&area, least(panel_next_rows(app), area.h - texts - 1)));
    panel_texts(app, canvas, area);
}

/*   document     loss
 *   next         attention
 *   texts                    */
static void draw_two_columns(const App *app, Canvas *canvas, Area area)
{
    int left = (area.w - 3) / 2;
    Area right = column(area, left + 3, area.w - left - 3);
    int attention = least(panel_attention_rows(app), right.h * 55 / 100);

    draw_reading(app, canvas, column(area, 0, left));
    panel_loss(app, canvas, take(&right, right.h - attention - (right.h > 24)));
    if (right.h < attention) /* no blank line between the two where rows are few */
        right = (Area){right.x, right.y - 1, right.w, right.h + 1};
    panel_attention(app, canvas, right);
}

/*   document     attention     loss
 *   next
 *   texts                           */
static void draw_three_columns(const App *app, Canvas *canvas, Area area)
{
    int middle = area.w * 40 / 100, side = (area.w - middle - 8) / 2;

    draw_reading(app, canvas, column(area, 0, side));
    panel_attention(app, canvas, column(area, side + 4, middle));
    panel_loss(app, canvas, column(area, side + middle + 8, side));
}

void overview_draw(const App *app, Canvas *canvas, Area area)
{
    if (area.w >= 150)
        draw_three_columns(app, canvas, area);
    else
        draw_two_columns(app, canvas, area);
}
