/* Names that stand for a number, a text or a vector of the run, and the fields of nodes. */
#include "app/expr_code.h"
#include "app/nearest.h"
#include "engine/heldout.h"
#include "engine/words.h"
#include <math.h>
#include <string.h>

/* ---- names ----------------------------------------------------------------------------------- */

typedef enum Name {
    NAME_STEP,
    NAME_LR,
    NAME_LR0,
    NAME_N,
    NAME_DOCS,
    NAME_BOS,
    NAME_VOCAB,
    NAME_PARAMS,
    NAME_NODES,
    NAME_INF,
    NAME_NAN,
    NAME_NUMBERS, /* those before are one number, known without work */
    NAME_EDGES,
    NAME_TOKENS,
    NAME_PHASE,
    NAME_DOC,
    NAME_HELDOUT,
    NAME_TRUE,
    NAME_FALSE,
    NAME_RUN
} Name;

static const struct {
    const char *name, *help;
    Name is;
} names[] = {
    {"step", N_("updates that are done"), NAME_STEP},
    {"phase", N_("\"done\", \"forward\", \"backward\" or \"update\""), NAME_PHASE},
    {"lr", N_("learning rate of the step on the tape; it falls to 0 over the run"), NAME_LR},
    {"lr0", N_("the learning rate at step 0"), NAME_LR0},
    {"n", N_("positions of the document that are predicted"), NAME_N},
    {"doc", N_("the document, a text"), NAME_DOC},
    {"docs", N_("documents in all"), NAME_DOCS},
    {"tokens", N_("the document as tokens, from the first BOS on: n + 1 of them"), NAME_TOKENS},
    {"bos", N_("the token that begins and ends every document"), NAME_BOS},
    {"vocab", N_("tokens that there are, BOS included"), NAME_VOCAB},
    {"params", N_("parameters of the model"), NAME_PARAMS},
    {"nodes", N_("nodes of the graph, parameters included"), NAME_NODES},
    {"edges", N_("inputs of all nodes together"), NAME_EDGES},
    {"heldout",
     N_("mean loss of 100 documents that the run never takes, with the parameters of now"),
     NAME_HELDOUT},
    {"inf", N_("infinity"), NAME_INF},
    {"nan", N_("not a number"), NAME_NAN},
    {"true", N_("holds"), NAME_TRUE},
    {"false", N_("does not hold"), NAME_FALSE},
    {"run", N_("another branch at the same moment: run.B.loss, run.B.heldout, run.B.wte[5][0]"),
     NAME_RUN},
};
enum { NAMES = sizeof names / sizeof *names };

static double number_of(const Trainer *trainer, Name name)
{
    switch (name) {
    case NAME_STEP:
        return (double)trainer->at.step;
    case NAME_LR:
        return trainer_rate(trainer);
    case NAME_LR0:
        return trainer->settings.lr;
    case NAME_N:
        return trainer->positions;
    case NAME_DOCS:
        return (double)trainer->corpus->count;
    case NAME_BOS:
        return trainer->gpt.vocab - 1;
    case NAME_VOCAB:
        return trainer->gpt.vocab;
    case NAME_PARAMS:
        return trainer->gpt.params;
    case NAME_NODES:
        return trainer->tape.count;
    case NAME_INF:
        return INFINITY;
    default:
        return NAN;
    }
}

static bool read_doc(const Trainer *trainer, ExprItem *item)
{
    size_t length;
    const char *text = corpus_text(trainer->corpus, trainer_document(trainer), &length);

    expr_set_text(item, text, length);
    return true;
}

static bool read_tokens(ExprMachine *machine, ExprItem *item)
{
    const Trainer *trainer = machine->scope->trainer;
    int count = trainer->positions + 1;
    double *entry = expr_take(machine, count, item->at);

    for (int i = 0; entry && i < count; i++)
        entry[i] = trainer->token[i];
    expr_set_vector(item, entry, count);
    return entry != NULL;
}

static bool read_edges(ExprMachine *machine, ExprItem *item)
{
    const Tape *tape = &machine->scope->trainer->tape;
    int64_t edges = 0;

    if (!expr_charge(machine, tape->count, item->at))
        return false;
    for (int32_t i = 0; i < tape->count; i++)
        edges += tape_ops[tape->node[i].op].inputs;
    expr_set_number(item, (double)edges);
    return true;
}

/* Exact, and found anew each time: some tens of milliseconds. */
static bool read_heldout(ExprMachine *machine, ExprItem *item)
{
    const Trainer *trainer = machine->scope->trainer;
    Heldout heldout;

    machine->error->at = item->at;
    if (!heldout_init(&heldout, &trainer->settings, trainer->corpus, HELDOUT_USUAL,
                      &machine->error->why))
        return false;
    const bool any = heldout.count > 0;
    if (any) {
        heldout_begin(&heldout, &trainer->settings, trainer->value);
        while (heldout_next(&heldout))
            continue;
        expr_set_number(item, heldout_loss(&heldout));
    }
    heldout_release(&heldout);
    return any ||
           expr_wrong(machine, item->at, "nothing is held out: the run takes every document");
}

static bool read_name(ExprMachine *machine, Name name, ExprItem *item)
{
    const Trainer *trainer = machine->scope->trainer;
    const char *phase = phase_names[trainer->at.phase];

    if (name < NAME_NUMBERS)
        expr_set_number(item, number_of(trainer, name));
    switch (name) {
    case NAME_EDGES:
        return read_edges(machine, item);
    case NAME_HELDOUT:
        return read_heldout(machine, item);
    case NAME_TOKENS:
        return read_tokens(machine, item);
    case NAME_DOC:
        return read_doc(trainer, item);
    case NAME_PHASE:
        expr_set_text(item, phase, strlen(phase));
        return true;
    case NAME_TRUE:
    case NAME_FALSE:
        expr_set_truth(item, name == NAME_TRUE);
        return true;
    case NAME_RUN:
        item->kind = ITEM_BRANCH;
        return true;
    default:
        return true;
    }
}

static bool is(const char *word, const char *name, size_t length)
{
    return strlen(word) == length && memcmp(word, name, length) == 0;
}

/* All but lr, which is that of the moment. */
static const SettingInfo *find_setting(const char *name, size_t length)
{
    for (int i = 0; i < settings_count; i++)
        if (is(settings_table[i].name, name, length))
            return &settings_table[i];
    return NULL;
}

/* A number, or the words of a choice as a text: optimizer == "sgd". */
static bool read_setting(ExprMachine *machine, const SettingInfo *info, ExprItem *item)
{
    const Settings *settings = &machine->scope->trainer->settings;
    const int numbers = 2; /* room for the words: they are short */

    if (info->kind == SETTING_WHOLE || info->kind == SETTING_REAL) {
        expr_set_number(item, settings_get(settings, info));
        return true;
    }
    char *text = (char *)(void *)expr_take(machine, numbers, item->at);
    if (!text)
        return false;
    settings_print(settings, info, text, numbers * sizeof(double));
    expr_set_text(item, text, strlen(text));
    return true;
}

bool expr_read_name(ExprMachine *machine, const char *name, size_t length, ExprItem *item,
                    bool *found)
{
    *found = true;
    for (int i = 0; i < NAMES; i++)
        if (is(names[i].name, name, length))
            return read_name(machine, names[i].is, item);
    const SettingInfo *setting = find_setting(name, length);
    *found = setting != NULL;
    return setting && read_setting(machine, setting, item);
}

const char *expr_nearest_name(const Scope *scope, const char *word)
{
    const char *best = NULL;

    for (int i = 0; i < NAMES; i++)
        best = nearest_of(word, best, names[i].name);
    for (int i = 0; i < settings_count; i++)
        best = nearest_of(word, best, settings_table[i].name);
    for (int i = 0; i < scope->trainer->gpt.tensors; i++)
        best = nearest_of(word, best, scope->trainer->gpt.tensor[i].name);
    for (int i = 0; i < reference_names_count; i++)
        best = nearest_of(word, best, reference_names[i].name);
    return best;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *help;
    ExprReading reading;
} adam_fields[] = {
    {"g", N_("the gradient that the update took"), READ_ADAM_G},
    {"m", N_("running mean of the gradient"), READ_ADAM_M},
    {"v", N_("running mean of its square"), READ_ADAM_V},
    {"m_hat", N_("m, corrected for starting at 0"), READ_ADAM_M_HAT},
    {"v_hat", N_("v, corrected for starting at 0"), READ_ADAM_V_HAT},
    {"update", N_("what the update took away from the parameter"), READ_ADAM_UPDATE},
};
enum { ADAM_FIELDS = sizeof adam_fields / sizeof *adam_fields };

static bool read_op(ExprMachine *machine, ExprItem *item, const Tape *tape, int32_t node)
{
    const char *name = tape_ops[tape->node[node].op].name;

    (void)machine;
    expr_set_text(item, name, strlen(name));
    return true;
}

static bool read_inputs(ExprMachine *machine, ExprItem *item, const Tape *tape, int32_t node)
{
    int count = tape_ops[tape->node[node].op].inputs;
    double *entry = expr_take(machine, count, item->at);

    for (int k = 0; entry && k < count; k++)
        entry[k] = tape_input(tape, node, k);
    expr_set_vector(item, entry, count);
    return entry != NULL;
}

static bool uses(const Tape *tape, int32_t user, int32_t node)
{
    return tape_input(tape, user, 0) == node || tape_input(tape, user, 1) == node;
}

/* The nodes of which it is an input, each once, by rising number. */
static bool read_users(ExprMachine *machine, ExprItem *item, const Tape *tape, int32_t node)
{
    int64_t count = 0;

    if (!expr_charge(machine, 2 * (int64_t)(tape->count - node), item->at))
        return false;
    for (int32_t i = node + 1; i < tape->count; i++)
        count += uses(tape, i, node);
    double *entry = expr_take(machine, count, item->at);
    expr_set_vector(item, entry, count);
    for (int32_t i = node + 1; entry && i < tape->count; i++)
        if (uses(tape, i, node))
            *entry++ = i;
    return entry != NULL;
}

static const struct {
    const char *name, *help;
    bool (*read)(ExprMachine *machine, ExprItem *item, const Tape *tape, int32_t node);
    ExprReading reading; /* where there is no function */
} node_fields[] = {
    {"op", N_("what the node does: \"add\", \"mul\", \"pow\", ..."), read_op, READ_VALUE},
    {"value", N_("its value"), NULL, READ_VALUE},
    {"grad", N_("d loss / d it"), NULL, READ_GRAD},
    {"inputs", N_("numbers of the nodes that it is computed from"), read_inputs, READ_VALUE},
    {"users", N_("numbers of the nodes that are computed from it"), read_users, READ_VALUE},
};
enum { NODE_FIELDS = sizeof node_fields / sizeof *node_fields };

static bool node_field(ExprMachine *machine, ExprItem *item, int row, int at)
{
    const Reference *reference = &item->reference;

    if (!node_fields[row].read) {
        item->reading = node_fields[row].reading;
        return true;
    }
    if (reference->dims > 0)
        return expr_wrong(machine, at, "only one node has .%s: take an entry",
                          node_fields[row].name);
    Numbers numbers = reference_numbers(machine->scope, reference);
    int32_t node = reference_at(machine->scope, reference, 0, 0);
    return node_fields[row].read(machine, item, numbers.tape, node);
}

static bool adam_field(ExprMachine *machine, ExprItem *item, const char *name, size_t length,
                       int at)
{
    for (int i = 0; i < ADAM_FIELDS; i++)
        if (is(adam_fields[i].name, name, length)) {
            item->reading = adam_fields[i].reading;
            return true;
        }
    return expr_wrong(machine, at, "adam has no .%.*s: expected g, m, v, m_hat, v_hat or update",
                      (int)(length < 40 ? length : 40), name);
}

bool expr_read_field(ExprMachine *machine, ExprItem *item, const char *name, size_t length, int at)
{
    Reference *reference = &item->reference;

    if (item->kind == ITEM_BRANCH)
        return expr_wrong(machine, at, "write run.%.*s without parentheses",
                          (int)(length < 40 ? length : 40), name);
    if (item->kind == ITEM_VALUE)
        return expr_wrong(machine, at, "only names of nodes have a field");
    if (item->reading == READ_ADAM)
        return adam_field(machine, item, name, length, at);
    if (item->reading != READ_VALUE)
        return expr_wrong(machine, at, "nothing can follow here");
    if (reference->kind == REFERENCE_NODES)
        for (int i = 0; i < NODE_FIELDS; i++)
            if (is(node_fields[i].name, name, length))
                return node_field(machine, item, i, at);
    machine->error->at = at;
    return reference_field(machine->scope, reference, name, length, &machine->error->why);
}

/* ---- the list -------------------------------------------------------------------------------- */

void expr_list(FILE *stream)
{
    for (int i = 0; i < NAMES; i++)
        fprintf(stream, "%s\t%s\n", names[i].name, _(names[i].help));
    for (int i = 0; i < settings_count; i++)
        if (strcmp(settings_table[i].name, "lr") != 0)
            fprintf(stream, "%s\t%s\n", settings_table[i].name, _(settings_table[i].help));
    for (int i = 0; i < reference_names_count; i++)
        fprintf(stream, "%s\t%s\n", reference_names[i].written, _(reference_names[i].help));
    for (int i = 0; i < NODE_FIELDS; i++)
        fprintf(stream, "node(K).%s\t%s\n", node_fields[i].name, _(node_fields[i].help));
    for (int i = 0; i < ADAM_FIELDS; i++)
        fprintf(stream, "adam(NAME).%s\t%s\n", adam_fields[i].name, _(adam_fields[i].help));
    for (int i = 0; i < expr_function_count; i++)
        fprintf(stream, "%s(%s)\t%s\n", expr_functions[i].name, expr_functions[i].arguments,
                _(expr_functions[i].help));
}

const char *expr_name(int i)
{
    if (i < NAMES)
        return names[i].name;
    i -= NAMES;
    if (i < settings_count)
        return settings_table[i].name;
    i -= settings_count;
    if (i < reference_names_count)
        return reference_names[i].name;
    i -= reference_names_count;
    return i < expr_function_count ? expr_functions[i].name : NULL;
}
