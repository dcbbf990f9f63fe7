/* Adam in vectors, for fused_template.h. */

/* ---- Adam ------------------------------------------------------------------------------------ */

/* The formulas are those of engine/adam.h, in three passes over a chunk whose gradient is in
 * s->grad: squares of the gradient, then means and roots, then the parameters. The first two
 * leave what libm must say; it is asked between passes, so that none of them has to stop.
 *
 * What the passes may assume (is_ordinary, EXTREME) keeps them short: no overflow; and with
 * epsilon above 2^-60 a root below 2^-113 adds nothing to it, so it need not be exact, nor need
 * what is taken from a parameter above 2^-700 by a mean so small that its correction underflows.
 * Where that does not hold, update_plainly does it all as it is written. */

static void leave_queue(State *s)
{
    s->first++;
    s->waiting--;
    s->done = 0;
}

/* x / c, where inverse is 1 / c: exact after one correction (P. Markstein, "Computation of
 * elementary functions on the IBM RISC System/6000 processor", 1990), if nothing
 * underflows. */
INLINE Vec corrected(Vec x, Real c, Real inverse)
{
#if defined(FUSED_FLOAT)
    (void)c;
    return x * inverse;
#elif !defined(FUSED_FMA)
    (void)inverse;
    return x / c;
#else
    const Vec q = x * inverse;
    return vec_fma(vec_fma(-q, vec_all(c), x), vec_all(inverse), q);
#endif
}

/* The square root or a number next to it. With AVX-512, Newton's method for 1 / sqrt(x) and
 * sqrt(x) at once, from the machine's estimate of the first: half the time of its instruction
 * for roots. 2^-290 keeps 0 from the estimate, and is lost in all else. */
INLINE Vec fast_root(Vec x)
{
#if FUSED_BYTES == 64 && !defined(FUSED_FLOAT)
    const Vec above = x + 0x1p-290, estimate = (Vec)_mm512_rsqrt14_pd((__m512d)above);
    Vec y = above * estimate, half = 0.5 * estimate;

    UNROLL
    for (int i = 0; i < 2; i++) {
        const Vec e = vec_fma(-y, half, vec_all(0.5));
        y = vec_fma(y, e, y);
        half = vec_fma(half, e, half);
    }
    return vec_fma(residual(y, y, above), half, y);
#else
    return vec_root(x);
#endif
}

/* x^2, and the lanes in doubt; those of tiny squares are. */
INLINE unsigned doubtful_square(Vec x, Vec *y)
{
    *y = x * x;
#ifdef FUSED_FLOAT
    return 0;
#else
    const Vec low = product_error(x, x, *y), below = (Vec)((BitsVec)*y - 1);
    return vec_bits_above(vec_abs(low), power_of_two(below) * (0x1p-52 * (0.5 - DOUBT))) |
           vec_bits((Mask)((BitsVec)below < (BitsVec)vec_all(0x1p-120) - 1));
#endif
}

/* sqrt(x), and the lanes in doubt. As in is_near_middle, but times 2 y: that saves a division.
 * What is left over also shows where fast_root has not found the nearest number. */
INLINE unsigned doubtful_root(Vec x, Vec *y)
{
    *y = fast_root(x);
#ifdef FUSED_FLOAT
    return 0;
#else
    const Vec rest = residual(*y, *y, x), below = (Vec)((BitsVec)*y - 1);
    return vec_bits_above(vec_abs(rest), *y * (power_of_two(below) * (0x1p-52 * (1 - 2 * DOUBT))));
#endif
}

/* power = x^2 of the gradients. Returns false, with nothing else changed, where one is extreme. */
INLINE bool square_pass(const Chunk *c)
{
    Vec sum = {0};

    for (size_t i = 0; i < c->count; i += LANES) {
        Vec y;
        c->flag[i / LANES] = (uint8_t)doubtful_square(vec_load(c->grad + i), &y);
        vec_store(c->power + i, y);
        sum = sum + y;
    }
    return vec_bits(~(Mask)(sum < vec_all(EXTREME))) == 0;
}

/* m, v, and power = the root of v's corrected */
INLINE void means_at(const Chunk *c, size_t i)
{
    const Vec m = c->beta1 * vec_load(c->m + i) + c->new1 * vec_load(c->grad + i);
    const Vec v = c->beta2 * vec_load(c->v + i) + c->new2 * vec_load(c->power + i);
    Vec y;

    c->flag[i / LANES] = (uint8_t)doubtful_root(corrected(v, c->c2, c->inverse2), &y);
    vec_store(c->m + i, m);
    vec_store(c->v + i, v);
    vec_store(c->power + i, y);
}

/* value -= lr m_hat / (root + eps) */
INLINE void value_at(const Chunk *c, size_t i)
{
    const Vec value = vec_load(c->value + i), m = vec_load(c->m + i);
    Vec m_hat = corrected(m, c->c1, c->inverse1);

    if (sizeof(Real) == 8 &&
        __builtin_expect(vec_bits_above(vec_all((Real)0x1p-700), vec_abs(value)) != 0, 0))
        m_hat = m / c->c1;
    vec_store(c->value + i, value - c->lr * m_hat / (vec_load(c->power + i) + c->eps));
}

/* The divisions of the last pass take the processor as long as all the rest, but it can do the
 * rest meanwhile: so the last pass over earlier chunks, which wait in a queue, goes along with
 * the second over this one. */
static void means_pass(State *s, const Chunk *c)
{
    size_t i = 0;

    while (i < c->count && s->waiting > 0) {
        const Chunk of = *c, *first = &s->queue[s->first % QUEUE], before = *first;
        size_t left = first->count - s->done, n = c->count - i < left ? c->count - i : left;
        for (size_t end = i + n, k = s->done; i < end; i += LANES, k += LANES) {
            means_at(&of, i);
            value_at(&before, k);
        }
        s->done += n;
        if (s->done == first->count)
            leave_queue(s);
    }
    for (; i < c->count; i += LANES)
        means_at(c, i);
}

/* The last pass over what waits first. */
static void value_pass(State *s)
{
    const Chunk *first = &s->queue[s->first % QUEUE];

    for (size_t i = s->done; i < first->count; i += LANES)
        value_at(first, i);
    leave_queue(s);
}

/* ---- asking libm ----------------------------------------------------------------------------- */

#ifndef FUSED_FLOAT

/* The first byte in the lowest bits. */
INLINE uint64_t eight_bytes(const uint8_t *from)
{
    uint64_t bytes = 0;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&bytes, from, sizeof bytes);
#else
    for (int i = 0; i < 8; i++)
        bytes |= (uint64_t)from[i] << 8 * i;
#endif
    return bytes;
}

/* Where the flagged numbers are; as many again follow as fill a vector. */
static int list_flagged(const Chunk *c)
{
    const size_t vectors = c->count / LANES;
    int count = 0;

    memset(c->flag + vectors, 0, sizeof(uint64_t));
    for (size_t k = 0; k < vectors; k += 8) {
        uint64_t eight = eight_bytes(c->flag + k); /* bit LANE of byte VECTOR */
        for (bool first = true; first || eight; first = false)
            for (int i = 0; i < 3; i++) { /* seldom more than three: no branch on how many */
                unsigned bit = (unsigned)__builtin_ctzll(eight | (uint64_t)1 << 63);
                c->asked[count] = (uint32_t)((k + bit / 8) * LANES + bit % 8);
                count += eight != 0;
                eight &= eight - 1;
            }
    }
    for (int i = 0; i < LANES; i++)
        c->asked[count + i] = count ? c->asked[count - 1] : 0;
    return count;
}

INLINE Vec pick(const Real *from, const uint32_t *index)
{
    Vec x;

    UNROLL
    for (int lane = 0; lane < LANES; lane++)
        x[lane] = from[index[lane]];
    return x;
}

/* The number that libm takes if it does not take y: the next one on the side where the true
 * value lies. */
INLINE Vec other_choice(Vec y, Vec low)
{
    return (Vec)((Mask)y + (1 + 2 * (Mask)(low < (Vec){0})));
}

INLINE void answer(const Chunk *c, FusedFunction function, Vec x, const uint32_t *index, Mask which)
{
    unsigned lanes = vec_bits(which);

    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        c->power[index[lane]] = by_libm(function, x[lane]);
    }
}

/* Most often v comes out the same with either choice: then it does not matter which is libm's. */
static void ask_squares(const Chunk *c)
{
    const int count = list_flagged(c);

    for (int k = 0; k < count; k += LANES) {
        const uint32_t *index = c->asked + k;
        const Vec g = pick(c->grad, index), old = c->beta2 * pick(c->v, index);
        const Sum y = square(g);
        const Vec one = old + c->new2 * y.high, two = old + c->new2 * other_choice(y.high, y.low);
        answer(c, FUSED_SQUARE, g, index, (Mask)(one != two) | is_far(y.high));
    }
}

/* Most often the parameter comes out the same with either choice. */
static void ask_roots(const Chunk *c)
{
    const int count = list_flagged(c);

    for (int k = 0; k < count; k += LANES) {
        const uint32_t *index = c->asked + k;
        const Vec v_hat = corrected(pick(c->v, index), c->c2, c->inverse2),
                  y = pick(c->power, index);
        const Vec value = pick(c->value, index);
        const Vec step = c->lr * corrected(pick(c->m, index), c->c1, c->inverse1);
        const Vec other = other_choice(y, residual(y, y, v_hat));
        const Vec one = value - step / (y + c->eps), two = value - step / (other + c->eps);
        answer(c, FUSED_ROOT, v_hat, index,
               (Mask)(one != two) | (Mask)(vec_abs(value) < (Real)0x1p-700));
    }
}

#else

static void ask_squares(const Chunk *c)
{
    (void)c;
}

static void ask_roots(const Chunk *c)
{
    (void)c;
}

#endif

static bool is_ordinary(const AdamStep *adam)
{
    return adam->eps >= 0x1p-60 && fabs(adam->lr) <= 0x1p60 && adam->correction1 >= 0x1p-60 &&
           adam->correction1 <= 1 && adam->correction2 >= 0x1p-60 && adam->correction2 <= 1;
}

static Chunk chunk_of(const State *s, const AdamStep *adam, size_t first, size_t count)
{
    return (Chunk){
        .value = s->value + first,
        .m = s->m + first,
        .v = s->v + first,
        .grad = s->grad,
        .power = s->power + (size_t)((s->first + s->waiting) % QUEUE) * s->chunk,
        .count = count,
        .flag = s->flag,
        .asked = s->asked,
        .lr = (Real)adam->lr,
        .beta1 = (Real)adam->beta1,
        .beta2 = (Real)adam->beta2,
        .new1 = (Real)(1 - adam->beta1),
        .new2 = (Real)(1 - adam->beta2),
        .eps = (Real)adam->eps,
        .c1 = (Real)adam->correction1,
        .c2 = (Real)adam->correction2,
        .inverse1 = (Real)(1 / adam->correction1),
        .inverse2 = (Real)(1 / adam->correction2),
    };
}

/* All by libm and as written. */
static void update_plainly(const Chunk *c)
{
    for (size_t i = 0; i < c->count; i++) {
        c->m[i] = c->beta1 * c->m[i] + c->new1 * c->grad[i];
        c->v[i] = c->beta2 * c->v[i] + c->new2 * (Real)by_libm(FUSED_SQUARE, (double)c->grad[i]);
        c->value[i] =
            c->value[i] - c->lr * (c->m[i] / c->c1) /
                              ((Real)by_libm(FUSED_ROOT, (double)(c->v[i] / c->c2)) + c->eps);
    }
}

/* A chunk with its place in the queue. */
static Chunk next_chunk(State *s, const AdamStep *adam, size_t first, size_t count)
{
    if (s->waiting == QUEUE)
        value_pass(s);
    return chunk_of(s, adam, first, count);
}

static void update_chunk(State *s, const AdamStep *adam, const Chunk *c)
{
    if (s->plain || s->extreme || !is_ordinary(adam)) {
        update_plainly(c);
        return;
    }
    if (!square_pass(c)) {
        s->extreme = true; /* and so may the means be from now on */
        update_plainly(c);
        return;
    }
    ask_squares(c);
    means_pass(s, c);
    ask_roots(c);
    s->queue[(s->first + s->waiting++) % QUEUE] = *c;
}

static void update(State *s, const AdamStep *adam, size_t first, size_t count)
{
    const Chunk chunk = next_chunk(s, adam, first, count);

    update_chunk(s, adam, &chunk);
}

static void finish_updates(State *s)
{
    while (s->waiting > 0)
        value_pass(s);
}

/* ---- parameters of others -------------------------------------------------------------------- */

#ifndef FUSED_FLOAT

/* At most s->chunk numbers, a multiple of LANES. */
static void update_elsewhere(State *s, const AdamStep *adam, double *value, double *m, double *v,
                             size_t count)
{
    Chunk chunk = next_chunk(s, adam, 0, count);

    chunk.value = value;
    chunk.m = m;
    chunk.v = v;
    update_chunk(s, adam, &chunk);
}

static void adam(void *state, const AdamStep *step, double *value, const double *grad, double *m,
                 double *v, size_t count)
{
    State *s = state;
    double last[3][LANES] = {{0}}, *const of[3] = {value, m, v};
    const size_t rest = count % LANES, whole = count - rest;
    const bool extreme = s->extreme;

    s->extreme = !all_below(m, count, EXTREME) || !all_below(v, count, EXTREME);
    for (size_t i = 0, length; i < whole; i += length) {
        length = whole - i < s->chunk ? whole - i : s->chunk;
        memcpy(s->grad, grad + i, length * sizeof *grad);
        update_elsewhere(s, step, value + i, m + i, v + i, length);
    }
    for (int i = 0; i < 3; i++)
        memcpy(last[i], of[i] + whole, rest * sizeof(double));
    memset(s->grad, 0, LANES * sizeof *grad);
    memcpy(s->grad, grad + whole, rest * sizeof *grad);
    update_elsewhere(s, step, last[0], last[1], last[2], LANES);
    finish_updates(s);
    for (int i = 0; i < 3; i++)
        memcpy(of[i] + whole, last[i], rest * sizeof(double));
    s->extreme = extreme;
}

#endif
