#include "app/text.h"
#include "engine/words.h"
#include "view/loss_chart.h"
#include "view/panel.h"
#include <math.h>
#include <stdio.h>

static void draw_legend(const Session *session, Canvas *canvas, Area area, int y)
{
    static const char *const names[2][2] = {{N_(" step  "), N_(" mean of")},
                                            {N_(" each step  "), N_(" mean of the last")}};
    const char *const *words = names[area.w >= 36];
    const bool ascii = canvas->glyphs == GLYPHS_ASCII; /* as plot_curve draws them there */
    int x = canvas_text(canvas, area, 0, y, ROLE_CURVE, 0, ascii ? "." : "•");
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0, _(words[0]));
    x = canvas_text(canvas, area, x, y, ROLE_SMOOTH, ATTR_BOLD, ascii ? "*" : "━");
    canvas_print(canvas, area, x, y, ROLE_DIM, 0, "%s %lld", _(words[1]),
                 (long long)session_mark_steps(session));
}

/* The learning rate over the whole run, what is done of it bright. */
static void draw_rate(const App *app, Canvas *canvas, Area area, int y)
{
    const Trainer *trainer = &app->session.trainer;
    enum { COLUMNS = 200 };
    double rate[COLUMNS];
    const char *words = _("How far does a step go?");
    const bool fits = text_width(words) + 15 <= area.w;
    int x = canvas_text(canvas, area, 0, y, ROLE_TEXT, ATTR_BOLD, fits ? words : _("Step size"));

    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0,
                    area.w >= 64 ? _(" (learning rate) ") : _(" (rate) "));
    int width = area.w - x - 8;
    if (width > COLUMNS)
        width = COLUMNS;
    if (width > 4) {
        for (int i = 0; i < width; i++)
            rate[i] = adam_rate(&trainer->settings, trainer->settings.steps * i / width);
        plot_sparkline(canvas, area, x, y, width, rate, width, 0, rate[0], ROLE_DIM);
        canvas_restyle(canvas, area, x, y,
                       (int)(trainer->at.step * width / trainer->settings.steps), ROLE_UPDATE, 0);
    }
    char text[32];
    snprintf(text, sizeof text, "%.5f", trainer_rate(trainer));
    canvas_text_right(canvas, area, area.w, y, ROLE_UPDATE, 0, text);
}

static void draw_chart(const App *app, Canvas *canvas, Area area)
{
    const Session *session = &app->session;
    const Trainer *trainer = &session->trainer;
    const double guessing = log(trainer->gpt.vocab);
    const int steps = (int)trainer->at.step;
    double low, high;
    char label[48];

    loss_range(session, false, &low, &high);
    Chart chart = plot_axes(canvas, area, 0, (double)trainer->settings.steps, low, high);
    plot_curve(canvas, &chart, 1, 1, trainer->loss, steps, ROLE_CURVE);
    snprintf(label, sizeof label, _("guessing: ln %d = %.2f"), trainer->gpt.vocab, guessing);
    plot_level_line(canvas, &chart, guessing, label, ROLE_BASE);
    plot_curve(canvas, &chart, 1, 1, session->mean_loss, steps, ROLE_SMOOTH);
}

void panel_loss(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Trainer *trainer = &app->session.trainer;

    if (area.h < 6 || area.w < 24)
        return;
    panel_title(canvas, area_inset(area, 0, 0, 5, 0), "How surprised is it?", N_("loss, nats"));
    if (trainer->at.step > 0)
        frame_value(frame, area, area.w - 5, 0, 5,
                    (Focus){.kind = FOCUS_STEP, .index = (int32_t)trainer->at.step}, ROLE_CURVE,
                    ATTR_BOLD);
    draw_chart(app, canvas, area_inset(area, 0, 1, 0, 2));
    draw_legend(&app->session, canvas, area, area.h - 2);
    draw_rate(app, canvas, area, area.h - 1);
}
