/* Loss sweep: what the runs of a sweep (app/sweep.h) came to, so that noise is seen beside signal.
 *
 *     3.0┤⣿⣦                      a band a value: from its lowest to its highest seed, the mean
 *        │ ⠻A⣶⣤⣄⣀                 within it; letters name it
 *     2.5┤   ⠙⠻B⠿⠿A⣶⣶⣶
 *        └┬────┬────┬──
 *       lr       held out  ± spread  2.32        2.48
 *     A 0.001     2.463     0.016    ·········○○·····○  done
 *     B 0.01      2.325     0.013    ●│·●············   lowest                                 */
#ifndef GPTOSCOPE_VIEW_LOSS_SWEEP_H
#define GPTOSCOPE_VIEW_LOSS_SWEEP_H

#include "view/frame.h"
#include "view/plot.h"

/* The sweep as a panel of its own. */
void loss_sweep_draw(Frame *frame, Area area);

/* Whether there is a sweep of seeds alone, of runs as long as the reader's, to stand behind the curve of the run; its band in a
 * chart of losses by step. */
bool loss_sweep_is_behind(const App *app);
const char *loss_sweep_tint(const Canvas *canvas); /* as the band looks, for a legend */
void loss_sweep_behind(Frame *frame, const Chart *chart, bool log);

#endif
