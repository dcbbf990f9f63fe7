#include "view/panel.h"
#include "view/view.h"

const char view_data_about[] = "";

void view_data_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "What does it read?", "data");
}

void view_data_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
