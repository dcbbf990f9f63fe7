/* Compiles fused_template.h for one set of instructions, whatever the compiler's flags are:
 * FUSED_TARGET names it, FUSED_HAS asks the processor for it. Where the compiler or the machine
 * has no such set, the row says that it is not available. */
#include <stdbool.h>

#if !defined(FUSED_TARGET)

static bool available(void)
{
    return true;
}
#include "engine/fused_template.h"

#elif defined(__x86_64__) && defined(__GNUC__)

static bool available(void)
{
    return FUSED_HAS;
}
#define FUSED_FMA
/* The libraries' headers first: they are for every processor. */
#include "engine/fused_kernels.h"
#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#define FUSED_PRAGMA_(text) _Pragma(#text)
#define FUSED_PRAGMA(text)  FUSED_PRAGMA_(text)
#ifdef __clang__
FUSED_PRAGMA(clang attribute push(__attribute__((target(FUSED_TARGET))), apply_to = function))
#include "engine/fused_template.h"
#pragma clang attribute pop
#else
FUSED_PRAGMA(GCC target(FUSED_TARGET))
#include "engine/fused_template.h"
#endif

#else

#include "engine/fused_kernels.h"

static bool available(void)
{
    return false;
}

const FusedKernels FUSED_ROW = {.name = FUSED_NAME, .available = available};

#endif
