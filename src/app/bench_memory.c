#include "app/bench_memory.h"

#include "engine/rng.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 7,
    SMALL = 16,
    LARGE_ROWS = 512,
    LARGE_COLUMNS = 512,
    NODES = 50000,
    GRADIENTS = 4192
};

/* What microgpt keeps with a number: itself, its gradient, what it was made from and the slopes by
 * these. */
typedef struct Box {
    double data, grad, slope[2];
    struct Box *input[2];
    int inputs;
} Box;

/* The same matrix three times. */
typedef struct Matrix {
    int rows, columns;
    Box *flat;   /* [rows][columns] */
    Box **row;   /* [rows]: blocks of columns boxes */
    Box **each;  /* [rows][columns]: blocks of one box */
    double total; /* of what was read: an optimiser must not leave reading out */
} Matrix;

static double seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* ---- layout ---------------------------------------------------------------------------------- */

static void matrix_release(Matrix *matrix)
{
    for (int i = 0; matrix->row && i < matrix->rows; i++)
        sys_free(matrix->row[i]);
    for (int i = 0; matrix->each && i < matrix->rows * matrix->columns; i++)
        sys_free(matrix->each[i]);
    sys_free(matrix->row);
    sys_free(matrix->each);
    sys_free(matrix->flat);
}

/* Boxes that a program makes one by one end up anywhere: so they change places. */
static void shuffle(Box **box, int count)
{
    Rng rng;

    rng_seed(&rng, 1);
    for (int i = count - 1; i > 0; i--) {
        int other = (int)(rng_random(&rng) * (i + 1));
        Box *held = box[i];
        box[i] = box[other];
        box[other] = held;
    }
}

static bool matrix_init(Matrix *matrix, int rows, int columns)
{
    const size_t count = (size_t)rows * (size_t)columns;
    bool made;

    *matrix = (Matrix){.rows = rows, .columns = columns};
    matrix->flat = sys_alloc(count, sizeof(Box));
    matrix->row = sys_alloc((size_t)rows, sizeof(Box *));
    matrix->each = sys_alloc(count, sizeof(Box *));
    made = matrix->flat && matrix->row && matrix->each;
    for (int i = 0; made && i < rows; i++)
        made = (matrix->row[i] = sys_alloc((size_t)columns, sizeof(Box))) != NULL;
    for (size_t i = 0; made && i < count; i++)
        made = (matrix->each[i] = sys_alloc(1, sizeof(Box))) != NULL;
    if (made) {
        shuffle(matrix->row, rows);
        shuffle(matrix->each, (int)count);
    }
    return made;
}

typedef void Pass(Matrix *matrix);

static void read_flat(Matrix *matrix)
{
    double sum = 0;

    for (int i = 0; i < matrix->rows; i++)
        for (int j = 0; j < matrix->columns; j++)
            sum += matrix->flat[i * matrix->columns + j].data;
    matrix->total += sum;
}

static void read_rows(Matrix *matrix)
{
    double sum = 0;

    for (int i = 0; i < matrix->rows; i++)
        for (int j = 0; j < matrix->columns; j++)
            sum += matrix->row[i][j].data;
    matrix->total += sum;
}

static void read_each(Matrix *matrix)
{
    double sum = 0;

    for (int i = 0; i < matrix->rows; i++)
        for (int j = 0; j < matrix->columns; j++)
            sum += matrix->each[i * matrix->columns + j]->data;
    matrix->total += sum;
}

/* Nanoseconds a number: the pass is repeated so often that a clock can tell. */
static double time_pass(Matrix *matrix, Pass *pass)
{
    const int numbers = matrix->rows * matrix->columns, enough = 1 << 18;
    const int repeats = numbers < enough ? enough / numbers : 1;
    double begin = seconds();

    for (int i = 0; i < repeats; i++)
        pass(matrix);
    return (seconds() - begin) * 1e9 / ((double)numbers * repeats);
}

static double least(double a, double b)
{
    return b < a ? b : a;
}

/* ns: by box, by row, flat. */
static bool time_matrix(int rows, int columns, double ns[3])
{
    static Pass *const passes[] = {read_each, read_rows, read_flat};
    Matrix matrix;
    bool made = matrix_init(&matrix, rows, columns);

    ns[0] = ns[1] = ns[2] = 1e9;
    for (int round = 0; made && round < ROUNDS; round++)
        for (int i = 0; i < 3; i++)
            ns[i] = least(ns[i], time_pass(&matrix, passes[i]));
    matrix_release(&matrix);
    return made;
}

static bool measure_layout(BenchPair pair[4])
{
    double small[3], large[3];

    if (!time_matrix(SMALL, SMALL, small) || !time_matrix(LARGE_ROWS, LARGE_COLUMNS, large))
        return false;
    pair[0] =
        (BenchPair){N_("a small matrix, 16 x 16"), N_("boxes"), N_("flat"), small[0], small[2]};
    pair[1] =
        (BenchPair){N_("a small matrix, 16 x 16"), N_("rows"), N_("flat"), small[1], small[2]};
    pair[2] =
        (BenchPair){N_("a large matrix, 512 x 512"), N_("boxes"), N_("flat"), large[0], large[2]};
    pair[3] =
        (BenchPair){N_("a large matrix, 512 x 512"), N_("rows"), N_("flat"), large[1], large[2]};
    return true;
}

/* ---- alloc ----------------------------------------------------------------------------------- */

/* Makes the nodes of a chain one by one, each from the one before, and gives them back. */
static bool make_each(Box **box)
{
    int made = 0;

    for (; made < NODES && (box[made] = sys_alloc(1, sizeof(Box))); made++) {
        box[made]->data = made;
        box[made]->input[0] = made > 0 ? box[made - 1] : NULL;
    }
    for (int i = 0; i < made; i++)
        sys_free(box[i]);
    return made == NODES;
}

static bool make_in_arena(Box **box)
{
    Box *arena = sys_alloc(NODES, sizeof(Box));

    for (int i = 0; arena && i < NODES; i++) {
        box[i] = &arena[i];
        box[i]->data = i;
        box[i]->input[0] = i > 0 ? box[i - 1] : NULL;
    }
    sys_free(arena);
    return arena != NULL;
}

enum { ZEROINGS = 2000 };

/* What is written after is read by whoever asks: a block that nobody reads could be left out. */
static bool zero_fresh(volatile double *kept)
{
    bool made = true;

    for (int i = 0; made && i < ZEROINGS; i++) {
        double *grad = sys_alloc(GRADIENTS, sizeof *grad);
        made = grad != NULL;
        if (made) {
            grad[i] = 1;
            *kept += grad[GRADIENTS - 1];
        }
        sys_free(grad);
    }
    return made;
}

static bool zero_again(volatile double *kept)
{
    double *grad = sys_alloc(GRADIENTS, sizeof *grad);

    for (int i = 0; grad && i < ZEROINGS; i++) {
        memset(grad, 0, GRADIENTS * sizeof *grad);
        grad[i] = 1;
        *kept += grad[GRADIENTS - 1];
    }
    sys_free(grad);
    return grad != NULL;
}

static bool measure_alloc(BenchPair pair[2])
{
    Box **box = sys_alloc(NODES, sizeof *box);
    double least_ns[4] = {1e9, 1e9, 1e9, 1e9};
    volatile double kept = 0;
    bool made = box != NULL;

    for (int round = 0; made && round < ROUNDS; round++) {
        double at[5] = {seconds()};
        made = make_each(box);
        at[1] = seconds();
        made = made && make_in_arena(box);
        at[2] = seconds();
        made = made && zero_fresh(&kept);
        at[3] = seconds();
        made = made && zero_again(&kept);
        at[4] = seconds();
        for (int i = 0; i < 4; i++)
            least_ns[i] = least(least_ns[i], (at[i + 1] - at[i]) * 1e9 /
                                                 (i < 2 ? NODES : (double)ZEROINGS * GRADIENTS));
    }
    sys_free(box);
    pair[0] =
        (BenchPair){N_("the values of a graph"), N_("each"), N_("arena"), least_ns[0], least_ns[1]};
    pair[1] =
        (BenchPair){N_("a step's gradients"), N_("fresh"), N_("zeroed"), least_ns[2], least_ns[3]};
    return made;
}

/* ---- both ------------------------------------------------------------------------------------ */

static void answer_pair(Answer *answer, const BenchPair *pair)
{
    double ratio = pair->slow_ns / pair->fast_ns;

    answer_line(answer, "%s:\t%s %.2f ns\t%s %.2f ns\t%.1f times", _(pair->what), _(pair->slow),
                pair->slow_ns, _(pair->fast), pair->fast_ns, ratio);
    answer_open(answer, NULL, '{');
    answer_text(answer, "what", pair->what);
    answer_text(answer, "slow", pair->slow);
    answer_text(answer, "fast", pair->fast);
    answer_real(answer, "slow_ns", pair->slow_ns);
    answer_real(answer, "fast_ns", pair->fast_ns);
    answer_real(answer, "ratio", ratio);
    answer_close(answer, '}');
}

bool bench_memory(const char *name, Answer *answer, Error *error)
{
    BenchPair pair[4];
    const bool layout = strcmp(name, "layout") == 0;

    if (!layout && strcmp(name, "alloc") != 0)
        return error_set(error, "there is no measurement %.40s here: try layout or alloc", name);
    if (!(layout ? measure_layout(pair) : measure_alloc(pair)))
        return error_set(error, "out of memory for a measurement");
    answer_text(answer, "bench", name);
    answer_open(answer, "pairs", '[');
    for (int i = 0; i < (layout ? 4 : 2); i++)
        answer_pair(answer, &pair[i]);
    answer_close(answer, ']');
    return true;
}

static bool print(const char *name, const Options *options, FILE *stream, Error *error)
{
    Answer answer = {.cut = false};
    bool done = bench_memory(name, &answer, error);

    if (done && options->json)
        fprintf(stream, "{%s}\n", answer.members.bytes);
    else if (done)
        fputs(answer_first(&answer), stream);
    answer_release(&answer);
    return done;
}

bool bench_layout(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    (void)data_path;
    return print("layout", options, stream, error);
}

bool bench_alloc(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    (void)data_path;
    return print("alloc", options, stream, error);
}
