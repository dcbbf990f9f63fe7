#include "engine/stride.h"
#include "engine/words.h"
#include "view/panel.h"

/* The way of a training step, and what of the model is worked on in each stage. */
static const struct {
    const char *name[3]; /* with less and less room */
    Part from, to;       /* places of it, PART_COUNT where it has none */
} stages[] = {
    {{N_("text"), N_("text"), N_("text")}, PART_COUNT, PART_COUNT},
    {{N_("tokens"), N_("tokens"), N_("tokens")}, PART_COUNT, PART_COUNT},
    {{N_("embed"), N_("embed"), N_("embed")}, PART_EMBED, PART_NORM},
    {{N_("attention"), N_("attention"), N_("attn")}, PART_ATTN_NORM, PART_ATTN_RESIDUAL},
    {{"MLP", "MLP", "MLP"}, PART_MLP_NORM, PART_MLP_RESIDUAL},
    {{N_("logits"), N_("logits"), N_("logits")}, PART_LOGITS, PART_LOGITS},
    {{N_("probabilities"), N_("probs"), N_("probs")}, PART_PROBS, PART_PROBS},
    {{N_("loss"), N_("loss"), N_("loss")}, PART_LOSS, PART_MEAN_LOSS},
    {{N_("gradients"), N_("gradients"), N_("grads")}, PART_COUNT, PART_COUNT},
    {{N_("update"), N_("update"), N_("update")}, PART_COUNT, PART_COUNT},
};
enum { STAGES = sizeof stages / sizeof *stages, GRADIENTS = STAGES - 2, UPDATE = STAGES - 1 };

/* Whether a stage is under work: while gradients go back also the one that they go through. */
static bool is_under_work(const Trainer *trainer, int stage)
{
    const int32_t node = stride_next_node(trainer);
    const Span *span = node < 0 ? NULL : gpt_span_of(&trainer->gpt, node);

    switch (trainer->at.phase) {
    case PHASE_DONE:
        return stage < 2 && !trainer_finished(trainer);
    case PHASE_UPDATE:
        return stage == UPDATE;
    case PHASE_BACKWARD:
        if (stage == GRADIENTS)
            return true; /* fall through */
    default:
        return span && stages[stage].from <= span->place.part &&
               span->place.part <= stages[stage].to;
    }
}

static Role role_of(Phase phase)
{
    return phase == PHASE_BACKWARD ? ROLE_BACKWARD
           : phase == PHASE_UPDATE ? ROLE_UPDATE
           : phase == PHASE_DONE   ? ROLE_TEXT
                                   : ROLE_FORWARD;
}

/* What the cursor stands on: the document, or the stage's result at the selected position. */
static Focus focus_of_stage(const App *app, int stage)
{
    const Trainer *trainer = &app->session.trainer;
    Place place = {stages[stage].to, app_position(app), -1, -1};

    if (stage < 2)
        return (Focus){.kind = FOCUS_DOCUMENT, .index = (int32_t)trainer_document(trainer)};
    if (place.part == PART_COUNT)
        return (Focus){.kind = FOCUS_NONE};
    place.layer = place_parts[place.part].in_layer ? app->layer : -1;
    place.pos = place.part == PART_MEAN_LOSS ? -1 : place.pos;
    return (Focus){.kind = FOCUS_PLACE, .place = place};
}

/* How the stages are written. */
typedef struct Style {
    const char *arrow;
    int name;
} Style;

/* The words with arrows between them from column x on. *lit_end becomes where what is under work
 * ends. Returns the column after all. */
static int draw_stages(Frame *frame, Area area, int x, Style style, int *lit_end)
{
    const Trainer *trainer = &frame->app->session.trainer;

    for (int i = 0; i < STAGES; i++) {
        bool lit = is_under_work(trainer, i);
        if (i > 0)
            x = canvas_text(frame->canvas, area, x, 0, ROLE_DIM, 0, style.arrow);
        int end =
            canvas_text(frame->canvas, area, x, 0, lit ? role_of(trainer->at.phase) : ROLE_DIM,
                        lit ? ATTR_BOLD | ATTR_UNDERLINE : 0, _(stages[i].name[style.name]));
        frame_spot(frame, area, x, 0, end - x, 1, focus_of_stage(frame->app, i));
        x = end;
        *lit_end = lit ? end : *lit_end;
    }
    return x;
}

/* Where not even the closest style lets all fit, what is under work is at the right edge. */
void panel_pipeline(Frame *frame, Area area)
{
    static const Style styles[] = {{" ─▶ ", 0}, {" → ", 0}, {" → ", 1}, {"→", 1}, {"→", 2}};
    const int last = sizeof styles / sizeof *styles - 1;
    Frame nowhere = {.app = frame->app, .canvas = frame->canvas};
    int lit_end = 0, i = 0;

    while (draw_stages(&nowhere, (Area){0}, 0, styles[i], &lit_end) > area.w && i < last)
        i++;
    draw_stages(frame, area, lit_end > area.w ? area.w - lit_end : 0, styles[i], &lit_end);
}
