/* Plot: pictures of numbers in cells. Every picture says the same by glyph as by colour, so that it
 * reads in mono and in ASCII. Numbers that are not there (NaN) are drawn as absent: `·`. */
#ifndef GPTOSCOPE_VIEW_PLOT_H
#define GPTOSCOPE_VIEW_PLOT_H

#include "view/canvas.h"

/* ---- bars ------------------------------------------------------------------------------------ */

/* A horizontal bar for value of 0..1 over `width` columns, in eighths of a column where the glyphs
 * allow. What is not 0 shows. */
void plot_bar(Canvas *canvas, Area area, int x, int y, int width, double value, Role role);

/* A row of vertical bars, one column a value, one to eight eighths high: values from low to high.
 * Where there are more values than columns, a column shows the mean of those that fall in it. */
void plot_sparkline(Canvas *canvas, Area area, int x, int y, int width, const double *value,
                    int count, double low, double high, Role role);

/* The same over all rows of an area. */
void plot_columns(Canvas *canvas, Area area, const double *value, int count, double low,
                  double high, Role role);

/* ---- heat ------------------------------------------------------------------------------------ */

/* A cell of a heatmap, `columns` wide, for a weight or probability of 0..1: shade by glyph and by
 * ROLE_LEVEL. Levels go by the square root, so that small weights still show. */
void plot_level(Canvas *canvas, Area area, int x, int y, int columns, double value);

/* The same for a signed number scaled to -1..1, in equal steps: shades for positive ones, lines for
 * negative ones, a blank near zero, and ROLE_SIGNED. */
void plot_signed(Canvas *canvas, Area area, int x, int y, int columns, double value);

/* The glyph that stands for a value, and the role that colours it. */
uint32_t plot_level_glyph(const Canvas *canvas, double value);
uint32_t plot_signed_glyph(const Canvas *canvas, double value);
Role plot_level_role(double value);
Role plot_signed_role(double value);

/* Legends: all cells in their order between the numbers they stand for, 0 and `most`, or -most and
 * +most. Return the column after them. */
int plot_level_legend(Canvas *canvas, Area area, int x, int y, double most);
int plot_signed_legend(Canvas *canvas, Area area, int x, int y, double most);

/* Marks the cell of a heatmap where the cursor is. */
void plot_cursor(Canvas *canvas, Area area, int x, int y, int columns);

/* ---- curves ---------------------------------------------------------------------------------- */

/* A chart with axes: x from x_low to x_high over the area's width, y likewise. Braille gives 2 x 4
 * dots a cell, blocks 1 x 2, ASCII 1 x 1.
 *
 *     3.0┤⠢⡀      Curves of ROLE_CURVE are raw data, drawn lighter than the lines over them.
 *        │ ⠈⠑⠤⣀   A curve covers what another role has drawn in its cells, so that each can be
 *     2.0┤     ⠉⠒ followed; dots of the same role are merged. Letters in the chart stay.
 *        └┬───┬──
 *         0  500                                                                               */
typedef struct Chart {
    Area plot; /* where the dots are: the area without axes and labels */
    double x_low, x_high, y_low, y_high;
} Chart;

/* Draws the axes with round, labelled ticks on the left and below, and says where the dots go. A
 * range that is empty or no range is widened; where there is no room for axes there are none. */
Chart plot_axes(Canvas *canvas, Area area, double x_low, double x_high, double y_low,
                double y_high);

/* The same where y_low and y_high are logarithms to the base 10, and so is all that is drawn:
 * labels are the numbers themselves. */
Chart plot_axes_log(Canvas *canvas, Area area, double x_low, double x_high, double y_low,
                    double y_high);

/* Column and row of the plot, counted from its left and its top, where x and y fall. */
int plot_column_of(const Canvas *canvas, const Chart *chart, double x);
int plot_row_of(const Canvas *canvas, const Chart *chart, double y);

/* count points y[i] at x = x0 + i dx (dx > 0), joined where they follow each other. Where several
 * fall in one column of dots the whole range between least and greatest is drawn. */
void plot_curve(Canvas *canvas, const Chart *chart, double x0, double dx, const double *y,
                int count, Role role);

/* The area between low[i] and high[i] at x = x0 + i dx: a tint, in braille a dot in four. What
 * stands there stays; a curve of the same role can be drawn over it. */
void plot_band(Canvas *canvas, const Chart *chart, double x0, double dx, const double *low,
               const double *high, int count, Role role);

/* A level line across the chart, dashed, with a label at its right end. */
void plot_level_line(Canvas *canvas, const Chart *chart, double y, const char *label, Role role);

/* A vertical mark at x: one column. Curves that cross it stay. */
void plot_mark(Canvas *canvas, const Chart *chart, double x, Role role);

/* A point at (x, y): where we are. */
void plot_point(Canvas *canvas, const Chart *chart, double x, double y, Role role);

/* Round steps for an axis from low to high with at most `most` labels: 1, 2 or 5 times a power of
 * ten. */
double plot_tick(double low, double high, int most);

#endif
