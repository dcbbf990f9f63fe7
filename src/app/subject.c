#include "app/subject.h"

#include <math.h>

static const Gpt *gpt_of(const App *app)
{
    return &app->session.trainer.gpt;
}

static const Tensor *tensor_of_focus(const App *app, Focus focus)
{
    const Gpt *gpt = gpt_of(app);
    int32_t i = quantity_parameter(&app->session.trainer, focus);

    if (focus.kind == FOCUS_TENSOR && focus.index < gpt->tensors)
        return &gpt->tensor[focus.index];
    return i >= 0 ? gpt_tensor_of(gpt, i) : NULL;
}

const Tensor *subject_tensor(const App *app)
{
    const Tensor *tensor = tensor_of_focus(app, app->look.focus[VIEW_PARAMETERS]);
    int choice = app->look.choice[LOOK_PARAMETERS_TENSOR];

    return tensor ? tensor : &gpt_of(app)->tensor[choice < gpt_of(app)->tensors ? choice : 0];
}

Quantity subject_quantity(const App *app)
{
    return (Quantity)app->look.choice[LOOK_PARAMETERS_SHOWS];
}

int32_t subject_row(const App *app)
{
    const Tensor *tensor = subject_tensor(app);
    const Focus focus = app->look.focus[VIEW_PARAMETERS];
    int32_t i = quantity_parameter(&app->session.trainer, focus);
    int32_t row = i >= 0 ? (i - tensor->first) / tensor->cols
                  : focus.kind == FOCUS_TOKEN || focus.kind == FOCUS_ITEM ? focus.index
                                                                          : 0;

    return row < tensor->rows ? row : 0;
}

int32_t subject_col(const App *app)
{
    const Tensor *tensor = subject_tensor(app);
    int32_t i = quantity_parameter(&app->session.trainer, app->look.focus[VIEW_PARAMETERS]);

    return i >= 0 ? (i - tensor->first) % tensor->cols : 0;
}

/* ---- the parameter --------------------------------------------------------------------------- */

/* A token, a row or a matrix stands for its first number. */
static int32_t parameter_of(const App *app, Focus focus)
{
    const Tensor *tensor = subject_tensor(app);
    const Gpt *gpt = gpt_of(app);

    if (focus.kind == FOCUS_TENSOR && focus.index < gpt->tensors)
        return gpt->tensor[focus.index].first;
    if ((focus.kind == FOCUS_TOKEN || focus.kind == FOCUS_ITEM) && focus.index < tensor->rows)
        return tensor->first + focus.index * tensor->cols;
    return quantity_parameter(&app->session.trainer, focus);
}

/* That under the cursor of the view with the keys, if it is one of the two, else of the other. */
static int32_t chosen(const App *app)
{
    const Look *look = &app->look;
    int32_t of_parameters = parameter_of(app, look->focus[VIEW_PARAMETERS]);
    int32_t of_adam = parameter_of(app, look->focus[VIEW_ADAM]);

    if (of_parameters < 0 || of_adam < 0)
        return of_parameters < 0 ? of_adam : of_parameters;
    return look_view(look) == VIEW_PARAMETERS ? of_parameters : of_adam;
}

/* Of those that have come equally far the first; before any update the first number of the first
 * character's vector. */
static int32_t farthest(const App *app)
{
    const Trainer *trainer = &app->session.trainer;
    const double *begin = app->session.history.frame;
    const Tensor *wte = &trainer->gpt.tensor[GPT_WTE];
    int32_t best = wte->first + trainer->token[trainer->positions > 1] * wte->cols;
    double most = 0;

    for (int32_t i = 0; i < trainer->gpt.params; i++) {
        double far = fabs(trainer->value[i] - begin[i]);
        best = far > most ? i : best;
        most = far > most ? far : most;
    }
    return best;
}

int32_t subject_parameter(const App *app)
{
    const Moment at = app->session.trainer.at;
    int32_t i = chosen(app);

    if (i >= 0)
        return i;
    return at.phase == PHASE_UPDATE ? (int32_t)(at.n > 0 ? at.n - 1 : 0) : farthest(app);
}

bool subject_is_chosen(const App *app)
{
    return chosen(app) >= 0;
}

/* ---- options --------------------------------------------------------------------------------- */

void subject_choose(App *app)
{
    if (look_view(&app->look) == VIEW_PARAMETERS)
        app->look.choice[LOOK_PARAMETERS_TENSOR] = (int)(subject_tensor(app) - gpt_of(app)->tensor);
}

void subject_follow(App *app, LookName option)
{
    Focus *focus = &app->look.focus[VIEW_PARAMETERS];
    int32_t i = quantity_parameter(&app->session.trainer, *focus);

    if (option == LOOK_PARAMETERS_TENSOR)
        *focus = (Focus){.kind = FOCUS_NONE};
    if (option == LOOK_PARAMETERS_SHOWS && i >= 0)
        *focus = quantity_focus(subject_quantity(app), i);
}
