#include "view/panel.h"
#include "view/view.h"

const char view_parameters_about[] = "";

void view_parameters_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "What is learnt?", "parameters");
}

void view_parameters_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
