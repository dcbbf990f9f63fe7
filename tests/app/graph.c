#include "app/graph.h"

#include "run.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static AppRun run;
static Graph graph;

static void open_run(void)
{
    app_run_open(&run, "words.txt", "--steps 5 --n-embd 8 --block-size 6");
    app_run_go(&run, "2");
}

static void close_run(void)
{
    if (run.scope.graph)
        graph_release(&graph);
    app_run_close(&run);
    run.scope.graph = NULL;
}

static void record(const char *text)
{
    ExprError error;

    if (run.scope.graph)
        graph_release(&graph);
    ck_assert_msg(graph_init(&graph, text, &run.scope, &error), "%s: %d: %s", text, error.at,
                  error.why.text);
    run.scope.graph = &graph;
}

static void expect(const char *text, const char *shown)
{
    AppText got = app_run_text(&run, text);

    ck_assert_msg(strcmp(got.text, shown) == 0, "%s at %d: %s, not %s", text, (int)graph.at,
                  got.text, shown);
}

/* ---- the chain rule, one operation at a time ------------------------------------------------- */

static const char *const chain = "a=2; b=3; c=a*b; d=c+1; L=d^2";

#define NOT_YET(n) "0: not computed yet after " #n " operations of the graph"

/* Values of c, d, L and gradients of L, d, c, a, b after so many operations. */
static const char *const chain_steps[][8] = {
    {NOT_YET(0), NOT_YET(0), NOT_YET(0), NOT_YET(0), NOT_YET(0), NOT_YET(0), NOT_YET(0),
     NOT_YET(0)},
    {"6", NOT_YET(1), NOT_YET(1), NOT_YET(1), NOT_YET(1), NOT_YET(1), NOT_YET(1), NOT_YET(1)},
    {"6", NOT_YET(2), NOT_YET(2), NOT_YET(2), NOT_YET(2), NOT_YET(2), NOT_YET(2), NOT_YET(2)},
    {"6", "7", NOT_YET(3), NOT_YET(3), NOT_YET(3), NOT_YET(3), NOT_YET(3), NOT_YET(3)},
    {"6", "7", "49", "1", "0", "0", "0", "0"},
    {"6", "7", "49", "1", "14", "0", "0", "0"},
    {"6", "7", "49", "1", "14", "14", "0", "0"},
    {"6", "7", "49", "1", "14", "14", "42", "28"},
};

static void expect_chain(int at)
{
    static const char *const names[] = {"c",      "d",      "L",      "L.grad",
                                        "d.grad", "c.grad", "a.grad", "b.grad"};

    for (size_t i = 0; i < COUNT(names); i++)
        expect(names[i], chain_steps[at][i]);
    expect("a", "2");
    expect("b", "3");
}

START_TEST(a_graph_steps_forwards_and_backwards_through_its_operations)
{
    record(chain);
    ck_assert_int_eq(graph_forward_length(&graph), 4);
    ck_assert_int_eq(graph_length(&graph), 7);
    for (int at = 0; at <= 7; at++) {
        graph_go(&graph, at);
        expect_chain(at);
    }
    for (int at = 7; at >= 0; at--) {
        graph_go(&graph, at);
        expect_chain(at);
    }
    graph_go(&graph, 100);
    ck_assert_int_eq(graph.at, 7);
    graph_go(&graph, -1);
    ck_assert_int_eq(graph.at, 0);
}
END_TEST

START_TEST(the_next_operation_is_named)
{
    static const char *const next[] = {"c", "const 3", "d", "L", "L", "d", "c"};
    char name[64];
    record(chain);
    for (int at = 0; at < 7; at++) {
        graph_go(&graph, at);
        graph_print(&graph, graph_next(&graph), name, sizeof name);
        ck_assert_str_eq(name, next[at]);
    }
    graph_go(&graph, 7);
    ck_assert_int_eq(graph_next(&graph), -1);
}
END_TEST

START_TEST(a_given_number_can_be_changed)
{
    record(chain);
    graph_go(&graph, 7);
    graph_set(&graph, 0, 3);
    ck_assert_int_eq(graph.at, 7);
    expect("L", "100");
    expect("b.grad", "60");
    record("x=[1, 2]; p=softmax(x)");
    graph_go(&graph, 100);
    graph_set(&graph, 1, 5);
    expect("all(p == softmax([1, 5]))", "true");
}
END_TEST

/* ---- what is recorded ------------------------------------------------------------------------ */

/* Nodes after the parameters: op and inputs, or the number. */
static const char *const recorded[][2] = {
    {"a=2; a+1", "const 1, add 0 1"},
    {"a=2; 1+a", "const 1, add 0 1"},
    {"a=2; a-1", "const -1, add 0 1"},
    {"a=2; 1-a", "const -1, mul 0 1, const 1, add 2 3"},
    {"a=2; b=3; a-b", "const -1, mul 1 2, add 0 3"},
    {"a=2; a*3", "const 3, mul 0 1"},
    {"a=2; 3*a", "const 3, mul 0 1"},
    {"a=2; -a", "const -1, mul 0 1"},
    {"a=2; a/4", "const 0.25, mul 0 1"},
    {"a=2; b=3; a/b", "pow 1 ^-1, mul 0 2"},
    {"a=2; 4/a", "pow 0 ^-1, const 4, mul 1 2"},
    {"a=2; a^3", "pow 0 ^3"},
    {"a=2; a^-(1/2)", "pow 0 ^-0.5"},
    {"a=2; a*(2+3)", "const 5, mul 0 1"},
    {"a=2; a*a + a", "mul 0 0, add 1 0"},
    {"a=2; exp(a)", "exp 0"},
    {"a=2; log(a)", "log 0"},
    {"a=2; relu(a)", "relu 0"},
    {"a=2; sqrt(a)", "pow 0 ^0.5"},
    {"exp(1)", "const 1, exp 0"},
    {"a=2; b=a; b*a", "mul 0 0"},
    {"x=[1,2]; sum(x)", "const 0, add 0 2, add 3 1"},
    {"x=[1,2]; mean(x)", "const 0, add 0 2, add 3 1, const 0.5, mul 4 5"},
    {"x=[1,2]; dot(x, x)", "mul 0 0, const 0, add 2 3, mul 1 1, add 4 5"},
    {"x=[1,2]; x[1]*x[0]", "mul 1 0"},
    {"x=[1,2,3]; sum(x[1:])", "const 0, add 1 3, add 4 2"},
    {"x=[1,2]; x + 1", "const 1, add 0 2, const 1, add 1 4"},
    {"a=2; y=[a, 5]", "const 5"},
    {"a=2; sum([a, 5])", "const 5, const 0, add 0 2, add 3 1"},
    {"x=[1,2]; y=softmax(x)",
     "const -2, add 0 2, exp 3, const -2, add 1 5, exp 6, const 0, add 4 8, add 9 7, pow 10 ^-1, "
     "mul 4 11, pow 10 ^-1, mul 7 13"},
    {"x=[1,2]; y=rmsnorm(x)", "mul 0 0, const 0, add 2 3, mul 1 1, add 4 5, const 0.5, mul 6 7, "
                              "const 1e-05, add 8 9, pow 10 "
                              "^-0.5, mul 0 11, mul 1 11"},
    {"x=[1,2]; W=[[3,4],[5,6]]; y=linear(W,x)", "mul 2 0, const 0, add 6 7, mul 3 1, add 8 9, mul "
                                                "4 0, const 0, add 11 12, mul 5 1, add 13 14"},
    {"x=[1,2]; W=[[3,4]]; y=linear(x,W)", "mul 2 0, const 0, add 4 5, mul 3 1, add 6 7"},
};

START_TEST(statements_record_what_microgpt_would)
{
    char shown[1024] = "", node[64];
    record(recorded[_i][0]);
    for (int32_t i = graph.tape.params; i < graph.tape.count; i++) {
        const TapeNode n = graph.tape.node[i];
        size_t used = strlen(shown);
        if (n.op == OP_CONST)
            snprintf(node, sizeof node, "const %g", graph.tape.number[n.b]);
        else if (n.op == OP_POW)
            snprintf(node, sizeof node, "pow %d ^%g", (int)n.a, graph.tape.number[n.b]);
        else if (tape_ops[n.op].inputs == 1)
            snprintf(node, sizeof node, "%s %d", tape_ops[n.op].name, (int)n.a);
        else
            snprintf(node, sizeof node, "%s %d %d", tape_ops[n.op].name, (int)n.a, (int)n.b);
        snprintf(shown + used, sizeof shown - used, "%s%s", used ? ", " : "", node);
    }
    ck_assert_str_eq(shown, recorded[_i][1]);
}
END_TEST

/* Numbers of the run, computed again by a graph. */
static const char *const same_as_model[][2] = {
    {"e = x[1].embed; y = rmsnorm(e)", "all(y == pos1.norm)"},
    {"s = score[0][1][2]; w = softmax(s)", "all(w == attn[0][1][2])"},
    {"l = logits[0]; p = softmax(l)", "all(p == probs[0])"},
    {"h = x[0].layer0.mlp.fc1; r = relu(h)", "all(r == pos0.layer0.mlp.relu)"},
    {"p = probs[1]; t = tokens; l = -log(p[3])", "l == -log(probs[1][3])"},
    {"l = losses; m = mean(l)", "m == loss"},
    {"W = layer0.attn_wq; v = pos0.embed; y = linear(W, v)",
     "all(y == linear(layer0.attn_wq, pos0.embed))"},
};

START_TEST(a_graph_computes_what_the_model_does_to_the_last_bit)
{
    record(same_as_model[_i][0]);
    graph_go(&graph, graph_length(&graph));
    expect(same_as_model[_i][1], "true");
}
END_TEST

START_TEST(gradients_agree_with_differences)
{
    static const char *const texts[] = {
        "x=[2, 1, 0.5]; p=softmax(x); L=-log(p[1])",
        "x=[2, 4, 6]; y=rmsnorm(x); L=y[0]*y[1]/y[2]",
        "x=[1, -2]; W=[[1, 2], [-3, 4], [5, 6]]; h=relu(linear(W, x)); L=sum(h*h) - 2*h[0]",
        "a=2; b=3; L=(a/b - b/a)^3 + exp(a*b/5) * sqrt(a)",
    };
    for (size_t t = 0; t < COUNT(texts); t++) {
        record(texts[t]);
        graph_go(&graph, graph_length(&graph));
        for (int32_t i = 0; i < graph.tape.params; i++) {
            double x = graph.value[i], g = graph.grad[i], h = 1e-6;
            graph_set(&graph, i, x + h);
            double up = graph.value[graph.root];
            graph_set(&graph, i, x - h);
            double down = graph.value[graph.root];
            graph_set(&graph, i, x);
            ck_assert_double_eq_tol((up - down) / (2 * h), g, 1e-5 * (1 + fabs(g)));
            ck_assert(graph.grad[i] == g);
        }
    }
}
END_TEST

START_TEST(a_fan_out_adds_its_gradients)
{
    record("a=2; b=3; L=a*b + a");
    graph_go(&graph, 5);
    expect("a.grad", "4");
    record("d=7; L=d*d");
    graph_go(&graph, 2);
    expect("d.grad", "14");
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

START_TEST(names_of_a_graph_come_first_in_expressions)
{
    expect("x[0].embed[0] > inf", "false");
    record("x=[2,4,6]; W=[[1,2],[3,4]]; s=sum(x)");
    graph_go(&graph, graph_length(&graph));
    expect("x", "[2, 4, 6]");
    expect("x[1:]", "[4, 6]");
    expect("grad(x)", "[1, 1, 1]");
    expect("W[1][0] + s", "15");
    expect("W[0:1]", "[[1, 2]]");
    expect("sum(W) * x[2]", "60");
    expect("s.op", "add");
    expect("x[3]", "2: entry 3: this vector has 3 (0 to 2)");
    expect("W[2]", "2: row 2: this matrix has 2 (0 to 1)");
    expect("adam(s).m", "5: adam needs a parameter, such as wte[5][0]: others are not updated");
    expect("pos0.embed[0] > inf", "false");
    ck_assert(app_run_number(&run, "loss") == run.run.trainer.loss[1]);
}
END_TEST

START_TEST(the_last_of_two_statements_with_a_name_counts)
{
    record("a=2; a=a*3; a=a+1");
    graph_go(&graph, graph_length(&graph));
    expect("a", "7");
    expect("grad(a)", "1");
}
END_TEST

START_TEST(nodes_have_the_names_that_they_were_given)
{
    static const char *const names[] = {"x[0]", "x[1]", "W[0][0]", "W[0][1]", "mul 4", "const 5"};
    char name[32];
    record("x=[1,2]; W=[[3,4]]; y=linear(W,x)");
    for (int32_t i = 0; i < 6; i++) {
        graph_print(&graph, i, name, sizeof name);
        ck_assert_str_eq(name, names[i]);
    }
    graph_print(&graph, graph.tape.count - 1, name, sizeof name);
    ck_assert_str_eq(name, "y[0]");
}
END_TEST

START_TEST(without_one_number_at_the_end_there_is_no_backward_pass)
{
    record("x=[2,4,6]; y=rmsnorm(x)");
    ck_assert_int_eq(graph.root, -1);
    ck_assert_int_eq(graph_length(&graph), graph_forward_length(&graph));
    graph_go(&graph, 1000);
    expect("round(y, 2)", "[0.46, 0.93, 1.39]");
    ck_assert_ptr_nonnull(strstr(app_run_text(&run, "grad(y)").text, "not computed yet"));
}
END_TEST

/* ---- what is wrong --------------------------------------------------------------------------- */

static const char *const wrong_statements[][2] = {
    {"", "0: expected statements such as a=2; b=3; c=a*b"},
    {" ; \n;", "0: expected statements such as a=2; b=3; c=a*b"},
    {"a=2; b=", "7: expected a number, a name or (, but here it ends"},
    {"a=2; b=a+*3", "9: expected a number, a name or ("},
    {"a=2; b=c*a", "7: c is not of this graph: give it a name in a statement of its own"},
    {"a=2; b=cc", "7: there is no cc here"},
    {"a=2; b=lr*a", "7: lr is not of this graph: give it a name in a statement of its own"},
    {"loss=2", "0: loss is taken: choose another name"},
    {"a=2; probs=a", "5: probs is taken: choose another name"},
    {"softmax=2", "0: softmax is taken: choose another name"},
    {"layer0=2", "0: layer0 is taken: choose another name"},
    {"or=2", "0: or is taken: choose another name"},
    {"a_very_long_name_of_a_number=2", "0: a_very_long_name_of_a_nu...: a shorter name, please"},
    {"a=2; a*2; b=3", "5: only the last statement may be without a name, as in c = a*b"},
    {"a=2; b=a^a", "9: the exponent must be a plain number"},
    {"a=2; b=a<3", "8: a graph cannot have this: it is made of numbers"},
    {"a=2; b=argmax([a])", "7: a graph cannot have argmax"},
    {"a=2; b=\"x\"", "7: a graph is made of numbers"},
    {"a=1<2", "2: a graph is made of numbers"},
    {"a=[]", "2: an empty list"},
    {"a=2; b=[a][1:]", "11: an empty list"},
    {"a=2; b=a[0]", "9: this is one number: it has no index"},
    {"x=[1,2]; b=x[2]", "13: entry 2: this vector has 2 (0 to 1)"},
    {"x=[1,2]; b=x[x[0]]", "13: an index must be a plain number"},
    {"x=[1,2]; b=x[0:3]", "13: slice 0:3: this vector has 2 (0:2 is all of it)"},
    {"x=[1,2]; y=[1,2,3]; z=x+y", "23: these two differ in their length"},
    {"x=[[1,2],[3]]", "2: rows of one length, please"},
    {"a=1; x=[a,[a]]", "10: a list holds numbers, or vectors of one length"},
    {"x=[1]; s=softmax(x[0])", "17: softmax needs a vector"},
    {"x=[1]; s=dot(x, [1,2])", "16: dot needs vectors of one length"},
    {"x=[1]; s=linear(x, x)", "16: linear needs a matrix and a vector as long as its rows"},
    {"x=[1]; s=sum(x, x)", "9: sum needs a vector, such as [a, b]"},
    {"a=probs[99]", "8: position 99: this document has 6 (0 to 5)"},
    {"a = wte", "too large"},
};

START_TEST(a_wrong_statement_is_refused_where_it_goes_wrong)
{
    ExprError error;
    Graph refused;
    char shown[512];
    app_run_go(&run, "2");
    bool done = graph_init(&refused, wrong_statements[_i][0], &run.scope, &error);
    if (done) { /* the last row: that much is allowed */
        ck_assert_str_eq(wrong_statements[_i][1], "too large");
        graph_release(&refused);
        return;
    }
    snprintf(shown, sizeof shown, "%d: %s", error.at, error.why.text);
    ck_assert_msg(strncmp(shown, wrong_statements[_i][1], strlen(wrong_statements[_i][1])) == 0,
                  "%s: %s", wrong_statements[_i][0], shown);
}
END_TEST

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

START_TEST(what_is_too_large_is_refused)
{
    static const struct {
        const char *before, *piece;
        int times;
        const char *after, *why;
    } rows[] = {
        {"a=1; b=a", "+a", 20000, "", "more than 16380 nodes"},
        {"a=1; b=a", "*a^2.5", 9000, "", "more than 16380 nodes"},
        {"a=1", ";a=a+1", 80, "", "too many statements"},
        {"x=[0", ",0", 9000, "]", "too large for a graph"},
        {"a=1; b=[0", ",0", 9000, "]", "too large for a graph"},
        {"a=1; x=[0", ",a", 20000, "]; y=x; z=[x, x]+0", "too large for a graph"},
        {"a=1; b=", "(", 500, "", "nested too deep"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = repeated(rows[i].before, rows[i].piece, rows[i].times, rows[i].after);
        ExprError error;
        Graph refused;
        ck_assert(!graph_init(&refused, text, &run.scope, &error));
        ck_assert_msg(strstr(error.why.text, rows[i].why), "%d: %s", (int)i, error.why.text);
        free(text);
    }
    char many[4096] = "a=1; b=a";
    for (int i = 0; i < 80; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "*%d.5", i);
    ExprError error;
    Graph refused;
    ck_assert(!graph_init(&refused, many, &run.scope, &error));
    ck_assert_str_eq(error.why.text, "more than 62 different numbers");
}
END_TEST

/* ---- garbage --------------------------------------------------------------------------------- */

static uint64_t scramble(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

START_TEST(garbage_is_recorded_or_refused)
{
    static const char *const pieces[] = {"a",          "b",
                                         "x",          "W",
                                         "=",          ";",
                                         "\n",         "+",
                                         "-",          "*",
                                         "/",          "^",
                                         "(",          ")",
                                         "[",          "]",
                                         ",",          ":",
                                         "1",          "2.5",
                                         "0",          "exp(",
                                         "log(",       "relu(",
                                         "softmax(",   "rmsnorm(",
                                         "linear(",    "sum(",
                                         "mean(",      "dot(",
                                         "sqrt(",      "a=2;",
                                         "x=[1,2,3];", "W=[[1,2,3],[4,5,6]];",
                                         "b=a*a;",     "x[",
                                         "[0]",        "[1:]",
                                         "probs",      "lr",
                                         " ",          "$"};
    uint64_t state = 99;
    int recorded_graphs = 0;
    for (int i = 0; i < (test_full() ? 200000 : 20000); i++) {
        char text[256] = "";
        if (scramble(&state) % 2)
            strcat(text, "a=2;b=3;x=[1,2,3];W=[[1,2,3],[4,5,6]];");
        for (int k = (int)(scramble(&state) % 12); k > 0; k--)
            strcat(text, pieces[scramble(&state) % COUNT(pieces)]);
        ExprError error = {.at = -1};
        Graph made;
        if (graph_init(&made, text, &run.scope, &error)) {
            graph_go(&made, (int64_t)(scramble(&state) % 40));
            ck_assert_int_le(graph_next(&made), made.tape.count);
            graph_release(&made);
            recorded_graphs++;
        } else if (error.at < 0 || (size_t)error.at > strlen(text) || !error.why.text[0]) {
            ck_abort_msg("%s: an error at %d: %s", text, error.at, error.why.text);
        }
    }
    ck_assert_int_gt(recorded_graphs, 500);
}
END_TEST

Suite *graph_suite(void)
{
    Suite *suite = suite_create("graph");
    TCase *tests = tcase_create("graph");

    tcase_set_timeout(tests, test_full() ? 120 : 20);
    tcase_add_checked_fixture(tests, open_run, close_run);
    tcase_add_test(tests, a_graph_steps_forwards_and_backwards_through_its_operations);
    tcase_add_test(tests, the_next_operation_is_named);
    tcase_add_test(tests, a_given_number_can_be_changed);
    tcase_add_loop_test(tests, statements_record_what_microgpt_would, 0, COUNT(recorded));
    tcase_add_loop_test(tests, a_graph_computes_what_the_model_does_to_the_last_bit, 0,
                        COUNT(same_as_model));
    tcase_add_test(tests, gradients_agree_with_differences);
    tcase_add_test(tests, a_fan_out_adds_its_gradients);
    tcase_add_test(tests, names_of_a_graph_come_first_in_expressions);
    tcase_add_test(tests, the_last_of_two_statements_with_a_name_counts);
    tcase_add_test(tests, nodes_have_the_names_that_they_were_given);
    tcase_add_test(tests, without_one_number_at_the_end_there_is_no_backward_pass);
    tcase_add_loop_test(tests, a_wrong_statement_is_refused_where_it_goes_wrong, 0,
                        COUNT(wrong_statements));
    tcase_add_test(tests, what_is_too_large_is_refused);
    tcase_add_test(tests, garbage_is_recorded_or_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
