/* Fused kernels in float64 for processors with AVX-512. */
#define FUSED_NAME   "avx512"
#define FUSED_ROW    fused_avx512_float64
#define FUSED_BYTES  64
#define FUSED_TARGET "avx512f,avx512dq,avx512vl,avx512bw,fma"
#define FUSED_HAS                                                               \
    (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && \
     __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))

#include "engine/fused_target.h"
