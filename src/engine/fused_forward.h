/* Forward, for fused_template.h. Every sum begins at 0 and goes by rising index, as the tape's
 * do. */

/* ---- rows and columns ------------------------------------------------------------------------ */

/* Positions of one block, a row each, to vectors over positions; and back. */
INLINE void from_rows(Vec *x, const Real *row, int stride, int features)
{
    for (int j = 0; j < features; j += LANES) {
        Vec tile[LANES];
        UNROLL
        for (int i = 0; i < LANES; i++)
            tile[i] = vec_load(row + (ptrdiff_t)i * stride + j);
        vec_transpose(tile);
        UNROLL
        for (int i = 0; i < LANES; i++)
            x[j + i] = tile[i];
    }
}

INLINE void to_rows(Real *row, int stride, const Vec *x, int features)
{
    for (int j = 0; j < features; j += LANES) {
        Vec tile[LANES];
        UNROLL
        for (int i = 0; i < LANES; i++)
            tile[i] = x[j + i];
        vec_transpose(tile);
        UNROLL
        for (int i = 0; i < LANES; i++)
            vec_store(row + (ptrdiff_t)i * stride + j, tile[i]);
    }
}

/* ---- building blocks ------------------------------------------------------------------------- */

/* y_r = sum over j = 0 ... of W[r][j] x_j, for `count` rows at a time */
INLINE void linear_rows(Vec *y, const Real *w, int stride, const Vec *x, int cols, const int count)
{
    Vec sum[8];

    UNROLL
    for (int k = 0; k < count; k++)
        sum[k] = (Vec){0};
    for (int j = 0; j < cols; j++) {
        const Vec xj = x[j];
        UNROLL
        for (int k = 0; k < count; k++)
            sum[k] = vec_plus(sum[k], vec_all(w[(ptrdiff_t)k * stride + j]), xj);
    }
    UNROLL
    for (int k = 0; k < count; k++)
        y[k] = sum[k];
}

/* Calls rows(start, COUNT) for all of count: eight at a time, then what is left. */
#define IN_EIGHTS(count, start, rows)            \
    do {                                         \
        int start = 0;                           \
        for (; start + 8 <= (count); start += 8) \
            rows(8);                             \
        if ((count)&4) {                         \
            rows(4);                             \
            start += 4;                          \
        }                                        \
        if ((count)&2) {                         \
            rows(2);                             \
            start += 2;                          \
        }                                        \
        if ((count)&1)                           \
            rows(1);                             \
    } while (0)

/* y = W x in blocks from ... to - 1; a few rows of W stay near while all blocks pass. */
static void linear(const State *s, Matrix at, Vec *y, int y_features, const Vec *x, int x_features,
                   int from, int to)
{
    const Real *w = s->value + at.first;

#define ROWS(n)                                                                             \
    for (int b = from; b < to; b++)                                                         \
    linear_rows(y + (ptrdiff_t)b * y_features + r, w + (ptrdiff_t)r * at.stride, at.stride, \
                x + (ptrdiff_t)b * x_features, at.cols, n)
    IN_EIGHTS(at.rows, r, ROWS);
#undef ROWS
}

/* y_j = x_j s with s = m^-0.5, m = (sum over j of x_j^2) / n + epsilon */
static void norm(const State *s, Vec *y, const Vec *x, Vec *mean, Vec *scale)
{
    const int width = s->shape.width;
    Vec sum = {0};

    for (int j = 0; j < width; j++)
        sum = vec_plus(sum, x[j], x[j]);
    *mean = sum * s->inverse_width + (Real)1e-5;
    *scale = vec_function(s, FUSED_INVERSE_ROOT, *mean);
    for (int j = 0; j < width; j++)
        y[j] = x[j] * *scale;
}

/* ---- the model ------------------------------------------------------------------------------- */

/* wte[token] + wpe[position], looked up by rows */
static void embed(State *s, const int *token, int block, int positions)
{
    const int room = s->width_room;
    const Real *wte = s->value + matrix(s, MATRIX_WTE).first,
               *wpe = s->value + matrix(s, MATRIX_WPE).first;

    for (int lane = 0; lane < LANES; lane++) {
        int p = block * LANES + lane < positions ? block * LANES + lane : positions - 1;
        for (int j = 0; j < room; j += LANES)
            vec_store(s->row + (ptrdiff_t)lane * room + j,
                      vec_load(wte + (ptrdiff_t)token[p] * room + j) +
                          vec_load(wpe + (ptrdiff_t)p * room + j));
    }
    from_rows(at_block(s, s->embed, 0, block, room), s->row, room, room);
}

/* Where lanes are not before position t. */
INLINE Mask sees(int block, int t)
{
    return vec_lane_numbers() >= vec_all((Real)(t - block * LANES));
}

/* Keys and values that a block looks at: those up to its own last position, if the document goes so
 * far. */
INLINE int seen_by(int block, int positions)
{
    const int end = (block + 1) * LANES;

    return end < positions ? end : positions;
}

/* Scores of a block's queries with all keys so far, and their exponentials:
 *     score_t = c (sum over j of q_j k_t[j]),  e_t = e^(score_t - max),  total = sum of e_t */
static void attend(State *s, int layer, int block, int head, int seen)
{
    const int d = s->head_dim, width3 = 3 * s->shape.width, heads = s->shape.heads,
              room = s->blocks * LANES;
    const Vec *qkv = at_block(s, s->qkv, layer, 0, width3),
              *q = qkv + (ptrdiff_t)block * width3 + head * d;
    Vec *e = at_block(s, s->e, layer, block, heads * room) + (ptrdiff_t)head * room;
    Vec top = vec_all(-(Real)INFINITY), total = {0};

    for (int t = 0; t < seen; t++) {
        const Real *key = number_at(qkv, width3, s->shape.width + head * d, t);
        Vec sum = {0};
        for (int j = 0; j < d; j++)
            sum = vec_plus(sum, q[j], vec_all(key[j * LANES]));
        e[t] = sum * s->score_scale;
        top = vec_greater(vec_select(sees(block, t), e[t], top), top);
    }
    for (int t = 0; t < seen; t++)
        s->weight[t] = vec_select(sees(block, t), e[t] - top, (Vec){0});
    exponentials(s, e, s->weight, seen);
    for (int t = 0; t < seen; t++) {
        e[t] = vec_select(sees(block, t), e[t], (Vec){0});
        total = total + e[t];
    }
    *(at_block(s, s->total, layer, block, heads) + head) = total;
    *(at_block(s, s->inverse, layer, block, heads) + head) = vec_function(s, FUSED_INVERSE, total);
}

/* weight_t = e_t / total,  out_j = sum over t of weight_t v_t[j] */
static void mix(State *s, int layer, int block, int head, int seen)
{
    const int d = s->head_dim, width = s->shape.width, heads = s->shape.heads,
              room = s->blocks * LANES;
    const Vec *qkv = at_block(s, s->qkv, layer, 0, 3 * width);
    const Vec *e = at_block(s, s->e, layer, block, heads * room) + (ptrdiff_t)head * room;
    const Vec inverse = *(at_block(s, s->inverse, layer, block, heads) + head);
    Vec *out = at_block(s, s->mix, layer, block, s->width_room) + head * d;

    for (int t = 0; t < seen; t++)
        s->weight[t] = e[t] * inverse;
    for (int j = 0; j < d; j++) {
        Vec sum = {0};
        for (int t = 0; t < seen; t++)
            sum = vec_plus(sum, s->weight[t],
                           vec_all(*number_at(qkv, 3 * width, 2 * width + head * d + j, t)));
        out[j] = sum;
    }
}

/* y + x, in place of y */
static void add(Vec *y, const Vec *x, int count)
{
    for (int j = 0; j < count; j++)
        y[j] = y[j] + x[j];
}

static void forward_layer(State *s, int layer, int from, int positions)
{
    const int width = s->shape.width, room = s->width_room, hidden = s->hidden_room;
    Vec *x = at_block(s, s->x, layer, 0, room), *next = at_block(s, s->x, layer + 1, 0, room);
    Vec *norm1 = at_block(s, s->norm1, layer, 0, room),
        *norm2 = at_block(s, s->norm2, layer, 0, room);
    Vec *residual = at_block(s, s->residual, layer, 0, room);
    Vec *active = at_block(s, s->active, layer, 0, hidden);
    const int to = padded(positions) / LANES;

    for (int b = from; b < to; b++)
        norm(s, norm1 + (ptrdiff_t)b * room, x + (ptrdiff_t)b * room,
             at_block(s, s->mean1, layer, b, 1), at_block(s, s->scale1, layer, b, 1));
    linear(s, layer_matrix(s, layer, MATRIX_QKV), at_block(s, s->qkv, layer, 0, 3 * width),
           3 * width, norm1, room, from, to);
    for (int b = from; b < to; b++)
        for (int head = 0; head < s->shape.heads; head++) {
            attend(s, layer, b, head, seen_by(b, positions));
            mix(s, layer, b, head, seen_by(b, positions));
        }
    linear(s, layer_matrix(s, layer, MATRIX_WO), residual, room,
           at_block(s, s->mix, layer, 0, room), room, from, to);
    for (int b = from; b < to; b++) {
        add(residual + (ptrdiff_t)b * room, x + (ptrdiff_t)b * room, width);
        norm(s, norm2 + (ptrdiff_t)b * room, residual + (ptrdiff_t)b * room,
             at_block(s, s->mean2, layer, b, 1), at_block(s, s->scale2, layer, b, 1));
    }
    linear(s, layer_matrix(s, layer, MATRIX_FC1), active, hidden, norm2, room, from, to);
    for (int b = from; b < to; b++)
        for (int i = 0; i < s->hidden; i++)
            active[b * hidden + i] = vec_greater(active[b * hidden + i], (Vec){0});
    linear(s, layer_matrix(s, layer, MATRIX_FC2), next, room, active, hidden, from, to);
    for (int b = from; b < to; b++)
        add(next + (ptrdiff_t)b * room, residual + (ptrdiff_t)b * room, width);
}

static void forward(void *state, const int *token, int from_position, int positions)
{
    State *s = state;
    const int from = from_position / LANES, to = padded(positions) / LANES, room = s->width_room;

    for (int b = from; b < to; b++) {
        embed(s, token, b, positions);
        norm(s, at_block(s, s->x, 0, b, room), at_block(s, s->embed, 0, b, room), &s->mean0[b],
             &s->scale0[b]);
    }
    for (int layer = 0; layer < s->shape.layers; layer++)
        forward_layer(s, layer, from, positions);
    linear(s, matrix(s, MATRIX_LM_HEAD), s->logit, s->shape.vocab,
           at_block(s, s->x, s->shape.layers, 0, room), room, from, to);
}

static void logits(const void *state, int position, double *logit)
{
    const State *s = state;

    for (int i = 0; i < s->shape.vocab; i++)
        logit[i] = (double)at_position(s->logit, s->shape.vocab, i, position);
}

/* As mix takes them. */
static void weights(const void *state, int layer, int head, int position, double *weight)
{
    const State *s = state;
    const int block = position / LANES, heads = s->shape.heads, room = s->blocks * LANES;
    const Vec *e = at_block(s, s->e, layer, block, heads * room) + (ptrdiff_t)head * room;
    const Vec inverse = *(at_block(s, s->inverse, layer, block, heads) + head);

    for (int t = 0; t <= position; t++)
        weight[t] = (double)(e[t] * inverse)[position % LANES];
}

/* ---- loss ------------------------------------------------------------------------------------ */

/* Softmax without its division: odds_i = e^(logit_i - max), their sum, its inverse */
static void find_odds(State *s, int block)
{
    const int vocab = s->shape.vocab;
    const Vec *logit = s->logit + (ptrdiff_t)block * vocab;
    Vec *odds = s->odds + (ptrdiff_t)block * vocab, *below = s->d_logit, top = logit[0],
        total = {0};

    for (int i = 1; i < vocab; i++)
        top = vec_greater(logit[i], top);
    for (int i = 0; i < vocab; i++)
        below[i] = logit[i] - top;
    exponentials(s, odds, below, vocab);
    for (int i = 0; i < vocab; i++)
        total = total + odds[i];
    s->odds_total[block] = total;
    s->odds_inverse[block] = vec_function(s, FUSED_INVERSE, total);
}

/* Probability of the right next token at position p. */
INLINE Real right_probability(const State *s, const int *token, int p)
{
    return at_position(s->odds, s->shape.vocab, token[p + 1], p) *
           at_position(s->odds_inverse, 1, 0, p);
}

/* (sum over p of -ln probability) / n */
static double loss(void *state, const int *token, int positions)
{
    State *s = state;
    Real sum = 0;

    for (int b = 0; b < padded(positions) / LANES; b++)
        find_odds(s, b);
    for (int p = 0; p < positions; p++)
        sum = sum + (Real)log((double)right_probability(s, token, p)) * (Real)-1;
    return (double)(sum * (Real)(1.0 / positions));
}
