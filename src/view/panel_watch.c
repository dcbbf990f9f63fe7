#include "view/panel.h"
#include "view/plot.h"

int panel_watch_rows(const App *app)
{
    return app->watches.count;
}

void panel_watch(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    Scope scope = app_scope(app);
    scope.hurried = true; /* a picture does not wait for a branch on its way */
    char text[WATCH_TEXT_BYTES];
    int wide = 0;

    for (int i = 0; i < app->watches.count; i++) {
        int width = canvas_text(canvas, (Area){0}, 0, 0, ROLE_TEXT, 0, app->watches.expr[i].text);
        wide = width > wide ? width : wide;
    }
    wide = wide < area.w / 2 ? wide : area.w / 2;
    for (int i = 0; i < app->watches.count; i++) {
        Expr *expr = (Expr *)&app->watches.expr[i]; /* evaluating uses its own memory only */
        bool known = watch_read(expr, &scope, text);
        canvas_print(canvas, area, 0, i, ROLE_DIM, 0, "%2d", i + 1);
        canvas_text(canvas, area_inset(area, 3, 0, area.w - 3 - wide, 0), 0, i, ROLE_ACCENT, 0,
                    expr->text);
        canvas_text(canvas, area_inset(area, 3 + wide + 2, 0, 0, 0), 0, i,
                    known ? ROLE_TEXT : ROLE_WRONG, 0, text);
    }
}
