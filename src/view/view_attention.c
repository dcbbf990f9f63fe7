#include "view/panel.h"
#include "view/view.h"

const char view_attention_about[] = "";

void view_attention_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "Who looks at whom?", "attention");
}

void view_attention_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
