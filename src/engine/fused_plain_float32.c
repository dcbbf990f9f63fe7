/* Fused kernels in float32 for any processor. */
#define FUSED_NAME  "plain"
#define FUSED_ROW   fused_plain_float32
#define FUSED_BYTES 16
#define FUSED_FLOAT

#include "engine/fused_target.h"
