/* The KV cache: keys and values of positions that were read before are not computed again. */
#include "app/pass.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/generate.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>

enum { LABEL = 3, GAP = 2, STATE = 6, HEADERS = 2 };

/* What is seen of it: so many numbers of K and of V, from one on, each so many columns. */
typedef struct Window {
    int layer, first, count, columns;
    int rows, row;
    double most;
} Window;

static int selected_layer(const App *app)
{
    const int last = app->writing.sampler.gpt.n_layer - 1;

    return app->layer < last ? app->layer : last;
}

static double find_most(const Pass *pass, const Window *window, int pos)
{
    double most = 0, number;

    for (int p = 0; p <= pos; p++)
        for (int i = window->first; i < window->first + window->count; i++)
            for (int part = PART_K; part <= PART_V; part++)
                if (pass_number(pass, FOCUS_VALUE,
                                pass_node(pass, (Place){(Part)part, p, window->layer, -1}, i),
                                &number))
                    most = fmax(most, fabs(number));
    return most > 0 ? most : 1;
}

static Window lay_out(const App *app, const Pass *pass, Area area, int pos)
{
    const int width = pass->gpt->n_embd, room = (area.w - LABEL - GAP - STATE) / 2;
    Window window = {
        .layer = selected_layer(app), .count = width, .columns = room >= 2 * width ? 2 : 1};

    if (room < width) { /* the numbers of the selected head, as far as they fit */
        window.count = width / pass->gpt->n_head;
        window.count = window.count < room ? window.count : room;
        window.first = app->head % pass->gpt->n_head * (width / pass->gpt->n_head);
    }
    window.rows =
        area.h - HEADERS < pass->gpt->block_size ? area.h - HEADERS : pass->gpt->block_size;
    window.row = pos < window.rows ? 0 : pos - window.rows + 1;
    window.most = find_most(pass, &window, pos);
    return window;
}

static void draw_vector(Frame *frame, Area area, const Pass *pass, const Window *window, int x,
                        int y, Place place)
{
    for (int i = 0; i < window->count; i++) {
        int32_t node = pass_node(pass, place, window->first + i);
        double number;
        bool known = pass_number(pass, FOCUS_VALUE, node, &number);
        frame_signed(frame, area, x + i * window->columns, y, window->columns, 1,
                     pass_focus(pass, FOCUS_VALUE, node), known, number / window->most);
    }
}

/* A position of the cache: full, new, or free as yet. */
static void draw_position(Frame *frame, Area area, const Pass *pass, const Window *window, int p,
                          int pos)
{
    const int wide = window->count * window->columns, y = HEADERS + p - window->row;
    Canvas *canvas = frame->canvas;

    if (p > pos) {
        canvas_text(canvas, area, LABEL, y, ROLE_ABSENT, 0, "·");
        canvas_text(canvas, area, LABEL + wide + GAP, y, ROLE_ABSENT, 0, "·");
        return;
    }
    panel_token(frame->app, canvas, area, 0, y, pass->token[p], false,
                p == pos ? ROLE_ACCENT : ROLE_TEXT, p == pos ? ATTR_BOLD : 0);
    draw_vector(frame, area, pass, window, LABEL, y, (Place){PART_K, p, window->layer, -1});
    draw_vector(frame, area, pass, window, LABEL + wide + GAP, y,
                (Place){PART_V, p, window->layer, -1});
    canvas_text(canvas, area, LABEL + 2 * wide + GAP + 1, y, p == pos ? ROLE_ACCENT : ROLE_DIM,
                p == pos ? ATTR_BOLD : 0,
                p == pos                      ? _("new")
                : pass->gpt->options.kv_cache ? C_("row", "kept")
                                              : _("again"));
}

int generate_cache_width(const App *app)
{
    return LABEL + 2 * app->writing.sampler.gpt.n_embd + GAP + STATE;
}

void generate_draw_cache(Frame *frame, Area area, int pos)
{
    const Pass pass = pass_of_writing(frame->app);
    Canvas *canvas = frame->canvas;

    if (area.h <= HEADERS || area.w < LABEL + GAP + STATE + 8)
        return;
    const Window window = lay_out(frame->app, &pass, area, pos);
    const int wide = window.count * window.columns;
    int x = pass.gpt->options.kv_cache
                ? panel_title(canvas, area, "Keys and values kept", N_("KV cache"))
                : panel_title(canvas, area, "Keys and values, made anew", N_("KV cache off"));
    if (pass.gpt->n_layer > 1 && x + 9 < area.w)
        canvas_print(canvas, area, x + 1, 0, ROLE_DIM, 0, "layer %d", window.layer);
    const bool part = window.count < pass.gpt->n_embd;
    canvas_print(canvas, area, LABEL, 1, ROLE_DIM, 0, part ? N_("k, head %d") : "k",
                 frame->app->head % pass.gpt->n_head);
    canvas_text(canvas, area, LABEL + wide + GAP, 1, ROLE_DIM, 0, "v");
    for (int p = window.row; p < window.row + window.rows; p++)
        draw_position(frame, area, &pass, &window, p, pos);
}

/* Without the cache the counts are of what was done, not of what would have been. */
static void draw_count_without(Frame *frame, Area area, int64_t made, int64_t again, int64_t sum,
                               int64_t sum_again)
{
    char one[24], more[24], all[24], kept[24];

    canvas_print(frame->canvas, area, 0, 0, ROLE_NOTE, 0,
                 area.w >= 76
                     ? N_("%s operations, %s again: nothing kept; so far %s, not %s")
                     : N_("%s operations, %s again; so far %s"),
                 text_whole(made, one, sizeof one), text_whole(again, more, sizeof more),
                 text_whole(sum + sum_again, all, sizeof all), text_whole(sum, kept, sizeof kept));
}

void generate_draw_count(Frame *frame, Area area, int pos)
{
    const Gpt *gpt = &frame->app->writing.sampler.gpt;
    char one[24], more[24], all[24], without[24];
    int64_t made, saved, sum = 0, sum_saved = 0, again = 0;

    for (int p = 0; p <= pos; p++) {
        writing_count(gpt, p, &made, &saved);
        sum += made;
        sum_saved += saved;
        again += writing_again(gpt, p);
    }
    if (!gpt->options.kv_cache) {
        draw_count_without(frame, area, made, writing_again(gpt, pos), sum, again);
        return;
    }
    canvas_print(frame->canvas, area, 0, 0, ROLE_DIM, 0,
                 area.w >= 76 ? N_("%s operations, %s saved by the cache; so far %s instead of %s")
                              : N_("%s operations, %s saved; so far %s of %s"),
                 text_whole(made, one, sizeof one), text_whole(saved, more, sizeof more),
                 text_whole(sum, all, sizeof all),
                 text_whole(sum + sum_saved, without, sizeof without));
}
