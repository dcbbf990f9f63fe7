#include "app/heldout_curve.h"

#include "engine/sys.h"
#include <math.h>

bool heldout_curve_init(HeldoutCurve *curve, const History *history, Error *error)
{
    const Trainer *trainer = history->trainer;

    *curve = (HeldoutCurve){.frames = history->frames, .under_way = -1};
    if (!heldout_init(&curve->heldout, &trainer->settings, trainer->corpus, HELDOUT_USUAL, error))
        return false;
    curve->loss = sys_alloc((size_t)curve->frames + 1, sizeof *curve->loss);
    curve->known = sys_alloc((size_t)curve->frames + 1, sizeof *curve->known);
    if (curve->loss && curve->known)
        return true;
    heldout_curve_release(curve);
    return error_set(error, "out of memory for the loss on documents held out");
}

void heldout_curve_release(HeldoutCurve *curve)
{
    if (curve->heldout.corpus)
        heldout_release(&curve->heldout);
    sys_free(curve->loss);
    sys_free(curve->known);
    *curve = (HeldoutCurve){0};
}

/* ---- which points ---------------------------------------------------------------------------- */

/* Keyframes between two points. */
static int64_t stride_of(const History *history, int64_t interval)
{
    const int64_t stride = interval / history->spacing;

    return stride > 1 ? stride : 1;
}

int64_t heldout_curve_spacing(const History *history, int64_t interval)
{
    return stride_of(history, interval) * history->spacing;
}

/* Whether the run stands where the last point can be read: the parameters are those of a whole
 * step. */
static bool wants_here(const HeldoutCurve *curve, const History *history)
{
    const Moment at = history->trainer->at;
    double loss;

    return at.phase == PHASE_DONE && !heldout_curve_find(curve, history, at.step, &loss);
}

/* The point to be found next, or -1: that where the reader looks goes first. */
static int64_t next_point(const HeldoutCurve *curve, const History *history, int64_t interval,
                          bool still)
{
    if (curve->heldout.count == 0 || interval <= 0)
        return -1;
    if (still && wants_here(curve, history))
        return curve->frames;
    for (int64_t k = 0; k < curve->frames; k += stride_of(history, interval))
        if (history->taken[k] && !curve->known[k])
            return k;
    return -1;
}

bool heldout_curve_wants(const HeldoutCurve *curve, const History *history, int64_t interval,
                         bool still)
{
    return next_point(curve, history, interval, still) >= 0;
}

/* ---- finding them ---------------------------------------------------------------------------- */

static void begin_point(HeldoutCurve *curve, const History *history, int64_t point)
{
    const Trainer *trainer = history->trainer;

    curve->under_way = point;
    if (point == curve->frames) {
        curve->here = trainer->at.step;
        curve->known[point] = false;
        heldout_begin(&curve->heldout, &trainer->settings, trainer->value);
    } else {
        /* What is changed at the keyframe's very moment comes after it. */
        const Moment before = {history->begin.step + point * history->spacing, PHASE_DONE, 0};
        const Settings settings = history_settings_at(history, before);
        heldout_begin(&curve->heldout, &settings,
                      history->frame + (size_t)point * 3 * (size_t)trainer->gpt.params);
    }
}

/* The documents read so far are of the point that is asked for. */
static bool goes_on(const HeldoutCurve *curve, const History *history, int64_t point)
{
    return curve->under_way == point &&
           (point < curve->frames || curve->here == history->trainer->at.step);
}

bool heldout_curve_work(HeldoutCurve *curve, const History *history, int64_t interval, bool still)
{
    const int64_t point = next_point(curve, history, interval, still);

    if (point < 0)
        return false;
    if (!goes_on(curve, history, point))
        begin_point(curve, history, point);
    heldout_next(&curve->heldout);
    if (heldout_finished(&curve->heldout)) {
        curve->loss[point] = heldout_loss(&curve->heldout);
        curve->known[point] = true;
        curve->under_way = -1;
    }
    return true;
}

void heldout_curve_forget(HeldoutCurve *curve, const History *history)
{
    const Moment at = history->trainer->at;

    for (int64_t k = 0; k < curve->frames; k++)
        if (moment_compare((Moment){history->begin.step + k * history->spacing, PHASE_FORWARD, 0},
                           at) > 0)
            curve->known[k] = false;
    if (curve->known)
        curve->known[curve->frames] = false;
    curve->under_way = -1;
}

/* ---- reading --------------------------------------------------------------------------------- */

double heldout_curve_at(const HeldoutCurve *curve, const History *history, int64_t interval,
                        int64_t i)
{
    const int64_t k = i * stride_of(history, interval);

    return k < curve->frames && curve->known[k] ? curve->loss[k] : NAN;
}

bool heldout_curve_find(const HeldoutCurve *curve, const History *history, int64_t step,
                        double *loss)
{
    const int64_t from = step - history->begin.step, k = from / history->spacing;

    if (!curve->known)
        return false;
    if (from >= 0 && from % history->spacing == 0 && k < curve->frames && curve->known[k]) {
        *loss = curve->loss[k];
        return true;
    }
    *loss = curve->loss[curve->frames];
    return curve->known[curve->frames] && curve->here == step;
}
