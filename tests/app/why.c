#include "app/why.h"

#include "app/graph.h"
#include "engine/rng.h"
#include "engine/stride.h"
#include "run.h"
#include "suites.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "--n-embd 8 --n-head 2 --block-size 8 --steps 10"

static void ask(Why *why, const AppRun *run, const char *question)
{
    Error error;

    ck_assert_msg(why_ask(why, &run->scope, question, &error), "%s", error.text);
    ck_assert(why_is_current(why));
}

static void set(AppRun *run, EventKind kind, int32_t index, double number)
{
    Error error;

    ck_assert_msg(history_edit(&run->history, kind, index, number, &error), "%s", error.text);
}

static const char *part(const Why *why, int i, WhyPart which, char text[WHY_TEXT_BYTES])
{
    why_write(why, i, which, text);
    return text;
}

/* The first item of a kind, or -1. */
static int find(const Why *why, WhyKind kind)
{
    for (int i = 0; i < why->count; i++)
        if (why->item[i].kind == kind)
            return i;
    return -1;
}

/* The item just below item 0 that has this label. */
static int labelled(const Why *why, const char *label)
{
    char text[WHY_TEXT_BYTES];

    for (int i = 0; i < why->count; i++)
        if (strcmp(part(why, i, WHY_LABEL, text), label) == 0)
            return i;
    ck_abort_msg("no item %s", label);
}

static void same(double a, double b, const char *what)
{
    if (isnan(a) && isnan(b))
        return;
    ck_assert_msg(memcmp(&a, &b, sizeof a) == 0, "%s: %a is not %a", what, a, b);
}

/* ---- what is written gives the bits that are shown ------------------------------------------- */

/* Each entry of a vector's expression is that of the node. */
static void check_vector(const Why *why, const AppRun *run, int i, const char *text)
{
    Expr expr;
    ExprValue value;
    ExprError error;

    ck_assert_msg(expr_init(&expr, text, &error), "%s: %s", text, error.why.text);
    ck_assert_msg(expr_eval(&expr, &run->scope, &value, &error), "%s: %s", text, error.why.text);
    ck_assert_int_eq(value.kind, EXPR_VECTOR);
    ck_assert_int_eq(value.count, why->item[i].vector.count);
    for (int k = i + 1, entry = 0; why->item[i].open && entry < value.count; k++)
        if (why->item[k].depth == why->item[i].depth + 1)
            same(value.entry[entry++], why->item[k].value, text);
    expr_release(&expr);
}

static int check_item(const Why *why, const AppRun *run, int i)
{
    const WhyItem *item = &why->item[i];
    char text[WHY_TEXT_BYTES];
    int lines = 0;

    ck_assert(why_write(why, i, WHY_LABEL, text));
    bool written = why_write(why, i, WHY_EXPRESSION, text);
    if (item->kind == WHY_VECTOR) {
        if (item->here && written)
            check_vector(why, run, i, text);
        return written;
    }
    if (!item->known) {
        ck_assert(!why_write(why, i, WHY_FILLED, text));
        return 0;
    }
    ck_assert(written);
    same(app_run_number(run, text), item->value, text);
    lines++;
    if (!item->changed && why_write(why, i, WHY_FILLED, text)) {
        same(app_run_number(run, text), item->value, text);
        lines++;
    }
    return lines;
}

/* A question about a random number of the run at its moment. */
static void random_question(const AppRun *run, Rng *rng, char question[64])
{
    static const char *const terms[] = {"g", "m", "v", "m_hat", "v_hat", "update"};
    const Trainer *t = &run->run.trainer;
    int32_t node = (int32_t)rng_below(rng, (uint32_t)t->tape.count);
    int32_t parameter = (int32_t)rng_below(rng, (uint32_t)t->gpt.params);

    switch (rng_below(rng, 6)) {
    case 0:
    case 1:
        snprintf(question, 64, "node(%d)", (int)node);
        break;
    case 2:
    case 3:
        snprintf(question, 64, "grad(node(%d))", (int)node);
        break;
    case 4:
        snprintf(question, 64, "adam(node(%d)).%s", (int)parameter, terms[rng_below(rng, 6)]);
        break;
    default:
        snprintf(question, 64, "node(%d)", (int)parameter);
        break;
    }
}

/* Opens some items, so that every kind comes up. */
static void open_some(Why *why, Rng *rng)
{
    for (int i = 0; i < why->count && why->count < 300; i++)
        if (why->item[i].depth < 6 && rng_below(rng, 1 + (uint32_t)why->item[i].depth) == 0)
            why_open(why, i);
}

/* Goes to a random moment. */
static void go_anywhere(AppRun *run, Rng *rng)
{
    const Trainer *t = &run->run.trainer;
    int64_t step = rng_below(rng, (uint32_t)t->settings.steps);
    Phase phase = (Phase)rng_below(rng, PHASE_COUNT);

    ck_assert(history_seek(&run->history, (Moment){step, PHASE_FORWARD, 0}));
    int64_t n = rng_below(rng, (uint32_t)trainer_phase_length(t, phase));
    ck_assert(history_seek(&run->history, (Moment){step, phase, n}));
}

static const char *const shapes[] = {SMALL,
                                     "--n-embd 4 --n-head 1 --n-layer 2 --block-size 5 --steps 6",
                                     "--n-embd 12 --n-head 4 --block-size 6 --steps 20 --lr 0.2"};
enum { SHAPES = sizeof shapes / sizeof *shapes };

START_TEST(every_line_gives_the_shown_bits)
{
    int numbers = 0, lines = 0, kinds[WHY_KINDS] = {0};
    uint8_t before[32], after[32];
    Why why = {.count = 0};
    char question[64];
    AppRun run;
    Rng rng;

    app_run_open(&run, "words.txt", shapes[_i]);
    rng_seed(&rng, 5);
    for (int m = 0; m < (test_full() ? 400 : 40); m++) {
        go_anywhere(&run, &rng);
        history_digest(&run.history, before);
        for (int k = 0; k < 25; k++, numbers++) {
            random_question(&run, &rng, question);
            ask(&why, &run, question);
            open_some(&why, &rng);
            for (int i = 0; i < why.count; i++) {
                lines += check_item(&why, &run, i);
                kinds[why.item[i].kind]++;
                ck_assert(!why.item[i].changed);
            }
        }
        history_digest(&run.history, after);
        ck_assert_mem_eq(before, after, sizeof before);
    }
    ck_assert_int_ge(numbers, 1000);
    ck_assert_int_ge(lines, 5000);
    for (int kind = 0; kind < WHY_KINDS; kind++)
        ck_assert_msg(kinds[kind] > 0 || kind == WHY_GIVEN, "no item of kind %d came up", kind);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

static const char *const options[] = {
    "--residual off",
    "--norm off --attn-scale off",
    "--attention off",
    "--attention uniform --silence 0.1",
    "--silence all --position off",
    "--mlp off --first-norm off",
    "--activation gelu --subtract-max off",
    "--activation none --residual off --norm off --position off",
    "--k-gradient off",
    "--v-gradient off",
    "--accumulate off",
    "--zero-grad off",
    "--zero-grad off --accumulate off",
    "--optimizer sgd --schedule cosine",
    "--optimizer momentum --schedule warmup --warmup-steps 3",
    "--bias-correction off --schedule constant",
};
enum { OPTIONS = sizeof options / sizeof *options };

/* Refused is only what the optimiser does without. */
START_TEST(with_any_option_every_line_gives_the_shown_bits)
{
    Why why = {.count = 0};
    char text[192], question[64];
    int lines = 0;
    AppRun run;
    Error error;
    Rng rng;

    snprintf(text, sizeof text, "--n-embd 6 --n-head 2 --n-layer 2 --block-size 5 --steps 8 %s",
             options[_i]);
    app_run_open(&run, "words.txt", text);
    rng_seed(&rng, 6);
    for (int m = 0; m < (test_full() ? 200 : 20); m++) {
        go_anywhere(&run, &rng);
        for (int k = 0; k < 20; k++) {
            random_question(&run, &rng, question);
            if (!why_ask(&why, &run.scope, question, &error)) {
                ck_assert_msg(strstr(error.text, " not use") != NULL, "%s: %s", question,
                              error.text);
                ck_assert_int_ne(run.run.settings.optimizer, OPTIMIZER_ADAM);
                continue;
            }
            open_some(&why, &rng);
            for (int i = 0; i < why.count; i++)
                lines += check_item(&why, &run, i);
        }
    }
    ck_assert_int_ge(lines, 1000);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(what_every_place_leaves_behind_is_explained_by_its_formula)
{
    Why why = {.count = 0};
    char question[64], text[WHY_TEXT_BYTES];
    AppRun run;

    app_run_open(&run, "words.txt", shapes[1]);
    const char *const moments[] = {"2.backward.0", "2.update.300", "3"};
    for (int m = 0; m < 3; m++) {
        app_run_go(&run, moments[m]);
        const Gpt *gpt = &run.run.trainer.gpt;
        for (int s = 0; s < gpt->spans; s++)
            for (int32_t i = 0; i < gpt->span[s].out.count; i += 3) {
                snprintf(question, sizeof question, "node(%d)",
                         (int)(gpt->span[s].out.first + i * gpt->span[s].out.stride));
                ask(&why, &run, question);
                ck_assert(why_write(&why, 0, WHY_FORMULA, text));
                ck_assert(strstr(place_parts[gpt->span[s].place.part].formula, text));
                ck_assert(!strstr(text, " = "));
                ck_assert(why_write(&why, 0, WHY_FILLED, text));
                check_item(&why, &run, 0);
                ck_assert_int_ge(why.count, 2);
            }
    }
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- gradients ------------------------------------------------------------------------------- */

START_TEST(the_shares_of_the_users_add_up_from_top_to_bottom)
{
    static const char *const moments[] = {"2.backward.1",
                                          "2.backward.700",
                                          "2.backward.5000",
                                          "2.backward.9000",
                                          "2.update.0",
                                          "2.update.333",
                                          "3"};
    int32_t partial = 0, checked = 0;
    Why why = {.count = 0};
    char question[64];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, moments[_i]);
    const Trainer *t = &run.run.trainer;
    for (int32_t node = 0; node < t->tape.count; node += 17) {
        double sum = node == t->loss_node ? 1 : 0;
        bool late = false;
        snprintf(question, sizeof question, "grad(node(%d))", (int)node);
        ask(&why, &run, question);
        for (int i = 1; i < why.count; i++) {
            ck_assert_int_eq(why.item[i].kind, WHY_USE);
            ck_assert(!(late && why.item[i].known)); /* those to come stand last */
            late |= !why.item[i].known;
            if (why.item[i].known)
                sum += why.item[i].value;
        }
        same(sum, t->grad[node], question);
        partial += late && why.item[1].known;
        checked += why.count > 1;
    }
    ck_assert_int_gt(checked, 500);
    ck_assert(_i < 1 || _i > 3 || partial > 0);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* Fails unless the shares that are known add up to the gradient; returns how many they are. */
static int check_sum(Why *why, const AppRun *run, int32_t node)
{
    double sum = node == run->run.trainer.loss_node ? 1 : 0;
    char question[64];
    int known = 0;

    snprintf(question, sizeof question, "grad(node(%d))", (int)node);
    ask(why, run, question);
    for (int i = 1; i < why->count; i++)
        if (why->item[i].known) {
            sum += why->item[i].value;
            known++;
        }
    same(sum, run->run.trainer.grad[node], question);
    return known;
}

START_TEST(a_share_is_there_from_the_very_visit_on)
{
    Why why = {.count = 0};
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    const Trainer *t = &run.run.trainer;
    for (int64_t n = 0; n < 200; n++) {
        ck_assert(history_seek(&run.history, (Moment){1, PHASE_BACKWARD, n}));
        const int32_t input = tape_input(&t->tape, stride_next_node(t), 0);
        int before = check_sum(&why, &run, input);
        ck_assert(history_seek(&run.history, (Moment){1, PHASE_BACKWARD, n + 1}));
        ck_assert_int_gt(check_sum(&why, &run, input), before);
    }
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(the_users_are_those_of_the_graph)
{
    Why why = {.count = 0};
    char question[64];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.update.0");
    const Trainer *t = &run.run.trainer;
    for (int32_t node = 0; node < t->tape.count; node += 211) {
        int uses = 0;
        for (int32_t i = 0; i < t->tape.order_count; i++)
            for (int k = 0; k < 2; k++)
                uses += tape_input(&t->tape, t->tape.order[i], k) == node;
        snprintf(question, sizeof question, "grad(node(%d))", (int)node);
        ask(&why, &run, question);
        ck_assert_int_eq(why.count - 1, uses);
        ck_assert(why.item[0].leaf == (uses == 0));
    }
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_formula_that_does_not_fit_is_left_out)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;

    app_run_open(&run, "words.txt", "--n-embd 40 --n-head 1 --block-size 2 --steps 2");
    app_run_go(&run, "0.update.0");
    ask(&why, &run, "grad(x[0].layer0.mlp.norm[3])");
    ck_assert_int_eq(why.count, 1 + 160);
    ck_assert(!why_write(&why, 0, WHY_FILLED, text));
    ck_assert_str_eq(text, "");
    check_item(&why, &run, 0);
    check_sum(&why, &run, why.item[0].node);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- moments --------------------------------------------------------------------------------- */

/* Goes to the moment of every item that has one and reads its name there. */
static int check_moments(AppRun *run, Why *why, Moment asked)
{
    char text[WHY_TEXT_BYTES];
    int checked = 0;

    for (int i = 0; i < why->count; i++) {
        Moment moment;
        bool written = why_write(why, i, WHY_THERE, text);
        if (!why->item[i].known || !why_moment(why, i, &moment) || !written)
            continue;
        ck_assert(history_seek(&run->history, moment));
        ck_assert_int_eq(moment_compare(run->run.trainer.at, moment), 0);
        same(app_run_number(run, text), why->item[i].value, text);
        ck_assert(history_seek(&run->history, asked));
        checked++;
    }
    return checked;
}

START_TEST(every_number_stands_where_it_is_said_to)
{
    static const char *const questions[] = {"loss",
                                            "probs[1][2]",
                                            "x[1].layer0.mlp.fc1[2]",
                                            "x[1].layer0.attn.proj[1]",
                                            "grad(wpe[1][3])",
                                            "grad(x[1].embed[3])",
                                            "wpe[0][2]",
                                            "adam(wpe[0][2]).update",
                                            "adam(lm_head[1][1]).v",
                                            "lm_head[3][7]",
                                            "grad(loss)",
                                            "score[0][1][2][1]"};
    static const char *const moments[] = {"2.backward.8000", "2.update.0", "2.update.150",
                                          "2.update.400",    "3",          "3.forward.5000"};
    Why why = {.count = 0};
    AppRun run;
    Rng rng;
    int checked = 0;

    app_run_open(&run, "words.txt", SMALL);
    rng_seed(&rng, 6);
    for (size_t m = 0; m < sizeof moments / sizeof *moments; m++)
        for (size_t q = 0; q < sizeof questions / sizeof *questions; q++) {
            app_run_go(&run, moments[m]);
            ask(&why, &run, questions[q]);
            for (int i = 0; i < why.count && why.count < 40; i++)
                if (why.item[i].depth < 4)
                    why_open(&why, i);
            checked += check_moments(&run, &why, run.run.trainer.at);
        }
    ck_assert_int_gt(checked, 500);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_gradient_s_moment_is_when_its_last_user_was_visited)
{
    Why why = {.count = 0};
    AppRun run;
    Moment moment;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.update.0");
    ask(&why, &run, "grad(x[2].embed[1])");
    double whole = why.item[0].value;
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_int_eq(moment.phase, PHASE_BACKWARD);
    history_seek(&run.history, moment);
    same(app_run_number(&run, "grad(x[2].embed[1])"), whole, "then");
    moment.n--;
    history_seek(&run.history, moment);
    ck_assert_double_ne(app_run_number(&run, "grad(x[2].embed[1])"), whole);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- parameters ------------------------------------------------------------------------------ */

START_TEST(a_parameter_is_followed_down_to_its_gradient)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "3.update.500");
    ask(&why, &run, "wpe[0][2]");
    ck_assert_int_eq(why.count, 3);
    ck_assert_str_eq(part(&why, 1, WHY_LABEL, text), "before");
    ck_assert_str_eq(part(&why, 2, WHY_EXPRESSION, text), "adam(wpe[0][2]).update");
    ck_assert(why_open(&why, labelled(&why, "update")));
    ck_assert(why_open(&why, labelled(&why, "m_hat")));
    ck_assert(why_open(&why, labelled(&why, "m")));
    ck_assert(why_open(&why, labelled(&why, "grad(wpe[0][2])")));
    int use = find(&why, WHY_USE);
    ck_assert_str_eq(part(&why, use, WHY_LABEL, text), "through x[0].embed[2]");
    ck_assert_str_eq(part(&why, use, WHY_EXPRESSION, text), "grad(x[0].embed[2])");
    ck_assert_int_eq(why.item[use].depth, 5);
    ck_assert_str_eq(part(&why, 0, WHY_FORMULA, text), "before - update");
    ck_assert_msg(strncmp(part(&why, 0, WHY_NOTE, text), "updated in step 3, by \"", 23) == 0, "%s",
                  text);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(the_terms_are_those_of_the_engine)
{
    Why why = {.count = 0};
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "4.forward.0");
    const Trainer *t = &run.run.trainer;
    const int32_t i = gpt_tensor(&t->gpt, "wpe")->first;
    double m = t->m[i], v = t->v[i], before = t->value[i];
    app_run_go(&run, "4.update.600");
    AdamStep step = adam_step(&t->settings, 4);
    AdamTerms terms = adam_terms(&step, t->grad[i], m, v);
    ask(&why, &run, "wpe[0][0]");
    for (int k = 0; k < why.count; k++)
        if (why.item[k].kind >= WHY_UPDATE && why.item[k].kind <= WHY_V)
            why_open(&why, k);
    same(why.item[find(&why, WHY_BEFORE)].value, before, "before");
    same(why.item[find(&why, WHY_UPDATE)].value, terms.update, "update");
    same(why.item[find(&why, WHY_RATE)].value, step.lr, "lr");
    same(why.item[find(&why, WHY_M_HAT)].value, terms.m_hat, "m_hat");
    same(why.item[find(&why, WHY_M)].value, terms.m, "m");
    same(why.item[find(&why, WHY_M_BEFORE)].value, m, "m before");
    same(why.item[find(&why, WHY_V_HAT)].value, terms.v_hat, "v_hat");
    same(why.item[find(&why, WHY_V)].value, terms.v, "v");
    same(why.item[find(&why, WHY_V_BEFORE)].value, v, "v before");
    same(why.item[find(&why, WHY_GRADIENT)].value, terms.g, "gradient");
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(before_its_update_a_parameter_is_explained_by_the_step_before)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;
    Moment moment;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "3");
    double update = app_run_number(&run, "adam(wte[2][1]).update");
    app_run_go(&run, "3.backward.100");
    ask(&why, &run, "wte[2][1]");
    ck_assert(!why.item[1].known); /* the number before */
    ck_assert_str_eq(part(&why, 1, WHY_NOTE, text), "not kept: go to 2.update.17");
    same(why.item[2].value, update, "update");
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_int_eq(moment_compare(moment, (Moment){2, PHASE_UPDATE, 18}), 0);
    ask(&why, &run, "adam(wte[2][1]).m");
    ck_assert(why.item[0].leaf);
    ck_assert_msg(strncmp(part(&why, 0, WHY_NOTE, text), "made in step 2, by \"", 20) == 0, "%s",
                  text);
    const int32_t last = run.run.trainer.gpt.params - 1;
    snprintf(text, sizeof text, "node(%d)", (int)last);
    ask(&why, &run, text);
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_int_eq(moment_compare(moment, (Moment){3, PHASE_DONE, 0}), 0);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_fresh_parameter_was_drawn)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;
    Moment moment;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "0.backward.50");
    ask(&why, &run, "wte[2][1]");
    ck_assert(why.item[0].leaf);
    ck_assert_int_eq(why.count, 1);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "drawn at the beginning, with seed 42");
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_int_eq(moment_compare(moment, (Moment){0, PHASE_DONE, 0}), 0);
    ask(&why, &run, "adam(wte[2][1]).update");
    ck_assert(!why.item[0].known);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "not updated yet");
    ck_assert(!why_moment(&why, 0, &moment));
    ask(&why, &run, "adam(wte[2][1]).v");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "0 before the first update");
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_loaded_parameter_was_loaded)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    TestRun loaded;
    History history;
    Error error;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "4");
    test_run_open(&loaded, "words.txt", SMALL);
    const Trainer *from = &run.run.trainer;
    trainer_restore(&loaded.trainer, 4, from->value, from->m, from->v);
    ck_assert(history_init(&history, &loaded.trainer, 1 << 20, &error));
    Scope scope = {.trainer = &loaded.trainer, .history = &history};
    ck_assert(why_ask(&why, &scope, "wte[2][1]", &error));
    ck_assert(why.item[0].leaf);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "loaded with the run");
    ck_assert(!why_write(&why, 0, WHY_FORMULA, text));
    ck_assert(why_ask(&why, &scope, "adam(wte[2][1]).m", &error));
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "loaded with the run");
    history_release(&history);
    test_run_close(&loaded);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(the_learning_rate_is_explained)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "7.forward.9");
    ask(&why, &run, " lr ");
    ck_assert_str_eq(part(&why, 0, WHY_EXPRESSION, text), "lr");
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "0.01 * (1 - 7 / 10)");
    check_item(&why, &run, 0);
    ask(&why, &run, "adam(wte[0][0]).update"); /* of the step before: another rate */
    ck_assert_str_eq(part(&why, 1, WHY_EXPRESSION, text), "0.01 * (1 - 6 / 10)");
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- what is not computed yet ---------------------------------------------------------------- */

START_TEST(what_is_not_computed_yet_says_when_it_will_be)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;
    Moment moment;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.forward.20");
    ask(&why, &run, "x[0].layer0.attn.q[1]");
    ck_assert(!why.item[0].known);
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_msg(
        strncmp(part(&why, 0, WHY_NOTE, text), "not computed yet: it is at 1.forward.", 37) == 0,
        "%s", text);
    const int32_t node = why.item[0].node;
    moment.n--;
    ck_assert(history_seek(&run.history, moment));
    ck_assert(!trainer_has_value(&run.run.trainer, node));
    moment.n++;
    ck_assert(history_seek(&run.history, moment));
    ck_assert(trainer_has_value(&run.run.trainer, node));
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(gradients_wait_for_the_backward_pass)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.forward.20");
    ask(&why, &run, "grad(x[0].embed[0])");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text),
                     "not computed yet: the backward pass begins at 1.backward.0");
    ck_assert_int_gt(why.count, 1);
    ck_assert(!why.item[1].known);
    app_run_go(&run, "1.backward.0");
    ask(&why, &run, "grad(x[0].embed[0])");
    ck_assert_double_eq(why.item[0].value, 0);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "0 of 3 users so far");
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "0");
    app_run_go(&run, "1.update.0");
    ask(&why, &run, "grad(x[0].embed[0])");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "3 users");
    ask(&why, &run, "loss.grad");
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "1");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "where the backward pass begins");
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- changes by hand ------------------------------------------------------------------------- */

START_TEST(a_parameter_set_by_hand_says_so)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    AppRun run;
    Moment moment;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "2.forward.40");
    set(&run, EVENT_VALUE, 5, 0.25);
    app_run_go(&run, "2.update.2");
    ask(&why, &run, "node(5)");
    ck_assert(why.item[0].leaf);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "set by hand at 2.forward.40");
    ck_assert(why_moment(&why, 0, &moment));
    ck_assert_int_eq(moment_compare(moment, (Moment){2, PHASE_FORWARD, 40}), 0);
    app_run_go(&run, "2.update.9"); /* its update begins from that number */
    ask(&why, &run, "node(5)");
    ck_assert_int_eq(why.count, 3);
    ck_assert_double_eq(why.item[1].value, 0.25);
    check_item(&why, &run, 0);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_change_by_hand_that_a_formula_misses_is_said)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES], question[64];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "2.forward.2000");
    const int32_t node = gpt_span(&run.run.trainer.gpt, (Place){PART_Q, 0, 0, -1})->out.first;
    snprintf(question, sizeof question, "node(%d)", (int)node);
    ask(&why, &run, question);
    ck_assert(!why.item[0].changed);
    set(&run, EVENT_VALUE, node, 0.5);
    ck_assert(!why_is_current(&why));
    ask(&why, &run, question);
    ck_assert(why.item[0].changed);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text),
                     "changed by hand: the formula gives another number");
    check_item(&why, &run, 0);
    app_run_go(&run, "2.update.0");
    set(&run, EVENT_GRAD, 9, 0.5);
    ask(&why, &run, "grad(node(9))");
    ck_assert(why.item[0].changed);
    ask(&why, &run, "grad(node(10))");
    ck_assert(!why.item[0].changed);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(random_changes_by_hand_leave_every_line_right)
{
    Why why = {.count = 0};
    char question[64];
    AppRun run;
    Rng rng;
    int changed = 0;

    app_run_open(&run, "words.txt", SMALL);
    rng_seed(&rng, 8);
    for (int round = 0; round < 30; round++) {
        Trainer *t = &run.run.trainer;
        go_anywhere(&run, &rng);
        int32_t index = (int32_t)rng_below(&rng, (uint32_t)t->gpt.params * 2);
        EventKind kind = rng_below(&rng, 2) ? EVENT_GRAD : EVENT_VALUE;
        const SettingInfo *lr = settings_find("lr");
        if (kind == EVENT_GRAD ? trainer_has_grad(t) : trainer_has_value(t, index))
            set(&run, kind, index, 0.125);
        if (round % 5 == 0)
            set(&run, EVENT_SETTING, (int32_t)(lr - settings_table), 0.01 * (1 + round % 3));
        if (round % 2)
            go_anywhere(&run, &rng);
        for (int k = 0; k < 25; k++) {
            random_question(&run, &rng, question);
            if (k < 2) /* what was changed, if it still is */
                snprintf(question, sizeof question, k ? "grad(node(%d))" : "node(%d)", (int)index);
            ask(&why, &run, question);
            open_some(&why, &rng);
            for (int i = 0; i < why.count; i++) {
                check_item(&why, &run, i);
                changed += why.item[i].changed;
            }
        }
    }
    ck_assert_int_gt(changed, 0);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- the reader's own graph ------------------------------------------------------------------ */

static void open_graph(AppRun *run, Graph *graph, const char *statements)
{
    ExprError error;

    ck_assert_msg(graph_init(graph, statements, &run->scope, &error), "%s", error.why.text);
    run->scope.graph = graph;
}

static void close_graph(AppRun *run, Graph *graph)
{
    run->scope.graph = NULL;
    graph_release(graph);
}

START_TEST(a_graph_of_the_reader_is_explained_down_to_what_was_given)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    Moment moment;
    Graph graph;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    open_graph(&run, &graph, "a=2; b=3; c=a*b; d=c+1; L=d^2");
    graph_go(&graph, graph_length(&graph));
    ask(&why, &run, "L");
    ck_assert_str_eq(part(&why, 0, WHY_FORMULA, text), "a ^ e");
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "7 ^ 2");
    ck_assert_str_eq(part(&why, 1, WHY_EXPRESSION, text), "d");
    ck_assert(!why_moment(&why, 0, &moment));
    ck_assert(why_open(&why, 1));
    ck_assert(why_open(&why, 2));
    int given = find(&why, WHY_GIVEN);
    ck_assert_str_eq(part(&why, given, WHY_LABEL, text), "a");
    ck_assert_str_eq(part(&why, given, WHY_NOTE, text), "given");
    ck_assert(why.item[given].leaf);
    ask(&why, &run, "grad(a)");
    ck_assert_double_eq(why.item[0].value, 42);
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "0 + 3 * 14");
    ck_assert_str_eq(part(&why, 1, WHY_EXPRESSION, text), "3 * grad(c)");
    ask(&why, &run, "grad(L)");
    ck_assert_str_eq(part(&why, 0, WHY_FILLED, text), "1");
    Error error;
    ck_assert(!why_ask(&why, &run.scope, "adam(a).m", &error));
    test_error(&error, "a is no parameter of the model: only these are updated");
    close_graph(&run, &graph);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

static const char *const graphs[] = {
    "a=2; b=3; c=a*b; d=c+1; L=d^2",
    "a=-2; b=a^2; c=b^-1; d=exp(c); e=log(d); f=relu(e); L=f*a^3+b",
    "x=[1,-2,3]; y=softmax(x); z=rmsnorm(y); L=-log(z[1])+sum(x)",
    "W=[[1,2],[3,4]]; x=[0.5,-0.25]; h=relu(linear(W,x)); L=mean(h)",
};

START_TEST(every_line_about_a_graph_gives_the_shown_bits_at_each_of_its_operations)
{
    Why why = {.count = 0};
    char question[64], name[64];
    Graph graph;
    AppRun run;
    int lines = 0;

    app_run_open(&run, "words.txt", SMALL);
    open_graph(&run, &graph, graphs[_i]);
    for (int64_t at = 0; at <= graph_length(&graph); at++) {
        graph_go(&graph, at);
        for (int32_t node = 0; node < graph.tape.count; node++) {
            graph_print(&graph, node, name, sizeof name);
            if (strchr(name, ' ')) /* it has no name to ask for it */
                continue;
            for (int form = 0; form < 2; form++) {
                snprintf(question, sizeof question, form ? "grad(%s)" : "%s", name);
                ask(&why, &run, question);
                for (int i = 0; i < why.count && why.count < 400; i++)
                    why_open(&why, i);
                for (int i = 0; i < why.count; i++)
                    lines += check_item(&why, &run, i);
                double sum = node == graph.root ? 1 : 0;
                for (int i = 1; form && i < why.count; i++)
                    if (why.item[i].depth == 1 && why.item[i].known)
                        sum += why.item[i].value;
                if (form && why.item[0].known)
                    same(sum, graph.grad[node], question);
            }
        }
    }
    ck_assert_int_gt(lines, 50);
    close_graph(&run, &graph);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(what_a_graph_has_not_computed_yet_is_said)
{
    Why why = {.count = 0};
    char text[WHY_TEXT_BYTES];
    Graph graph;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    open_graph(&run, &graph, "a=2; b=a*a; c=[a,b]");
    ask(&why, &run, "b");
    ck_assert(!why.item[0].known);
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "not computed yet");
    ask(&why, &run, "grad(b)");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text),
                     "there are no gradients: the last statement is more than one number");
    close_graph(&run, &graph);
    open_graph(&run, &graph, "a=2; b=a*a; c=a+a");
    ask(&why, &run, "grad(b)");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text),
                     "not computed yet: first comes the forward pass");
    graph_go(&graph, 2);
    ask(&why, &run, "grad(b)");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "the root does not depend on it");
    ask(&why, &run, "grad(a)");
    ck_assert_str_eq(part(&why, 0, WHY_NOTE, text), "0 of 2 users so far");
    close_graph(&run, &graph);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(an_answer_about_a_graph_holds_for_its_operation_and_numbers)
{
    Why why = {.count = 0};
    Graph graph;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    open_graph(&run, &graph, "a=2; b=a*a; c=a+b");
    ask(&why, &run, "b");
    graph_go(&graph, 1);
    ck_assert(!why_is_current(&why));
    ask(&why, &run, "b");
    graph_set(&graph, 0, 5);
    ck_assert(!why_is_current(&why));
    ask(&why, &run, "b");
    ck_assert_double_eq(why.item[0].value, 25);
    app_run_go(&run, "2"); /* the run may go where it likes */
    ck_assert(why_is_current(&why));
    close_graph(&run, &graph);
    ck_assert(!why_is_current(&why));
    ask(&why, &run, "loss"); /* a larger tape again */
    check_item(&why, &run, 0);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- the tree -------------------------------------------------------------------------------- */

START_TEST(items_open_below_and_close_again)
{
    Why why = {.count = 0};
    WhyItem before[64];
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.backward.0");
    ask(&why, &run, "x[1].layer0.attn.q[3]");
    ck_assert_int_eq(why.count, 4); /* the weights, the input, the operation */
    ck_assert(why.item[0].open && !why.item[1].open);
    memcpy(before, why.item, 4 * sizeof *before);
    ck_assert(why_open(&why, 1));
    ck_assert_int_eq(why.count, 4 + 8);
    ck_assert_int_eq(why_parent(&why, 9), 1);
    ck_assert_int_eq(why_parent(&why, 10), 0);
    ck_assert_int_eq(why_parent(&why, 0), -1);
    ck_assert_int_eq(why.item[2].depth, 2);
    ck_assert(why_open(&why, 10));
    ck_assert(why_open(&why, 19));
    ck_assert(why_open(&why, 1)); /* is open */
    ck_assert_int_eq(why.count, 4 + 8 + 8 + 2);
    why_close(&why, 19);
    why_close(&why, 10);
    why_close(&why, 1);
    why_close(&why, 1);
    ck_assert_int_eq(why.count, 4);
    ck_assert_mem_eq(before, why.item, 4 * sizeof *before);
    why_close(&why, 0);
    ck_assert_int_eq(why.count, 1);
    ck_assert(!why.item[0].open);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(closing_closes_all_below)
{
    Why why = {.count = 0};
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "2.update.500");
    ask(&why, &run, "wpe[0][0]");
    for (int i = 0; i < why.count; i++)
        if (why.item[i].depth < 5)
            why_open(&why, i);
    ck_assert_int_gt(why.count, 12);
    why_close(&why, labelled(&why, "update"));
    ck_assert_int_eq(why.count, 3);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(a_leaf_does_not_open)
{
    Why why = {.count = 0};
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    ask(&why, &run, "wte[0][0]");
    ck_assert(!why_open(&why, 0));
    ck_assert(!why.item[0].open);
    ck_assert_int_eq(why.count, 1);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(where_there_is_no_room_nothing_opens)
{
    Why why = {.count = 0};
    AppRun run;
    int refused = -1;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "2.update.500");
    ask(&why, &run, "grad(wpe[0][0])");
    for (int i = 0; i < why.count && refused < 0; i++) {
        int count = why.count;
        if (why.item[i].leaf || why_open(&why, i))
            continue;
        ck_assert_int_eq(why.count, count);
        refused = i;
    }
    ck_assert_int_ge(refused, 0);
    ck_assert_int_gt(why.count, WHY_ROOM / 2);
    ck_assert_int_le(why.count, WHY_ROOM);
    ck_assert(!why.item[refused].open);
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(an_answer_holds_for_its_moment)
{
    Why why = {.count = 0};
    AppRun run;

    ck_assert(!why_is_current(&why));
    app_run_open(&run, "words.txt", SMALL);
    ask(&why, &run, "loss");
    app_run_go(&run, "0.forward.1");
    ck_assert(!why_is_current(&why));
    app_run_go(&run, "0");
    ck_assert(why_is_current(&why));
    why_release(&why);
    app_run_close(&run);
}
END_TEST

/* ---- asking and saying ----------------------------------------------------------------------- */

START_TEST(what_cannot_be_asked_is_refused_with_its_place)
{
    static const struct {
        const char *question, *error;
    } rows[] = {
        {"foo", "foo: character 1: "},
        {"grad(foo)", "grad(foo): character 6: "},
        {"adam(loss).m", "loss is no parameter of the model: only these are updated"},
        {"wte[0]", "wte[0]: character 1: "},
        {"", ": character 1: "},
        {"grad()", "grad(): character 6: "},
    };
    Why why = {.count = 0};
    char text[2 * WHY_QUESTION_BYTES];
    Error error;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert(!why_ask(&why, &run.scope, rows[i].question, &error));
        ck_assert_msg(strncmp(error.text, rows[i].error, strlen(rows[i].error)) == 0, "%s: %s",
                      rows[i].question, error.text);
        ck_assert_int_eq(why.count, 0);
    }
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    ck_assert(!why_ask(&why, &run.scope, text, &error));
    test_error(&error, "a question has at most 159 characters");
    why_release(&why);
    app_run_close(&run);
}
END_TEST

START_TEST(an_answer_is_indented_lines_and_a_list)
{
    Answer answer = {.cut = false};
    Error error;
    AppRun run;

    app_run_open(&run, "words.txt", SMALL);
    app_run_go(&run, "1.backward.0");
    ck_assert(why_run(&run.scope, "grad(loss)", 3, &answer, &error));
    ck_assert_str_eq(answer_first(&answer), "grad(loss) = 1  (where the backward pass begins)\n"
                                            "  = d loss / d loss\n");
    ck_assert_str_eq(answer.members.bytes,
                     "\"why\":\"grad(loss)\",\"moment\":\"1.backward.0\",\"items\":[{\"depth\":0,"
                     "\"kind\":\"gradient\",\"label\":\"grad(loss)\",\"expr\":\"grad(loss)\","
                     "\"value\":1,\"formula\":\"d loss / d loss\",\"filled\":\"1\",\"note\":"
                     "\"where the backward pass begins\",\"moment\":\"1.backward.0\"}]");
    answer_clear(&answer);
    ck_assert(why_run(&run.scope, "adam(wpe[0][0]).update", 2, &answer, &error));
    const char *lines = answer_first(&answer);
    ck_assert_msg(strstr(lines,
                         "\n  = lr × m_hat / (√v_hat + ε)\n  lr = 0.01 * (1 - 0 / 10) = 0.01\n"
                         "    = lr0 × (1 - step / steps)\n  m_hat = "),
                  "%s", lines);
    answer_clear(&answer);
    ck_assert(why_run(&run.scope, "loss", 0, &answer, &error));
    ck_assert_int_eq(answer_lines(&answer), 1);
    answer_release(&answer);
    app_run_close(&run);
}
END_TEST

Suite *why_suite(void)
{
    Suite *suite = suite_create("why");
    TCase *tests = tcase_create("why");

    tcase_add_loop_test(tests, every_line_gives_the_shown_bits, 0, SHAPES);
    tcase_add_loop_test(tests, with_any_option_every_line_gives_the_shown_bits, 0, OPTIONS);
    tcase_add_test(tests, what_every_place_leaves_behind_is_explained_by_its_formula);
    tcase_add_loop_test(tests, the_shares_of_the_users_add_up_from_top_to_bottom, 0, 7);
    tcase_add_test(tests, a_share_is_there_from_the_very_visit_on);
    tcase_add_test(tests, the_users_are_those_of_the_graph);
    tcase_add_test(tests, a_formula_that_does_not_fit_is_left_out);
    tcase_add_test(tests, every_number_stands_where_it_is_said_to);
    tcase_add_test(tests, a_gradient_s_moment_is_when_its_last_user_was_visited);
    tcase_add_test(tests, a_parameter_is_followed_down_to_its_gradient);
    tcase_add_test(tests, the_terms_are_those_of_the_engine);
    tcase_add_test(tests, before_its_update_a_parameter_is_explained_by_the_step_before);
    tcase_add_test(tests, a_fresh_parameter_was_drawn);
    tcase_add_test(tests, a_loaded_parameter_was_loaded);
    tcase_add_test(tests, the_learning_rate_is_explained);
    tcase_add_test(tests, what_is_not_computed_yet_says_when_it_will_be);
    tcase_add_test(tests, gradients_wait_for_the_backward_pass);
    tcase_add_test(tests, a_parameter_set_by_hand_says_so);
    tcase_add_test(tests, a_change_by_hand_that_a_formula_misses_is_said);
    tcase_add_test(tests, random_changes_by_hand_leave_every_line_right);
    tcase_add_test(tests, a_graph_of_the_reader_is_explained_down_to_what_was_given);
    tcase_add_loop_test(
        tests, every_line_about_a_graph_gives_the_shown_bits_at_each_of_its_operations, 0, 4);
    tcase_add_test(tests, what_a_graph_has_not_computed_yet_is_said);
    tcase_add_test(tests, an_answer_about_a_graph_holds_for_its_operation_and_numbers);
    tcase_add_test(tests, items_open_below_and_close_again);
    tcase_add_test(tests, closing_closes_all_below);
    tcase_add_test(tests, a_leaf_does_not_open);
    tcase_add_test(tests, where_there_is_no_room_nothing_opens);
    tcase_add_test(tests, an_answer_holds_for_its_moment);
    tcase_add_test(tests, what_cannot_be_asked_is_refused_with_its_place);
    tcase_add_test(tests, an_answer_is_indented_lines_and_a_list);
    suite_add_tcase(suite, tests);
    return suite;
}
