/* Powers and exponentials that give libm's bits in a fraction of its time, for fused_template.h.
 *
 * libm's results are almost exact: its pow and exp err by a little more than half a unit in the
 * last place, so they differ from the correctly rounded result only where the true value lies
 * almost in the middle between two numbers.
 *
 *     number            middle            number
 *       |-------------------|-------------------|
 *        rounds to it     ^^^^^     rounds to it
 *                         ask libm
 *
 * So each function here finds the true value as a sum high + low, where low is what rounding to
 * high left over, and takes high unless low is almost half a unit: such lanes, about one in
 * forty, are asked from libm. DOUBT is how near the middle counts: what libm errs by, and what
 * low itself does, with room. That libm is as exact as that is tried out: engine/fused_check.h. */

/* ---- by libm --------------------------------------------------------------------------------- */

static const double exponent_of[FUSED_FUNCTIONS] = {
    [FUSED_INVERSE] = -1,        [FUSED_INVERSE_SQUARE] = -2, [FUSED_INVERSE_ROOT] = -0.5,
    [FUSED_INVERSE_CUBE] = -1.5, [FUSED_SQUARE] = 2,          [FUSED_ROOT] = 0.5,
};

static double by_libm(FusedFunction function, double x)
{
    return function == FUSED_EXP ? exp(x) : pow(x, exponent_of[function]);
}

/* The lanes of `which` by libm, the others as in y. */
static __attribute__((noinline)) Vec ask_libm(FusedFunction function, Vec x, Vec y, unsigned which)
{
    for (int lane = 0; lane < LANES; lane++)
        if (which >> lane & 1)
            y[lane] = (Real)by_libm(function, (double)x[lane]);
    return y;
}

static const unsigned ALL_LANES = (1u << LANES) - 1;

#ifdef FUSED_FLOAT

/* ---- in float32 nothing is held against anything: the shortest way is taken ------------------ */

/* e^x = 2^k e^r with r = x - k ln 2, |r| <= ln 2 / 2, by its series. For x <= 0. */
INLINE Vec fast_exp(const State *s, Vec x, unsigned *which)
{
    static const Real series[] = {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1, 1};
    const Vec round = vec_all(0x1.8p23f), low = vec_all(-87);
    const Vec shifted = vec_greater(x, low) * 0x1.715476p0f + round;
    const Vec k = shifted - round;
    const Vec r = (vec_greater(x, low) - k * 0x1.62e4p-1f) - k * 0x1.7f7d1cf79abcap-20f;
    Vec sum = vec_all(series[0]);

    (void)s;
    *which = 0;
    UNROLL
    for (int i = 1; i < 7; i++)
        sum = sum * r + series[i];
    return vec_select(x > low, (Vec)((BitsVec)sum + ((BitsVec)shifted << 23)), (Vec){0});
}

INLINE Vec vec_function(const State *s, FusedFunction function, Vec x)
{
    if (s->plain)
        return ask_libm(function, x, x, ALL_LANES);
    switch (function) {
    case FUSED_INVERSE:
        return 1 / x;
    case FUSED_INVERSE_SQUARE:
        return 1 / (x * x);
    case FUSED_INVERSE_ROOT:
        return 1 / vec_root(x);
    case FUSED_INVERSE_CUBE:
        return 1 / (x * vec_root(x));
    case FUSED_SQUARE:
        return x * x;
    default:
        return vec_root(x);
    }
}

#else

/* ---- sums of two numbers --------------------------------------------------------------------- */

#define DOUBT     0.0125
#define DOUBT_EXP 0.02

/* high + low, high being what that rounds to. */
typedef struct Sum {
    Vec high, low;
} Sum;

/* For |a| not less than |b|. */
INLINE Sum sum_of(Vec a, Vec b)
{
    const Vec high = a + b;

    return (Sum){high, (a - high) + b};
}

/* a b - p, where p is that product rounded: exact. */
INLINE Vec product_error(Vec a, Vec b, Vec p)
{
#ifdef FUSED_FMA
    return vec_fma(a, b, -p);
#else /* T. J. Dekker, "A floating-point technique for extending the available precision", 1971 */
    const Vec cut_a = a * 0x1.0000002p27, high_a = cut_a - (cut_a - a), low_a = a - high_a;
    const Vec cut_b = b * 0x1.0000002p27, high_b = cut_b - (cut_b - b), low_b = b - high_b;
    return ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b;
#endif
}

/* c - a b, where that is so small that it is a number. */
INLINE Vec residual(Vec a, Vec b, Vec c)
{
#ifdef FUSED_FMA
    return vec_fma(-a, b, c);
#else
    const Vec p = a * b;
    return (c - p) - product_error(a, b, p);
#endif
}

/* ---- where libm must be asked ---------------------------------------------------------------- */

/* The power of two in a number. */
INLINE Vec power_of_two(Vec x)
{
    return (Vec)((BitsVec)x & 0x7ff0000000000000);
}

/* Far from 1, libm's pow loses digits, and the errors below can underflow: a result other than 0
 * must be in 2^-120 ... 2^120. NaN is not. */
INLINE Mask is_far(Vec x)
{
    const BitsVec least = (BitsVec)vec_all(0x1p-120), most = (BitsVec)vec_all(0x1p120);

    return (Mask)((BitsVec)x - least > most - least) & (Mask)(x != (Vec){0});
}

/* Whether low is almost half the distance to the next number towards 0, of numbers above 0:
 * below a power of two they lie closer than above it. Never of 0. */
INLINE Mask is_near_middle(Sum y, const Real doubt)
{
    const Vec below = (Vec)((BitsVec)y.high - 1);

    return (Mask)(vec_abs(y.low) > power_of_two(below) * (0x1p-52 * (0.5 - doubt)));
}

/* ---- the functions --------------------------------------------------------------------------- */

/* One step of Newton's method from the machine's division and root leaves an error of about
 * 2^-104. */
INLINE Sum inverse(Vec x)
{
    const Vec y = 1 / x;

    return (Sum){y, y * residual(y, x, vec_all(1))};
}

INLINE Sum inverse_square(Vec x)
{
    const Sum y = inverse(x);
    const Vec p = y.high * y.high;

    return sum_of(p, product_error(y.high, y.high, p) + 2 * y.high * y.low);
}

/* y = 1 / sqrt(x), its square p + p_low, and the correction -y (x y^2 - 1) / 2 */
INLINE Sum inverse_root(Vec x)
{
    const Vec y = 1 / vec_root(x), p = y * y, p_low = product_error(y, y, p), xp = x * p;
    const Vec e = ((xp - 1) + product_error(x, p, xp)) + x * p_low;

    return sum_of(y, -0.5 * y * e);
}

INLINE Sum inverse_cube(Vec x)
{
    const Vec y = 1 / vec_root(x), p = y * y, p_low = product_error(y, y, p), xp = x * p;
    const Vec e = ((xp - 1) + product_error(x, p, xp)) + x * p_low, correction = -0.5 * y * e;
    const Vec cube = p * y;

    return sum_of(cube,
                  product_error(p, y, cube) + ((p_low + 2 * y * correction) * y + p * correction));
}

INLINE Sum square(Vec x)
{
    const Vec p = x * x;

    return (Sum){p, product_error(x, x, p)};
}

INLINE Sum root(Vec x)
{
    const Vec y = vec_root(x);

    return (Sum){y, residual(y, y, x) / (2 * y)};
}

#ifdef FUSED_FMA
/* With k = 128 n + j the whole number nearest to x 128 / ln 2, and t_j = 2^(j/128) from the table,
 * itself a sum of two:
 *     r = x - k ln 2 / 128,  e^x = 2^n (t_j + (t_j_low + t_j (e^r - 1)))
 * the last by its series. */
INLINE Vec fast_exp(const State *s, Vec x, unsigned *which)
{
    const Vec round = vec_all(0x1.8p52), shifted = vec_fma(x, vec_all(0x1.71547652b82fep7), round);
    const Vec k = shifted - round;
    const Vec r =
        vec_fma(k, vec_all(-0x1.abc9e3b39803fp-63), vec_fma(k, vec_all(-0x1.62e42fefa39efp-8), x));
    const BitsVec j = (BitsVec)shifted & 127, n = (BitsVec)shifted >> 7;
    const Vec t = vec_look_up(s->table, j), t_low = vec_look_up(s->table_low, j);
    Vec series = vec_fma(r, vec_all(1.0 / 720), vec_all(1.0 / 120));

    series = vec_fma(r, series, vec_all(1.0 / 24));
    series = vec_fma(r, series, vec_all(1.0 / 6));
    series = vec_fma(r, series, vec_all(0.5));
    const Vec grown = vec_fma(r * r, series, r);
    const Sum y = sum_of(t, vec_fma(t, grown, t_low));
    *which = vec_bits(is_near_middle(y, DOUBT_EXP) | ~(Mask)(vec_abs(x) <= vec_all(700)));
    return (Vec)((BitsVec)y.high + (n << 52));
}
#else
INLINE Vec fast_exp(const State *s, Vec x, unsigned *which)
{
    (void)s;
    *which = ALL_LANES;
    return x;
}
#endif

INLINE Sum sum_by(FusedFunction function, Vec x)
{
    switch (function) {
    case FUSED_INVERSE:
        return inverse(x);
    case FUSED_INVERSE_SQUARE:
        return inverse_square(x);
    case FUSED_INVERSE_ROOT:
        return inverse_root(x);
    case FUSED_INVERSE_CUBE:
        return inverse_cube(x);
    case FUSED_SQUARE:
        return square(x);
    default:
        return root(x);
    }
}

INLINE Vec vec_function(const State *s, FusedFunction function, Vec x)
{
    if (s->plain)
        return ask_libm(function, x, x, ALL_LANES);
    const Sum y = sum_by(function, x);
    const unsigned which = vec_bits(is_near_middle(y, DOUBT) | is_far(y.high));
    return which ? ask_libm(function, x, y.high, which) : y.high;
}

#endif

/* ---- many exponentials ----------------------------------------------------------------------- */

/* y_i = e^x_i; libm is asked after all are through, so that nothing waits for it in between. */
static void exponentials(const State *s, Vec *y, const Vec *x, int count)
{
    int asked = 0;

    for (int i = 0; i < count; i++) {
        unsigned which = ALL_LANES;
        y[i] = s->plain ? x[i] : fast_exp(s, x[i], &which);
        s->doubt[asked] = (Doubt){i, which};
        asked += which != 0;
    }
    for (int k = 0; k < asked; k++) {
        const int i = s->doubt[k].vector;
        y[i] = ask_libm(FUSED_EXP, x[i], y[i], s->doubt[k].lanes);
    }
}
