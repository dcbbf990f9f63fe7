/* Functions about the run: gradients, the optimiser, nodes, tokens. */
#include "app/expr_code.h"
#include "engine/corpus.h"
#include "engine/words.h"

/* ---- nodes ----------------------------------------------------------------------------------- */

static bool force_nodes(const ExprCall *call)
{
    const ExprItem *item = call->argument;

    if (item->kind != ITEM_REFERENCE || item->reading != READ_VALUE)
        return expr_wrong(call->machine, item->at, "%s needs the name of a node, such as wte[5][0]",
                          call->function->name);
    call->machine->error->at = item->at;
    return reference_is_whole(call->machine->scope, &item->reference, &call->machine->error->why);
}

bool expr_run_grad(const ExprCall *call)
{
    if (!force_nodes(call))
        return false;
    call->argument->reading = READ_GRAD;
    return true;
}

/* Parameters come first on the tape: a vector or matrix whose first node is one has no others. */
bool expr_run_adam(const ExprCall *call)
{
    const Scope *scope = call->machine->scope;

    if (!force_nodes(call))
        return false;
    if (call->argument->reference.own || reference_count(scope, &call->argument->reference) == 0 ||
        reference_at(scope, &call->argument->reference, 0, 0) >= scope->trainer->gpt.params)
        return expr_wrong(call->machine, call->argument->at,
                          "adam needs a parameter, such as wte[5][0]: others are not updated");
    call->argument->reading = READ_ADAM;
    return true;
}

bool expr_run_node(const ExprCall *call)
{
    if (!expr_force_number(call->machine, call->argument, call->function->name))
        return false;
    call->machine->error->at = call->argument->at;
    if (!reference_node(call->machine->scope, call->argument->value.number,
                        &call->argument->reference, &call->machine->error->why))
        return false;
    call->argument->kind = ITEM_REFERENCE;
    call->argument->reading = READ_VALUE;
    return true;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

bool expr_run_tok(const ExprCall *call)
{
    int64_t done = 0;

    if (!expr_force(call->machine, call->argument))
        return false;
    if (call->argument->value.kind != EXPR_TEXT)
        return expr_wrong(call->machine, call->argument->at, "tok needs a text, such as \"emma\"");
    const char *text = call->argument->value.text;
    size_t left = call->argument->value.length;
    double *entry = expr_take(call->machine, (int64_t)left, call->argument->at);
    while (entry && left > 0) {
        uint32_t c;
        int bytes = corpus_decode(text, left, &c);
        int token = bytes ? corpus_token(call->machine->scope->trainer->corpus, c) : -1;
        if (token < 0)
            return expr_wrong(call->machine, call->argument->at,
                              "%.*s is in no document: it has no token", bytes ? bytes : 1, text);
        entry[done++] = token;
        text += bytes;
        left -= (size_t)bytes;
    }
    expr_set_vector(call->argument, entry, done);
    return entry != NULL;
}

/* BOS stands for no character and is left out. */
bool expr_run_text(const ExprCall *call)
{
    const Corpus *corpus = call->machine->scope->trainer->corpus;
    size_t length = 0;

    if (!expr_force_numbers(call->machine, call->argument, call->function->name))
        return false;
    ExprValue ids = call->argument->value;
    char *text = (char *)(void *)expr_take(call->machine, expr_entries(&ids), call->argument->at);
    for (int64_t i = 0; text && i < expr_entries(&ids); i++) {
        double id = expr_entry(&ids, i);
        call->machine->error->at = call->argument->at;
        if (!reference_check_index(N_("token"), N_("this run"), corpus_vocab(corpus), id,
                                   &call->machine->error->why))
            return false;
        if (id < corpus->characters)
            length += (size_t)corpus_encode(corpus->character[(int)id], text + length);
    }
    expr_set_text(call->argument, text, length);
    return text != NULL;
}
