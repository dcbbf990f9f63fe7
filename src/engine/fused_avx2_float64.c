/* Fused kernels in float64 for processors with AVX2 and FMA. */
#define FUSED_NAME   "avx2"
#define FUSED_ROW    fused_avx2_float64
#define FUSED_BYTES  32
#define FUSED_TARGET "avx2,fma"
#define FUSED_HAS    (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))

#include "engine/fused_target.h"
