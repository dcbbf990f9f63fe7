/* Backward, for fused_template.h. Above each function: what it computes, and in which order its
 * sums go. That order follows from the tape's: depth-first from the loss, visited backwards.
 * Every sum begins at 0. */

/* ---- building blocks ------------------------------------------------------------------------- */

/* d_x_j = sum over rows of W[r][j] d_y_r, for `count` columns at a time; rows from last to
 * first, or in the order given */
INLINE void linear_columns(Vec *dx, const Real *w, int stride, const Vec *dy, int rows,
                           const int *order, const int count)
{
    Vec sum[8];

    UNROLL
    for (int k = 0; k < count; k++)
        sum[k] = (Vec){0};
    for (int i = 0; i < rows; i++) {
        const int r = order ? order[i] : rows - 1 - i;
        const Vec g = dy[r];
        const Real *row = w + (ptrdiff_t)r * stride;
        UNROLL
        for (int k = 0; k < count; k++)
            sum[k] = vec_plus(sum[k], vec_all(row[k]), g);
    }
    UNROLL
    for (int k = 0; k < count; k++)
        dx[k] = sum[k];
}

INLINE void linear_back_in_order(const State *s, Matrix at, Vec *dx, int dx_features, const Vec *dy,
                                 int dy_features, const int *order, int blocks)
{
    const Real *w = s->value + at.first;

#define COLUMNS(n)                                                        \
    for (int b = 0; b < blocks; b++)                                      \
    linear_columns(dx + (ptrdiff_t)b * dx_features + j, w + j, at.stride, \
                   dy + (ptrdiff_t)b * dy_features, at.rows, order, n)
    IN_EIGHTS(at.cols, j, COLUMNS);
#undef COLUMNS
}

static void linear_back(const State *s, Matrix at, Vec *dx, int dx_features, const Vec *dy,
                        int dy_features, int blocks)
{
    linear_back_in_order(s, at, dx, dx_features, dy, dy_features, NULL, blocks);
}

/* Of queries, keys and values. */
static void heads_back(const State *s, Matrix at, Vec *dx, int dx_features, int blocks)
{
    linear_back_in_order(s, at, dx, dx_features, s->d_qkv, at.rows, s->order, blocks);
}

/* The norm y_j = x_j s, s = m^-0.5, with d_y = dy:
 *     G = (1/n) ((-0.5 m^-1.5) sum over j = n-1 ... 0 of x_j dy_j)
 *     dx_j = ((dx_j + s dy_j) + x_j G) + x_j G      x_j^2 hands its gradient to both its inputs
 * dx holds what came to x by other ways. */
static void norm_back(const State *s, Vec *dx, const Vec *dy, const Vec *x, Vec mean, Vec scale)
{
    const int width = s->shape.width;
    Vec sum = {0};

    for (int j = width - 1; j >= 0; j--)
        sum = vec_plus(sum, x[j], dy[j]);
    const Vec slope = (Real)-0.5 * vec_function(s, FUSED_INVERSE_CUBE, mean);
    const Vec g = s->inverse_width * (slope * sum);
    for (int j = 0; j < width; j++) {
        const Vec twice = x[j] * g;
        dx[j] = ((dx[j] + scale * dy[j]) + twice) + twice;
    }
}

/* ---- loss and logits ------------------------------------------------------------------------- */

/* What one position's loss hands to its logits; only the right token's probability is in it:
 *     g_prob = (1 / prob) (-1 (1/n)),  g_inverse = odds g_prob,  g_total = (-1 total^-2) g_inverse
 *     g_odds_i = g_total; of the right token inverse g_prob + g_total
 *     g_logit_i = odds_i g_odds_i */
static void loss_back(State *s, const int *token, int block, int positions, Vec *right)
{
    const int vocab = s->shape.vocab;
    const Vec *odds = s->odds + (ptrdiff_t)block * vocab;
    const Vec inverse = s->odds_inverse[block];
    Vec *d_logit = s->d_logit + (ptrdiff_t)block * vocab, chosen = {0};

    for (int lane = 0; lane < LANES; lane++) {
        int p = block * LANES + lane < positions ? block * LANES + lane : positions - 1;
        chosen[lane] = at_position(odds, vocab, token[p + 1], lane);
    }
    const Vec g_prob = ((Real)1 / (chosen * inverse)) * ((Real)-1 * (Real)(1.0 / positions));
    const Vec slope = (Real)-1 * vec_function(s, FUSED_INVERSE_SQUARE, s->odds_total[block]);
    const Vec g_total = slope * (chosen * g_prob);
    *right = chosen * (inverse * g_prob + g_total);
    for (int i = 0; i < vocab; i++)
        d_logit[i] = odds[i] * g_total;
}

/* Puts the right token's number where it belongs, or 0. */
static void set_right(State *s, const int *token, int block, int positions, Vec right)
{
    Real *d_logit = (Real *)(s->d_logit + (ptrdiff_t)block * s->shape.vocab);

    for (int lane = 0; lane < LANES && block * LANES + lane < positions; lane++)
        d_logit[(ptrdiff_t)token[block * LANES + lane + 1] * LANES + lane] = right[lane];
}

/* Gradient of the last x: rows of lm_head from last to first without the right token's, then
 * that one: there the walk enters. While the others are added up, the right token's number is 0,
 * which changes no sum. */
static void logits_back(State *s, const int *token, int positions, int blocks)
{
    const Matrix at = matrix(s, MATRIX_LM_HEAD);
    const int room = s->width_room;
    const Vec none = {0};

    for (int b = 0; b < blocks; b++) {
        Vec right;
        loss_back(s, token, b, positions, &right);
        set_right(s, token, b, positions, none);
        s->weight[b] = right;
    }
    linear_back(s, at, s->d_x, room, s->d_logit, s->shape.vocab, blocks);
    for (int b = 0; b < blocks; b++) {
        Vec *dx = at_block(s, s->d_x, 0, b, room), *row = s->d_mix;
        for (int lane = 0; lane < LANES; lane++) {
            int p = b * LANES + lane < positions ? b * LANES + lane : positions - 1;
            memcpy(s->row + (ptrdiff_t)lane * room,
                   s->value + at.first + (ptrdiff_t)token[p + 1] * room,
                   (size_t)room * sizeof(Real));
        }
        from_rows(row, s->row, room, room);
        for (int j = 0; j < at.cols; j++)
            dx[j] = dx[j] + row[j] * s->weight[b];
        set_right(s, token, b, positions, s->weight[b]);
    }
}

/* ---- attention ------------------------------------------------------------------------------- */

/* One head, one block of queries:
 *     g_weight_t = sum over j = d-1 ... 0 of v_t[j] d_mix_j
 *     g_total = sum over t = p ... 0 of (-1 total^-2) (e_t g_weight_t)    a power for each weight
 *     g_e_t = inverse g_weight_t + g_total,  g_score_t = c (e_t g_e_t)
 *     d_q_j = sum over t = p ... 0 of k_t[j] g_score_t
 * Where t is later than the lane's position, e_t is 0 and so is everything that follows from it. */
static void attend_back(State *s, int layer, int block, int head, int seen)
{
    const int d = s->head_dim, width = s->shape.width, heads = s->shape.heads,
              room = s->blocks * LANES;
    const Vec *qkv = at_block(s, s->qkv, layer, 0, 3 * width);
    const Vec *e = at_block(s, s->e, layer, block, heads * room) + (ptrdiff_t)head * room;
    const Vec inverse = *(at_block(s, s->inverse, layer, block, heads) + head);
    const Vec total = *(at_block(s, s->total, layer, block, heads) + head);
    const Vec *d_mix = at_block(s, s->d_mix, 0, block, s->width_room) + head * d;
    Vec *d_q = at_block(s, s->d_qkv, 0, block, 3 * width) + head * d;
    Vec *weight = s->weight + (ptrdiff_t)block * room,
        *d_score = s->d_score + (ptrdiff_t)block * room;
    const Vec slope = (Real)-1 * vec_function(s, FUSED_INVERSE_SQUARE, total);
    Vec g_total = {0};

    for (int t = seen - 1; t >= 0; t--) {
        const Real *value = number_at(qkv, 3 * width, 2 * width + head * d, t);
        Vec sum = {0};
        for (int j = d - 1; j >= 0; j--)
            sum = vec_plus(sum, vec_all(value[j * LANES]), d_mix[j]);
        weight[t] = e[t] * inverse;
        d_score[t] = sum;
        g_total = g_total + slope * (e[t] * sum);
    }
    for (int t = seen - 1; t >= 0; t--)
        d_score[t] = s->score_scale * (e[t] * (inverse * d_score[t] + g_total));
    for (int j = 0; j < d; j++) {
        Vec sum = {0};
        for (int t = seen - 1; t >= 0; t--)
            sum = vec_plus(sum, vec_all(*number_at(qkv, 3 * width, width + head * d + j, t)),
                           d_score[t]);
        d_q[j] = sum;
    }
}

/* A square of [block][t] turned: rows p of lanes over t in `block`. */
static void turn(const State *s, Vec *turned, const Vec *of, int from, int block)
{
    const Vec *tile = of + (ptrdiff_t)from * s->blocks * LANES + block * LANES;
    Vec rows[LANES];

    UNROLL
    for (int i = 0; i < LANES; i++)
        rows[i] = tile[i];
    vec_transpose(rows);
    UNROLL
    for (int i = 0; i < LANES; i++)
        turned[from * LANES + i] = rows[i];
}

/* One head, keys and values of one block: a term for every later position,
 *     d_k_t[j] = sum over p = n-1 ... t of g_score_t(p) q_p[j]
 *     d_v_t[j] = sum over p = n-1 ... t of weight_t(p) d_mix_p[j]
 * Here lanes run over t; where p is earlier than t the term is 0. */
static void keys_back(State *s, int layer, int block, int head, int positions)
{
    const int d = s->head_dim, width = s->shape.width, first = head * d;
    const int blocks = padded(positions) / LANES;
    const Vec *qkv = at_block(s, s->qkv, layer, 0, 3 * width);
    Vec *d_qkv = at_block(s, s->d_qkv, 0, block, 3 * width);

    for (int b = block; b < blocks; b++) {
        turn(s, s->turned[0], s->d_score, b, block);
        turn(s, s->turned[1], s->weight, b, block);
    }
    for (int j = 0; j < d; j++) {
        Vec d_k = {0}, d_v = {0};
        for (int b = blocks - 1; b >= block; b--) {
            const Real *q = numbers_of(qkv, 3 * width, first + j, b);
            const Real *d_mix = numbers_of(s->d_mix, s->width_room, first + j, b);
            const Vec *d_score = s->turned[0] + b * LANES, *weight = s->turned[1] + b * LANES;
            int p = b == blocks - 1 ? positions - 1 - b * LANES : LANES - 1;
            for (; p >= 0; p--) {
                d_k = vec_plus(d_k, vec_all(q[p]), d_score[p]);
                d_v = vec_plus(d_v, vec_all(d_mix[p]), weight[p]);
            }
        }
        d_qkv[width + first + j] = d_k;
        d_qkv[2 * width + first + j] = d_v;
    }
}

/* ---- the model ------------------------------------------------------------------------------- */

/* From fc2 back to the residual after attention. */
static void mlp_back(State *s, int layer, int blocks)
{
    const int room = s->width_room, hidden = s->hidden_room;
    const Vec *active = at_block(s, s->active, layer, 0, hidden);
    Vec *dy = s->d_mix;

    linear_back(s, layer_matrix(s, layer, MATRIX_FC2), s->d_active, hidden, s->d_x, room, blocks);
    for (int b = 0; b < blocks; b++)
        for (int i = 0; i < s->hidden; i++) { /* the slope of relu: 1 or 0 */
            const Mask on = active[b * hidden + i] > (Vec){0};
            Vec *g = &s->d_active[b * hidden + i];
            *g = (Vec){0} + vec_select(on, vec_all(1), (Vec){0}) * *g;
        }
    linear_back(s, layer_matrix(s, layer, MATRIX_FC1), dy, room, s->d_active, hidden, blocks);
    for (int b = 0; b < blocks; b++) {
        Vec *dx = at_block(s, s->d_residual, 0, b, room);
        memcpy(dx, at_block(s, s->d_x, 0, b, room), (size_t)room * sizeof *dx);
        norm_back(s, dx, at_block(s, dy, 0, b, room), at_block(s, s->residual, layer, b, room),
                  *at_block(s, s->mean2, layer, b, 1), *at_block(s, s->scale2, layer, b, 1));
    }
}

/* From the residual after attention back to queries, keys and values. */
static void attention_back(State *s, int layer, int positions, int blocks)
{
    linear_back(s, layer_matrix(s, layer, MATRIX_WO), s->d_mix, s->width_room, s->d_residual,
                s->width_room, blocks);
    for (int head = 0; head < s->shape.heads; head++) {
        for (int b = 0; b < blocks; b++)
            attend_back(s, layer, b, head, seen_by(b, positions));
        for (int b = 0; b < blocks; b++)
            keys_back(s, layer, b, head, positions);
    }
}

/* From queries, keys and values back to what the layer began with. */
static void layer_begin_back(State *s, int layer, int blocks)
{
    const int room = s->width_room;
    Vec *dy = s->d_mix;

    heads_back(s, layer_matrix(s, layer, MATRIX_QKV), dy, room, blocks);
    for (int b = 0; b < blocks; b++) {
        Vec *dx = at_block(s, s->d_x, 0, b, room);
        memcpy(dx, at_block(s, s->d_residual, 0, b, room), (size_t)room * sizeof *dx);
        norm_back(s, dx, at_block(s, dy, 0, b, room), at_block(s, s->x, layer, b, room),
                  *at_block(s, s->mean1, layer, b, 1), *at_block(s, s->scale1, layer, b, 1));
    }
}

/* The first norm; its input gets nothing by other ways. */
static void embed_back(State *s, int blocks)
{
    const int room = s->width_room;
    Vec *dx = s->d_mix;

    memset(dx, 0, (size_t)blocks * (size_t)room * sizeof *dx);
    for (int b = 0; b < blocks; b++)
        norm_back(s, at_block(s, dx, 0, b, room), at_block(s, s->d_x, 0, b, room),
                  at_block(s, s->embed, 0, b, room), s->mean0[b], s->scale0[b]);
}
