/* The view parameters in words and numbers. */
#include "app/projection.h"
#include "app/subject.h"
#include "engine/words.h"
#include "view/view.h"
#include "view/view_parameters.h"

static void tell_statistics(const Matrix *matrix, Answer *answer)
{
    const Statistics *all = &matrix->all;
    const char *name = _(quantities[matrix->shows].name);

    if (!matrix_is_open(matrix)) {
        answer_line(answer, "Something of it is hidden.");
        answer_text(answer, "norm", "hidden");
        return;
    }
    if (all->count == 0) {
        answer_line(answer, "Its %s is not computed at this moment.", name);
        answer_null(answer, "norm");
        return;
    }
    answer_line(answer,
                "Over its %lld numbers, the %s has the norm %.6g, the mean %.6g and the standard "
                "deviation %.6g; it goes from %.6g to %.6g, and %.1f percent are exactly 0.",
                (long long)all->count, name, statistics_norm(all), all->mean,
                statistics_deviation(all), all->least, all->most, 100 * statistics_zeros(all));
    answer_real(answer, "norm", statistics_norm(all));
    answer_real(answer, "mean", all->mean);
    answer_real(answer, "standard_deviation", statistics_deviation(all));
    answer_real(answer, "least", all->least);
    answer_real(answer, "most", all->most);
    answer_real(answer, "zeros", statistics_zeros(all));
}

static void tell_numbers(const Matrix *matrix, Answer *answer)
{
    const Tensor *tensor = matrix->tensor;
    double number;

    answer_open(answer, "numbers", '[');
    for (int32_t row = 0; row < tensor->rows; row++) {
        answer_open(answer, NULL, '[');
        for (int32_t col = 0; col < tensor->cols; col++) {
            int32_t i = tensor->first + row * tensor->cols + col;
            if (look_is_hidden(&matrix->app->look, quantity_focus(matrix->shows, i)))
                answer_text(answer, NULL, "hidden");
            else if (matrix_read(matrix, row, col, &number))
                answer_real(answer, NULL, number);
            else
                answer_null(answer, NULL);
        }
        answer_close(answer, ']');
    }
    answer_close(answer, ']');
}

static void tell_cursor(const Matrix *matrix, Answer *answer)
{
    const App *app = matrix->app;
    int32_t i = quantity_parameter(&app->session.trainer, app->look.focus[VIEW_PARAMETERS]);
    int32_t row = subject_row(app), col = subject_col(app);
    char name[40];
    double number;

    if (i < 0)
        return;
    matrix_row_name(app, matrix->tensor, row, name);
    if (look_is_hidden(&app->look, quantity_focus(matrix->shows, i)))
        answer_line(answer, "The cursor is on %s, column %d: hidden.", name, (int)col);
    else if (matrix_read(matrix, row, col, &number))
        answer_line(answer, "The cursor is on %s, column %d: %s %.17g.", name, (int)col,
                    _(quantities[matrix->shows].name), number);
    else
        answer_line(answer, "The cursor is on %s, column %d: not computed yet.", name, (int)col);
}

/* A hidden value must not be told by what is made of it. */
static bool rows_are_open(const App *app, const Tensor *tensor)
{
    Matrix values = {.app = app, .tensor = tensor, .shows = QUANTITY_VALUE};

    return matrix_is_open(&values);
}

static void tell_map(const App *app, const Tensor *tensor, Answer *answer)
{
    Projection map;
    double side[PROJECTION_ROWS];
    char name[40];

    parameters_sides(app, tensor, side);
    if (!rows_are_open(app, tensor) ||
        !projection_find(&map, app->session.trainer.value + tensor->first, tensor->rows,
                         tensor->cols, side))
        return;
    answer_line(answer, "The rows as points of a plane, which shows %.0f percent of their spread:",
                100 * (map.share_x + map.share_y));
    answer_real(answer, "share_of_spread", map.share_x + map.share_y);
    answer_open(answer, "points", '[');
    for (int32_t row = 0; row < tensor->rows; row++) {
        matrix_row_name(app, tensor, row, name);
        answer_line(answer, "%s%s lies at %.4f, %.4f.", name,
                    parameters_is_vowel(app, tensor, row) ? _(", a vowel,") : "", map.x[row],
                    map.y[row]);
        answer_open(answer, NULL, '{');
        answer_text(answer, "row", name);
        answer_real(answer, "x", map.x[row]);
        answer_real(answer, "y", map.y[row]);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

static void tell_cosines(const App *app, const Tensor *tensor, Answer *answer)
{
    const int32_t row = subject_row(app);
    int order[PROJECTION_ROWS];
    double cosine[PROJECTION_ROWS];
    char name[40];

    if (tensor->rows > PROJECTION_ROWS || !rows_are_open(app, tensor))
        return;
    projection_neighbours(app->session.trainer.value + tensor->first, tensor->rows, tensor->cols,
                          row, order, cosine);
    matrix_row_name(app, tensor, row, name);
    answer_line(answer, "The other rows by their cosine with %s, the most similar first:", name);
    answer_text(answer, "similar_to", name);
    answer_open(answer, "similar", '[');
    for (int i = 0; i < tensor->rows - 1; i++) {
        matrix_row_name(app, tensor, order[i], name);
        answer_line(answer, "%s: %.4f", name, cosine[i]);
        answer_open(answer, NULL, '{');
        answer_text(answer, "row", name);
        answer_real(answer, "cosine", cosine[i]);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

void view_parameters_tell(const App *app, Answer *answer)
{
    const int as = app->look.choice[LOOK_PARAMETERS_AS];
    const Tensor *tensor = subject_tensor(app);
    const Matrix matrix = matrix_of(app, tensor, subject_quantity(app));
    char moment[64];

    moment_print(since_moment(&app->since, &app->session.history), moment, sizeof moment);
    answer_line(answer, "%s, %d rows of %d numbers: %s. Shown is the %s%s%s.", tensor->name,
                (int)tensor->rows, (int)tensor->cols,
                _(matrix_kind(&app->session.trainer.gpt, tensor)->words),
                _(quantities[matrix.shows].name),
                matrix.shows == QUANTITY_CHANGE ? _(" since ") : "",
                matrix.shows == QUANTITY_CHANGE ? moment : "");
    answer_text(answer, "tensor", tensor->name);
    answer_whole(answer, "rows", tensor->rows);
    answer_whole(answer, "columns", tensor->cols);
    answer_text(answer, "shows", quantities[matrix.shows].name);
    if (matrix.shows == QUANTITY_CHANGE)
        answer_text(answer, "since", moment);
    tell_statistics(&matrix, answer);
    tell_cursor(&matrix, answer);
    tell_numbers(&matrix, answer);
    if (as == PARAMETERS_AS_MAP)
        tell_map(app, tensor, answer);
    if (as == PARAMETERS_AS_COSINES)
        tell_cosines(app, tensor, answer);
}
