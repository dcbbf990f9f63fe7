/* The operations of the graph, and the keyframes along the run. */
#include "view/view_memory.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <stdio.h>
#include <string.h>

/* ---- operations ------------------------------------------------------------------------------ */

enum { COUNTED = 1 << 20, NAME = 10, COUNT = 10, SHARE = 7, MOST_BAR = 40 };

/* The first operation of that name: all kinds of plain numbers are one to the reader. */
static int operation_of_name(const char *name)
{
    int op = 0;

    while (strcmp(tape_ops[op].name, name) != 0)
        op++;
    return op;
}

/* Of a very large graph the beginning stands for all of it. */
static int32_t count_operations(const Tape *tape, int64_t count[OP_COUNT])
{
    const int32_t nodes = tape->count < COUNTED ? tape->count : COUNTED;

    for (int op = 0; op < OP_COUNT; op++)
        count[op] = 0;
    for (int32_t i = 0; i < nodes; i++)
        count[tape->node[i].op]++;
    for (int op = 0; op < OP_COUNT; op++) {
        const int first = operation_of_name(tape_ops[op].name);
        if (first != op) {
            count[first] += count[op];
            count[op] = 0;
        }
    }
    return nodes;
}

/* The operation with the greatest count below `limit`, or of equal count after `last`; OP_COUNT if
 * there is none. */
static int next_operation(const int64_t count[OP_COUNT], int64_t limit, int last)
{
    int best = OP_COUNT;

    for (int op = 0; op < OP_COUNT; op++)
        if (count[op] > 0 && (count[op] < limit || (count[op] == limit && op > last)) &&
            (best == OP_COUNT || count[op] > count[best]))
            best = op;
    return best;
}

void memory_draw_operations(Frame *frame, Area area)
{
    const Tape *tape = &frame->app->session.trainer.tape;
    int64_t count[OP_COUNT];
    char text[32];

    if (area.h < 3)
        return;
    const int32_t nodes = count_operations(tape, count);
    int x = panel_title(frame->canvas, area, "What the graph is made of", N_("operations"));
    canvas_print(frame->canvas, area, x + 2, 0, ROLE_DIM, 0, "%s nodes",
                 text_whole(tape->count, text, sizeof text));
    int op = next_operation(count, INT64_MAX, -1);
    const double most = op < OP_COUNT ? (double)count[op] : 1;
    for (int y = 1; y < area.h && op < OP_COUNT; y++) {
        canvas_text(frame->canvas, area, 0, y, ROLE_TEXT, 0, tape_ops[op].name);
        canvas_text(frame->canvas, area, NAME - 2, y, ROLE_DIM, 0, tape_ops[op].symbol);
        canvas_text_right(frame->canvas, area, NAME + COUNT, y, ROLE_TEXT, ATTR_BOLD,
                          text_whole(count[op], text, sizeof text));
        snprintf(text, sizeof text, "%.1f%%", 100 * (double)count[op] / nodes);
        canvas_text_right(frame->canvas, area, NAME + COUNT + SHARE, y, ROLE_DIM, 0, text);
        x = NAME + COUNT + SHARE + 1;
        plot_bar(frame->canvas, area, x, y, area.w - x < MOST_BAR ? area.w - x : MOST_BAR,
                 (double)count[op] / most, ROLE_CURVE);
        op = next_operation(count, count[op], op);
    }
}

/* ---- keyframes ------------------------------------------------------------------------------- */

/* Keyframes of the run whose steps fall in a column: of them, how many are taken. */
static double taken_share(const History *history, int column, int columns)
{
    const int64_t first = history->frames * column / columns,
                  end = history->frames * (column + 1) / columns;
    int64_t taken = 0;

    for (int64_t k = first; k < (end > first ? end : first + 1); k++)
        taken += history->taken[k];
    return (double)taken / (double)(end > first ? end - first : 1);
}

void memory_draw_keyframes(Frame *frame, Area area)
{
    const History *history = &frame->app->session.history;
    const Trainer *trainer = history->trainer;
    const int64_t from = history->begin.step, steps = trainer->settings.steps - from;
    char text[32];

    if (area.h < 4 || area.w < 20)
        return;
    panel_title(frame->canvas, area, "Where going back begins", N_("keyframes along the run"));
    for (int x = 0; x < area.w; x++) {
        double share = taken_share(history, x, area.w);
        canvas_text(frame->canvas, area, x, 1, share > 0 ? ROLE_CURVE : ROLE_ABSENT, 0,
                    share > 0.5 ? "█"
                    : share > 0 ? "▄"
                                : "·");
    }
    if (steps > 0)
        canvas_text(frame->canvas, area, (int)((trainer->at.step - from) * (area.w - 1) / steps), 2,
                    ROLE_ACCENT, ATTR_BOLD, "▲");
    canvas_text(frame->canvas, area, 0, 3, ROLE_DIM, 0, text_whole(from, text, sizeof text));
    canvas_text_right(frame->canvas, area, area.w, 3, ROLE_DIM, 0,
                      text_whole(trainer->settings.steps, text, sizeof text));
}
