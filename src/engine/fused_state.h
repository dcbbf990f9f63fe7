/* The state of fused kernels, for fused_template.h: parameters with padded rows, and the numbers
 * of one document.
 *
 *     parameters    every row begins at a multiple of LANES; what is between is 0 and stays so
 *     activations   [layer][block][feature] vectors: a block is LANES positions, a lane each
 *
 *                        lane:        0     1     2  ...
 *         block 0   feature 0:     x_0[0] x_1[0] x_2[0]      x_p[j]: number j at position p
 *                   feature 1:     x_0[1] x_1[1] x_2[1]
 *
 * Lanes beyond the end of the document repeat its last position, or have anything, and flow
 * nowhere. */

/* Where a matrix of parameters stands: rows of `stride` numbers, the first cols of which are its
 * own. */
typedef struct Matrix {
    size_t first;
    int rows, cols, stride;
} Matrix;

/* Lanes of a vector that libm must be asked for. */
typedef struct Doubt {
    int vector;
    unsigned lanes;
} Doubt;

enum { CHUNK = 512, QUEUE = 4, TABLE = 128 };

/* Parameters about to be updated: see engine/fused_adam.h. */
typedef struct Chunk {
    Real *value, *m, *v, *grad, *power;
    Real *old; /* [count] what of v comes from earlier steps */
    size_t count;
    uint8_t *sure;   /* [count / LANES]: a bit for each lane that libm need not be asked for */
    uint32_t *asked; /* which those are */
    Real lr, beta1, beta2, new1, new2, eps;
    Real c1, c2, inverse1, inverse2; /* bias corrections */
} Chunk;

/* The short ways of the update hold for gradients whose squares, and for means that, are below
 * it. */
#define EXTREME ((Real)0x1p120)

typedef struct State {
    FusedShape shape;
    int head_dim, hidden, blocks;    /* hidden: of the MLP; blocks: room */
    Real inverse_width, score_scale; /* 1 / width; 1 / sqrt(head_dim) */
    int width_room, hidden_room;     /* padded to LANES */
    bool extreme; /* there are means that the short ways of the update may not meet */
    bool plain;   /* powers and exponentials by libm alone */

    size_t numbers;      /* of all parameters, padded */
    Real *value, *m, *v; /* [numbers] */

    Vec *embed;    /* [block][width] before the first norm */
    Vec *x;        /* [layer, and one more][block][width] the residual stream as a layer begins */
    Vec *norm1;    /* [layer][block][width] */
    Vec *qkv;      /* [layer][block][3 width] queries, keys, values */
    Vec *e;        /* [layer][block][head][t] e^(score - max), 0 where t is later than the lane */
    Vec *total;    /* [layer][block][head] their sum */
    Vec *inverse;  /* [layer][block][head] its inverse */
    Vec *mix;      /* [layer][block][width] the heads' results, joined */
    Vec *residual; /* [layer][block][width] after attention */
    Vec *norm2;    /* [layer][block][width] */
    Vec *active;   /* [layer][block][hidden] after relu */
    Vec *mean0, *scale0; /* [block] of the first norm: mean square + epsilon; its power -0.5 */
    Vec *mean1, *scale1; /* [layer][block] of attention's */
    Vec *mean2, *scale2; /* [layer][block] of the MLP's */
    Vec *logit;          /* [block][vocab] */
    Vec *odds;           /* [block][vocab] e^(logit - max) */
    Vec *odds_total, *odds_inverse; /* [block] */

    /* Gradients of one layer at a time. */
    Vec *d_x;        /* [block][width] of what the layer gives */
    Vec *d_residual; /* [block][width] */
    Vec *d_active;   /* [block][hidden] of the MLP's hidden layer, before relu */
    Vec *d_mix;      /* [block][width] */
    Vec *d_qkv;      /* [block][3 width] */
    Vec *d_logit;    /* [block][vocab] */

    /* Scratch. */
    Vec *weight, *d_score; /* [block][t] of one head */
    Vec *turned[2];        /* [t] weight and d_score with lanes over t */
    Real *row;             /* [position][hidden] one kind of activation with lanes over features */
    Real *d_embed;         /* [vocab + block_size][width] gradients of wte and wpe */
    Real *grad, *old, *power; /* [chunk]: of parameters about to be updated; power [QUEUE][chunk] */
    Real *table, *table_low;  /* [TABLE] 2^(j / TABLE), and what rounding left over */
    size_t chunk;             /* numbers, whole rows of any matrix */
    Chunk queue[QUEUE];       /* whose last pass is still to come */
    unsigned first, waiting;  /* where the queue begins (modulo its length), how many are in it */
    size_t done;              /* numbers of the first that are through */
    Doubt *doubt;             /* [positions or vocab] */
    int *order;               /* [3 width] rows of queries, keys and values on the way back */
    uint32_t *asked;          /* [chunk + LANES] which those are */
    uint8_t *sure;            /* [chunk / LANES, and some]: lanes whose powers are libm's */
} State;

static int padded(int count)
{
    return (count + LANES - 1) / LANES * LANES;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Hands out memory piece by piece; without any, it only counts. */
typedef struct Arena {
    char *memory;
    size_t used;
} Arena;

static void *take(Arena *arena, size_t count, size_t size)
{
    size_t at = arena->used;

    arena->used += (count * size + FUSED_ALIGNMENT - 1) / FUSED_ALIGNMENT * FUSED_ALIGNMENT;
    return arena->memory ? arena->memory + at : NULL;
}

static Vec *take_vectors(Arena *arena, size_t count)
{
    return take(arena, count, sizeof(Vec));
}

static void lay_out_layers(State *s, Arena *arena)
{
    const size_t blocks = (size_t)s->blocks, layers = (size_t)s->shape.layers,
                 all = layers * blocks, width = (size_t)s->width_room,
                 heads = (size_t)s->shape.heads;

    s->embed = take_vectors(arena, blocks * width);
    s->x = take_vectors(arena, (layers + 1) * blocks * width);
    s->norm1 = take_vectors(arena, all * width);
    s->qkv = take_vectors(arena, all * 3 * (size_t)s->shape.width);
    s->e = take_vectors(arena, all * heads * blocks * LANES);
    s->total = take_vectors(arena, all * heads);
    s->inverse = take_vectors(arena, all * heads);
    s->mix = take_vectors(arena, all * width);
    s->residual = take_vectors(arena, all * width);
    s->norm2 = take_vectors(arena, all * width);
    s->active = take_vectors(arena, all * (size_t)s->hidden_room);
    s->mean0 = take_vectors(arena, blocks);
    s->scale0 = take_vectors(arena, blocks);
    s->mean1 = take_vectors(arena, all);
    s->scale1 = take_vectors(arena, all);
    s->mean2 = take_vectors(arena, all);
    s->scale2 = take_vectors(arena, all);
    s->logit = take_vectors(arena, blocks * (size_t)s->shape.vocab);
    s->odds = take_vectors(arena, blocks * (size_t)s->shape.vocab);
    s->odds_total = take_vectors(arena, blocks);
    s->odds_inverse = take_vectors(arena, blocks);
}

static void lay_out_gradients(State *s, Arena *arena)
{
    const size_t blocks = (size_t)s->blocks, width = (size_t)s->width_room;
    const size_t row = (size_t)s->hidden_room;

    s->d_x = take_vectors(arena, blocks * width);
    s->d_residual = take_vectors(arena, blocks * width);
    s->d_active = take_vectors(arena, blocks * (size_t)s->hidden_room);
    s->d_mix = take_vectors(arena, blocks * width);
    s->d_qkv = take_vectors(arena, blocks * 3 * (size_t)s->shape.width);
    s->d_logit = take_vectors(arena, blocks * (size_t)s->shape.vocab);
    s->weight = take_vectors(arena, blocks * blocks * LANES);
    s->d_score = take_vectors(arena, blocks * blocks * LANES);
    s->turned[0] = take_vectors(arena, blocks * LANES);
    s->turned[1] = take_vectors(arena, blocks * LANES);
    s->row = take(arena, blocks * LANES * row, sizeof(Real));
    s->d_embed = take(arena, (size_t)(s->shape.vocab + s->shape.block_size) * width, sizeof(Real));
    s->chunk = row > CHUNK ? row : CHUNK;
    s->grad = take(arena, s->chunk, sizeof(Real));
    s->old = take(arena, s->chunk, sizeof(Real));
    s->power = take(arena, QUEUE * s->chunk, sizeof(Real));
    s->doubt = take(arena, blocks * LANES + (size_t)s->shape.vocab, sizeof *s->doubt);
    s->order = take(arena, 3 * (size_t)s->shape.width, sizeof *s->order);
    s->asked = take(arena, s->chunk + LANES, sizeof *s->asked);
    s->sure = take(arena, s->chunk / LANES + sizeof(uint64_t), 1);
    s->table = take(arena, TABLE, sizeof(Real));
    s->table_low = take(arena, TABLE, sizeof(Real));
}

/* From 2 by seven square roots to 2^(1/128), and up by its powers, in sums of two numbers. */
static void fill_table(State *s)
{
    double root = 2, root_low = 0, power = 1, power_low = 0;

    for (int j = 1; j < TABLE; j *= 2) {
        double y = sqrt(root);
        root_low = (fma(-y, y, root) + root_low) / (2 * y);
        root = y;
    }
    for (int j = 0; j < TABLE; j++) {
        s->table[j] = (Real)power;
        s->table_low[j] = (Real)power_low;
        double p = power * root;
        double low = fma(power, root, -p) + (power * root_low + power_low * root);
        power = p + low;
        power_low = (p - power) + low;
    }
}

/* Heads from last to first; in a head the rows of v from last to first, then those of k, then
 * those of q. */
static void fill_order(State *s)
{
    int *order = s->order;

    for (int head = s->shape.heads - 1; head >= 0; head--)
        for (int part = 2; part >= 0; part--)
            for (int j = s->head_dim - 1; j >= 0; j--)
                *order++ = part * s->shape.width + head * s->head_dim + j;
}

/* ---- parameters ------------------------------------------------------------------------------ */

enum { MATRIX_WTE, MATRIX_WPE, MATRIX_LM_HEAD, MATRIX_LAYERS };
enum { MATRIX_QKV, MATRIX_WO, MATRIX_FC1, MATRIX_FC2, LAYER_MATRICES };

/* Matrices in the order of their parameters; queries, keys and values are one. */
static Matrix matrix(const State *s, int number)
{
    const size_t width = (size_t)s->shape.width, row = (size_t)s->width_room;
    const size_t vocab = (size_t)s->shape.vocab, block_size = (size_t)s->shape.block_size;
    const size_t layers = (2 * vocab + block_size) * row,
                 layer = 8 * width * row + width * (size_t)s->hidden_room;
    const int e = s->shape.width;

    if (number < MATRIX_LAYERS) {
        const size_t first[] = {0, vocab * row, (vocab + block_size) * row};
        const int rows = number == MATRIX_WPE ? s->shape.block_size : s->shape.vocab;
        return (Matrix){first[number], rows, e, s->width_room};
    }
    const size_t base = layers + (size_t)((number - MATRIX_LAYERS) / LAYER_MATRICES) * layer;
    switch ((number - MATRIX_LAYERS) % LAYER_MATRICES) {
    case MATRIX_QKV:
        return (Matrix){base, 3 * e, e, s->width_room};
    case MATRIX_WO:
        return (Matrix){base + 3 * width * row, e, e, s->width_room};
    case MATRIX_FC1:
        return (Matrix){base + 4 * width * row, s->hidden, e, s->width_room};
    default:
        return (Matrix){base + 8 * width * row, e, s->hidden, s->hidden_room};
    }
}

static Matrix layer_matrix(const State *s, int layer, int number)
{
    return matrix(s, MATRIX_LAYERS + layer * LAYER_MATRICES + number);
}

static int matrices(const State *s)
{
    return MATRIX_LAYERS + s->shape.layers * LAYER_MATRICES;
}

static void load_numbers(const State *s, Real *to, const double *from)
{
    for (int i = 0; i < matrices(s); i++) {
        const Matrix at = matrix(s, i);
        for (int r = 0; r < at.rows; r++)
            for (int j = 0; j < at.cols; j++)
                to[at.first + (size_t)r * (size_t)at.stride + (size_t)j] = (Real)*from++;
    }
}

static void store_numbers(const State *s, double *to, const Real *from)
{
    for (int i = 0; i < matrices(s); i++) {
        const Matrix at = matrix(s, i);
        for (int r = 0; r < at.rows; r++)
            for (int j = 0; j < at.cols; j++)
                *to++ = (double)from[at.first + (size_t)r * (size_t)at.stride + (size_t)j];
    }
}

static bool all_below(const Real *x, size_t count, Real limit)
{
    bool below = true;

    for (size_t i = 0; i < count; i++)
        below &= x[i] < limit && x[i] > -limit;
    return below;
}

static void load(void *state, const double *value, const double *m, const double *v)
{
    State *s = state;

    load_numbers(s, s->value, value);
    if (m)
        load_numbers(s, s->m, m);
    if (v)
        load_numbers(s, s->v, v);
    s->extreme = !all_below(s->m, s->numbers, EXTREME) || !all_below(s->v, s->numbers, EXTREME);
}

static void store(const void *state, double *value, double *m, double *v)
{
    const State *s = state;

    store_numbers(s, value, s->value);
    if (m)
        store_numbers(s, m, s->m);
    if (v)
        store_numbers(s, v, s->v);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static size_t lay_out(State *s, char *memory, const FusedShape *shape)
{
    Arena arena = {memory, 0};

    *s = (State){.shape = *shape};
    take(&arena, 1, sizeof *s);
    s->head_dim = shape->width / shape->heads;
    s->hidden = 4 * shape->width;
    s->inverse_width = (Real)pow(shape->width, -1);
    s->score_scale = (Real)pow(pow(s->head_dim, 0.5), -1);
    s->width_room = padded(shape->width);
    s->hidden_room = padded(s->hidden);
    s->blocks = padded(shape->block_size) / LANES;
    const Matrix end = matrix(s, matrices(s));
    s->numbers = end.first;
    s->value = take(&arena, s->numbers, sizeof(Real));
    s->m = take(&arena, s->numbers, sizeof(Real));
    s->v = take(&arena, s->numbers, sizeof(Real));
    lay_out_layers(s, &arena);
    lay_out_gradients(s, &arena);
    return arena.used;
}

static size_t bytes(const FusedShape *shape)
{
    State counted;

    return lay_out(&counted, NULL, shape);
}

static void init(void *state, const FusedShape *shape)
{
    State laid_out;

    lay_out(&laid_out, state, shape);
    memset(state, 0, bytes(shape));
    memcpy(state, &laid_out, sizeof laid_out);
    fill_table(state);
    fill_order(state);
}

static void set_plain(void *state, bool plain)
{
    ((State *)state)->plain = plain;
}

/* Vectors of one block in an array of [layer][block][features]. */
INLINE Vec *at_block(const State *s, Vec *array, int layer, int block, int features)
{
    return array + ((size_t)layer * (size_t)s->blocks + (size_t)block) * (size_t)features;
}

/* The numbers of one feature in a block, a position each; the next feature's follow. */
INLINE const Real *numbers_of(const Vec *array, int features, int feature, int block)
{
    return (const Real *)(array + (ptrdiff_t)block * features + feature);
}

/* Where a feature stands at a position, in an array of [block][features]; the next feature's number
 * is LANES further. */
INLINE const Real *number_at(const Vec *array, int features, int feature, int position)
{
    return numbers_of(array, features, feature, position / LANES) + position % LANES;
}

/* One number: feature of an array of [block][features], at a position. */
INLINE Real at_position(const Vec *array, int features, int feature, int position)
{
    return ((const Real *)
                array)[((size_t)(position / LANES) * (size_t)features + (size_t)feature) * LANES +
                       (size_t)(position % LANES)];
}
