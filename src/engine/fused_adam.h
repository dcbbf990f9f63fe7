/* Adam in vectors, for fused_template.h. */

/* ---- Adam ------------------------------------------------------------------------------------ */

/* The formulas are those of engine/adam.h, in two passes over a chunk whose gradient is in s->grad:
 * means and roots, then the parameters. The first leaves what libm must say; it is asked between
 * the two, so that neither of them has to stop.
 *
 * What the passes may assume (is_ordinary, EXTREME) keeps them short: no overflow; and with
 * epsilon above 2^-60 a root below 2^-113 adds nothing to it, so it need not be exact, nor need
 * what is taken from a parameter above 2^-500 by a mean so small that its correction underflows.
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

#ifdef FUSED_FLOAT

/* Nothing is in doubt. With AVX-512 by one step of Newton's method from the machine's estimate,
 * while its instruction for divisions and roots is busy with the divisions. */
INLINE unsigned sure_root(Vec x, Vec *y, unsigned among)
{
#if FUSED_BYTES == 64
    const Vec above = x + 0x1p-100f, estimate = (Vec)_mm512_rsqrt14_ps((__m512)above);
    const Vec near = above * estimate;

    *y = vec_fma(vec_fma(-near, near, above), 0.5f * estimate, near);
#else
    *y = vec_root(x);
#endif
    return among;
}

INLINE unsigned sure_square(Vec g, Vec *y, Vec *other)
{
    *y = *other = g * g;
    return ALL_LANES;
}

#else

/* What libm may take for a number whose true value is y + low: the next number where low is almost
 * half the distance to it, else y. Stretched by so much, low carries over the middle just there. */
#define STRETCH (0.5 / (0.5 - DOUBT))

INLINE Vec other_choice(Vec y, Vec low)
{
#ifdef FUSED_FMA
    return vec_fma(low, vec_all(STRETCH), y);
#else
    return y + STRETCH * low;
#endif
}

/* The square root or a number next to it, and the lanes among those given where libm takes no
 * other. With AVX-512, Newton's method for 1 / sqrt(x) and sqrt(x) at once, from the machine's
 * estimate of the first: half the time of its instruction for roots. 2^-290 keeps 0 from the
 * estimate, and is lost in all else. What is left over also shows where the number found is not
 * the nearest. */
INLINE unsigned sure_root(Vec x, Vec *y, unsigned among)
{
#if FUSED_BYTES == 64
    const Vec above = x + 0x1p-290, estimate = (Vec)_mm512_rsqrt14_pd((__m512d)above);
    const Vec near = above * estimate, half = 0.5 * estimate;
    const Vec e = vec_fma(-near, half, vec_all(0.5)), more = vec_fma(1.5 * e, e, e);
    const Vec nearer = vec_fma(near, more, near), inverse = vec_fma(half, more, half);

    *y = vec_fma(residual(nearer, nearer, above), inverse, nearer);
    return vec_bits_same(*y, other_choice(*y, inverse * residual(*y, *y, above)), among);
#else
    *y = vec_root(x);
    const Vec rest = residual(*y, *y, x), below = (Vec)((BitsVec)*y - 1);
    return among &
           ~vec_bits_above(vec_abs(rest), *y * (power_of_two(below) * (0x1p-52 * (1 - 2 * DOUBT))));
#endif
}

/* g^2, what else libm may take for it, and the lanes where that is all there is to doubt: far below
 * 1, but not at 0, pow loses digits. */
INLINE unsigned sure_square(Vec g, Vec *y, Vec *other)
{
    *y = g * g;
    *other = other_choice(*y, product_error(g, g, *y));
    return vec_bits_least((BitsVec)*y - 1, (BitsVec)vec_all(0x1p-120) - 1);
}

#endif

/* v = old + share g^2, and the lanes where that is so whatever libm takes for the square. */
INLINE unsigned sure_mean(Vec g, Vec old, Real share, Vec *v)
{
    Vec y, other;
    const unsigned sure = sure_square(g, &y, &other);

    *v = old + share * y;
    return sizeof(Real) == sizeof(float) ? sure : vec_bits_same(*v, old + share * other, sure);
}

/* Whether no square of the chunk's gradients is extreme. Most often all are below 4: then no bit
 * of weight says otherwise. */
static bool is_usual(const Chunk *c)
{
    BitsVec any = {0};
    Vec sum = {0};
    size_t i = 0;

    for (; i + 3 * LANES < c->count; i += 4 * LANES) {
        const Real *g = c->grad + i;
        any |= (BitsVec)vec_load(g) | (BitsVec)vec_load(g + LANES) |
               (BitsVec)vec_load(g + 2 * LANES) | (BitsVec)vec_load(g + 3 * LANES);
    }
    for (; i < c->count; i += LANES)
        any |= (BitsVec)vec_load(c->grad + i);
    if (vec_bits(~(Mask)(vec_abs((Vec)any) < vec_all(2))) == 0)
        return true;
    for (i = 0; i < c->count; i += LANES) {
        const Vec g = vec_load(c->grad + i);
        sum = sum + g * g;
    }
    return vec_bits(~(Mask)(sum < vec_all(EXTREME))) == 0;
}

/* m, v, and power = the root of v's corrected */
INLINE void means_at(const Chunk *c, size_t i)
{
    const Vec g = vec_load(c->grad + i), old = c->beta2 * vec_load(c->v + i);
    Vec v, y;
    unsigned sure = sure_mean(g, old, c->new2, &v);

    vec_store(c->m + i, c->beta1 * vec_load(c->m + i) + c->new1 * g);
    vec_store(c->v + i, v);
    sure = sure_root(corrected(v, c->c2, c->inverse2), &y, sure);
    vec_store(c->power + i, y);
    if (sizeof(Real) == sizeof(double)) {
        vec_store(c->old + i, old);
        c->sure[i / LANES] = (uint8_t)sure;
    }
}

/* A lane is so near 0 that what is taken from it counts however small it is. */
INLINE bool has_small(Vec value)
{
#ifdef FUSED_FLOAT
    (void)value;
    return false;
#else
    return vec_bits(((BitsVec)value & 0x6000000000000000) == (BitsVec){0}) != 0; /* below 2^-511 */
#endif
}

/* value -= lr m_hat / (root + eps); whole: the correction of m is 1 by now */
INLINE void value_at(const Chunk *c, size_t i, const bool whole)
{
    const Vec value = vec_load(c->value + i), m = vec_load(c->m + i);
    Vec m_hat = whole ? m : corrected(m, c->c1, c->inverse1);

    if (!whole && __builtin_expect(has_small(value), 0))
        m_hat = m / c->c1;
    vec_store(c->value + i, value - c->lr * m_hat / (vec_load(c->power + i) + c->eps));
}

/* The divisions of the last pass take the processor as long as all the rest, but it can do the
 * rest meanwhile: so the last pass over earlier chunks, which wait in a queue, goes along with
 * the second over this one. */
INLINE void pass_of_two(const Chunk *c, size_t i, const Chunk *before, size_t k, size_t count,
                        const bool whole)
{
    const Chunk here = *c, there = *before;

    for (const size_t end = i + count; i < end; i += LANES, k += LANES) {
        means_at(&here, i);
        value_at(&there, k, whole);
    }
}

static void means_pass(State *s, const Chunk *c)
{
    size_t i = 0;

    while (i < c->count && s->waiting > 0) {
        const Chunk *first = &s->queue[s->first % QUEUE];
        const size_t left = first->count - s->done, n = c->count - i < left ? c->count - i : left;
        if (first->c1 == 1)
            pass_of_two(c, i, first, s->done, n, true);
        else
            pass_of_two(c, i, first, s->done, n, false);
        i += n;
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
    const Chunk first = s->queue[s->first % QUEUE];

    for (size_t i = s->done; i < first.count; i += LANES)
        value_at(&first, i, false);
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

/* Where the numbers are that are not sure; as many again follow as fill a vector. */
static int list_unsure(const Chunk *c)
{
    const uint64_t all = ALL_LANES * 0x0101010101010101u;
    const size_t vectors = c->count / LANES;
    int count = 0;

    memset(c->sure + vectors, ALL_LANES, sizeof(uint64_t));
    for (size_t k = 0; k < vectors; k += 8) {
        uint64_t eight = ~eight_bytes(c->sure + k) & all; /* bit LANE of byte VECTOR */
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

/* The next number on the side where the true value lies: what libm takes if it does not take y. */
INLINE Vec next_choice(Vec y, Vec low)
{
    return (Vec)((Mask)y + (1 + 2 * (Mask)(low < (Vec){0})));
}

/* With libm's squares where v hangs on them. */
static Vec asked_means(const Chunk *c, const uint32_t *index, unsigned *changed)
{
    const Vec g = pick(c->grad, index), old = pick(c->old, index);
    Vec v;
    unsigned lanes = ALL_LANES & ~sure_mean(g, old, c->new2, &v);

    *changed = lanes;
    for (; lanes; lanes &= lanes - 1) {
        int lane = __builtin_ctz(lanes);
        v[lane] = old[lane] + c->new2 * by_libm(FUSED_SQUARE, g[lane]);
        c->v[index[lane]] = v[lane];
    }
    return v;
}

/* With libm's roots where the parameter hangs on them: most often it comes out the same with either
 * choice. */
static void ask(const Chunk *c)
{
    const int count = list_unsure(c);

    for (int k = 0; k < count; k += LANES) {
        const uint32_t *index = c->asked + k;
        unsigned lanes;
        const Vec v_hat = corrected(asked_means(c, index, &lanes), c->c2, c->inverse2);
        const Vec y = pick(c->power, index), value = pick(c->value, index);
        const Vec step = c->lr * corrected(pick(c->m, index), c->c1, c->inverse1);
        const Vec other = next_choice(y, residual(y, y, v_hat));
        const Vec one = value - step / (y + c->eps), two = value - step / (other + c->eps);
        lanes |= vec_bits((Mask)(one != two) | (Mask)(vec_abs(value) < (Real)0x1p-500));
        for (; lanes; lanes &= lanes - 1) {
            int lane = __builtin_ctz(lanes);
            c->power[index[lane]] = by_libm(FUSED_ROOT, v_hat[lane]);
        }
    }
}

#else

static void ask(const Chunk *c)
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
        .old = s->old,
        .sure = s->sure,
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
    if (!is_usual(c)) {
        s->extreme = true; /* and so may the means be from now on */
        update_plainly(c);
        return;
    }
    means_pass(s, c);
    ask(c);
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
