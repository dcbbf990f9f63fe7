#include "app/failure.h"

#include "app/expr.h"
#include "app/reference.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

/* "x[2].layer0.mlp.fc1[5]", or for a number on the way to it "node(58) in pos2.layer0.mlp.fc1" */
static void print_name(const Trainer *trainer, int32_t node, char text[128])
{
    reference_print(trainer, node, text, 128);
    if (strncmp(text, "node(", 5) != 0)
        return;
    size_t used = strlen(text);
    used += (size_t)snprintf(text + used, 128 - used, _(" in "));
    place_name(gpt_span_of(&trainer->gpt, node)->place, text + used, 128 - used);
}

/* What the operation made it of. */
static void print_inputs(const Trainer *trainer, const Diverged *diverged, char text[160])
{
    const OpInfo *op = &tape_ops[trainer->tape.node[diverged->node].op];
    char first[EXPR_NUMBER_BYTES], second[EXPR_NUMBER_BYTES];

    text[0] = '\0';
    if (diverged->inputs == 1)
        snprintf(text, 160, _(", %s of %s"), op->name,
                 expr_print_number(diverged->given[0], first));
    else if (diverged->inputs == 2)
        snprintf(text, 160, _(", from %s %s %s"), expr_print_number(diverged->given[0], first),
                 op->symbol, expr_print_number(diverged->given[1], second));
}

int failure_print(const Trainer *trainer, const Diverged *diverged, char *text, size_t size)
{
    char name[128], number[EXPR_NUMBER_BYTES], moment[64], inputs[160] = "";
    long long step = trainer->tape_step + 1;

    if (diverged->kind == DIVERGED_NOWHERE)
        return snprintf(text, size, _("step %lld: every number is finite"), step);
    print_name(trainer, diverged->node, name);
    expr_print_number(diverged->number, number);
    moment_print(diverged->at, moment, sizeof moment);
    if (diverged->kind == DIVERGED_VALUE)
        print_inputs(trainer, diverged, inputs);
    else if (diverged->kind == DIVERGED_BY_HAND || diverged->kind == DIVERGED_BEFORE)
        snprintf(inputs, sizeof inputs, "%s",
                 diverged->kind == DIVERGED_BY_HAND ? _(", set by hand")
                                                    : _(", from an earlier step"));
    return snprintf(text, size, _("step %lld: %s%s %s %s%s (at %s)"), step,
                    diverged->kind == DIVERGED_GRAD ? _("the gradient of ") : "", name,
                    diverged->kind == DIVERGED_UPDATE ? _("becomes") : "=", number, inputs, moment);
}

void failure_describe(History *history, char *text, size_t size)
{
    const Moment here = history->trainer->at;
    Diverged diverged = diverged_seek(history);

    failure_print(history->trainer, &diverged, text, size);
    history_seek(history, here);
}
