#include "app/expr.h"

#include "run.h"
#include "suites.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static AppRun run;

static void open_run(void)
{
    app_run_open(&run, "words.txt",
                 "--steps 8 --n-layer 2 --n-embd 8 --n-head 4 --block-size 6 --seed 7");
    app_run_go(&run, "3");
}

static void close_run(void)
{
    app_run_close(&run);
}

/* ---- what stands without a run --------------------------------------------------------------- */

static const char *const answers[][2] = {
    {"1", "1"},
    {".5", "0.5"},
    {"5.", "5"},
    {"1e3", "1000"},
    {"1.5E-3", "0.0015"},
    {"1 + 2 * 3", "7"},
    {"(1 + 2) * 3", "9"},
    {"10 - 4 - 3", "3"},
    {"64 / 4 / 2", "8"},
    {"2 ^ 3 ^ 2", "512"},
    {"2 ** 3 ** 2", "512"},
    {"-2 ^ 2", "-4"},
    {"2 ^ -1", "0.5"},
    {"2 ^ -1 * 4", "2"},
    {"2 * -3", "-6"},
    {"- - 3", "3"},
    {"+3", "3"},
    {"--2^-2", "0.25"},
    {"-0", "-0"},
    {"1 / 0", "inf"},
    {"-1 / 0", "-inf"},
    {"0 / 0", "nan"},
    {"0.1 + 0.2", "0.30000000000000004"},
    {"1 < 2", "true"},
    {"2 <= 2", "true"},
    {"2 > 2", "false"},
    {"2 >= 3", "false"},
    {"1 == 1.0", "true"},
    {"1 != 1", "false"},
    {"nan == nan", "false"},
    {"inf > 1e308", "true"},
    {"1 + 1 == 2 and 2 + 2 == 4", "true"},
    {"not 1 > 2", "true"},
    {"not not true", "true"},
    {"not true or true", "true"},
    {"true or false and false", "true"},
    {"false and 1 / 0 > 1", "false"},
    {"true == (1 < 2)", "true"},
    {"true or wrong", "true"},
    {"\"ab\" == 'ab'", "true"},
    {"\"ab\" != \"ac\"", "true"},
    {"\"say 'a'\"", "say 'a'"},
    {"[]", "[]"},
    {"[1, 2, 3]", "[1, 2, 3]"},
    {"[[1], [2, 3]]", "[[1], [2, 3]]"},
    {"[[], [1]]", "[[], [1]]"},
    {"[1, 2, 3][1]", "2"},
    {"[1, 2, 3][1:]", "[2, 3]"},
    {"[1, 2, 3][:1]", "[1]"},
    {"[1, 2, 3][:]", "[1, 2, 3]"},
    {"[1, 2, 3][1:1]", "[]"},
    {"[[1], [2, 3]][1]", "[2, 3]"},
    {"[[1], [2, 3], [4]][1:]", "[[2, 3], [4]]"},
    {"[[1], [2, 3], [4]][1:][1][0]", "4"},
    {"[[1], [2]][1:1]", "[]"},
    {"[1, 2] + 1", "[2, 3]"},
    {"1 - [1, 2]", "[0, -1]"},
    {"[1, 2] * [3, 4]", "[3, 8]"},
    {"[[1], [2, 3]] ^ 2", "[[1], [4, 9]]"},
    {"-[1, -2]", "[-1, 2]"},
    {"[1, 2, 3] > 1", "[false, true, true]"},
    {"([1, 2] == [1, 3])[0]", "true"},
    {"not [1, 2] > 1", "[true, false]"},
    {"count([1, 5, 7] > 4)", "2"},
    {"count([1, 5, 7])", "3"},
    {"count([[1], [2, 3]])", "3"},
    {"count([])", "0"},
    {"all([1, 2] > 0)", "true"},
    {"all([1, 2] > 1)", "false"},
    {"any([1, 2] > 1)", "true"},
    {"any([] > 1)", "false"},
    {"all(1 < 2)", "true"},
    {"exp(0)", "1"},
    {"log(1)", "0"},
    {"sqrt(16)", "4"},
    {"sqrt([4, 9])", "[2, 3]"},
    {"abs([-1, 2])", "[1, 2]"},
    {"relu([-1, 0, 2])", "[0, 0, 2]"},
    {"relu(nan)", "0"},
    {"cos(0)", "1"},
    {"round(2.5)", "2"},
    {"round(-1.6)", "-2"},
    {"round(2.675, 2)", "2.67"},
    {"round([0.15, 1.25], 1)", "[0.1, 1.2]"},
    {"min(3, 1, 2)", "1"},
    {"max([3, 1, 2])", "3"},
    {"max([[1], [2, 9]])", "9"},
    {"max(4)", "4"},
    {"argmax([1, 3, 2])", "1"},
    {"argmax([2, 2])", "0"},
    {"argmax([[1], [2, 3]])", "[0, 1]"},
    {"sum([])", "0"},
    {"sum([1e16, 1, -1e16])", "0"},
    {"sum([[1], [2, 3]])", "6"},
    {"mean([1, 2, 6])", "3"},
    {"norm([3, 4])", "5"},
    {"dot([1, 2], [3, 4])", "11"},
    {"cos([1, 0], [0, 2])", "0"},
    {"cos([2, 0], [3, 0])", "1"},
    {"softmax([0, 0])", "[0.5, 0.5]"},
    {"softmax([[1], [0, 0]])", "[[1], [0.5, 0.5]]"},
    {"softmax([])", "[]"},
    {"sum(softmax([1000, 1001]))", "1"},
    {"linear([[1, 2], [3, 4]], [1, 10])", "[21, 43]"},
    {"linear([1, 10], [[1, 2], [3, 4]])", "[21, 43]"},
    {"sum(rmsnorm([2, 4, 6]) ^ 2) < 3", "true"},
    {"1\t+\n1", "2"},
};

START_TEST(an_expression_has_its_value)
{
    ck_assert_str_eq(app_run_text(&run, answers[_i][0]).text, answers[_i][1]);
}
END_TEST

/* ---- what is wrong --------------------------------------------------------------------------- */

static const char *const wrong_texts[][2] = {
    {"", "0: expected a number, a name or (, but here it ends"},
    {"  ", "2: expected a number, a name or (, but here it ends"},
    {"1 +", "3: expected a number, a name or (, but here it ends"},
    {"1 + * 2", "4: expected a number, a name or ("},
    {"1 2", "2: expected an operator"},
    {"2x", "1: expected an operator"},
    {"1e", "1: expected an operator"},
    {"0x10", "1: expected an operator"},
    {"1 = 1", "2: write == to compare"},
    {"1 $ 1", "2: expected an operator"},
    {"(1", "2: expected ), but here it ends"},
    {"1)", "1: this ) has no ( before it"},
    {"1]", "1: this ] has no [ before it"},
    {"[1, 2", "5: expected , or ], but here it ends"},
    {"[1, ]", "4: expected a number, a name or ("},
    {"sum(1 2)", "6: expected , or )"},
    {"[1][", "4: expected a number, a name or (, but here it ends"},
    {"[1][0", "5: expected ], but here it ends"},
    {"[1][0:", "6: expected a number, a name or (, but here it ends"},
    {"wte.", "4: expected a name after the point, but here it ends"},
    {"wte.5", "4: expected a name after the point"},
    {"\"abc", "0: this text has no end: expected \""},
    {"and 1", "0: expected a number, a name or ("},
    {"1 + not true", "4: not must stand in ( ) here"},
    {"0 < 1 < 2", "6: compare two at a time: 0 < x and x < 1"},
    {"sum", "0: sum is a function: ( must follow"},
    {"sun(1)", "0: there is no function sun: did you mean sum?"},
    {"zzzzzz(1)", "0: there is no function zzzzzz"},
    {"dot([1])", "0: write dot(v, w)"},
    {"exp()", "0: write exp(x)"},
    {"exp(1, 2)", "0: write exp(x)"},
    {"1 + wtf", "4: there is no wtf: did you mean wte?"},
    {"qqqqqq", "0: there is no qqqqqq here"},
    {"step.foo", "5: only names of nodes have a field"},
    {"wte.foo", "4: numbers have no .foo"},
    {"wte.op", "4: only one node has .op: take an entry"},
    {"grad(wte).m", "10: nothing can follow here"},
    {"run", "0: a branch must follow, as in run.main.loss"},
    {"run.B.loss", "4: there is no branch B"},
    {"run[0]", "0: a branch must follow, as in run.main.loss"},
    {"1 and true", "0: and needs a comparison, such as loss < 2"},
    {"true and 1", "9: and/or needs a comparison, such as loss < 2"},
    {"true or 1 or true", "true"},
    {"not 1", "4: not needs a comparison, such as loss < 2"},
    {"[1] > 0 or true", "0: or needs one truth value: write all(...) or any(...)"},
    {"1 + true", "4: + needs numbers, not a truth value"},
    {"\"a\" + 1", "1: + needs numbers, not a text"},
    {"\"a\" == 1", "1: == needs numbers, not a text"},
    {"\"a\" < \"b\"", "1: < needs numbers, not a text"},
    {"-\"a\"", "2: - needs numbers, not a text"},
    {"([1] > 0) + 1", "1: + needs numbers, not truth values"},
    {"[1, 2] + [1, 2, 3]", "7: a vector of 2 and a vector of 3 do not fit"},
    {"[1, 2] + [[1, 2]]", "7: a vector of 2 and a matrix of 1 rows with 2 numbers do not fit"},
    {"[[1], [2]] * [[1, 2], []]",
     "11: a matrix of 2 rows with 2 numbers and a matrix of 2 rows with 2 numbers do not fit"},
    {"[1, [2]]", "4: a list holds numbers, or vectors: not both"},
    {"[[[1]]]", "1: a list cannot hold a matrix"},
    {"[\"a\"]", "2: a list needs numbers, not a text"},
    {"[1, 2][2]", "7: entry 2: this vector has 2 (0 to 1)"},
    {"[1, 2][-1]", "7: entry -1: this vector has 2 (0 to 1)"},
    {"[1, 2][0.5]", "7: entry 0.5 is not a whole number"},
    {"[1, 2][[0]]", "7: an index needs one number, not a vector"},
    {"[][0]", "3: entry 0: this vector has none"},
    {"[[1]][1]", "6: row 1: this matrix has 1 (0 to 0)"},
    {"[1, 2][1:3]", "7: slice 1:3: this vector has 2 (0:2 is all of it)"},
    {"[1, 2][true:]", "7: a slice needs one number, not a truth value"},
    {"5[0]", "2: only vectors and matrices have an index"},
    {"\"abc\"[0]", "6: only vectors and matrices have an index"},
    {"exp(\"a\")", "5: exp needs numbers, not a text"},
    {"max([])", "4: max of nothing"},
    {"mean([])", "5: mean of nothing"},
    {"argmax([[1], []])", "7: argmax of nothing"},
    {"argmax(3)", "7: argmax needs a vector, not a number"},
    {"max([1], 2)", "4: max needs one number, not a vector"},
    {"dot([1], [1, 2])", "9: dot needs vectors of one length, not 1 and 2"},
    {"dot([[1]], [1])", "4: dot needs a vector, not a matrix"},
    {"linear([1], [2])", "7: linear needs a matrix and a vector"},
    {"linear([[1, 2], [1]], [1, 2])", "7: row 1 has 1 numbers, the vector 2"},
    {"round(1, 2.5)", "9: decimals: expected 0 to 17"},
    {"round(1, 18)", "9: decimals: expected 0 to 17"},
    {"all(1)", "4: all needs a comparison, such as wte[0] > 0"},
    {"count(\"a\")", "7: count needs numbers, not a text"},
    {"grad(3)", "5: grad needs the name of a node, such as wte[5][0]"},
    {"grad(grad(loss))", "5: grad needs the name of a node, such as wte[5][0]"},
    {"grad(x[0])", "5: a part must follow, as in x[0].embed or x[0].layer0.attn.q"},
    {"adam(loss).m", "5: adam needs a parameter, such as wte[5][0]: others are not updated"},
    {"adam(x[0].embed).m", "5: adam needs a parameter, such as wte[5][0]: others are not updated"},
    {"adam(wte[0:0]).m", "5: adam needs a parameter, such as wte[5][0]: others are not updated"},
    {"adam(wte)", "0: a term must follow: .g, .m, .v, .m_hat, .v_hat or .update"},
    {"adam(wte).x", "10: adam has no .x: expected g, m, v, m_hat, v_hat or update"},
    {"node([1])", "5: node needs one number, not a vector"},
    {"node(0.5)", "5: node 0.5 is not a whole number"},
    {"tok(3)", "4: tok needs a text, such as \"emma\""},
    {"tok(\"a!\")", "5: ! is in no document: it has no token"},
    {"text([99])", "5: token 99: this run has 27 (0 to 26)"},
    {"text([0.5])", "5: token 0.5 is not a whole number"},
};

START_TEST(an_error_says_what_and_where)
{
    ck_assert_str_eq(app_run_text(&run, wrong_texts[_i][0]).text, wrong_texts[_i][1]);
}
END_TEST

/* What a reader sees of an error. */
static void expect_shown(const char *text, const char *shown)
{
    ExprError error;
    Expr expr;
    char *out;
    size_t length;
    FILE *stream = open_memstream(&out, &length);
    ck_assert(!expr_init(&expr, text, &error));
    expr_write_error(text, &error, stream);
    fclose(stream);
    ck_assert_str_eq(out, shown);
    free(out);
}

START_TEST(a_mark_stands_below_the_error)
{
    ck_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
    expect_shown("1 + )", "1 + )\n    ^ expected a number, a name or (\n");
    expect_shown("\"é山\" $", "\"é山\" $\n      ^ expected an operator\n");
    expect_shown("\x1b[m", "^[[m\n^ expected a number, a name or (\n");
    expect_shown("1 \x1b", "1 ^[\n  ^ expected an operator\n");
}
END_TEST

START_TEST(of_a_long_expression_the_part_around_the_error_is_shown)
{
    char text[512] = "";
    for (int i = 0; i < 100; i++)
        strcat(text, "1+");
    memcpy(text + 150, "$", 1);
    char expected[512];
    snprintf(expected, sizeof expected, "%.110s\n%*s^ expected a number, a name or (\n", text + 90,
             60, "");
    expect_shown(text, expected);
}
END_TEST

/* ---- the run's names ------------------------------------------------------------------------- */

START_TEST(names_of_the_run_have_its_numbers)
{
    const Trainer *trainer = &run.run.trainer;
    const Corpus *corpus = trainer->corpus;
    int64_t edges = 0;
    ck_assert(app_run_number(&run, "step") == 3);
    ck_assert(app_run_number(&run, "lr") == trainer_rate(trainer));
    ck_assert(app_run_number(&run, "lr0") == 0.01);
    ck_assert(app_run_number(&run, "loss") == trainer->loss[2]);
    ck_assert(app_run_number(&run, "n") == trainer->positions);
    ck_assert(app_run_number(&run, "vocab") == corpus_vocab(corpus));
    ck_assert(app_run_number(&run, "bos") == corpus_vocab(corpus) - 1);
    ck_assert(app_run_number(&run, "params") == trainer->gpt.params);
    ck_assert(app_run_number(&run, "docs") == (double)corpus->count);
    ck_assert(app_run_number(&run, "nodes") == trainer->tape.count);
    for (int32_t i = 0; i < trainer->tape.count; i++)
        for (int k = 0; k < 2; k++)
            edges += tape_input(&trainer->tape, i, k) >= 0;
    ck_assert(app_run_number(&run, "edges") == (double)edges);
    size_t length;
    const char *doc = corpus_text(corpus, 2, &length);
    AppText shown = app_run_text(&run, "doc");
    ck_assert_uint_eq(strlen(shown.text), length);
    ck_assert_mem_eq(shown.text, doc, length);
    ck_assert(app_run_number(&run, "count(tokens)") == trainer->positions + 1);
    for (int i = 0; i <= trainer->positions; i++) {
        char text[32];
        snprintf(text, sizeof text, "tokens[%d]", i);
        ck_assert(app_run_number(&run, text) == trainer->token[i]);
    }
}
END_TEST

START_TEST(settings_have_their_own_names)
{
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        char text[64];
        settings_print(&run.run.settings, info, text, sizeof text);
        if (info->kind == SETTING_CHOICE || info->kind == SETTING_HEAD)
            ck_assert_str_eq(app_run_text(&run, info->name).text, text);
        else if (strcmp(info->name, "lr") != 0)
            ck_assert(app_run_number(&run, info->name) == settings_get(&run.run.settings, info));
    }
    app_run_holds(&run, "optimizer == \"adam\" and residual == \"on\" and silence == \"none\"");
}
END_TEST

START_TEST(the_phase_is_a_text)
{
    static const char *const moments[][2] = {{"0", "done"},
                                             {"2.forward.5", "forward"},
                                             {"2.backward.5", "backward"},
                                             {"2.update.5", "update"}};
    for (size_t i = 0; i < COUNT(moments); i++) {
        app_run_go(&run, moments[i][0]);
        ck_assert_str_eq(app_run_text(&run, "phase").text, moments[i][1]);
    }
    app_run_holds(&run, "phase == \"update\" and step == 2");
}
END_TEST

/* Every word of the list is a name or a function that there is. */
START_TEST(every_word_of_the_list_is_known)
{
    ExprError error;
    int words = 0;
    for (const char *word; (word = expr_name(words)); words++) {
        ExprValue value;
        Expr expr;
        ck_assert(expr_init(&expr, word, &error));
        if (!expr_eval(&expr, &run.scope, &value, &error))
            ck_assert_msg(!strstr(error.why.text, "there is no"), "%s: %s", word, error.why.text);
        expr_release(&expr);
    }
    ck_assert_int_gt(words, 50);
}
END_TEST

START_TEST(the_list_has_a_row_for_every_word)
{
    char *list, row[64];
    size_t length;
    FILE *stream = open_memstream(&list, &length);
    fputc('\n', stream);
    expr_list(stream);
    fclose(stream);
    for (int i = 0; expr_name(i); i++) {
        snprintf(row, sizeof row, "\n%s", expr_name(i));
        ck_assert_msg(strstr(list, row), "%s", expr_name(i));
    }
    free(list);
}
END_TEST

/* ---- numbers of nodes ------------------------------------------------------------------------ */

START_TEST(vectors_and_matrices_are_read_entry_by_entry)
{
    const Trainer *trainer = &run.run.trainer;
    const Tensor *wq = gpt_tensor(&trainer->gpt, "layer1.attn_wq");
    for (int r = 0; r < wq->rows; r++)
        for (int c = 0; c < wq->cols; c++) {
            char text[64];
            int32_t node = wq->first + r * wq->cols + c;
            snprintf(text, sizeof text, "layer1.attn_wq[%d][%d]", r, c);
            ck_assert(app_run_number(&run, text) == trainer->value[node]);
            snprintf(text, sizeof text, "grad(layer1.attn_wq)[%d][%d]", r, c);
            ck_assert(app_run_number(&run, text) == trainer->grad[node]);
            snprintf(text, sizeof text, "(layer1.attn_wq * 1)[%d][%d]", r, c);
            ck_assert(app_run_number(&run, text) == trainer->value[node]);
        }
}
END_TEST

START_TEST(a_node_tells_what_it_is)
{
    const Tape *tape = &run.run.trainer.tape;
    for (int32_t node = 0; node < tape->count; node += 97) {
        char text[64];
        int32_t users = 0;
        snprintf(text, sizeof text, "node(%d).op", (int)node);
        ck_assert_str_eq(app_run_text(&run, text).text, tape_ops[tape->node[node].op].name);
        snprintf(text, sizeof text, "node(%d).value", (int)node);
        ck_assert(app_run_number(&run, text) == run.run.trainer.value[node]);
        snprintf(text, sizeof text, "node(%d).grad", (int)node);
        ck_assert(app_run_number(&run, text) == run.run.trainer.grad[node]);
        snprintf(text, sizeof text, "count(node(%d).inputs)", (int)node);
        ck_assert(app_run_number(&run, text) == tape_ops[tape->node[node].op].inputs);
        for (int k = 0; k < tape_ops[tape->node[node].op].inputs; k++) {
            snprintf(text, sizeof text, "node(%d).inputs[%d]", (int)node, k);
            ck_assert(app_run_number(&run, text) == tape_input(tape, node, k));
        }
        for (int32_t i = 0; i < tape->count; i++)
            if (tape_input(tape, i, 0) == node || tape_input(tape, i, 1) == node) {
                snprintf(text, sizeof text, "node(%d).users[%d]", (int)node, (int)users++);
                ck_assert(app_run_number(&run, text) == i);
            }
        snprintf(text, sizeof text, "count(node(%d).users)", (int)node);
        ck_assert(app_run_number(&run, text) == users);
    }
}
END_TEST

/* What the model computed, computed again from its inputs. */
static const char *const same_bits[] = {
    "all(softmax(logits) == probs)",
    "all(softmax(logits[2]) == probs[2])",
    "all(softmax(score[1][3]) == attn[1][3])",
    "mean(losses) == loss",
    "all(x[1].embed == wte[tokens[1]] + wpe[1])",
    "all(x[1].norm == rmsnorm(x[1].embed))",
    "all(x[1].layer0.mlp.relu == relu(x[1].layer0.mlp.fc1))",
    "all(x[1].layer1.mlp.residual == x[1].layer1.mlp.fc2 + x[1].layer1.attn.residual)",
    "losses[1] == -log(probs[1][tokens[2]])",
    "all(x[0].layer1.attn.head2.out == x[0].layer1.attn.v[4:6])",
    "text(tokens) == doc",
    "all(tok(doc) == tokens[1:n])",
    "grad(loss) == 1",
    "all(grad(losses) == 1 / n)",
    "wte[5][0].grad == grad(wte[5][0])",
    "wte.grad[5][0] == grad(wte)[5][0]",
    "node(7).value == wte[0][7]",
    "all(adam(wte).m[3] == adam(wte[3]).m)",
    "argmax(probs)[1] == argmax(probs[1])",
    "count(attn[0][1]) == n * (n + 1) / 2",
};

START_TEST(what_the_model_computes_can_be_computed_again)
{
    app_run_go(&run, "2.update.0");
    app_run_holds(&run, same_bits[_i]);
}
END_TEST

START_TEST(linear_layers_can_be_computed_again_with_the_parameters_of_then)
{
    app_run_go(&run, "2.update.0");
    app_run_holds(&run, "all(x[2].logits == linear(lm_head, x[2].layer1.mlp.residual))");
    app_run_holds(&run, "all(x[2].layer1.mlp.fc1 == linear(layer1.mlp_fc1, x[2].layer1.mlp.norm))");
    app_run_holds(&run, "score[0][1][2][1] == "
                        "dot(x[2].layer0.attn.q[2:4], x[1].layer0.attn.k[2:4]) * (2 ^ 0.5) ^ -1");
}
END_TEST

/* ---- what is not computed yet ---------------------------------------------------------------- */

static const struct {
    const char *moment, *text, *shown;
} not_yet[] = {
    {"0", "loss", "0: not computed yet at 0"},
    {"0", "1 + grad(wte[0][0])", "4: not computed yet at 0"},
    {"0", "doc == \"\"", "false"},
    {"0", "count(tokens) - n", "1"},
    {"0", "adam(wte[0][0]).m", "0"},
    {"0", "adam(wte[0][0]).g", "0: not computed yet at 0"},
    {"0", "adam(wte[0][0]).update", "0: not computed yet at 0"},
    {"3.forward.0", "loss", "0: not computed yet at 3.forward.0"},
    {"3.forward.1", "x[0].embed", "0: not computed yet at 3.forward.1"},
    {"3.forward.1", "wte[0][0] != x[0].embed[0]", "true"},
    {"3.forward.1", "2 * x[0].embed[1]", "4: not computed yet at 3.forward.1"},
    {"3.forward.1", "grad(wte)", "0: not computed yet at 3.forward.1"},
    {"3.forward.1", "true or loss < 1", "true"},
    {"3.forward@pos1.embed", "count(x[0].probs)", "27"},
    {"3.forward@pos1.embed", "count(x[1].embed)", "6: not computed yet at 3.forward.PLACE"},
    {"3.backward.0", "grad(loss)", "1"},
    {"3.backward.0", "grad(losses)[0]", "0"},
    {"3.backward.0", "adam(wte[0][0]).g", "0"},
    {"3.backward.0", "adam(wte[0][0]).m_hat", "0: not computed yet at 3.backward.0"},
    {"3.backward.9", "loss > 0", "true"},
    {"3.update.1", "count(adam(wte[0][0:1]).update)", "1"},
    {"3.update.1", "adam(wte[0][0:2]).v_hat", "0: not computed yet at 3.update.1"},
};

START_TEST(what_is_not_computed_yet_is_said_so)
{
    app_run_go(&run, not_yet[_i].moment);
    AppText shown = app_run_text(&run, not_yet[_i].text);
    const char *place = strstr(not_yet[_i].shown, "PLACE");
    size_t length = place ? (size_t)(place - not_yet[_i].shown) : strlen(not_yet[_i].shown) + 1;
    ck_assert_msg(strncmp(shown.text, not_yet[_i].shown, length) == 0, "%s: %s", not_yet[_i].text,
                  shown.text);
}
END_TEST

START_TEST(not_computed_yet_is_not_an_error_like_others)
{
    ExprError error;
    ExprValue value;
    Expr expr;
    app_run_go(&run, "2.forward.3");
    ck_assert(expr_init(&expr, "loss", &error));
    ck_assert(!expr_eval(&expr, &run.scope, &value, &error));
    ck_assert(error.not_yet);
    app_run_go(&run, "2");
    ck_assert(expr_eval(&expr, &run.scope, &value, &error));
    expr_release(&expr);
    ck_assert(expr_init(&expr, "los", &error));
    ck_assert(!expr_eval(&expr, &run.scope, &value, &error));
    ck_assert(!error.not_yet);
    expr_release(&expr);
}
END_TEST

/* ---- the optimiser --------------------------------------------------------------------------- */

static void expect_terms(int32_t parameter, const AdamTerms *terms)
{
    static const char *const names[] = {"g", "m", "v", "m_hat", "v_hat", "update"};
    double expected[] = {terms->g, terms->m, terms->v, terms->m_hat, terms->v_hat, terms->update};
    char name[64], text[128];
    reference_print(&run.run.trainer, parameter, name, sizeof name);
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(text, sizeof text, "adam(%s).%s", name, names[i]);
        ck_assert_msg(app_run_number(&run, text) == expected[i], "%s", text);
    }
}

/* Terms of every 50th parameter's update in step 3, from m and v before it. */
static AdamTerms terms_of_step[2000];

static void compute_terms(void)
{
    const Trainer *trainer = &run.run.trainer;
    AdamStep step = adam_step(&trainer->settings, 3);
    app_run_go(&run, "3.update.0");
    for (int32_t i = 0; i < trainer->gpt.params; i += 50)
        terms_of_step[i / 50] = adam_terms(&step, trainer->grad[i], trainer->m[i], trainer->v[i]);
}

START_TEST(the_optimisers_terms_are_those_of_the_update_just_done)
{
    compute_terms();
    app_run_go(&run, "4");
    for (int32_t i = 0; i < run.run.trainer.gpt.params; i += 50)
        expect_terms(i, &terms_of_step[i / 50]);
}
END_TEST

START_TEST(within_an_update_those_before_it_have_their_terms)
{
    compute_terms();
    app_run_go(&run, "3.update.201");
    for (int32_t i = 0; i <= 200; i += 50)
        expect_terms(i, &terms_of_step[i / 50]);
    ck_assert_str_eq(app_run_text(&run, "adam(lm_head[0][0]).update").text,
                     "0: not computed yet at 3.update.201");
}
END_TEST

START_TEST(an_update_is_what_a_parameter_lost)
{
    app_run_go(&run, "3.update.0");
    double before = app_run_number(&run, "wpe[1][2]");
    app_run_go(&run, "4");
    ck_assert(app_run_number(&run, "wpe[1][2]") ==
              before - app_run_number(&run, "adam(wpe[1][2]).update"));
}
END_TEST

/* Terms of a parameter's update in step 3, from m and v as they stand. */
static AdamTerms terms_here(int32_t parameter)
{
    const Trainer *trainer = &run.run.trainer;
    AdamStep step = adam_step(&trainer->settings, 3);
    return adam_terms(&step, trainer->grad[parameter], trainer->m[parameter],
                      trainer->v[parameter]);
}

START_TEST(a_setting_changed_later_does_not_change_the_terms_of_an_update)
{
    Error error;
    int32_t beta1 = (int32_t)(settings_find("beta1") - settings_table);
    int32_t first = gpt_tensor(&run.run.trainer.gpt, "lm_head")->first;
    Moment between = {3, PHASE_UPDATE, first + 10};
    app_run_go(&run, "3.update.0");
    AdamTerms before = terms_here(first + 9);
    ck_assert(before.m_hat != 0);
    ck_assert(history_seek(&run.history, between));
    ck_assert(history_edit(&run.history, EVENT_SETTING, beta1, 0.5, &error));
    AdamTerms after = terms_here(first + 10);
    expect_terms(first + 9, &before);
    app_run_go(&run, "4");
    expect_terms(first + 9, &before);
    expect_terms(first + 10, &after);
    ck_assert(history_edit(&run.history, EVENT_SETTING, beta1, 0.1, &error));
    expect_terms(first + 9, &before);
    expect_terms(first + 10, &after);
}
END_TEST

/* ---- numbers written out --------------------------------------------------------------------- */

static const struct {
    double number;
    const char *text;
} written[] = {
    {0, "0"},
    {-0.0, "-0"},
    {20, "20"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {1e16, "10000000000000000"},
    {1e17, "1e+17"},
    {123456.5, "123456.5"},
    {0.00001, "0.00001"},
    {1.5e-6, "1.5e-06"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {HUGE_VAL, "inf"},
    {-HUGE_VAL, "-inf"},
};

START_TEST(a_number_is_written_with_the_fewest_digits)
{
    char text[EXPR_NUMBER_BYTES];
    ck_assert_str_eq(expr_print_number(written[_i].number, text), written[_i].text);
}
END_TEST

static uint64_t scramble(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

START_TEST(a_written_number_reads_back_to_the_same_bits)
{
    uint64_t state = 42;
    for (int i = 0; i < 50000; i++) {
        uint64_t bits = scramble(&state);
        double number, back;
        char text[EXPR_NUMBER_BYTES], longest[64];
        memcpy(&number, &bits, sizeof number);
        if (i % 2)
            number = (double)(int64_t)(bits % 2000001) / 1000 - 1000;
        if (isnan(number))
            continue;
        back = strtod(expr_print_number(number, text), NULL);
        if (memcmp(&back, &number, sizeof back) != 0)
            ck_abort_msg("%a is written %s", number, text);
        snprintf(longest, sizeof longest, "%.16g", number);
        if (strtod(longest, NULL) == number && strpbrk(text, "e") == NULL && fabs(number) < 1e16)
            ck_assert_uint_le(strlen(text), strlen(longest) + 4);
    }
}
END_TEST

START_TEST(a_value_is_cut_where_it_does_not_fit)
{
    ExprError error;
    ExprValue value;
    Expr expr;
    char text[8];
    ck_assert(expr_init(&expr, "[[10, 20], [30]]", &error));
    ck_assert(expr_eval(&expr, &run.scope, &value, &error));
    for (size_t size = 0; size <= sizeof text; size++) {
        memset(text, '?', sizeof text);
        ck_assert_uint_eq(expr_print(&value, text, size), strlen("[[10, 20], [30]]"));
        ck_assert(size == 0 || strncmp(text, "[[10, 20], [30]]", size - 1) == 0);
        ck_assert(size == 0 || text[size - 1] == '\0');
        ck_assert(size == sizeof text || text[size] == '?');
    }
    expr_release(&expr);
}
END_TEST

static const struct {
    const char *text, *lines, *json;
} outputs[] = {
    {"0.1", "0.1\n", "0.10000000000000001"},
    {"1 < 2", "true\n", "true"},
    {"[1, 2] > 1", "[false, true]\n", "[false,true]"},
    {"[]", "[]\n", "[]"},
    {"[[1], [2, 0.5]]", "[1]\n[2, 0.5]\n", "[[1],[2,0.5]]"},
    {"[[1]][1:]", "[]\n", "[]"},
    {"[inf, -inf]", "[inf, -inf]\n", "[\"inf\",\"-inf\"]"},
    {"nan", "nan\n", "\"nan\""},
    {"'a\"\x1b'", "a\"^[\n", "\"a\\\"\\u001b\""},
};

START_TEST(values_are_written_as_lines_and_as_json)
{
    ExprError error;
    ExprValue value;
    Expr expr;
    char *lines, *json;
    size_t length;
    ck_assert(expr_init(&expr, outputs[_i].text, &error));
    ck_assert(expr_eval(&expr, &run.scope, &value, &error));
    FILE *stream = open_memstream(&lines, &length);
    expr_write(&value, stream);
    fclose(stream);
    stream = open_memstream(&json, &length);
    expr_write_json(&value, stream);
    fclose(stream);
    ck_assert_str_eq(lines, outputs[_i].lines);
    ck_assert_str_eq(json, outputs[_i].json);
    free(lines);
    free(json);
    expr_release(&expr);
}
END_TEST

/* ---- conditions ------------------------------------------------------------------------------ */

START_TEST(a_condition_is_one_truth_value)
{
    static const struct {
        const char *text;
        bool right, truth;
        const char *why;
    } rows[] = {{"loss < 100", true, true, ""},
                {"loss > 100", true, false, ""},
                {"loss", false, false, "a condition needs a comparison, such as loss < 2"},
                {"wte[0] > 0", false, false,
                 "a condition needs one truth value: write all(...) or any(...)"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        ExprError error;
        Expr expr;
        bool truth = false;
        ck_assert(expr_init(&expr, rows[i].text, &error));
        ck_assert(expr_eval_truth(&expr, &run.scope, &truth, &error) == rows[i].right);
        ck_assert_str_eq(error.why.text, rows[i].why);
        ck_assert(truth == rows[i].truth);
        expr_release(&expr);
    }
}
END_TEST

/* ---- hostile expressions --------------------------------------------------------------------- */

static char *repeated(const char *before, const char *piece, int times, const char *after)
{
    size_t length = strlen(piece);
    char *text = malloc(strlen(before) + length * (size_t)times + strlen(after) + 1);
    char *at = stpcpy(text, before);
    for (int i = 0; i < times; i++)
        at = stpcpy(at, piece);
    strcpy(at, after);
    return text;
}

static const struct {
    const char *before, *piece;
    int times;
    const char *after, *shown;
} hostile[] = {
    {"", "(", 60000, "", "200: nested too deep"},
    {"", "[", 60000, "", "200: nested too deep"},
    {"", "-", 60000, "1", "200: nested too deep"},
    {"", "not ", 16000, "true", "799: nested too deep"},
    {"1", "^1", 30000, "", "400: nested too deep"},
    {"", "exp(", 16000, "1", "800: nested too deep"},
    {"wte", "[0", 30000, "", "402: nested too deep"},
    {"", "1", 70000, "", "0: longer than 65535 characters"},
    {"1", "+1", 32000, "", "32001"},
    {"count([0", ",1", 32000, "])", "32001"},
    {"max(0", ",1", 32000, ")", "1"},
    {"sum(0", "+wte*wte", 7000, ")", NULL},
    {"0", "+edges", 10000, "", NULL},
    {"", "9", 60000, "", "inf"},
    {"0.", "0", 60000, "1", "0"},
    {"1e", "9", 60000, "", "inf"},
    {"true", " and true", 7000, "", "true"},
    {"\"", "a", 60000, "\" == \"a\"", "false"},
    {"wte", "[0:27]", 10000, "[3][2] == wte[3][2]", "true"},
};

START_TEST(hostile_expressions_end_in_an_answer_or_an_error)
{
    char *text =
        repeated(hostile[_i].before, hostile[_i].piece, hostile[_i].times, hostile[_i].after);
    AppText shown = app_run_text(&run, text);
    if (hostile[_i].shown)
        ck_assert_str_eq(shown.text, hostile[_i].shown);
    free(text);
}
END_TEST

START_TEST(too_many_numbers_and_too_much_work_are_refused)
{
    char *text = repeated("count(wte", "+wte", 16000, ")");
    AppText shown = app_run_text(&run, text);
    ck_assert_ptr_nonnull(strstr(shown.text, "more than 4194304 numbers: take an entry or a row"));
    free(text);
    text = repeated("0", "+edges", 10900, "");
    shown = app_run_text(&run, text);
    ck_assert_ptr_nonnull(strstr(shown.text, "this takes too long to compute"));
    free(text);
}
END_TEST

START_TEST(evaluating_again_needs_no_more_memory)
{
    ExprError error;
    ExprValue value;
    Expr expr;
    ck_assert(expr_init(&expr, "sum(softmax(logits)) + sum(wte ^ 2)", &error));
    ck_assert(expr_eval(&expr, &run.scope, &value, &error));
    ExprPool before = expr.pool;
    for (int i = 0; i < 1000; i++)
        ck_assert(expr_eval(&expr, &run.scope, &value, &error));
    ck_assert_mem_eq(&before, &expr.pool, sizeof before);
    expr_release(&expr);
}
END_TEST

/* ---- garbage --------------------------------------------------------------------------------- */

static const char *const seeds[] = {
    "loss < 2 and step > 100 or not phase == \"forward\"",
    "softmax(logits[2])[tokens[1]] + probs[0:2][1][3] ^ -2",
    "adam(wte[5][0]).v_hat * (1 - beta2) / grad(layer0.attn_wq)[1][2]",
    "attn[0][2][3][1] - score[1][3][2:4][1][0] == x[2].layer0.attn.head3.weight[1]",
    "x[argmax([1, 2, 0])].layer1.mlp.relu[1:5] > [0, 1, 2, 3]",
    "count(node(node(500).inputs[0]).users) + round(mean(losses), 3) - edges",
    "text(tok(\"emma\")) == doc and all(linear(lm_head, rmsnorm(x[0].embed)) < 1e3)",
    "[[1, 2], [3]][1:][0] * cos([1, 2], [3, 4]) + min(1, 2) - run.B.loss",
};

/* Some bytes are dropped, changed, doubled or taken from another seed. */
static void mutate(char text[512], uint64_t *state)
{
    static const char bytes[] = "()[]{}.,:+-*/^<>=!\"' \t0129eaxlws_\x80\xff\x01";
    for (int changes = 1 + (int)(scramble(state) % 4); changes > 0; changes--) {
        size_t length = strlen(text), at = length ? scramble(state) % length : 0;
        const char *other = seeds[scramble(state) % COUNT(seeds)];
        size_t from = scramble(state) % strlen(other), piece = 1 + scramble(state) % 12;
        switch (scramble(state) % 4) {
        case 0:
            text[at] = bytes[scramble(state) % (sizeof bytes - 1)];
            break;
        case 1:
            memmove(text + at, text + at + (length > 0), length - at + (length == 0));
            break;
        default:
            piece = piece < strlen(other + from) ? piece : strlen(other + from);
            if (length + piece < 500) {
                memmove(text + at + piece, text + at, length - at + 1);
                memcpy(text + at, other + from, piece);
            }
            break;
        }
    }
}

static void evaluate_garbage(const char *text)
{
    ExprError error = {.at = -1};
    ExprValue value;
    Expr expr;
    char shown[64];
    bool done = false;

    if (expr_init(&expr, text, &error)) {
        done = expr_eval(&expr, &run.scope, &value, &error);
        if (done)
            expr_print(&value, shown, sizeof shown);
        expr_release(&expr);
    }
    if (!done && (error.at < 0 || (size_t)error.at > strlen(text) || !error.why.text[0]))
        ck_abort_msg("%s: an error at %d: %s", text, error.at, error.why.text);
}

START_TEST(garbage_is_answered_and_changes_nothing)
{
    static const char *const moments[] = {"0", "3", "3.forward.2000", "3.backward.500",
                                          "3.update.77"};
    uint64_t state = 7 + (uint64_t)_i;
    uint8_t before[32], after[32];
    int cases = test_full() ? 200000 : 20000;
    app_run_go(&run, moments[_i]);
    history_digest(&run.history, before);
    for (int i = 0; i < cases; i++) {
        char text[512];
        strcpy(text, seeds[scramble(&state) % COUNT(seeds)]);
        mutate(text, &state);
        evaluate_garbage(text);
    }
    for (int i = 0; i < cases / 4; i++) {
        char text[40];
        size_t length = scramble(&state) % sizeof text;
        for (size_t k = 0; k < length; k++)
            text[k] = (char)(1 + scramble(&state) % 255);
        text[length] = '\0';
        evaluate_garbage(text);
    }
    history_digest(&run.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
}
END_TEST

Suite *expr_suite(void)
{
    Suite *suite = suite_create("expr");
    TCase *tests = tcase_create("expr");

    tcase_set_timeout(tests, test_full() ? 120 : 20);
    tcase_add_checked_fixture(tests, open_run, close_run);
    tcase_add_loop_test(tests, an_expression_has_its_value, 0, COUNT(answers));
    tcase_add_loop_test(tests, an_error_says_what_and_where, 0, COUNT(wrong_texts));
    tcase_add_test(tests, a_mark_stands_below_the_error);
    tcase_add_test(tests, of_a_long_expression_the_part_around_the_error_is_shown);
    tcase_add_test(tests, names_of_the_run_have_its_numbers);
    tcase_add_test(tests, settings_have_their_own_names);
    tcase_add_test(tests, the_phase_is_a_text);
    tcase_add_test(tests, every_word_of_the_list_is_known);
    tcase_add_test(tests, the_list_has_a_row_for_every_word);
    tcase_add_test(tests, vectors_and_matrices_are_read_entry_by_entry);
    tcase_add_test(tests, a_node_tells_what_it_is);
    tcase_add_loop_test(tests, what_the_model_computes_can_be_computed_again, 0, COUNT(same_bits));
    tcase_add_test(tests, linear_layers_can_be_computed_again_with_the_parameters_of_then);
    tcase_add_loop_test(tests, what_is_not_computed_yet_is_said_so, 0, COUNT(not_yet));
    tcase_add_test(tests, not_computed_yet_is_not_an_error_like_others);
    tcase_add_test(tests, the_optimisers_terms_are_those_of_the_update_just_done);
    tcase_add_test(tests, within_an_update_those_before_it_have_their_terms);
    tcase_add_test(tests, an_update_is_what_a_parameter_lost);
    tcase_add_test(tests, a_setting_changed_later_does_not_change_the_terms_of_an_update);
    tcase_add_loop_test(tests, a_number_is_written_with_the_fewest_digits, 0, COUNT(written));
    tcase_add_test(tests, a_written_number_reads_back_to_the_same_bits);
    tcase_add_test(tests, a_value_is_cut_where_it_does_not_fit);
    tcase_add_loop_test(tests, values_are_written_as_lines_and_as_json, 0, COUNT(outputs));
    tcase_add_test(tests, a_condition_is_one_truth_value);
    tcase_add_loop_test(tests, hostile_expressions_end_in_an_answer_or_an_error, 0, COUNT(hostile));
    tcase_add_test(tests, too_many_numbers_and_too_much_work_are_refused);
    tcase_add_test(tests, evaluating_again_needs_no_more_memory);
    tcase_add_loop_test(tests, garbage_is_answered_and_changes_nothing, 0, 5);
    suite_add_tcase(suite, tests);
    return suite;
}
