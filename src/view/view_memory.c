#include "view/panel.h"
#include "view/view.h"

const char view_memory_about[] = "";

void view_memory_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "Where do the bytes and the time go?", "memory, speed");
}

void view_memory_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
