/* View: the pictures behind the digits 1 to 9. Each is a function from the state and a size to
 * cells, and one that says the same in words and numbers: lines for who cannot see the picture,
 * members of an object for programs.
 *
 * A view draws everything into its area: title, legend, picture. With less room it shows what lies
 * around the cursor. It draws from the state alone and changes nothing. */
#ifndef GPTOSCOPE_VIEW_VIEW_H
#define GPTOSCOPE_VIEW_VIEW_H

#include "view/frame.h"

typedef void ViewDraw(Frame *frame, Area area);
typedef void ViewTell(const App *app, Answer *answer);

typedef struct View {
    ViewDraw *draw;
    ViewTell *tell;
    const char *about; /* for the help page: what it shows, how to read it, which formula of the guide
                          it is; paragraphs with a newline between */
} View;

extern const View view_table[VIEW_COUNT];

ViewDraw overview_draw, view_graph_draw, view_attention_draw, view_parameters_draw, view_loss_draw,
    view_adam_draw, view_generate_draw, view_data_draw, view_memory_draw;
ViewTell overview_tell, view_graph_tell, view_attention_tell, view_parameters_tell, view_loss_tell,
    view_adam_tell, view_generate_tell, view_data_tell, view_memory_tell;

extern const char overview_about[], view_graph_about[], view_attention_about[],
    view_parameters_about[], view_loss_about[], view_adam_about[], view_generate_about[],
    view_data_about[], view_memory_about[];

#endif
