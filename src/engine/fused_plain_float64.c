/* Fused kernels in float64 for any processor. */
#define FUSED_NAME  "plain"
#define FUSED_ROW   fused_plain_float64
#define FUSED_BYTES 16

#include "engine/fused_target.h"
