#include "app/look.h"

#include "app/subject.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

/* clang-format off */
const ViewInfo look_views[VIEW_COUNT] = {
    [VIEW_OVERVIEW] = {"overview", N_("the whole run in one picture"), VIEW_OVERVIEW, 1, VIEW_GRAPH},
    [VIEW_GRAPH] = {"graph", N_("what is computed from what, down to single numbers"), VIEW_OVERVIEW, 3, VIEW_GRAPH},
    [VIEW_ATTENTION] = {"attention", N_("who looks at whom, and why"), VIEW_OVERVIEW, 3, VIEW_GRAPH},
    [VIEW_PARAMETERS] = {"parameters", N_("every matrix that is learnt, and its gradients"), VIEW_ADAM, 1, VIEW_ADAM},
    [VIEW_LOSS] = {"loss", N_("how surprised the model is, over the whole run"), VIEW_OVERVIEW, 1, VIEW_LOSS},
    [VIEW_ADAM] = {"adam", N_("how a gradient becomes an update"), VIEW_PARAMETERS, 1, VIEW_GRAPH},
    [VIEW_GENERATE] = {"generate", N_("the model writes, and how it draws each character"), VIEW_ATTENTION, 1, VIEW_GENERATE},
    [VIEW_DATA] = {"data", N_("the documents, the vocabulary, and the tokenizer"), VIEW_OVERVIEW, 1, VIEW_DATA},
    [VIEW_MEMORY] = {"memory", N_("where the bytes are and where the time goes"), VIEW_OVERVIEW, 1, VIEW_MEMORY},
};
/* clang-format on */

/* Temperature of the texts in the view generate: as the run has it, or one of these. */
static bool choose_temperature(const App *app, int i, char *text, size_t size)
{
    static const char *const choices[] = {"0.1", "0.25", "0.5", "0.75", "1", "1.5", "2"};

    if (i == 0)
        snprintf(text, size, _("%g (set)"), app->session.trainer.settings.temperature);
    else if (i <= (int)(sizeof choices / sizeof *choices))
        snprintf(text, size, "%s", choices[i - 1]);
    else
        return false;
    return true;
}

static bool choose_seed(const App *app, int i, char *text, size_t size)
{
    const int most = 99;

    (void)app;
    if (i == 0)
        snprintf(text, size, _("run's"));
    else
        snprintf(text, size, "%d", i);
    return i <= most;
}

static bool choose_tensor(const App *app, int i, char *text, size_t size)
{
    const Gpt *gpt = &app->session.trainer.gpt;

    if (i >= gpt->tensors)
        return false;
    snprintf(text, size, "%s", gpt->tensor[i].name);
    return true;
}

const LookOption look_options[LOOK_COUNT] = {
    [LOOK_GRAPH_MODE] = {VIEW_GRAPH, "mode", N_("picture|walk"), N_("shows"), NULL},
    [LOOK_GRAPH_AS] = {VIEW_GRAPH, "as", N_("element|whole"), N_("number as"), NULL},
    [LOOK_ATTENTION_SHOWS] = {VIEW_ATTENTION, "shows",
                              N_("weight|score|weight gradient|score gradient"), N_("shows"), NULL},
    [LOOK_ATTENTION_OF] = {VIEW_ATTENTION, "of", N_("auto|run|writing"), N_("of"), NULL},
    [LOOK_PARAMETERS_SHOWS] = {VIEW_PARAMETERS, "shows", N_("value|gradient|m|v|update|change"),
                               N_("shows"), NULL},
    [LOOK_PARAMETERS_TENSOR] = {VIEW_PARAMETERS, "tensor", NULL, N_("matrix"), choose_tensor},
    [LOOK_PARAMETERS_AS] = {VIEW_PARAMETERS, "as", N_("heat|map|cosines"), N_("as"), NULL},
    [LOOK_LOSS_SCALE] = {VIEW_LOSS, "scale", N_("linear|log"), N_("scale"), NULL},
    [LOOK_LOSS_ZOOM] = {VIEW_LOSS, "zoom", N_("whole|so far|tenth|around"), N_("zoom"), NULL},
    [LOOK_LOSS_HELD_OUT] = {VIEW_LOSS, "held-out", "50|10|200|off", N_("held out"), NULL},
    [LOOK_LOSS_SHOWS] = {VIEW_LOSS, "shows", N_("run|sweep"), N_("shows"), NULL},
    [LOOK_ADAM_SHOWS] = {VIEW_ADAM, "shows", N_("parameter|matrix|schedule"), N_("shows"), NULL},
    [LOOK_GENERATE_AS] = {VIEW_GENERATE, "as", N_("one|list"), N_("as"), NULL},
    [LOOK_GENERATE_TEMPERATURE] = {VIEW_GENERATE, "temperature", NULL, N_("temperature"),
                                   choose_temperature},
    [LOOK_GENERATE_SEED] = {VIEW_GENERATE, "seed", NULL, N_("seed"), choose_seed},
    [LOOK_DATA_AS] = {VIEW_DATA, "as", N_("documents|vocabulary|tokenizer"), N_("shows"), NULL},
    [LOOK_MEMORY_SHOWS] = {VIEW_MEMORY, "shows", N_("all|time|value|bytes"), N_("shows"), NULL},
};

void look_init(Look *look)
{
    *look = (Look){.panes = 1};
    for (int i = 0; i < VIEW_COUNT; i++)
        look->back[i] = (ViewName)i;
}

void look_release(Look *look)
{
    spots_release(&look->spots);
    sys_free(look->hidden);
    look->hidden = NULL;
}

ViewName look_view(const Look *look)
{
    return look->pane[look->active];
}

Focus look_focus(const Look *look)
{
    return look->focus[look_view(look)];
}

bool look_is_shown(const Look *look, ViewName view)
{
    if (look->panes > 1)
        return look->pane[0] == view || look->pane[1] == view;
    return look->pane[0] == view ||
           (look->wide && !look->chosen && look_views[look->pane[0]].beside == view);
}

void look_show(Look *look, ViewName view)
{
    for (int i = 0; i < look->panes; i++)
        if (look->pane[i] == view) {
            look->active = i;
            return;
        }
    look->pane[look->active] = view;
}

bool look_enter(Look *look)
{
    const ViewName view = look_view(look), deeper = look_views[view].deeper;
    const Focus focus = look_focus(look);

    if (look->depth[view] + 1 < look_views[view].depths) {
        look->opened[view] = focus;
        look->depth[view]++;
        return true;
    }
    if (deeper == view || focus.kind == FOCUS_NONE || focus.kind == FOCUS_ITEM)
        return false;
    look_show(look, deeper);
    look->back[deeper] = view;
    look->focus[deeper] = focus;
    look->depth[deeper] = look_views[deeper].depths - 1;
    return true;
}

bool look_leave(Look *look)
{
    const ViewName view = look_view(look), back = look->back[view];

    if (back == view && look->depth[view] == 0)
        return false;
    if (back != view) {
        look->back[view] = view;
        look->depth[view] = 0;
        look_show(look, back);
    } else {
        look->depth[view]--;
        if (look->opened[view].kind != FOCUS_NONE)
            look->focus[view] = look->opened[view];
    }
    return true;
}

ViewName look_find_view(const char *name)
{
    ViewName found = VIEW_COUNT;
    int matches = 0;

    if (name[0] >= '1' && name[0] <= '9' && name[1] == '\0')
        return (ViewName)(name[0] - '1');
    for (int i = 0; i < VIEW_COUNT; i++)
        if (*name && strncmp(look_views[i].name, name, strlen(name)) == 0) {
            found = (ViewName)i;
            matches++;
        }
    return matches == 1 ? found : VIEW_COUNT;
}

/* ---- options --------------------------------------------------------------------------------- */

LookName look_find_option(ViewName view, const char *name)
{
    for (int i = 0; i < LOOK_COUNT; i++)
        if (look_options[i].view == view && strcmp(look_options[i].name, name) == 0)
            return (LookName)i;
    return LOOK_COUNT;
}

LookName look_option(ViewName view, int i)
{
    int option = 0;

    for (; option < LOOK_COUNT; option++)
        if (look_options[option].view == view && i-- == 0)
            break;
    return (LookName)option;
}

/* Choice i of "value|gradient|m". */
static bool take_choice(const char *choices, int i, char text[LOOK_CHOICE_BYTES])
{
    const char *at = choices;

    for (; i > 0 && (at = strchr(at, '|')); i--)
        at++;
    if (!at)
        return false;
    snprintf(text, LOOK_CHOICE_BYTES, "%.*s", (int)strcspn(at, "|"), at);
    return true;
}

bool look_choice(const App *app, LookName option, int i, char text[LOOK_CHOICE_BYTES])
{
    const LookOption *info = &look_options[option];

    return info->choices ? take_choice(info->choices, i, text)
                         : info->choice(app, i, text, LOOK_CHOICE_BYTES);
}

bool look_choice_shown(const App *app, LookName option, int i, char text[LOOK_CHOICE_BYTES])
{
    const LookOption *info = &look_options[option];

    return info->choices ? take_choice(_(info->choices), i, text)
                         : info->choice(app, i, text, LOOK_CHOICE_BYTES);
}

static int count_choices(const App *app, LookName option)
{
    char text[LOOK_CHOICE_BYTES];
    int count = 0;

    while (look_choice(app, option, count, text))
        count++;
    return count;
}

bool look_choose(App *app, LookName option, const char *text, Error *error)
{
    int *choice = &app->look.choice[option], count = count_choices(app, option);
    char known[LOOK_CHOICE_BYTES];

    if (strcmp(text, "+") == 0 || strcmp(text, "-") == 0) {
        *choice = (*choice + (*text == '+' ? 1 : count - 1)) % count;
        subject_follow(app, option);
        return true;
    }
    for (int i = 0; i < count; i++)
        if (look_choice(app, option, i, known) && strcmp(known, text) == 0) {
            *choice = i;
            subject_follow(app, option);
            return true;
        }
    return error_set(error, "%s: expected +, - or %s, not %.40s", look_options[option].name,
                     look_options[option].choices ? look_options[option].choices : _("a name"),
                     text);
}

/* ---- marks and what is hidden ---------------------------------------------------------------- */

static int find(const Focus *list, int count, Focus focus)
{
    for (int i = 0; i < count; i++)
        if (focus_same(list[i], focus))
            return i;
    return -1;
}

bool look_is_marked(const Look *look, Focus focus)
{
    return find(look->mark, look->marks, focus) >= 0;
}

bool look_is_hidden(const Look *look, Focus focus)
{
    return find(look->hidden, look->hiddens, focus) >= 0;
}

bool look_mark(Look *look, Focus focus)
{
    int i = find(look->mark, look->marks, focus);

    if (i >= 0) {
        look->mark[i] = look->mark[--look->marks];
        return true;
    }
    if (look->marks == LOOK_MARKS)
        return false;
    look->mark[look->marks++] = focus;
    return true;
}

bool look_hide(Look *look, Focus focus)
{
    if (!look->hidden)
        look->hidden = sys_alloc(LOOK_HIDDEN, sizeof *look->hidden);
    if (!look->hidden || look->hiddens == LOOK_HIDDEN)
        return false;
    look->hidden[look->hiddens++] = focus;
    return true;
}

void look_reveal(Look *look)
{
    look->hiddens = 0;
}
