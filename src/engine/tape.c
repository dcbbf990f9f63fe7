#include "engine/tape.h"

#include "engine/sys.h"
#include <assert.h>
#include <math.h>
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
        tape->node[i] = (TapeNode){-1, -1, OP_PARAM};
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
}

/* ---- recording ------------------------------------------------------------------------------- */

static int32_t append(Tape *tape, Op op, int32_t a, int32_t b)
{
    assert(tape->count < tape->capacity);
    tape->node[tape->count] = (TapeNode){a, b, (uint8_t)op};
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

int32_t tape_add(Tape *tape, int32_t a, int32_t b)
{
    return append(tape, OP_ADD, a, b);
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

/* ---- gelu ------------------------------------------------------------------------------------ */

#define GELU_CUBE  0.044715
#define GELU_SCALE 0.7978845608028654 /* sqrt(2 / pi) */

static double gelu_tanh(double x)
{
    return tanh(GELU_SCALE * (x + GELU_CUBE * pow(x, 3)));
}

double tape_gelu_value(double x)
{
    return 0.5 * x * (1 + gelu_tanh(x));
}

double tape_gelu_slope(double x)
{
    double t = gelu_tanh(x), bend = 1 - t * t;

    if (!(bend > 0)) /* a straight line, where x^2 may be infinite */
        return 0.5 * (1 + t);
    return 0.5 * (1 + t) + 0.5 * x * bend * (GELU_SCALE * (1 + 3 * GELU_CUBE * pow(x, 2)));
}

/* ---- forward --------------------------------------------------------------------------------- */

static double greatest(const double *value, TapeRange range)
{
    double top = value[range.first];

    for (int32_t i = 1; i < range.count; i++) {
        double x = value[range.first + i * range.stride];
        if (x > top)
            top = x;
    }
    return top;
}

void tape_forward(const Tape *tape, double *value, int32_t from, int32_t to)
{
    assert(0 <= from && to <= tape->count);
    for (int32_t i = from; i < to; i++) {
        const TapeNode n = tape->node[i];
        switch ((Op)n.op) {
        case OP_ADD:
            value[i] = value[n.a] + value[n.b];
            break;
        case OP_MUL:
            value[i] = value[n.a] * value[n.b];
            break;
        case OP_CONST:
            value[i] = tape->number[n.b];
            break;
        case OP_REPEAT:
            value[i] = value[n.a];
            break;
        case OP_SHARE:
            value[i] = 1.0 / n.b;
            break;
        case OP_NEGMAX:
            value[i] = -greatest(value, tape->range[n.b]);
            break;
        case OP_POW:
            value[i] = pow(value[n.a], tape->number[n.b]);
            break;
        case OP_LOG:
            value[i] = log(value[n.a]);
            break;
        case OP_EXP:
            value[i] = exp(value[n.a]);
            break;
        case OP_RELU: /* of NaN too: 0 */
            value[i] = value[n.a] > 0 ? value[n.a] : 0.0;
            break;
        case OP_GELU:
            value[i] = tape_gelu_value(value[n.a]);
            break;
        case OP_MUL_CUT:
            value[i] = value[n.a] * value[n.b];
            break;
        case OP_PARAM:
        case OP_COUNT:
            break;
        }
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

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

/* The first input that the search has not come to yet, or -1. */
static int32_t unseen_input(const Tape *tape, TapeNode n)
{
    int inputs = tape_ops[n.op].inputs;

    if (inputs > 0 && !tape->seen[n.a])
        return n.a;
    return inputs > 1 && !tape->seen[n.b] ? n.b : -1;
}

void tape_sort(Tape *tape, int32_t root)
{
    int32_t depth = 0, count = 0, visits = 0, v = root;

    memset(tape->seen, 0, (size_t)tape->count);
    tape->seen[root] = 1;
    for (;;) {
        int32_t input = unseen_input(tape, tape->node[v]);
        if (input >= 0) {
            tape->seen[input] = 1;
            tape->stack[depth++] = v;
            v = input;
            continue;
        }
        tape->order[count++] = v;
        visits += tape_ops[tape->node[v].op].inputs > 0;
        if (depth == 0)
            break;
        v = tape->stack[--depth];
    }
    tape->order_count = count;
    tape->visits = visits;
}

double tape_slope(const Tape *tape, const double *value, int32_t node, int k)
{
    const TapeNode n = tape->node[node];

    switch ((Op)n.op) {
    case OP_ADD:
        return 1.0;
    case OP_MUL:
    case OP_MUL_CUT:
        return value[k == 0 ? n.b : n.a];
    case OP_POW: {
        double e = tape->number[n.b];
        return e * pow(value[n.a], e - 1);
    }
    case OP_LOG:
        return 1 / value[n.a];
    case OP_EXP:
        return value[node];
    case OP_RELU:
        return value[n.a] > 0 ? 1.0 : 0.0;
    case OP_GELU:
        return tape_gelu_slope(value[n.a]);
    default:
        assert(!"a node without inputs has no slope");
        return 0;
    }
}

void tape_backward_begin(const Tape *tape, double *grad)
{
    memset(grad, 0, (size_t)tape->count * sizeof *grad);
    grad[tape->order[tape->order_count - 1]] = 1.0;
}

void tape_backward(const Tape *tape, const double *value, double *grad, int32_t from, int32_t to)
{
    assert(0 <= to && from <= tape->order_count);
    for (int32_t i = from; i-- > to;) {
        int32_t v = tape->order[i];
        const TapeNode n = tape->node[v];
        double g = grad[v];
        switch ((Op)n.op) { /* the two frequent ops with their slopes in place; the rest by the one
                               rule */
        case OP_ADD:
            grad[n.a] += g;
            grad[n.b] += g;
            break;
        case OP_MUL:
            grad[n.a] += value[n.b] * g;
            grad[n.b] += value[n.a] * g;
            break;
        case OP_MUL_CUT:
            grad[n.a] += value[n.b] * g;
            break;
        default:
            if (tape_ops[n.op].inputs == 1)
                grad[n.a] += tape_slope(tape, value, v, 0) * g;
            break;
        }
    }
}
