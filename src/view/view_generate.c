#include "view/panel.h"
#include "view/view.h"

const char view_generate_about[] = "";

void view_generate_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "What does it write?", "sampling");
}

void view_generate_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
