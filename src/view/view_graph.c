#include "view/panel.h"
#include "view/view.h"

const char view_graph_about[] = "";

void view_graph_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "What is computed from what?", "computation graph");
}

void view_graph_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
