/* Depth 0 of the view of the graph: the model, a row a block.
 *
 *         embedding                 x = wte[token] + wpe[position]     16    .0123   .0345
 *      ├─▶ input of attention       the branch leaves the stream
 *      │ │ query  key  value        side by side: where there is room, a row each
 *      +◀┘ residual                 and is added to it */
#include "app/graph_look.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/graph_text.h"
#include "view/panel.h"
#include "view/view_graph.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    ROWS = 640,
    BESIDE = 3,
    BEYOND = 8,
    HEAD_ROWS = 2,
    NAME_X = 7,
    SIDE_WIDTH = 116,
    DIAGRAM = 70
};
enum { SHAPE = 6, NUMBER = 8, FORMULA_X = 34, HEADS = 18 };

/* How the residual stream passes a row. */
typedef enum Rail { RAIL_NONE, RAIL_STREAM, RAIL_LEAVES, RAIL_BRANCH, RAIL_JOINS } Rail;

typedef struct Row {
    Place place[BESIDE];
    int count;
    Rail rail;
    bool whole_layer; /* one row for all of a layer */
} Row;

typedef struct Diagram {
    Row row[ROWS];
    int rows;
    bool full;     /* a row a block, also of what stands side by side */
    bool all_open; /* every layer is drawn, not the selected one alone */
} Diagram;

/* ---- rows ------------------------------------------------------------------------------------ */

static const struct {
    Part part[BESIDE];
    int count;
    Rail rail;
} layer_rows[] = {
    {{PART_ATTN_NORM}, 1, RAIL_LEAVES},
    {{PART_Q, PART_K, PART_V}, 3, RAIL_BRANCH},
    {{PART_SCORE, PART_WEIGHT, PART_OUT}, 3, RAIL_BRANCH},
    {{PART_PROJ}, 1, RAIL_BRANCH},
    {{PART_ATTN_RESIDUAL}, 1, RAIL_JOINS},
    {{PART_MLP_NORM}, 1, RAIL_LEAVES},
    {{PART_FC1}, 1, RAIL_BRANCH},
    {{PART_RELU}, 1, RAIL_BRANCH},
    {{PART_FC2}, 1, RAIL_BRANCH},
    {{PART_MLP_RESIDUAL}, 1, RAIL_JOINS},
};

static Place place_of(const App *app, Part part, int layer)
{
    const PartInfo *info = &place_parts[part];

    return (Place){part, part == PART_MEAN_LOSS ? -1 : app_position(app),
                   info->in_layer ? layer : -1, info->in_head ? app->head : -1};
}

static void add_row(Diagram *diagram, Row row)
{
    if (diagram->rows < ROWS)
        diagram->row[diagram->rows++] = row;
}

static void add_part(Diagram *diagram, const App *app, Part part, Rail rail)
{
    add_row(diagram, (Row){.place = {place_of(app, part, -1)}, .count = 1, .rail = rail});
}

static void add_layer(Diagram *diagram, const App *app, int layer)
{
    for (size_t i = 0; i < sizeof layer_rows / sizeof *layer_rows; i++) {
        Row row = {.rail = layer_rows[i].rail};
        for (int k = 0; k < layer_rows[i].count; k++) {
            row.place[diagram->full ? 0 : k] = place_of(app, layer_rows[i].part[k], layer);
            row.count = diagram->full ? 1 : k + 1;
            if (diagram->full || k + 1 == layer_rows[i].count)
                add_row(diagram, row);
        }
    }
}

static void build(Diagram *diagram, const App *app, bool full, bool all_open)
{
    const int layers = app->session.trainer.gpt.n_layer;

    *diagram = (Diagram){.full = full, .all_open = all_open};
    add_part(diagram, app, PART_EMBED, RAIL_NONE);
    add_part(diagram, app, PART_NORM, RAIL_STREAM);
    for (int layer = 0; layer < layers; layer++) {
        if (all_open || layer == app->layer)
            add_layer(diagram, app, layer);
        else
            add_row(diagram, (Row){.place = {place_of(app, PART_MLP_RESIDUAL, layer)},
                                   .count = 1,
                                   .rail = RAIL_STREAM,
                                   .whole_layer = true});
    }
    add_part(diagram, app, PART_LOGITS, RAIL_STREAM);
    add_part(diagram, app, PART_PROBS, RAIL_STREAM);
    add_part(diagram, app, PART_LOSS, RAIL_STREAM);
    add_part(diagram, app, PART_MEAN_LOSS, RAIL_STREAM);
}

/* The most that fits: first what stands side by side goes into one row, then other layers do. */
static void choose(Diagram *diagram, const App *app, int room)
{
    build(diagram, app, true, true);
    if (diagram->rows > room)
        build(diagram, app, false, true);
    if (diagram->rows > room)
        build(diagram, app, false, false);
}

/* ---- numbers --------------------------------------------------------------------------------- */

typedef struct Size {
    int count;
    bool known, graded;
    double mean, length; /* of the values; of the gradient */
} Size;

static Size measure(const App *app, Place place)
{
    const Trainer *trainer = &app->session.trainer;
    const Span *span = gpt_span(&trainer->gpt, place);
    Size size = {.count = span ? span->out.count : 0, .known = true};
    double sum = 0, squares = 0;

    size.graded = trainer_has_grad(trainer);
    for (int32_t i = 0; i < size.count; i++) {
        int32_t node = span->out.first + i * span->out.stride;
        size.known = size.known && trainer_has_value(trainer, node) &&
                     !look_is_hidden(&app->look, focus_of_node(trainer, FOCUS_VALUE, node));
        size.graded =
            size.graded && !look_is_hidden(&app->look, focus_of_node(trainer, FOCUS_GRAD, node));
        sum += trainer->value[node];
        squares += trainer->grad[node] * trainer->grad[node];
    }
    size.known = size.known && size.count > 0;
    size.graded = size.graded && size.count > 0;
    size.mean = size.known ? sum / size.count : 0;
    size.graded = size.graded && (squares > 0 || trainer->at.phase != PHASE_BACKWARD);
    size.length = size.graded ? sqrt(squares) : 0;
    return size;
}

static bool is_under_work(const App *app, Place place)
{
    const Trainer *trainer = &app->session.trainer;
    const int32_t node = stride_next_node(trainer);
    const Span *span =
        node < 0 || trainer->at.phase == PHASE_UPDATE ? NULL : gpt_span_of(&trainer->gpt, node);

    return span && place_same(span->place, place);
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* The cursor stands on a place; where it came from deeper down, on a number of it. */
static Focus focus_of(const Frame *frame, Place place)
{
    const Focus here = frame->focus;

    if (here.kind != FOCUS_NONE && here.kind != FOCUS_PLACE &&
        place_same(graph_look_block(frame->app), place))
        return here;
    return (Focus){.kind = FOCUS_PLACE, .place = place};
}

static const char *const rails[] = {[RAIL_NONE] = "    ",
                                    [RAIL_STREAM] = "  │ ",
                                    [RAIL_LEAVES] = "  ├─▶",
                                    [RAIL_BRANCH] = "  │ │",
                                    [RAIL_JOINS] = "  +◀┘"};

/* Without residual connections there is one way alone. */
static const char *rail_of(const App *app, Rail rail)
{
    const bool residual = app->session.trainer.gpt.options.residual;

    return residual || rail == RAIL_NONE ? rails[rail] : rails[RAIL_STREAM];
}

static int draw_block(Frame *frame, Area area, int x, int y, const Row *row, int i)
{
    const App *app = frame->app;
    const Place place = row->place[i];
    const bool lit = is_under_work(app, place), known = measure(app, place).known;
    const Role role = lit ? ROLE_ACCENT : known ? ROLE_TEXT : ROLE_DIM;
    char text[GRAPH_TITLE_BYTES];

    if (row->whole_layer)
        snprintf(text, sizeof text, _("layer %d: attention, MLP"), place.layer);
    else
        snprintf(text, sizeof text, "%s",
                 row->count > 1 && place.part >= PART_SCORE ? place_parts[place.part].name
                                                            : _(place_parts[place.part].title));
    if (lit)
        canvas_text(frame->canvas, area, x - 1, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    int end = canvas_text(frame->canvas, area, x, y, role, lit || known ? ATTR_BOLD : 0, text);
    frame_spot(frame, area, x, y, end - x, 1, focus_of(frame, place));
    return end;
}

/* The place of a row whose numbers are shown: the cursor's, else what is at work, else the last. */
static Place place_shown(const Frame *frame, const Row *row)
{
    for (int i = 0; i < row->count; i++)
        if (frame_is_here(frame, focus_of(frame, row->place[i])))
            return row->place[i];
    for (int i = 0; i < row->count; i++)
        if (is_under_work(frame->app, row->place[i]))
            return row->place[i];
    return row->place[row->count - 1];
}

static void draw_size(const Frame *frame, Area area, int y, Place place, bool several)
{
    Canvas *canvas = frame->canvas;
    const Size size = measure(frame->app, place);
    char text[24];

    if (area.w < NAME_X + 24 + SHAPE + 2 * NUMBER)
        return;
    if (several) {
        snprintf(text, sizeof text, "%s:", place_parts[place.part].name);
        canvas_text_right(canvas, area, area.w - 2 * NUMBER - SHAPE, y, ROLE_DIM, 0, text);
    }
    snprintf(text, sizeof text, "%d", size.count);
    canvas_text_right(canvas, area, area.w - 2 * NUMBER, y, ROLE_DIM, 0,
                      size.count ? text : _("left out"));
    text_real(size.mean, NUMBER - 1, text, sizeof text);
    if (size.count > 0)
        canvas_text_right(canvas, area, area.w - NUMBER, y, size.known ? ROLE_FORWARD : ROLE_ABSENT,
                          0, size.known ? text : "·");
    text_real(size.length, NUMBER - 1, text, sizeof text);
    if (size.count > 0)
        canvas_text_right(canvas, area, area.w, y, size.graded ? ROLE_BACKWARD : ROLE_ABSENT, 0,
                          size.graded ? text : "·");
}

static void draw_formula(const Frame *frame, Area area, int y, const Row *row, int end)
{
    const int room = area.w - 2 * NUMBER - SHAPE - FORMULA_X - 1;
    char heads[32], formula[GRAPH_NAME_ROOM];

    graph_formula(frame->canvas, row->place[0].part, formula);

    if (row->count == 1 && !row->whole_layer && end < FORMULA_X && text_width(formula) <= room)
        canvas_text(frame->canvas, area, FORMULA_X, y, ROLE_DIM, 0, formula);
    if (row->place[0].head < 0 || (row->place[0].part != PART_SCORE && row->count == 1))
        return;
    snprintf(heads, sizeof heads, _("head %d (of %d)"), row->place[0].head,
             frame->app->session.trainer.gpt.n_head);
    if (row->count > 1 && end < FORMULA_X && room >= HEADS)
        canvas_text(frame->canvas, area, FORMULA_X, y, ROLE_DIM, 0, heads);
}

static void draw_row(Frame *frame, Area area, int y, const Row *row)
{
    const bool stream = row->rail <= RAIL_STREAM;
    int x = stream ? NAME_X - 2 : NAME_X;

    canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0, rail_of(frame->app, row->rail));
    for (int i = 0; i < row->count; i++) {
        const bool next = i + 1 < row->count;
        const char *between = row->place[0].part == PART_SCORE ? " → " : "   ";
        x = draw_block(frame, area, x, y, row, i);
        x = next ? canvas_text(frame->canvas, area, x, y, ROLE_DIM, 0, between) : x;
    }
    draw_formula(frame, area, y, row, x);
    draw_size(frame, area, y, place_shown(frame, row), row->count > 1);
}

/* Between two rows: what flows, with its shape. */
static void draw_edge(Frame *frame, Area area, int y, const Row *above, const Row *below)
{
    const Size size = measure(frame->app, above->place[above->count - 1]);
    const bool branch = below->rail == RAIL_BRANCH || below->rail == RAIL_JOINS;
    const bool outside = above->rail == RAIL_NONE && below->rail == RAIL_NONE;

    canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0,
                rail_of(frame->app, outside  ? RAIL_NONE
                                    : branch ? RAIL_BRANCH
                                             : RAIL_STREAM));
    canvas_print(frame->canvas, area, NAME_X, y, ROLE_DIM, 0, "[%d]", size.count);
}

/* The row that must be seen. */
static int row_of_interest(const Frame *frame, const Diagram *diagram)
{
    const Place place = graph_look_block(frame->app);

    for (int i = 0; i < diagram->rows; i++)
        for (int k = 0; k < diagram->row[i].count; k++)
            if (place_same(diagram->row[i].place[k], place))
                return i;
    return 0;
}

/* Where rows stand when there is more room than rows: what flows from a block to the next is
 * written between them, first between the parts of the model, then within. Returns the height. */
static int spread(const Diagram *diagram, int room, int *y)
{
    bool gap[ROWS] = {false};
    int spare = room - diagram->rows, height = 0;

    for (int within = 0; within < 2; within++)
        for (int i = 0; i + 1 < diagram->rows; i++) {
            const Rail rail = diagram->row[i].rail;
            const bool part = rail <= RAIL_STREAM || rail == RAIL_JOINS;
            if (spare > 0 && part == !within) {
                gap[i] = true;
                spare--;
            }
        }
    for (int i = 0; i < diagram->rows; i++) {
        y[i] = height;
        height += 1 + gap[i];
    }
    return height;
}

static void draw_rows(Frame *frame, Area area)
{
    Diagram diagram;
    int y[ROWS] = {0};

    choose(&diagram, frame->app, area.h);
    const int height = spread(&diagram, area.h, y);
    const int first = panel_scroll(height, area.h, y[row_of_interest(frame, &diagram)]);
    for (int i = 0; i < diagram.rows; i++) {
        if (y[i] < first - BEYOND || y[i] >= first + area.h + BEYOND)
            continue;
        draw_row(frame, area, y[i] - first, &diagram.row[i]);
        if (i + 1 < diagram.rows && y[i + 1] > y[i] + 1)
            draw_edge(frame, area, y[i] + 1 - first, &diagram.row[i], &diagram.row[i + 1]);
    }
}

static void draw_heads(const Frame *frame, Area area)
{
    if (area.w < NAME_X + 24 + SHAPE + 2 * NUMBER)
        return;
    canvas_text_right(frame->canvas, area, area.w - 2 * NUMBER, 1, ROLE_DIM, 0, _("numbers"));
    canvas_text_right(frame->canvas, area, area.w - NUMBER, 1, ROLE_FORWARD, 0, _("mean"));
    canvas_text_right(frame->canvas, area, area.w, 1, ROLE_BACKWARD, 0, "|grad|");
}

static void describe_token(const App *app, char text[64])
{
    const int pos = app_position(app), token = app->session.trainer.token[pos];
    char shown[16];

    if (token < app->session.corpus.characters)
        text_show_character(app->session.corpus.character[token], shown);
    else
        snprintf(shown, sizeof shown, "%s", _("begin"));
    snprintf(text, 64, _("at position %d '%s'"), pos, shown);
}

void graph_model_draw(Frame *frame, Area area)
{
    Area left = area;
    char at[64];

    if (area.w >= SIDE_WIDTH) {
        Frame beside = *frame;
        left.w = DIAGRAM;
        beside.spots = NULL;
        beside.focus = (Focus){.kind = FOCUS_NONE};
        graph_block_draw(&beside, area_inset(area, DIAGRAM + 3, 0, 0, 0),
                         graph_look_block(frame->app));
    }
    describe_token(frame->app, at);
    panel_title(frame->canvas, left, "What is computed from what?", N_("computation graph"));
    canvas_text(frame->canvas, left, NAME_X - 2, 1, ROLE_DIM, 0, at);
    draw_heads(frame, left);
    draw_rows(frame, area_inset(left, 0, HEAD_ROWS, 0, 0));
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_real(Answer *answer, const char *name, bool known, double number)
{
    if (known)
        answer_real(answer, name, number);
    else
        answer_null(answer, name);
}

static void tell_block(const App *app, Answer *answer, Place place)
{
    const Size size = measure(app, place);
    char name[96], title[GRAPH_TITLE_BYTES], mean[24], length[24];

    place_name(place, name, sizeof name);
    snprintf(mean, sizeof mean, "%s", _("not computed yet"));
    snprintf(length, sizeof length, "%s", _("not computed yet"));
    if (size.known)
        snprintf(mean, sizeof mean, "%.4g", size.mean);
    if (size.graded)
        snprintf(length, sizeof length, "%.4g", size.length);
    answer_line(answer, "%s, %s: %s; %d numbers, mean %s, gradient length %s%s.",
                graph_place_title(place, title), name, _(place_parts[place.part].formula),
                size.count, mean, length,
                is_under_work(app, place) ? _("; the run is at work here") : "");
    answer_open(answer, NULL, '{');
    answer_text(answer, "place", name);
    answer_text(answer, "title", title);
    answer_text(answer, "formula", place_parts[place.part].formula);
    answer_whole(answer, "numbers", size.count);
    tell_real(answer, "mean", size.known, size.mean);
    tell_real(answer, "gradient_length", size.graded, size.length);
    answer_truth(answer, "at_work", is_under_work(app, place));
    answer_close(answer, '}');
}

void graph_model_tell(const App *app, Answer *answer)
{
    Diagram diagram;
    char at[64];

    describe_token(app, at);
    answer_line(answer, "The model, block by block, %s.", at);
    answer_whole(answer, "position", app_position(app));
    build(&diagram, app, true, true);
    answer_open(answer, "blocks", '[');
    for (int i = 0; i < diagram.rows; i++)
        tell_block(app, answer, diagram.row[i].place[0]);
    answer_close(answer, ']');
}
