/* Gradients of parameters and their update, for fused_template.h: each matrix a few rows at a
 * time, so that the gradient is still near when it is used. */

/* ---- gradients ------------------------------------------------------------------------------- */

/* d_W[r][j] = sum over p = n-1 ... 0 of x_p[j] d_y_p[r], for `rows` rows and `vectors` vectors
 * of columns at a time */
INLINE void weight_tile(Real *grad, int stride, const Real *x, const Vec *dy, int dy_features,
                        int positions, const int rows, const int vectors)
{
    Vec sum[8];

    UNROLL
    for (int i = 0; i < rows * vectors; i++)
        sum[i] = (Vec){0};
    for (int p = positions - 1; p >= 0; p--) {
        const Real *g = (const Real *)(dy + (ptrdiff_t)(p / LANES) * dy_features) + p % LANES;
        const Real *xp = x + (ptrdiff_t)p * stride;
        Vec column[2];
        UNROLL
        for (int i = 0; i < vectors; i++)
            column[i] = vec_load(xp + i * LANES);
        UNROLL
        for (int i = 0; i < rows * vectors; i++)
            sum[i] = vec_plus(sum[i], column[i % vectors], vec_all(g[i / vectors * LANES]));
    }
    UNROLL
    for (int i = 0; i < rows * vectors; i++)
        vec_store(grad + (ptrdiff_t)(i / vectors) * stride + i % vectors * LANES, sum[i]);
}

INLINE void weight_rows(Real *grad, int stride, const Real *x, const Vec *dy, int dy_features,
                        int positions, const int rows)
{
    int j = 0;

    for (; j + 2 * LANES <= stride; j += 2 * LANES)
        weight_tile(grad + j, stride, x + j, dy, dy_features, positions, rows, 2);
    if (j < stride)
        weight_tile(grad + j, stride, x + j, dy, dy_features, positions, rows, 1);
}

/* The matrix of y = W x: its gradient, and its update. */
static void update_matrix(State *s, const AdamStep *adam, Matrix at, const Vec *x, const Vec *dy,
                          int dy_features, int positions)
{
    const int rows_at_once = (int)(s->chunk / (size_t)at.stride);

    for (int b = 0; b < padded(positions) / LANES; b++)
        to_rows(s->row + (ptrdiff_t)b * LANES * at.stride, at.stride, x + (ptrdiff_t)b * at.stride,
                at.stride);
    for (int first = 0; first < at.rows; first += rows_at_once) {
        int end = first + rows_at_once < at.rows ? first + rows_at_once : at.rows, r = first;
        for (; r + 4 <= end; r += 4)
            weight_rows(s->grad + (ptrdiff_t)(r - first) * at.stride, at.stride, s->row, dy + r,
                        dy_features, positions, 4);
        for (; r < end; r++)
            weight_rows(s->grad + (ptrdiff_t)(r - first) * at.stride, at.stride, s->row, dy + r,
                        dy_features, positions, 1);
        update(s, adam, at.first + (size_t)first * (size_t)at.stride,
               (size_t)(end - first) * (size_t)at.stride);
    }
}

/* Rows of wte and wpe: what came back to the sum of the two goes to both, p = n-1 ... 0. */
static void update_embeddings(State *s, const AdamStep *adam, const int *token, int positions)
{
    const int room = s->width_room;
    const size_t count = (size_t)(s->shape.vocab + s->shape.block_size) * (size_t)room;

    memset(s->d_embed, 0, count * sizeof(Real));
    for (int b = 0; b < padded(positions) / LANES; b++)
        to_rows(s->row + (ptrdiff_t)b * LANES * room, room, at_block(s, s->d_mix, 0, b, room),
                room);
    for (int p = positions - 1; p >= 0; p--) {
        Real *wte = s->d_embed + (ptrdiff_t)token[p] * room;
        Real *wpe = s->d_embed + (ptrdiff_t)(s->shape.vocab + p) * room;
        for (int j = 0; j < room; j += LANES) {
            const Vec g = vec_load(s->row + (ptrdiff_t)p * room + j);
            vec_store(wte + j, vec_load(wte + j) + g);
            vec_store(wpe + j, vec_load(wpe + j) + g);
        }
    }
    for (size_t first = 0; first < count; first += CHUNK) {
        size_t length = count - first < CHUNK ? count - first : CHUNK;
        memcpy(s->grad, s->d_embed + first, length * sizeof(Real));
        update(s, adam, first, length);
    }
}

/* ---- a step ---------------------------------------------------------------------------------- */

/* Each matrix is updated when the way back has passed it for the last time. */
static void train(void *state, const int *token, int positions, const AdamStep *adam)
{
    State *s = state;
    const int blocks = padded(positions) / LANES, room = s->width_room, layers = s->shape.layers;

    logits_back(s, token, positions, blocks);
    update_matrix(s, adam, matrix(s, MATRIX_LM_HEAD), at_block(s, s->x, layers, 0, room),
                  s->d_logit, s->shape.vocab, positions);
    for (int layer = layers - 1; layer >= 0; layer--) {
        mlp_back(s, layer, blocks);
        update_matrix(s, adam, layer_matrix(s, layer, MATRIX_FC2),
                      at_block(s, s->active, layer, 0, s->hidden_room), s->d_x, room, positions);
        update_matrix(s, adam, layer_matrix(s, layer, MATRIX_FC1),
                      at_block(s, s->norm2, layer, 0, room), s->d_active, s->hidden_room,
                      positions);
        attention_back(s, layer, positions, blocks);
        update_matrix(s, adam, layer_matrix(s, layer, MATRIX_WO),
                      at_block(s, s->mix, layer, 0, room), s->d_residual, room, positions);
        layer_begin_back(s, layer, blocks);
        update_matrix(s, adam, layer_matrix(s, layer, MATRIX_QKV),
                      at_block(s, s->norm1, layer, 0, room), s->d_qkv, 3 * s->shape.width,
                      positions);
    }
    embed_back(s, blocks);
    update_embeddings(s, adam, token, positions);
    finish_updates(s);
}
