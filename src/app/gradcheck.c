#include "app/gradcheck.h"

#include "app/look.h"
#include "app/watch.h"
#include "engine/backward.h"
#include "engine/basis.h"
#include "engine/rng.h"
#include "engine/sys.h"
#include "engine/tangent.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Walks over the tape, one a node and seed, that take about a second. */
#define WORK_LIMIT 1e9

enum { SAMPLE_SEED = 1 };

/* ---- the document, computed anew on copies --------------------------------------------------- */

typedef struct Copy {
    const Tape *tape;
    int32_t root;
    double *value, *grad, *scratch;
    TangentLanes *lanes; /* only where all parameters are checked */
} Copy;

static void copy_release(Copy *copy)
{
    sys_free(copy->value);
    sys_free(copy->grad);
    sys_free(copy->scratch);
    sys_free(copy->lanes);
    *copy = (Copy){0};
}

static bool copy_allocate(Copy *copy, bool lanes, Error *error)
{
    size_t nodes = (size_t)copy->tape->count;

    copy->value = sys_alloc(nodes, sizeof(double));
    copy->grad = sys_alloc(nodes, sizeof(double));
    copy->scratch = sys_alloc(nodes, sizeof(double));
    if (lanes)
        copy->lanes = sys_alloc(nodes, sizeof *copy->lanes);
    return (copy->value && copy->grad && copy->scratch && (copy->lanes || !lanes)) ||
           error_set(error, "out of memory for the gradient check");
}

/* Gradients as the run finds them, with its bugs where options ask for these. */
static void copy_backward(Copy *copy, const History *history)
{
    const Tape *tape = copy->tape;
    Settings settings =
        basis_settings(history, (Moment){history->trainer->tape_step, PHASE_BACKWARD, 0});

    for (int32_t i = 0; i < tape->params; i++)
        copy->grad[i] = basis_carried(history, i);
    backward_begin(&settings, tape, copy->grad);
    backward_visit(&settings, tape, copy->value, copy->grad, tape->order_count, 0);
}

static bool copy_run(Copy *copy, const History *history, Error *error)
{
    const Tape *tape = copy->tape;

    basis_params(history, copy->value);
    tape_forward(tape, copy->value, tape->params, tape->count);
    if (!isfinite(copy->value[copy->root]))
        return error_set(error, "the loss is not a finite number: it has no gradients to check");
    copy_backward(copy, history);
    return true;
}

static bool copy_init(Copy *copy, const History *history, bool lanes, Error *error)
{
    *copy = (Copy){.tape = &history->trainer->tape, .root = history->trainer->loss_node};
    if (copy_allocate(copy, lanes, error) && copy_run(copy, history, error))
        return true;
    copy_release(copy);
    return false;
}

/* ---- one node -------------------------------------------------------------------------------- */

/* A loss that bends between x - h and x + h has no one slope there. Gradients are read by now:
 * their room is used. */
static int count_bends(const Copy *copy, int32_t node, double above, double below)
{
    const Tape *tape = copy->tape;
    int bends = 0;

    tangent_probe(tape, copy->value, node, above, copy->root, copy->grad);
    tangent_probe(tape, copy->value, node, below, copy->root, copy->scratch);
    for (int32_t i = node + 1; i <= copy->root; i++) {
        int32_t input = tape->node[i].a;
        if (tape->node[i].op == OP_RELU)
            bends += (copy->grad[input] > 0) != (copy->scratch[input] > 0);
    }
    return bends;
}

static GradcheckRow measure(const Copy *copy, int32_t node, double h, double autograd)
{
    double x = copy->value[node];
    double difference =
        tangent_difference(copy->tape, copy->value, node, copy->root, h, copy->scratch);

    return (GradcheckRow){h, difference, fabs(difference - autograd),
                          count_bends(copy, node, x + h, x - h)};
}

bool gradcheck_one(const History *history, int32_t node, Gradcheck *check, Error *error)
{
    static const double h[GRADCHECK_ROWS] = {1e-1, 1e-2, 1e-3, 1e-4,  1e-5,  1e-6,
                                             1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12};
    Copy copy;

    if (!copy_init(&copy, history, false, error))
        return false;
    *check = (Gradcheck){.node = node,
                         .step = history->trainer->tape_step,
                         .value = copy.value[node],
                         .loss = copy.value[copy.root],
                         .autograd = copy.grad[node]};
    reference_print(history->trainer, node, check->name, sizeof check->name);
    check->tangent = tangent_push(copy.tape, copy.value, node, copy.root, copy.scratch);
    for (int i = 0; i < GRADCHECK_ROWS; i++) {
        check->row[i] = measure(&copy, node, h[i], check->autograd);
        if (check->row[i].error < check->row[check->best].error)
            check->best = i;
    }
    copy_release(&copy);
    return true;
}

/* ---- all parameters -------------------------------------------------------------------------- */

static double largest_gradient(const Copy *copy)
{
    double largest = 0;

    for (int32_t i = 0; i < copy->tape->params; i++)
        largest = fmax(largest, fabs(copy->grad[i]));
    return largest;
}

static double disagreement(double a, double b, double largest)
{
    double size = fmax(fmax(fabs(a), fabs(b)), largest / 1000);

    return a == b ? 0 : fabs(a - b) / size;
}

/* Compares the gradients of a lane each. NaN counts as the worst that there is. */
static void compare(const Copy *copy, const int32_t seed[TANGENT_LANES], GradcheckAll *check)
{
    tangent_push_lanes(copy->tape, copy->value, seed, copy->root, copy->lanes);
    for (int lane = 0; lane < TANGENT_LANES; lane++) {
        double autograd = copy->grad[seed[lane]], tangent = copy->lanes[copy->root].d[lane];
        double found = disagreement(autograd, tangent, check->largest);
        if (found <= check->disagreement && check->where >= 0)
            continue;
        check->disagreement = isnan(found) ? INFINITY : found;
        check->where = seed[lane];
        check->autograd = autograd;
        check->tangent = tangent;
    }
}

/* The next parameter to check: in order, or at random. */
static int32_t next_seed(const GradcheckAll *check, int32_t i, Rng *rng)
{
    if (check->checked == check->params)
        return i < check->params ? i : check->params - 1;
    return (int32_t)rng_below(rng, (uint32_t)check->params);
}

static void check_all(const Copy *copy, GradcheckAll *check)
{
    Rng rng;

    rng_seed(&rng, check->seed);
    for (int32_t i = 0; i < check->checked;) {
        int32_t seed[TANGENT_LANES];
        for (int lane = 0; lane < TANGENT_LANES; lane++)
            seed[lane] = next_seed(check, i++, &rng);
        compare(copy, seed, check);
    }
}

/* How many parameters can be checked in the time; a whole number of walks if not all. */
static int32_t affordable(const Tape *tape)
{
    double most = WORK_LIMIT / tape->count;

    if (most >= tape->params)
        return tape->params;
    return most < TANGENT_LANES ? TANGENT_LANES : (int32_t)most / TANGENT_LANES * TANGENT_LANES;
}

bool gradcheck_all(const History *history, GradcheckAll *check, Error *error)
{
    const Trainer *trainer = history->trainer;
    Copy copy;

    if (!copy_init(&copy, history, true, error))
        return false;
    *check = (GradcheckAll){.step = trainer->tape_step,
                            .params = copy.tape->params,
                            .checked = affordable(copy.tape),
                            .seed = SAMPLE_SEED,
                            .where = -1,
                            .largest = largest_gradient(&copy)};
    check_all(&copy, check);
    reference_print(trainer, check->where, check->name, sizeof check->name);
    copy_release(&copy);
    return true;
}

/* ---- saying it ------------------------------------------------------------------------------- */

static const char *written(double number, char text[EXPR_NUMBER_BYTES])
{
    return expr_print_number(number, text);
}

static void answer_row(const Gradcheck *check, int i, Answer *answer)
{
    const GradcheckRow *row = &check->row[i];
    char difference[EXPR_NUMBER_BYTES], error[16], bends[64] = "";

    snprintf(error, sizeof error, "%.1e", row->error);
    if (row->bends)
        snprintf(bends, sizeof bends,
                 words_count("  %d ReLU switches", "  %d ReLUs switch", (unsigned long)row->bends),
                 row->bends);
    answer_line(answer, "  %-7.0e %-24s %s%s%s", row->h, written(row->difference, difference),
                error, i == check->best ? _("  best") : "", bends);
    answer_open(answer, NULL, '{');
    answer_real(answer, "h", row->h);
    answer_real(answer, "difference", row->difference);
    answer_real(answer, "error", row->error);
    answer_whole(answer, "bends", row->bends);
    answer_close(answer, '}');
}

static void answer_head(const Gradcheck *check, Answer *answer)
{
    char a[EXPR_NUMBER_BYTES], b[EXPR_NUMBER_BYTES];

    answer_line(answer, "gradient of %s at step %lld, where it is %s and the loss is %s",
                check->name, (long long)check->step, written(check->value, a),
                written(check->loss, b));
    answer_line(answer, "  autograd  %s", written(check->autograd, a));
    answer_line(answer, "  tangent   %s  differs by %.1e", written(check->tangent, a),
                fabs(check->tangent - check->autograd));
    answer_line(answer, "  %-7s %-24s %s", "h", "(L(x+h) - L(x-h)) / 2h", _("error"));
    answer_text(answer, "node", check->name);
    answer_whole(answer, "step", check->step);
    answer_real(answer, "value", check->value);
    answer_real(answer, "loss", check->loss);
    answer_real(answer, "autograd", check->autograd);
    answer_real(answer, "tangent", check->tangent);
}

static void answer_why(const Gradcheck *check, Answer *answer)
{
    bool bends = false;

    answer_line(answer, "A smaller h is not better: what a straight line misses of the curve");
    answer_line(answer, "shrinks with h^2, but the two losses agree in more and more digits, and");
    answer_line(answer, "the rounding of the last one (about 1e-16) is divided by 2h.");
    for (int i = 0; i < GRADCHECK_ROWS; i++)
        bends |= check->row[i].bends > 0;
    if (bends)
        answer_line(answer,
                    "A ReLU that switches between x-h and x+h makes a corner: more is missed.");
}

void gradcheck_answer(const Gradcheck *check, Answer *answer)
{
    answer_head(check, answer);
    answer_open(answer, "rows", '[');
    for (int i = 0; i < GRADCHECK_ROWS; i++)
        answer_row(check, i, answer);
    answer_close(answer, ']');
    answer_real(answer, "best", check->row[check->best].h);
    answer_why(check, answer);
}

static void answer_head_of_all(const GradcheckAll *check, Answer *answer)
{
    if (check->checked == check->params)
        answer_line(answer, "all %d gradients of step %lld, by autograd and by tangents",
                    (int)check->params, (long long)check->step);
    else
        answer_line(answer,
                    "%d of %d gradients of step %lld, drawn with seed %llu, by autograd and by "
                    "tangents",
                    (int)check->checked, (int)check->params, (long long)check->step,
                    (unsigned long long)check->seed);
    answer_whole(answer, "step", check->step);
    answer_whole(answer, "params", check->params);
    answer_whole(answer, "checked", check->checked);
    if (check->checked < check->params)
        answer_whole(answer, "seed", (int64_t)check->seed);
}

void gradcheck_answer_all(const GradcheckAll *check, Answer *answer)
{
    bool good = check->disagreement <= GRADCHECK_GOOD;
    char number[EXPR_NUMBER_BYTES];

    answer_head_of_all(check, answer);
    answer_line(answer, "  largest disagreement %.1e, at %s", check->disagreement, check->name);
    answer_line(answer, "  autograd  %s", written(check->autograd, number));
    answer_line(answer, "  tangent   %s", written(check->tangent, number));
    answer_line(answer, "%s",
                good ? _("They agree: what is left is rounding.") : _("They do not agree."));
    answer_real(answer, "disagreement", check->disagreement);
    answer_text(answer, "where", check->name);
    answer_real(answer, "autograd", check->autograd);
    answer_real(answer, "tangent", check->tangent);
}

static bool run_one(const Scope *scope, const char *path, Answer *answer, Error *error)
{
    Reference reference;
    ExprError wrong;
    Gradcheck check;
    int32_t node;

    if (!expr_node(path, scope, &reference, &node, &wrong))
        return watch_error(path, &wrong, error);
    if (reference.own)
        return error_set(error, "%.120s is of your own graph: only the run's gradients are checked",
                         path);
    if (!gradcheck_one(scope->history, node, &check, error))
        return false;
    gradcheck_answer(&check, answer);
    return true;
}

bool gradcheck_run(const Scope *scope, const char *path, Answer *answer, Error *error)
{
    GradcheckAll check;

    if (scope->look && scope->look->hiddens > 0)
        return error_set(error, "a lesson hides a number: check when you have answered");
    if (strcmp(path, "all") != 0)
        return run_one(scope, path, answer, error);
    if (!gradcheck_all(scope->history, &check, error))
        return false;
    gradcheck_answer_all(&check, answer);
    return true;
}
