/* Vectors of one precision and width, for fused_template.h. The compiler's own vector types do
 * almost everything; what they lack (square root, fused multiply-add, a mask as bits) is here
 * once for each set of instructions.
 *
 * Defined by the including file: FUSED_BYTES of a vector (16, 32 or 64), FUSED_FLOAT for
 * float32, FUSED_FMA where there is a fused multiply-add. In float64 it is used only where a
 * rounding error must be exact, never in a sum. */
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#ifdef FUSED_FLOAT
typedef float Real;
typedef int32_t Word;
typedef uint32_t Bits;
#define FUSED_LANES (FUSED_BYTES / 4)
#else
typedef double Real;
typedef int64_t Word;
typedef uint64_t Bits;
#define FUSED_LANES (FUSED_BYTES / 8)
#endif

typedef Real Vec __attribute__((vector_size(FUSED_BYTES)));
typedef Word Mask
    __attribute__((vector_size(FUSED_BYTES))); /* a lane is 0 or -1; also the bits of a Vec */
typedef Bits BitsVec __attribute__((vector_size(FUSED_BYTES)));

enum { LANES = FUSED_LANES };

#define INLINE static inline __attribute__((always_inline))
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

INLINE Vec vec_all(Real x)
{
    return x - (Vec){0}; /* -0 too */
}

INLINE Vec vec_select(Mask mask, Vec yes, Vec no)
{
    return (Vec)((mask & (Mask)yes) | (~mask & (Mask)no));
}

/* As `if (x > top) top = x`: of NaN the old one. */
INLINE Vec vec_greater(Vec x, Vec top)
{
    return vec_select(x > top, x, top);
}

INLINE Vec vec_abs(Vec x)
{
    return (Vec)((BitsVec)x & ((Bits)-1 >> 1));
}

/* Vectors may lie anywhere. */
INLINE Vec vec_load(const Real *from)
{
    Vec x;

    memcpy(&x, from, sizeof x);
    return x;
}

INLINE void vec_store(Real *to, Vec x)
{
    memcpy(to, &x, sizeof x);
}

/* 0, 1, 2, ... */
INLINE Vec vec_lane_numbers(void)
{
    Vec x;

    UNROLL
    for (int lane = 0; lane < LANES; lane++)
        x[lane] = (Real)lane;
    return x;
}

/* The instruction of this width, one set of names for all; the wide ones are only compiled where
 * there are any. */
#if FUSED_BYTES == 64
#define VEC_JOIN(name) _mm512_##name
#elif FUSED_BYTES == 32
#define VEC_JOIN(name) _mm256_##name
#elif defined(__SSE2__)
#define VEC_JOIN(name) _mm_##name
#endif
#ifdef VEC_JOIN
#define VEC_INSTRUCTION(name) VEC_JOIN(name)
#endif
#ifdef FUSED_FLOAT
#define VEC_PRECISE(name) name##_ps
#else
#define VEC_PRECISE(name) name##_pd
#endif

INLINE Vec vec_root(Vec x)
{
#ifdef VEC_INSTRUCTION
    return (Vec)VEC_INSTRUCTION(VEC_PRECISE(sqrt))(x);
#else
    for (int lane = 0; lane < LANES; lane++)
        x[lane] = (Real)sqrt((double)x[lane]);
    return x;
#endif
}

#ifdef FUSED_FMA
/* a b + c, rounded once */
INLINE Vec vec_fma(Vec a, Vec b, Vec c)
{
    return (Vec)VEC_INSTRUCTION(VEC_PRECISE(fmadd))(a, b, c);
}
#endif

/* sum + a b: in float64 rounded twice, as the tape does; in float32 nothing asks for that. */
INLINE Vec vec_plus(Vec sum, Vec a, Vec b)
{
#if defined(FUSED_FLOAT) && defined(FUSED_FMA)
    return vec_fma(a, b, sum);
#else
    return sum + a * b;
#endif
}

/* One bit a lane. */
INLINE unsigned vec_bits(Mask mask)
{
#if defined(FUSED_FLOAT) || !defined(VEC_INSTRUCTION)
    unsigned bits = 0;

    for (int lane = 0; lane < LANES; lane++)
        bits |= (unsigned)(mask[lane] & 1) << lane;
    return bits;
#elif FUSED_BYTES == 64
    return _mm512_movepi64_mask((__m512i)mask);
#else
    return (unsigned)VEC_INSTRUCTION(VEC_PRECISE(movemask))((Vec)mask);
#endif
}

/* Lanes where a > b, a bit each. */
INLINE unsigned vec_bits_above(Vec a, Vec b)
{
#if FUSED_BYTES == 64 && !defined(FUSED_FLOAT)
    return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_GT_OQ);
#else
    return vec_bits((Mask)(a > b));
#endif
}

/* Lanes among those given where a == b. */
INLINE unsigned vec_bits_same(Vec a, Vec b, unsigned among)
{
#if FUSED_BYTES == 64 && !defined(FUSED_FLOAT)
    return _mm512_mask_cmp_pd_mask((__mmask8)among, (__m512d)a, (__m512d)b, _CMP_EQ_OQ);
#else
    return among & vec_bits((Mask)(a == b));
#endif
}

/* Lanes where a >= b, as whole numbers. */
INLINE unsigned vec_bits_least(BitsVec a, BitsVec b)
{
#if FUSED_BYTES == 64 && !defined(FUSED_FLOAT)
    return _mm512_cmp_epu64_mask((__m512i)a, (__m512i)b, _MM_CMPINT_NLT);
#else
    return vec_bits((Mask)(a >= b));
#endif
}

/* table[index], lane by lane */
INLINE Vec vec_look_up(const Real *table, BitsVec index)
{
#if FUSED_BYTES == 64 && !defined(FUSED_FLOAT)
    return (Vec)_mm512_i64gather_pd((__m512i)index, table, sizeof *table);
#else
    Vec x;

    UNROLL
    for (int lane = 0; lane < LANES; lane++)
        x[lane] = table[index[lane]];
    return x;
#endif
}

/* ---- square tiles ---------------------------------------------------------------------------- */

#if FUSED_LANES == 2
#define VEC_LOW  0, 2
#define VEC_HIGH 1, 3
#elif FUSED_LANES == 4
#define VEC_LOW  0, 4, 1, 5
#define VEC_HIGH 2, 6, 3, 7
#elif FUSED_LANES == 8
#define VEC_LOW  0, 8, 1, 9, 2, 10, 3, 11
#define VEC_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define VEC_LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define VEC_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif
#ifdef __clang__
#define VEC_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define VEC_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (Mask){__VA_ARGS__})
#endif

/* Rows become columns: each round shuffles the lower half of the rows into the upper, like
 * cards; after log2(LANES) rounds every row is a column. */
INLINE void vec_transpose(Vec tile[LANES])
{
    Vec next[LANES];

    UNROLL
    for (int round = 1; round < LANES; round *= 2) {
        UNROLL
        for (int i = 0; i < LANES / 2; i++) {
            next[2 * i] = VEC_SHUFFLE(tile[i], tile[i + LANES / 2], VEC_LOW);
            next[2 * i + 1] = VEC_SHUFFLE(tile[i], tile[i + LANES / 2], VEC_HIGH);
        }
        UNROLL
        for (int i = 0; i < LANES; i++)
            tile[i] = next[i];
    }
}
