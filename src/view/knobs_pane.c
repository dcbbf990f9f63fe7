#include "view/knobs_pane.h"

#include "app/text.h"
#include "engine/sys.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LIST = 33,
    WIDE_LIST = 46,
    WIDEST_LIST = 58,
    WIDE = 100, /* columns from which on the list is wide, and widest */
    WIDEST = 160,
    GAP = 2, /* columns between the list and the rest */
    LEAST_CHART = 7,
    TEXT_ROWS = 3
};

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* ---- the title ------------------------------------------------------------------------------- */

/* Of a run that takes its time: how far it is, how fast. */
static int print_progress(const KnobsRun *run, char *text, size_t size)
{
    const int64_t done = atomic_load(&run->course.done);
    const double spent = sys_seconds() - run->begun;
    char now[24], all[24], rate[24];

    return snprintf(text, size, _("training: step %s of %s, %s steps/s"),
                    text_whole(done, now, sizeof now),
                    text_whole(run->course.plan.settings.steps, all, sizeof all),
                    text_whole((int64_t)((double)done / fmax(spent, 1e-6)), rate, sizeof rate));
}

static void draw_title(const Knobs *knobs, Canvas *canvas, Area area)
{
    char state[128] = "";

    if (knobs->growing)
        print_progress(knobs->growing, state, sizeof state);
    else if (knobs->rate > 0)
        snprintf(state, sizeof state, _("%.0f whole runs a second"), knobs->rate);
    else if (!knobs->shown)
        snprintf(state, sizeof state, "%s", _("training"));
    const int width = text_width(state);
    panel_title(canvas, area_inset(area, 0, 0, width + 1, 0),
                _("Turn a setting: the whole run is trained anew"), N_("knobs"));
    canvas_text_right(canvas, area, area.w, 0, ROLE_RIGHT, ATTR_BOLD, state);
}

/* ---- what it writes -------------------------------------------------------------------------- */

/* Side by side from row y on. Returns the row after the last. */
static int flow_texts(const App *app, const KnobsRun *run, Canvas *canvas, Area area, int y,
                      Role role)
{
    int x = 0;

    for (int i = 0; i < KNOBS_TEXTS && y < area.h; i++) {
        const char *bytes = run->course.text[i];
        const bool known = known_has(&app->session.known, bytes, strlen(bytes));
        char shown[4 * COURSE_TEXT_BYTES];
        text_show(bytes, strlen(bytes), shown, sizeof shown, false);
        int width = text_width(shown) + known;
        if (x > 0 && x + width > area.w) {
            x = 0;
            if (++y >= area.h)
                break;
        }
        x = canvas_text(canvas, area, x, y, role, 0, shown);
        if (known)
            x = canvas_text(canvas, area, x, y, ROLE_RIGHT, 0, "✓");
        x += 2;
    }
    return y + 1;
}

static bool has_texts(const KnobsRun *run)
{
    return run && atomic_load(&run->course.state) == COURSE_DONE;
}

static int draw_reason(const Knobs *knobs, Canvas *canvas, Area area)
{
    const KnobsRun *run = knobs_seen(knobs);

    if (knobs->error.text[0])
        return canvas_wrap(canvas, area, 1, ROLE_WRONG, 0, knobs->error.text);
    if (run && atomic_load(&run->over))
        return canvas_wrap(canvas, area, 1, ROLE_WRONG, 0, run->course.error.text);
    canvas_text(canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
    return 2;
}

static void draw_texts(const App *app, Canvas *canvas, Area area)
{
    const Knobs *knobs = &app->knobs;
    const KnobsRun *run = knobs_seen(knobs), *ghost = knobs_ghost(knobs);
    int x = panel_title(canvas, area, _("What it writes"), N_("samples")), y;

    if (x + 15 <= area.w) {
        canvas_text(canvas, area, area.w - 13, 0, ROLE_RIGHT, 0, "✓");
        canvas_text(canvas, area, area.w - 11, 0, ROLE_DIM, 0, _("in the data"));
    }
    if (has_texts(run) && !knobs->error.text[0])
        y = flow_texts(app, run, canvas, area, 1, ROLE_TEXT);
    else
        y = draw_reason(knobs, canvas, area);
    if (area.h - y < 2 || !has_texts(ghost) || ghost == run)
        return;
    canvas_text(canvas, area, 0, y, ROLE_DIM, 0,
                ghost == knobs->kept ? _("the one kept") : _("your run"));
    flow_texts(app, ghost, canvas, area, y + 1, ROLE_DIM);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Chart, texts and attention below each other; with little room there is less. */
static void draw_right(const App *app, Canvas *canvas, Area area)
{
    const Knobs *knobs = &app->knobs;
    const int gap = area.h > 24;
    int gaze = knobs_gaze_rows(knobs), texts = area.h > 24 ? 2 * TEXT_ROWS : TEXT_ROWS;

    if (area.h > 30)
        gaze += 1 + (area.h - 30) / 2;
    if (area.h - gaze - texts - 2 * gap < LEAST_CHART)
        gaze = 0;
    if (area.h - texts < LEAST_CHART)
        texts = 0;
    Area rest = area_inset(area, 0, area.h - gaze, 0, 0);
    if (gaze > 0)
        knobs_draw_gaze(app, canvas, rest);
    area.h -= gaze > 0 ? gaze + gap : 0;
    if (texts > 0)
        draw_texts(app, canvas, area_inset(area, 0, area.h - texts, 0, 0));
    area.h -= texts > 0 ? texts + gap : 0;
    panel_title(canvas, area_inset(area, 0, 0, 0, 0), _("How surprised is it?"), N_("loss, nats"));
    knobs_draw_chart(knobs, canvas, area_inset(area, 0, 1, 0, 0));
}

void knobs_pane_draw(const App *app, Canvas *canvas, Area area)
{
    const Knobs *knobs = &app->knobs;
    const int list = least(area.w >= WIDEST ? WIDEST_LIST
                           : area.w >= WIDE ? WIDE_LIST
                                            : LIST,
                           area.w / 2);
    const bool airy = area.h > 24;

    draw_title(knobs, canvas, area);
    area = area_inset(area, 0, 1 + airy, 0, 0);
    Area left = area_inset(area, 0, 0, area.w - list, 0);
    knobs_draw_list(knobs, canvas, area_inset(left, 0, 0, 0, KNOBS_LOSS_ROWS + 1));
    if (left.h >= KNOBS_LOSS_ROWS)
        knobs_draw_losses(knobs, canvas, area_inset(left, 0, left.h - KNOBS_LOSS_ROWS, 0, 0));
    draw_right(app, canvas, area_inset(area, list + GAP, 0, 0, 0));
}

const char knobs_about[] = N_(
    "Every turn of a setting trains the whole run anew, from fresh parameters to the last step, as "
    "many times a second as the machine can. The curve is the loss, smoothed over a twentieth of "
    "the run; the run that you have stays under it, and so does one that you keep with g. Below "
    "are ten texts that the trained model writes, and who looks at whom in a document that it was "
    "not trained on.\n"
    "On a dial the cross is the default and the ring your run; what is turned has a star. A run "
    "that takes long grows on the screen; the newest settings go first. Where the loss becomes no "
    "number, the run ends there, and why stands in the place of the texts.\n"
    "Your run stands still meanwhile. Leaving changes nothing in it; Enter twice makes a run of "
    "the turned settings in its place.");

void knobs_pane_status(const App *app, Canvas *canvas, Area area)
{
    const Knobs *knobs = &app->knobs;
    const SettingInfo *info = knobs_knob(knobs).info;
    Settings standard;
    char usual[64], before[64], values[64];

    settings_default(&standard);
    settings_print_values(info, values, sizeof values);
    int x = canvas_text(canvas, area, 1, 0, ROLE_ACCENT, ATTR_BOLD, info->name);
    x = canvas_print(canvas, area, x + 2, 0, ROLE_TEXT, ATTR_BOLD, "%s", _(info->help));
    x = canvas_print(canvas, area, x, 0, ROLE_TEXT, 0, _(" | default %s | your run has %s"),
                     knobs_print(&standard, info, usual), knobs_print(&knobs->base, info, before));
    if (info->kind == SETTING_CHOICE)
        canvas_print(canvas, area, x, 0, ROLE_TEXT, 0, " | %s", values);
}
