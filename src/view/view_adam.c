#include "view/panel.h"
#include "view/view.h"

const char view_adam_about[] = "";

void view_adam_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "How far does each number move?", "Adam");
}

void view_adam_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
