/* Running a tape, both ways. */
#include "engine/tape.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Two neighbouring numbers, for processors that work on two at once. */
typedef double Two __attribute__((vector_size(16), aligned(8), may_alias));
typedef uint64_t TwoBits __attribute__((vector_size(16), aligned(8), may_alias));

static inline Two load_two(const double *number)
{
    return *(const Two *)number;
}

static inline void store_two(double *number, Two two)
{
    *(Two *)number = two;
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

/* Products and sums in turn, from the sum so far on; a and b are neighbours each. */
static void forward_near(double *restrict out, const double *a, const double *b, int count,
                         double sum)
{
    int i = 0;

    for (; i + 2 <= count; i += 2) {
        const Two product = load_two(a + i) * load_two(b + i);
        const double before = sum + product[0];
        sum = before + product[1];
        store_two(out + 2 * i, (Two){product[0], before});
        store_two(out + 2 * i + 2, (Two){product[1], sum});
    }
    if (i < count) {
        out[2 * i] = a[i] * b[i];
        out[2 * i + 1] = sum + out[2 * i];
    }
}

static void forward_far(double *restrict out, const TapeNode *product, const double *value,
                        int count, double sum)
{
    for (int i = 0; i < count; i++) {
        out[2 * i] = value[product[2 * i].a] * value[product[2 * i].b];
        out[2 * i + 1] = sum = sum + out[2 * i];
    }
}

/* A whole dot product. Of one whose inputs are neighbours only the first nodes are looked at. */
static void forward_dot(const Tape *tape, double *value, int32_t first)
{
    const TapeNode *node = &tape->node[first];
    const double *a = &value[node->a], *b = &value[node->b];
    double *out = &value[first];

    out[0] = *a * *b;
    out[1] = tape->number[node[1].b];
    out[2] = out[0] + out[1];
    if (node->near)
        forward_near(out + 3, a + 1, b + 1, node->dot - 1, out[2]);
    else
        forward_far(out + 3, node + 3, value, node->dot - 1, out[2]);
}

/* Every quotient of a softmax takes the same power of the same sum, two nodes after the one before.
 * What was computed before `from` may have been changed by hand since. */
static bool repeats_power(const Tape *tape, int32_t i, int32_t from)
{
    const TapeNode *n = &tape->node[i];

    return i - 2 >= from && n[-2].op == OP_POW && n[-2].a == n->a && n[-2].b == n->b;
}

static void forward_node(const Tape *tape, double *value, int32_t i, int32_t from)
{
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
        value[i] = repeats_power(tape, i, from) ? value[i - 2] : pow(value[n.a], tape->number[n.b]);
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

/* Nodes of the dot product that begins at node i; 0 if none does. */
static int32_t dot_nodes(TapeNode n)
{
    return n.op == OP_MUL && n.dot > 0 ? 2 * n.dot + 1 : 0;
}

void tape_forward(const Tape *tape, double *value, int32_t from, int32_t to)
{
    assert(0 <= from && to <= tape->count);
    for (int32_t i = from; i < to;) {
        int32_t dot = dot_nodes(tape->node[i]);
        if (dot > 0 && dot <= to - i) {
            forward_dot(tape, value, i);
            i += dot;
        } else {
            forward_node(tape, value, i++, from);
        }
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

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
    grad[tape->root] = 1.0;
}

/* A product hands its gradient g to its inputs. */
static inline void hand_on(const double *value, double *grad, int32_t a, int32_t b, double g)
{
    grad[a] += value[b] * g;
    grad[b] += value[a] * g;
}

/* Whether all are 0, as a pass begins: nothing but their one user will have added to them. (-0 is
 * not: a sum keeps it.) */
static bool are_zero(const double *number, int pairs)
{
    TwoBits any = {0, 0};

    for (int i = 0; i < pairs; i++)
        any |= *(const TwoBits *)(number + 2 * i);
    return (any[0] | any[1]) == 0;
}

static void fill(double *number, double with, int pairs)
{
    for (int i = 0; i < pairs; i++)
        store_two(number + 2 * i, (Two){with, with});
}

/* y_i += x_i g */
static void add_scaled(double *restrict y, const double *restrict x, double g, int count)
{
    int i = 0;

    for (; i + 2 <= count; i += 2)
        store_two(y + i, load_two(y + i) + load_two(x + i) * g);
    if (i < count)
        y[i] += x[i] * g;
}

/* A whole dot product where gradients are untouched: all nodes in it get the same one. */
static void backward_alike(const TapeNode *first, double *own, double g, const double *value,
                           double *grad)
{
    const int count = first->dot,
              distance = first->a > first->b ? first->a - first->b : first->b - first->a;

    g = 0 + g;
    fill(own, g, count);
    if (first->near && (distance == 0 || distance >= count)) {
        add_scaled(grad + first->a, value + first->b, g, count);
        add_scaled(grad + first->b, value + first->a, g, count);
        return;
    }
    for (int i = count - 1; i > 0; i--)
        hand_on(value, grad, first[2 * i + 1].a, first[2 * i + 1].b, g);
    hand_on(value, grad, first->a, first->b, g);
}

/* One that somebody wrote into, node by node. */
static void backward_any(const TapeNode *first, double *own, double g, const double *value,
                         double *grad)
{
    for (int i = first->dot - 1; i > 0; i--) {
        own[2 * i] += g;
        own[2 * i + 1] += g;
        hand_on(value, grad, first[2 * i + 1].a, first[2 * i + 1].b, own[2 * i + 1]);
        g = own[2 * i];
    }
    own[0] += g;
    own[1] += g;
    hand_on(value, grad, first->a, first->b, own[0]);
}

/* A whole dot product, from its last node down. */
static void backward_dot(const Tape *tape, const double *value, double *grad, int32_t last)
{
    const int32_t nodes = 2 * tape->node[last].dot, first = last - nodes;
    double *own = &grad[first];

    if (are_zero(own, nodes / 2))
        backward_alike(&tape->node[first], own, grad[last], value, grad);
    else
        backward_any(&tape->node[first], own, grad[last], value, grad);
}

static void backward_node(const Tape *tape, const double *value, double *grad, int32_t v)
{
    const TapeNode n = tape->node[v];
    double g = grad[v];

    /* the two frequent ops with their slopes in place; the rest by the one rule */
    switch ((Op)n.op) {
    case OP_ADD:
        grad[n.a] += g;
        grad[n.b] += g;
        break;
    case OP_MUL:
        hand_on(value, grad, n.a, n.b, g);
        break;
    case OP_MUL_CUT:
        grad[n.a] += value[n.b] * g;
        break;
    default:
        grad[n.a] += tape_slope(tape, value, v, 0) * g;
        break;
    }
}

void tape_backward(const Tape *tape, const double *value, double *grad, int32_t from, int32_t to)
{
    assert(0 <= to && from <= tape->order_count);
    for (int32_t i = from; i > to;) {
        int32_t v = tape->order[i - 1], dot = 2 * tape->node[v].dot;
        if (tape->node[v].whole && dot <= i - to) {
            backward_dot(tape, value, grad, v);
            i -= dot;
        } else {
            backward_node(tape, value, grad, v);
            i--;
        }
    }
}
