#include "view/view_memory.h"
#include "app/storage.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/view.h"
#include <stdio.h>
#include <string.h>

const char view_memory_about[] =
    N_("What the program itself does. Where the time goes: one step of training, phase by "
       "phase, as the clock measured it while the run moved: twice a second a step is "
       "measured, and the least disturbed of the last five is shown. An operation is a node "
       "laid out or computed, a visit of the backward pass, or a parameter updated. Whole "
       "steps that nobody looks into are taken by fused kernels: the same bits without a "
       "graph.\n"
       "One Value in memory: in the Python program a Value is an object. Here a node is an "
       "index: what it is made from stands in one array, its value in a second, its gradient "
       "in a third. So a structure can be run again with other numbers. The bars are bytes, as "
       "they lie.\n"
       "Where the bytes are: every part of a run that takes memory, largest first. Keyframes "
       "are what going back costs: parameters, m and v every few steps, and between them a "
       "short replay.\n"
       "The guide's section on scalar autograd says what a Value is.");

/* ---- where the bytes are --------------------------------------------------------------------- */

/* "8.2 MB", "104 KB", "96 B". Returns text. */
static const char *bytes_text(int64_t bytes, char text[24])
{
    static const char *const units[] = {"B", "KB", "MB", "GB"};
    double size = (double)bytes;
    int unit = 0;
    char number[16];

    for (; size >= 999.5 && unit < 3; unit++)
        size /= 1024;
    snprintf(number, sizeof number, size < 9.95 && unit > 0 ? "%.1f" : "%.0f", size);
    snprintf(text, 24, "%s %s", number, units[unit]);
    return text;
}

/* Parts by falling size. */
static void sort_parts(const Session *session, StoragePart part[STORAGE_PARTS])
{
    for (int i = 0; i < STORAGE_PARTS; i++) {
        int at = i;
        for (;
             at > 0 && storage_table[part[at - 1]].bytes(session) < storage_table[i].bytes(session);
             at--)
            part[at] = part[at - 1];
        part[at] = (StoragePart)i;
    }
}

/* What there is to say of a part at this moment. */
static void describe_part(const Session *session, StoragePart part, char *text, size_t size)
{
    const Trainer *trainer = &session->trainer;
    const History *history = &session->history;
    char a[24], b[24];

    if (part == STORAGE_KEYFRAMES)
        snprintf(text, size,
                 words_count("%lld of %lld taken, one every step",
                             "%lld of %lld taken, one every %lld steps",
                             (unsigned long)history->spacing),
                 (long long)storage_keyframes(session), (long long)history->frames,
                 (long long)history->spacing);
    else if (part == STORAGE_GRAPH)
        snprintf(text, size, _("%s of %s nodes used"), text_whole(trainer->tape.count, a, sizeof a),
                 text_whole(trainer->tape.capacity, b, sizeof b));
    else
        snprintf(text, size, "%s", _(storage_table[part].what));
}

enum { NAME = 11, SIZE = 8, LEAST_BAR = 6, BAR = 14, MOST_BAR = 40 };

/* Where there is no room for all of it, without what follows its comma. */
static void draw_words(Frame *frame, Area area, int y, const char *what)
{
    char text[120];

    snprintf(text, sizeof text, "%s", what);
    if (text_width(text) > area.w)
        text[strcspn(text, ",")] = '\0';
    canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0, text);
}

static void draw_part(Frame *frame, Area area, int y, const char *name, int64_t bytes, double share,
                      const char *what)
{
    const int bar = area.w >= 110  ? MOST_BAR
                    : area.w >= 90 ? 2 * BAR
                    : area.w >= 72 ? BAR
                    : area.w >= 56 ? LEAST_BAR
                                   : area.w - NAME - SIZE - 2;
    char text[24];

    canvas_text(frame->canvas, area, 0, y, ROLE_TEXT, 0, name);
    canvas_text_right(frame->canvas, area, NAME + SIZE, y, ROLE_TEXT, ATTR_BOLD,
                      bytes_text(bytes, text));
    plot_bar(frame->canvas, area, NAME + SIZE + 1, y, bar, share, ROLE_CURVE);
    if (area.w >= 56)
        draw_words(frame, area_inset(area, NAME + SIZE + bar + 3, 0, 0, 0), y, what);
}

/* The largest parts; what does not fit is the last row. */
static void draw_bytes(Frame *frame, Area area)
{
    const Session *session = &frame->app->session;
    StoragePart part[STORAGE_PARTS];
    char text[120];
    int64_t shown = 0;
    int y = 1;

    if (area.h < 2)
        return;
    const int64_t all = storage_bytes(session);
    int x = panel_title(frame->canvas, area, "Where the bytes are", N_("memory"));
    canvas_print(frame->canvas, area, x + 2, 0, ROLE_DIM, 0, "%s in all", bytes_text(all, text));
    sort_parts(session, part);
    const double most = (double)storage_table[part[0]].bytes(session);
    for (int i = 0; i < STORAGE_PARTS && y < area.h; i++, y++) {
        int64_t bytes = storage_table[part[i]].bytes(session);
        if (y == area.h - 1 && i < STORAGE_PARTS - 1) {
            draw_part(frame, area, y, _("the rest"), all - shown, (double)(all - shown) / most, "");
            return;
        }
        describe_part(session, part[i], text, sizeof text);
        draw_part(frame, area, y, _(storage_table[part[i]].name), bytes, (double)bytes / most,
                  text);
        shown += bytes;
    }
}

/* ---- one Value ------------------------------------------------------------------------------- */

/* The node under the cursor, or the one that the next operation is about, or the loss. */
static int32_t node_shown(const App *app, Focus focus)
{
    const Scope scope = app_scope(app);
    const int32_t node = focus.own ? -1 : focus_node(&scope, focus),
                  next = stride_next_node(&app->session.trainer);

    return node >= 0 ? node : next >= 0 ? next : app->session.trainer.loss_node;
}

/* A number in its eight bytes, lowest address first, as they lie: "9a 99 99 99 99 99 c9 3f". */
static const char *raw_bytes(double number, char text[32])
{
    unsigned char byte[sizeof number];

    memcpy(byte, &number, sizeof number);
    for (size_t i = 0; i < sizeof number; i++)
        snprintf(text + 3 * i, 4, "%02x ", byte[i]);
    return text;
}

/* What stands in a field of a node. */
static void field_text(const Trainer *trainer, int32_t node, const char *name, char *text,
                       size_t size)
{
    const TapeNode *at = &trainer->tape.node[node];

    if (strcmp(name, "a") == 0)
        snprintf(text, size, "%d", (int)at->a);
    else if (strcmp(name, "b") == 0)
        snprintf(text, size, "%d", (int)at->b);
    else if (strcmp(name, "op") == 0)
        snprintf(text, size, "%s", tape_ops[at->op].name);
    else if (strcmp(name, "dot") == 0)
        snprintf(text, size, "%d", (int)at->dot);
    else
        snprintf(text, size, "%s", "");
}

/* A box of bytes in one of the arrays: its name above, its offsets below it. */
static int draw_box(Frame *frame, Area area, int x, int columns, const char *name,
                    const char *content, int offset, int size, Role role)
{
    Area box = area_inset(area, x, 0, 0, 0);
    char text[24];

    box.w = box.w < columns - 1 ? box.w : columns - 1;
    canvas_ground(frame->canvas, area, x, 1, columns - 1, ROLE_BAR);
    canvas_text(frame->canvas, box, 0, 0, ROLE_DIM, 0, name);
    canvas_text(frame->canvas, box, 0, 1, role, ATTR_BOLD, content);
    if (size > 1)
        snprintf(text, sizeof text, "%d-%d", offset, offset + size - 1);
    else
        snprintf(text, sizeof text, "%d", offset);
    canvas_text(frame->canvas, area, x, 2, ROLE_DIM, 0, text);
    return x + columns;
}

/* The node itself: its fields, each as wide as its bytes. */
static void draw_node(Frame *frame, Area area, int32_t node)
{
    enum { LABEL = 15, LEAST = 6 };
    const Trainer *trainer = &frame->app->session.trainer;
    StorageField field[STORAGE_NODE_FIELDS];
    const int count = storage_node_fields(field);
    const int byte = area.w - LABEL >= 5 * (int)sizeof(TapeNode) ? 5 : 3;
    char text[32];
    int x = LABEL;

    canvas_print(frame->canvas, area, 0, 0, ROLE_DIM, 0, "tape.node");
    canvas_print(frame->canvas, area, 0, 1, ROLE_TEXT, ATTR_BOLD, "[%d]", (int)node);
    canvas_print(frame->canvas, area, 0, 2, ROLE_DIM, 0, "%d bytes", (int)sizeof(TapeNode));
    for (int i = 0; i < count; i++) {
        const int columns = field[i].size * byte < LEAST ? LEAST : field[i].size * byte;
        const int input = strcmp(field[i].name, "a") == 0   ? 0
                          : strcmp(field[i].name, "b") == 0 ? 1
                                                            : -1;
        const int32_t from = input < 0 ? -1 : tape_input(&trainer->tape, node, input);
        field_text(trainer, node, field[i].name, text, sizeof text);
        const int next = draw_box(frame, area, x, columns, field[i].name, text, field[i].offset,
                                  field[i].size, from >= 0 ? ROLE_FORWARD : ROLE_TEXT);
        if (from >= 0)
            frame_spot(frame, area, x, 1, columns - 1, 1,
                       focus_of_node(trainer, FOCUS_VALUE, from));
        x = next;
    }
}

/* value[i] and grad[i]: the number, and its bytes. */
static void draw_number(Frame *frame, Area area, int y, const char *array, Focus what, bool known,
                        double number, int32_t node, Role role)
{
    enum { LABEL = 15, NUMBER = 10 };
    char text[32];

    canvas_print(frame->canvas, area, 0, y, ROLE_DIM, 0, "%s[%d]", array, (int)node);
    frame_number(frame, area, LABEL, y, NUMBER, what, known, number, role, ATTR_BOLD);
    if (known && !frame_is_hidden(frame, what) && area.w >= LABEL + NUMBER + 26)
        canvas_text(frame->canvas, area, LABEL + NUMBER + 2, y, ROLE_DIM, 0,
                    raw_bytes(number, text));
    else if (!known && area.w >= LABEL + NUMBER + 26)
        canvas_text(frame->canvas, area, LABEL + NUMBER + 2, y, ROLE_ABSENT, 0,
                    _("not computed yet"));
}

static void draw_value(Frame *frame, Area area)
{
    const App *app = frame->app;
    const Trainer *trainer = &app->session.trainer;
    const int32_t node = node_shown(app, frame->focus);
    const Scope scope = app_scope(app);
    const Focus value = focus_of_node(trainer, FOCUS_VALUE, node);
    char name[FOCUS_TEXT_BYTES];

    if (area.h < 6)
        return;
    int x = panel_title(frame->canvas, area, "One Value in memory", N_("layout"));
    focus_print(&scope, value, name, sizeof name);
    canvas_text(frame->canvas, area_inset(area, x + 2, 0, 0, 0), 0, 0, ROLE_ACCENT, ATTR_BOLD,
                name);
    draw_node(frame, area_inset(area, 0, 1, 0, 0), node);
    draw_number(frame, area, 4, _("value"), value, trainer_has_value(trainer, node),
                trainer->value[node], node, ROLE_FORWARD);
    draw_number(frame, area, 5, "grad", focus_of_node(trainer, FOCUS_GRAD, node),
                trainer_has_grad(trainer), trainer->grad[node], node, ROLE_BACKWARD);
    if (area.h > 6)
        canvas_print(frame->canvas, area, 0, 6, ROLE_DIM, 0,
                     area.w >= 76
                         ? N_("%d bytes a node with its place in the order: no object, only "
                              "numbers in a row")
                         : N_("%d bytes a node, its place in the order included"),
                     storage_node_bytes());
}

/* ---- where the time goes --------------------------------------------------------------------- */

static const struct {
    Phase phase;
    const char *name, *unit;
    Role role;
} phases[PHASE_COUNT] = {
    {PHASE_DONE, N_("laying out"), N_("nodes"), ROLE_TEXT},
    {PHASE_FORWARD, N_("forward"), N_("nodes"), ROLE_FORWARD},
    {PHASE_BACKWARD, N_("backward"), N_("visits"), ROLE_BACKWARD},
    {PHASE_UPDATE, N_("update"), N_("parameters"), ROLE_UPDATE},
};

enum { TIME_ROWS = 8, PHASE_NAME = 12, MICROSECONDS = 9, OPERATIONS = 10, UNIT = 12, EACH = 9 };

/* forward   41.2 us   34,011 nodes   1.2 ns each  ▆▆▆▆ */
static void draw_phase(Frame *frame, Area area, int y, const char *name, PacePhase phase,
                       const char *unit, double whole, Role role)
{
    Canvas *canvas = frame->canvas;
    const bool known = frame->app->pace.known;
    char text[32];
    int x = PHASE_NAME + MICROSECONDS;

    canvas_text(canvas, area, 0, y, role, role == ROLE_TEXT ? 0 : ATTR_BOLD, name);
    canvas_text_right(canvas, area, x, y, known ? ROLE_TEXT : ROLE_ABSENT, known ? ATTR_BOLD : 0,
                      known ? text_real(1e6 * phase.seconds, MICROSECONDS, text, sizeof text)
                            : "·");
    canvas_text(canvas, area, x + 1, y, ROLE_DIM, 0, "µs");
    x += 3 + OPERATIONS;
    if (area.w >= x + UNIT) {
        canvas_text_right(canvas, area, x, y, known ? ROLE_TEXT : ROLE_ABSENT, 0,
                          known ? text_whole(phase.operations, text, sizeof text) : "·");
        canvas_text(canvas, area, x + 1, y, ROLE_DIM, 0, unit);
    }
    x += UNIT;
    if (area.w >= x + EACH + 8 && known && phase.operations > 0) {
        text_real(1e9 * phase.seconds / (double)phase.operations, 6, text, sizeof text);
        canvas_text_right(canvas, area, x + 6, y, ROLE_DIM, 0, text);
        canvas_text(canvas, area, x + 7, y, ROLE_DIM, 0, _("ns each"));
    }
    x += EACH + 7;
    if (known && area.w > x + 4)
        plot_bar(canvas, area, x, y, area.w - x < MOST_BAR ? area.w - x : MOST_BAR,
                 whole > 0 ? phase.seconds / whole : 0, role == ROLE_TEXT ? ROLE_DIM : role);
}

/* Which engine takes whole steps, how fast, and why not faster. */
static void draw_engine(Frame *frame, Area area, int y)
{
    const App *app = frame->app;
    const Trainer *trainer = &app->session.trainer;
    const Pace *pace = &app->pace;
    char rate[32], line[200];

    if (!fused_can(&trainer->settings))
        snprintf(line, sizeof line, _("whole steps: by the graph, as these options ask for it"));
    else if (pace->fused_steps == 0)
        snprintf(line, sizeof line, _("whole steps: kernels for %s, %s"),
                 trainer->fused.kernels->name, fused_note(&trainer->fused));
    else
        snprintf(line, sizeof line,
                 _("whole steps: kernels for %s, at best %.1f µs each, %s a second; %s"),
                 trainer->fused.kernels->name,
                 1e6 * pace->fused_seconds / (double)pace->fused_steps,
                 text_whole((int64_t)((double)pace->fused_steps / pace->fused_seconds), rate,
                            sizeof rate),
                 fused_note(&trainer->fused));
    canvas_wrap(frame->canvas, area, y, trainer->fused.trust > FUSED_SHORT ? ROLE_NOTE : ROLE_DIM,
                0, line);
}

static void draw_time(Frame *frame, Area area)
{
    const Pace *pace = &frame->app->pace;
    const PacePhase whole = pace_step(pace);
    char steps[32], operations[32];
    int y = 1;

    if (area.h < 2)
        return;
    int x = panel_title(frame->canvas, area, "Where the time goes", N_("one step on the graph"));
    if (!pace->known)
        canvas_text(frame->canvas, area_inset(area, x + 2, 0, 0, 0), 0, 0, ROLE_NOTE, 0,
                    _("not measured yet: let it run"));
    for (int i = 0; i < PHASE_COUNT && y < area.h; i++, y++)
        draw_phase(frame, area, y, _(phases[i].name), pace->phase[phases[i].phase],
                   _(phases[i].unit), whole.seconds, phases[i].role);
    if (y < area.h)
        draw_phase(frame, area, y++, _("a step"), whole, _("operations"), whole.seconds, ROLE_TEXT);
    if (pace->known && area.h >= TIME_ROWS && whole.seconds > 0)
        canvas_print(frame->canvas, area, 0, y++, ROLE_DIM, 0,
                     "%s steps and %s operations a second",
                     text_whole((int64_t)(1 / whole.seconds), steps, sizeof steps),
                     text_whole((int64_t)((double)whole.operations / whole.seconds), operations,
                                sizeof operations));
    if (y < area.h)
        draw_engine(frame, area, y);
}

/* ---- the view -------------------------------------------------------------------------------- */

enum { SHOWS_ALL, SHOWS_TIME, SHOWS_VALUE, SHOWS_BYTES };
enum { VALUE_ROWS = 7, PANE_GAP = 4, WIDE = 150, HIGH = 36, LOW = 22 };

/* Rows off the top of *area, with blank ones behind them. */
static Area take(Area *area, int rows, int gap)
{
    Area top = *area;

    top.h = rows < area->h ? rows : area->h;
    *area = area_inset(*area, 0, top.h + gap, 0, 0);
    return top;
}

/* One below the other, as far as there is room; the last has the rest. */
static void draw_stack(Frame *frame, Area area)
{
    const int gap = area.h >= HIGH ? 2 : area.h >= 13, tight = area.h < LOW;

    draw_time(frame, take(&area, area.h < 13 ? TIME_ROWS - 2 : TIME_ROWS - tight, gap));
    if (area.h >= VALUE_ROWS + 3)
        draw_value(frame, take(&area, VALUE_ROWS - tight, gap));
    draw_bytes(frame, take(&area, STORAGE_PARTS + 1, gap));
    memory_draw_operations(frame, area);
}

static void draw_wide(Frame *frame, Area area)
{
    const int left = (area.w - PANE_GAP) / 2;
    Area column = {area.x, area.y, left, area.h};

    draw_time(frame, take(&column, TIME_ROWS, 2));
    draw_value(frame, take(&column, VALUE_ROWS, 2));
    memory_draw_operations(frame, column);
    column = area_inset(area, left + PANE_GAP, 0, 0, 0);
    draw_bytes(frame, take(&column, STORAGE_PARTS + 1, 2));
    memory_draw_keyframes(frame, column);
}

void view_memory_draw(Frame *frame, Area area)
{
    switch (frame->app->look.choice[LOOK_MEMORY_SHOWS]) {
    case SHOWS_TIME:
        draw_time(frame, area);
        break;
    case SHOWS_VALUE:
        draw_value(frame, area);
        break;
    case SHOWS_BYTES:
        draw_bytes(frame, area);
        break;
    default:
        (area.w >= WIDE ? draw_wide : draw_stack)(frame, area);
        break;
    }
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_bytes(const App *app, Answer *answer)
{
    const Session *session = &app->session;
    StoragePart part[STORAGE_PARTS];
    char size[24], text[120];

    answer_line(answer, "The run takes %s of memory.", bytes_text(storage_bytes(session), size));
    answer_whole(answer, "bytes", storage_bytes(session));
    answer_open(answer, "parts", '[');
    sort_parts(session, part);
    for (int i = 0; i < STORAGE_PARTS; i++) {
        int64_t bytes = storage_table[part[i]].bytes(session);
        describe_part(session, part[i], text, sizeof text);
        answer_line(answer, "%s: %s (%s).", _(storage_table[part[i]].name), bytes_text(bytes, size),
                    text);
        answer_open(answer, NULL, '{');
        answer_text(answer, "name", storage_table[part[i]].name);
        answer_whole(answer, "bytes", bytes);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
    answer_whole(answer, "keyframes", storage_keyframes(session));
    answer_whole(answer, "keyframe_steps", session->history.spacing);
}

static void tell_value(const App *app, Answer *answer)
{
    const Trainer *trainer = &app->session.trainer;
    const Scope scope = app_scope(app);
    const int32_t node = node_shown(app, app->look.focus[VIEW_MEMORY]);
    StorageField field[STORAGE_NODE_FIELDS];
    const int count = storage_node_fields(field);
    char name[FOCUS_TEXT_BYTES], text[32];

    focus_print(&scope, focus_of_node(trainer, FOCUS_VALUE, node), name, sizeof name);
    answer_line(
        answer,
        "Node %d is %s. It takes %d bytes of the graph, 8 of the values and 8 of the gradients.",
        (int)node, name, (int)sizeof(TapeNode));
    answer_whole(answer, "node", node);
    answer_text(answer, "name", name);
    answer_whole(answer, "node_bytes", (int64_t)sizeof(TapeNode));
    answer_open(answer, "fields", '[');
    for (int i = 0; i < count; i++) {
        field_text(trainer, node, field[i].name, text, sizeof text);
        answer_line(answer, "Field %s: %d bytes from byte %d on%s%s.", field[i].name, field[i].size,
                    field[i].offset, *text ? ": " : "", text);
        answer_open(answer, NULL, '{');
        answer_text(answer, "field", field[i].name);
        answer_whole(answer, "offset", field[i].offset);
        answer_whole(answer, "size", field[i].size);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

static void tell_time(const App *app, Answer *answer)
{
    const Trainer *trainer = &app->session.trainer;
    const Pace *pace = &app->pace;
    const PacePhase whole = pace_step(pace);

    answer_truth(answer, "measured", pace->known);
    if (!pace->known)
        answer_line(answer, "No step is measured yet: let the run move.");
    for (int i = 0; i < PHASE_COUNT && pace->known; i++)
        answer_line(answer, "%s: %.1f microseconds for %lld %s.", _(phases[i].name),
                    1e6 * pace->phase[phases[i].phase].seconds,
                    (long long)pace->phase[phases[i].phase].operations, _(phases[i].unit));
    answer_open(answer, "microseconds", '{');
    for (int i = 0; i < PHASE_COUNT && pace->known; i++)
        answer_real(answer, i == 0 ? "layout" : phase_names[phases[i].phase],
                    1e6 * pace->phase[phases[i].phase].seconds);
    answer_close(answer, '}');
    if (pace->known && whole.seconds > 0) {
        answer_line(answer, "A step takes %.1f microseconds: %.0f operations a second.",
                    1e6 * whole.seconds, (double)whole.operations / whole.seconds);
        answer_real(answer, "operations_per_second", (double)whole.operations / whole.seconds);
    }
    answer_text(answer, "kernels",
                fused_can(&trainer->settings) ? trainer->fused.kernels->name : "none");
    answer_line(answer, "Whole steps: %s.",
                fused_can(&trainer->settings) ? fused_note(&trainer->fused) : _("by the graph"));
}

void view_memory_tell(const App *app, Answer *answer)
{
    tell_time(app, answer);
    tell_value(app, answer);
    tell_bytes(app, answer);
}
