#include "view/graph_text.h"

#include "app/text.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static const Trainer *trainer_of(const App *app)
{
    return &app->session.trainer;
}

static const Tape *tape_of(const App *app, bool own)
{
    return own ? &app->graph.tape : &trainer_of(app)->tape;
}

static bool is_plain(const Tape *tape, int32_t node)
{
    int op = tape->node[node].op;

    return tape_ops[op].inputs == 0 && op != OP_PARAM;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* "layer0.attn_wq[2][3]" without what the place says already. */
static void name_parameter(const Gpt *gpt, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const Tensor *tensor = gpt_tensor_of(gpt, node);
    const char *name = strrchr(tensor->name, '_');
    int32_t i = node - tensor->first;

    name = name && strchr(tensor->name, '.') ? name + 1 : tensor->name;
    snprintf(text, GRAPH_NAME_ROOM, "%s[%d][%d]", name, (int)(i / tensor->cols),
             (int)(i % tensor->cols));
}

/* Norms and residuals are told apart by what they belong to. */
static void name_result(const App *app, const Span *span, int32_t i, char text[GRAPH_NAME_ROOM])
{
    const PartInfo *part = &place_parts[span->place.part];
    const bool twice =
        part->group[0] && (strcmp(part->name, "norm") == 0 || strcmp(part->name, "residual") == 0);
    char at[16] = "", entry[16] = "";

    if (span->place.pos >= 0 && span->place.pos != app_position(app))
        snprintf(at, sizeof at, "@%d", span->place.pos);
    if (span->out.count > 1)
        snprintf(entry, sizeof entry, "[%d]", (int)i);
    snprintf(text, GRAPH_NAME_ROOM, "%s%s%s%s", twice ? part->group : "", part->name, entry, at);
}

static void name_of_run(const App *app, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const Gpt *gpt = &trainer_of(app)->gpt;
    const Span *span = node < gpt->params ? NULL : gpt_span_of(gpt, node);
    int32_t offset = span ? node - span->out.first : -1;

    if (node < gpt->params)
        name_parameter(gpt, node, text);
    else if (offset >= 0 && offset % span->out.stride == 0 &&
             offset / span->out.stride < span->out.count)
        name_result(app, span, offset / span->out.stride, text);
    else
        snprintf(text, GRAPH_NAME_ROOM, "#%d", (int)node);
}

void graph_name(const App *app, bool own, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const Tape *tape = tape_of(app, own);
    char generic[GRAPH_NAME_ROOM];

    if (!own && !is_plain(tape, node)) {
        name_of_run(app, node, text);
        return;
    }
    text[0] = '\0';
    if (!own)
        return;
    graph_print(&app->graph, node, text, GRAPH_NAME_ROOM);
    snprintf(generic, sizeof generic, "%s %d", tape_ops[tape->node[node].op].name, (int)node);
    if (strcmp(text, generic) != 0)
        return;
    if (is_plain(tape, node))
        text[0] = '\0';
    else
        snprintf(text, GRAPH_NAME_ROOM, "#%d", (int)node);
}

void graph_operation(const Tape *tape, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const TapeNode n = tape->node[node];

    if (n.op == OP_POW)
        snprintf(text, GRAPH_NAME_ROOM, "^%.3g", tape->number[n.b]);
    else
        snprintf(text, GRAPH_NAME_ROOM, "%s", tape_ops[n.op].symbol);
}

void graph_name_or_number(const App *app, bool own, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const Tape *tape = tape_of(app, own);

    graph_name(app, own, node, text);
    if (!text[0] && tape->node[node].op == OP_CONST)
        snprintf(text, GRAPH_NAME_ROOM, "%.4g", tape->number[tape->node[node].b]);
    else if (!text[0])
        snprintf(text, GRAPH_NAME_ROOM, "-max");
}

void graph_computed_as(const App *app, bool own, int32_t node, char text[3 * GRAPH_NAME_ROOM])
{
    const Tape *tape = tape_of(app, own);
    const int op = tape->node[node].op, inputs = tape_ops[op].inputs;
    char a[GRAPH_NAME_ROOM] = "", b[GRAPH_NAME_ROOM] = "", symbol[GRAPH_NAME_ROOM];

    graph_operation(tape, node, symbol);
    if (inputs > 0)
        graph_name_or_number(app, own, tape_input(tape, node, 0), a);
    if (inputs > 1)
        graph_name_or_number(app, own, tape_input(tape, node, 1), b);
    if (inputs == 2)
        snprintf(text, 3 * GRAPH_NAME_ROOM, "%s %s %s", a, symbol, b);
    else if (op == OP_POW)
        snprintf(text, 3 * GRAPH_NAME_ROOM, "%s ^ %s", a, symbol + 1);
    else if (inputs == 1)
        snprintf(text, 3 * GRAPH_NAME_ROOM, "%s %s", symbol, a);
    else
        snprintf(text, 3 * GRAPH_NAME_ROOM, "%s",
                 op != OP_PARAM ? _("a plain number")
                 : own          ? _("given")
                                : _("a parameter"));
}

/* Letters are left alone by the canvas, since they may be a document's. */
void graph_formula(const Canvas *canvas, Part part, char text[GRAPH_NAME_ROOM])
{
    static const char *const words[][2] = {{"Σ", "sum"}, {"ε", "eps"}, {"√", "sqrt "}};
    const char *at = _(place_parts[part].formula);
    size_t used = 0;

    text[0] = '\0';
    while (*at && used + 8 < GRAPH_NAME_ROOM) {
        int word = 0;
        while (canvas->glyphs == GLYPHS_ASCII && word < 3 &&
               strncmp(at, words[word][0], strlen(words[word][0])) != 0)
            word++;
        if (canvas->glyphs == GLYPHS_ASCII && word < 3) {
            used += (size_t)snprintf(text + used, GRAPH_NAME_ROOM - used, "%s", words[word][1]);
            at += strlen(words[word][0]);
        } else {
            text[used++] = *at++;
            text[used] = '\0';
        }
    }
}

/* ---- numbers --------------------------------------------------------------------------------- */

Focus graph_focus(const App *app, bool own, FocusKind kind, int32_t node)
{
    return own ? focus_of_own(kind, node) : focus_of_node(trainer_of(app), kind, node);
}

bool graph_slope_is_hidden(const Frame *frame, bool own, int32_t node, int input)
{
    const Tape *tape = tape_of(frame->app, own);
    const int op = tape->node[node].op;

    if (frame_is_hidden(frame,
                        graph_focus(frame->app, own, FOCUS_GRAD, tape_input(tape, node, input))))
        return true; /* it is half of what is asked for, and all where the gradient before is 1 */
    if (op == OP_MUL || op == OP_MUL_CUT)
        node = tape_input(tape, node, 1 - input);
    else if (op != OP_EXP)
        return false;
    return frame_is_hidden(frame, graph_focus(frame->app, own, FOCUS_VALUE, node));
}

const char *graph_number(double number, bool hidden, char text[24])
{
    char padded[24];

    if (hidden)
        snprintf(text, 24, "?");
    else
        snprintf(text, 24, "%s", text_real(number, 6, padded, sizeof padded) + strspn(padded, " "));
    return text;
}
