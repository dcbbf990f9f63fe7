/* Fused kernels as source: the including file defines the vectors (engine/fused_vector.h) and FUSED_ROW, the row's name, and gets
 * that row of engine/fused_kernels.h. Everything here is static; a file includes it once. */
#include "engine/fused_kernels.h"

#include "engine/fused_vector.h"

#include "engine/fused_state.h"

#include "engine/fused_power.h"

#include "engine/fused_forward.h"

#include "engine/fused_backward.h"

#include "engine/fused_update.h"

const FusedKernels FUSED_ROW = {
    .name = FUSED_NAME,
    .available = available,
    .bytes = bytes,
    .init = init,
    .set_plain = set_plain,
    .load = load,
    .store = store,
    .forward = forward,
    .loss = loss,
    .logits = logits,
    .train = train,
    .apply = apply,
};
