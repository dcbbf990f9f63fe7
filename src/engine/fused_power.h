/* Powers and exponentials, for fused_template.h. */

#ifdef FUSED_FLOAT
/* In float32 nothing is held against anything: the shortest way is taken. */
static Real function_of(FusedFunction function, Real x)
{
    switch (function) {
    case FUSED_EXP:
        return expf(x);
    case FUSED_INVERSE:
        return 1 / x;
    case FUSED_INVERSE_SQUARE:
        return 1 / (x * x);
    case FUSED_INVERSE_ROOT:
        return 1 / sqrtf(x);
    case FUSED_INVERSE_CUBE:
        return 1 / (x * sqrtf(x));
    case FUSED_SQUARE:
        return x * x;
    default:
        return sqrtf(x);
    }
}
#else
static Real function_of(FusedFunction function, Real x)
{
    static const double exponent[FUSED_FUNCTIONS] = {
        [FUSED_INVERSE] = -1,        [FUSED_INVERSE_SQUARE] = -2, [FUSED_INVERSE_ROOT] = -0.5,
        [FUSED_INVERSE_CUBE] = -1.5, [FUSED_SQUARE] = 2,          [FUSED_ROOT] = 0.5,
    };

    return function == FUSED_EXP ? exp(x) : pow(x, exponent[function]);
}
#endif

/* Lane by lane, by libm. */
static __attribute__((noinline)) Vec vec_by_libm(FusedFunction function, Vec x)
{
    for (int lane = 0; lane < LANES; lane++)
        x[lane] = function_of(function, x[lane]);
    return x;
}

INLINE Vec vec_function(const State *s, FusedFunction function, Vec x)
{
    (void)s;
    return vec_by_libm(function, x);
}

static void apply(FusedFunction function, const double *x, double *y, int count)
{
    for (int i = 0; i < count; i++)
        y[i] = (double)function_of(function, (Real)x[i]);
}
