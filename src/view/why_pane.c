#include "view/why_pane.h"

#include "engine/words.h"
#include "view/panel.h"

enum { DETAIL_ROWS = 5, HEAD_ROWS = 2, INDENT = 2 };

/* "▾ m_hat   0.0311   = m / (1 - β1^t)" */
static void draw_item(const Why *why, Canvas *canvas, Area area, int y, int i, bool here)
{
    const WhyItem *item = &why->item[i];
    char text[WHY_TEXT_BYTES], number[EXPR_NUMBER_BYTES];
    int x = 2 + item->depth * INDENT, value = area.w * 2 / 5;

    if (here)
        canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    canvas_text(canvas, area, x, y, ROLE_DIM, 0, item->leaf ? "·" : item->open ? "▾" : "▸");
    why_write(why, i, WHY_LABEL, text);
    canvas_text(canvas, area_inset(area, 0, 0, area.w - value + 1, 0), x + 2, y,
                here ? ROLE_ACCENT : ROLE_TEXT, item->open ? ATTR_BOLD : 0, text);
    if (item->known)
        x = canvas_text(canvas, area, value, y, ROLE_TEXT, 0,
                        expr_print_number(item->value, number));
    else if (item->kind != WHY_VECTOR) /* its numbers stand below it */
        x = canvas_text(canvas, area, value, y, ROLE_ABSENT, 0, "·");
    if (why_write(why, i, WHY_FORMULA, text))
        canvas_print(canvas, area, (x > value + 22 ? x : value + 22) + 1, y, ROLE_DIM, 0, "= %s",
                     text);
}

/* The item with the cursor: its formula, the same with numbers, how to ask for it, a note. */
static void draw_detail(const Why *why, Canvas *canvas, Area area, int i)
{
    static const struct {
        WhyPart part;
        const char *name;
        Role role;
    } parts[] = {{WHY_FORMULA, N_("formula"), ROLE_TEXT},
                 {WHY_FILLED, N_("numbers"), ROLE_ACCENT},
                 {WHY_EXPRESSION, N_("ask for"), ROLE_DIM},
                 {WHY_NOTE, N_("note"), ROLE_NOTE}};
    char text[WHY_TEXT_BYTES], moment[64];
    Moment at;
    int y = 1;

    canvas_fill(canvas, area, 0, 0, area.w, canvas_glyph(canvas, 0x2500), ROLE_DIM, 0);
    for (size_t p = 0; p < sizeof parts / sizeof *parts && y < area.h; p++)
        if (why_write(why, i, parts[p].part, text)) {
            canvas_text(canvas, area, 0, y, ROLE_DIM, 0, _(parts[p].name));
            canvas_text(canvas, area_inset(area, 9, 0, 0, 0), 0, y++, parts[p].role, 0, text);
        }
    if (why_moment(why, i, &at)) {
        moment_print(at, moment, sizeof moment);
        canvas_text_right(canvas, area, area.w - 1, 0, ROLE_DIM, 0, moment);
    }
}

void why_pane_draw(const App *app, Canvas *canvas, Area area)
{
    const Asking *asking = &app->asking;
    const Why *why = &asking->why;
    char moment[64];
    double before;
    int rows = area.h - HEAD_ROWS - DETAIL_ROWS,
        first = panel_scroll(why->count, rows, asking->row);

    moment_print(why->at, moment, sizeof moment);
    int x = canvas_text(canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD, _("Why is "));
    x = canvas_text(canvas, area, x, 0, ROLE_ACCENT, ATTR_BOLD, why->question);
    x = canvas_text(canvas, area, x, 0, ROLE_TITLE, ATTR_BOLD, _(" what it is?"));
    x = canvas_print(canvas, area, x, 0, ROLE_DIM, 0, "  at %s", moment);
    if (edited_before(app, why->question, &before))
        canvas_print(canvas, area, x, 0, ROLE_NOTE, 0, "  ≠ %.6g before the change", before);
    canvas_text(canvas, area, 0, 1, ROLE_DIM, 0,
                _("→ opens · ← closes · Enter opens, then goes to where it comes from · q leaves"));
    for (int i = 0; i < rows && first + i < why->count; i++)
        draw_item(why, canvas, area, HEAD_ROWS + i, first + i, first + i == asking->row);
    draw_detail(why, canvas, area_inset(area, 0, area.h - DETAIL_ROWS, 0, 0), asking->row);
}
