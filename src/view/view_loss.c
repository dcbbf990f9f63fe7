#include "view/panel.h"
#include "view/view.h"

const char view_loss_about[] = "";

void view_loss_draw(Frame *frame, Area area)
{
    panel_title(frame->canvas, area, "How surprised is it?", "loss, nats");
}

void view_loss_tell(const App *app, Answer *answer)
{
    (void)app;
    (void)answer;
}
