#include "engine/tape.h"

#include "engine/sys.h"
#include <assert.h>
#include <string.h>

const OpInfo tape_ops[OP_COUNT] = {
    [OP_PARAM] = {"param", "", 0},   [OP_CONST] = {"const", "", 0}, [OP_NEGMAX] = {"const", "", 0},
    [OP_REPEAT] = {"const", "", 0},  [OP_ADD] = {"add", "+", 2},    [OP_MUL] = {"mul", "×", 2},
    [OP_POW] = {"pow", "^", 1},      [OP_LOG] = {"log", "ln", 1},   [OP_EXP] = {"exp", "e^", 1},
    [OP_RELU] = {"relu", "relu", 1}, [OP_SHARE] = {"const", "", 0}, [OP_GELU] = {"gelu", "gelu", 1},
    [OP_MUL_CUT] = {"mul", "×", 2},
};

/* ---- memory ---------------------------------------------------------------------------------- */

size_t tape_bytes(int64_t capacity, int64_t range_capacity)
{
    size_t node = sizeof(TapeNode) + 2 * sizeof(int32_t) + sizeof(uint8_t);

    return (size_t)capacity * node + (size_t)range_capacity * sizeof(TapeRange);
}

bool tape_init(Tape *tape, int32_t capacity, int32_t range_capacity, int32_t params, Error *error)
{
    assert(0 <= params && params <= capacity);
    *tape = (Tape){.capacity = capacity, .range_capacity = range_capacity, .params = params};
    tape->node = sys_alloc((size_t)capacity, sizeof *tape->node);
    tape->range = sys_alloc((size_t)range_capacity, sizeof *tape->range);
    tape->order = sys_alloc((size_t)capacity, sizeof *tape->order);
    tape->stack = sys_alloc((size_t)capacity, sizeof *tape->stack);
    tape->seen = sys_alloc((size_t)capacity, sizeof *tape->seen);
    if (!tape->node || !tape->range || !tape->order || !tape->stack || !tape->seen) {
        tape_release(tape);
        return error_set(error, "out of memory for a tape of %d nodes", (int)capacity);
    }
    for (int32_t i = 0; i < params; i++)
        tape->node[i] = (TapeNode){.a = -1, .b = -1, .op = OP_PARAM};
    tape_clear(tape);
    return true;
}

void tape_release(Tape *tape)
{
    sys_free(tape->node);
    sys_free(tape->range);
    sys_free(tape->order);
    sys_free(tape->stack);
    sys_free(tape->seen);
    *tape = (Tape){0};
}

void tape_clear(Tape *tape)
{
    tape->count = tape->params;
    tape->numbers = 0;
    tape->ranges = 0;
    tape->order_count = 0;
    tape->root = -1;
}

/* ---- recording ------------------------------------------------------------------------------- */

static int32_t append(Tape *tape, Op op, int32_t a, int32_t b)
{
    assert(tape->count < tape->capacity);
    tape->node[tape->count] = (TapeNode){.a = a, .b = b, .op = (uint8_t)op};
    return tape->count++;
}

/* The index of a plain number, which is kept once however often it stands in nodes. Compared by its
 * bits: -0 is not 0. */
static int32_t intern(Tape *tape, double number)
{
    int i = 0;

    while (i < tape->numbers && memcmp(&tape->number[i], &number, sizeof number) != 0)
        i++;
    if (i == tape->numbers) {
        assert(tape->numbers < TAPE_NUMBERS);
        tape->number[tape->numbers++] = number;
    }
    return i;
}

int32_t tape_const(Tape *tape, double number)
{
    return append(tape, OP_CONST, -1, intern(tape, number));
}

int32_t tape_share(Tape *tape, int32_t among)
{
    return append(tape, OP_SHARE, -1, among);
}

/* Products in the dot product that ends at node `sum`: 0 if none does. One alone counts here. */
static int32_t products(const TapeNode *node, int32_t sum)
{
    const TapeNode n = node[sum];

    if (n.op != OP_ADD)
        return 0;
    if (n.dot > 0)
        return n.dot;
    return n.b == sum - 1 && n.a == sum - 2 && node[n.b].op == OP_CONST && node[n.a].op == OP_MUL;
}

/* The addition just made may make a dot product longer by one: the last nodes are the sum so far, a
 * product, and the addition. */
static void join_dot(TapeNode *node, int32_t last)
{
    const int32_t product = last - 1, sum = last - 2;

    if (node[last].a != sum || node[last].b != product || node[product].op != OP_MUL)
        return;
    int32_t before = products(node, sum), first = sum - 2 * before;
    if (before == 0 || before == UINT16_MAX || node[product].a >= first || node[product].b >= first)
        return;
    int32_t previous = before == 1 ? first : product - 2;
    bool next = node[product].a == node[previous].a + 1 && node[product].b == node[previous].b + 1;
    node[first].near = next && (before == 1 || node[first].near);
    node[first].dot = node[last].dot = (uint16_t)(before + 1);
    node[sum].dot = 0;
}

int32_t tape_add(Tape *tape, int32_t a, int32_t b)
{
    int32_t sum = append(tape, OP_ADD, a, b);

    if (a >= tape->params && b == sum - 1)
        join_dot(tape->node, sum);
    return sum;
}

int32_t tape_mul(Tape *tape, int32_t a, int32_t b)
{
    return append(tape, OP_MUL, a, b);
}

int32_t tape_pow(Tape *tape, int32_t a, double exponent)
{
    return append(tape, OP_POW, a, intern(tape, exponent));
}

int32_t tape_log(Tape *tape, int32_t a)
{
    return append(tape, OP_LOG, a, -1);
}

int32_t tape_exp(Tape *tape, int32_t a)
{
    return append(tape, OP_EXP, a, -1);
}

int32_t tape_relu(Tape *tape, int32_t a)
{
    return append(tape, OP_RELU, a, -1);
}

int32_t tape_gelu(Tape *tape, int32_t a)
{
    return append(tape, OP_GELU, a, -1);
}

int32_t tape_mul_cut(Tape *tape, int32_t a, int32_t b)
{
    return append(tape, OP_MUL_CUT, a, b);
}

int32_t tape_scale(Tape *tape, int32_t a, double number)
{
    int32_t c = tape_const(tape, number);

    return tape_mul(tape, a, c);
}

int32_t tape_neg(Tape *tape, int32_t a)
{
    return tape_scale(tape, a, -1);
}

int32_t tape_sum(Tape *tape, int32_t sum, int32_t term)
{
    if (sum >= 0)
        return tape_add(tape, sum, term);

    int32_t zero = tape_const(tape, 0);
    return tape_add(tape, term, zero);
}

int32_t tape_negmax(Tape *tape, TapeRange range, int32_t same)
{
    if (same >= 0)
        return append(tape, OP_REPEAT, same, -1);

    assert(tape->ranges < tape->range_capacity);
    tape->range[tape->ranges] = range;
    return append(tape, OP_NEGMAX, -1, tape->ranges++);
}

/* ---- the order of the backward pass ---------------------------------------------------------- */

int32_t tape_input(const Tape *tape, int32_t node, int k)
{
    const TapeNode n = tape->node[node];

    if (k >= tape_ops[n.op].inputs)
        return -1;
    return k == 0 ? n.a : n.b;
}

bool tape_hands_on(const Tape *tape, int32_t node, int k)
{
    return !(tape->node[node].op == OP_MUL_CUT && k == 1);
}

/* Whether the search has still to go there: a node with inputs that it has not come to yet. */
static bool is_unseen(const Tape *tape, int32_t node, int32_t floor)
{
    return node >= floor && !tape->seen[node] && tape_ops[tape->node[node].op].inputs > 0;
}

/* The first such input, or -1. */
static int32_t unseen_input(const Tape *tape, TapeNode n, int32_t floor)
{
    int inputs = tape_ops[n.op].inputs;

    if (inputs > 0 && is_unseen(tape, n.a, floor))
        return n.a;
    return inputs > 1 && is_unseen(tape, n.b, floor) ? n.b : -1;
}

int32_t tape_walk(Tape *tape, int32_t root, int32_t floor, int32_t *order)
{
    int32_t depth = 0, count = 0, v = root;

    if (root < floor || tape_ops[tape->node[root].op].inputs == 0)
        return 0;
    memset(tape->seen + floor, 0, (size_t)(root + 1 - floor));
    tape->seen[root] = 1;
    for (;;) {
        int32_t input = unseen_input(tape, tape->node[v], floor);
        if (input >= 0) {
            tape->seen[input] = 1;
            tape->stack[depth++] = v;
            v = input;
            continue;
        }
        order[count++] = v;
        if (depth == 0)
            return count;
        v = tape->stack[--depth];
    }
}

/* Whether the visits of the dot product that ends with order[i] are those before it. */
static bool is_together(const Tape *tape, int32_t from, int32_t i)
{
    const int32_t last = tape->order[i], visits = 2 * tape->node[last].dot;

    if (visits > i + 1 - from || tape->order[i + 1 - visits] != last - visits)
        return false;
    for (int32_t k = 1; k < visits - 1; k++)
        if (tape->order[i - k] != last - k)
            return false;
    return true;
}

void tape_mark_whole(Tape *tape, int32_t from, int32_t to)
{
    for (int32_t i = to; i > from;) {
        TapeNode *n = &tape->node[tape->order[i - 1]];
        n->whole = n->op == OP_ADD && n->dot > 0 && is_together(tape, from, i - 1);
        i -= n->whole ? 2 * n->dot : 1;
    }
}

void tape_sort(Tape *tape, int32_t root)
{
    tape->root = root;
    tape->order_count = tape_walk(tape, root, tape->params, tape->order);
    tape_mark_whole(tape, 0, tape->order_count);
}

int32_t tape_reachable(const Tape *tape)
{
    int32_t count = 1; /* the root; the others are inputs of what is visited */

    memset(tape->seen, 0, (size_t)tape->count);
    for (int32_t i = 0; i < tape->order_count; i++)
        for (int k = 0; k < tape_ops[tape->node[tape->order[i]].op].inputs; k++) {
            uint8_t *seen = &tape->seen[tape_input(tape, tape->order[i], k)];
            count += !*seen;
            *seen = 1;
        }
    return count;
}
