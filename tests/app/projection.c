#include "app/projection.h"

#include "app/symmetric.h"
#include "engine/rng.h"
#include "suites.h"
#include <math.h>
#include <string.h>

/* ---- eigenvalues ----------------------------------------------------------------------------- */

static Symmetric matrix, given;

static void fill_by_chance(int n, uint64_t seed)
{
    Rng rng;

    rng_seed(&rng, seed);
    matrix.n = n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            matrix.entry[i][j] = matrix.entry[j][i] = rng_gauss(&rng, 0, 1);
    given = matrix;
}

/* A v = lambda v for each, the vectors at right angles and of length 1, the values falling. */
static void check_solution(void)
{
    const int n = matrix.n;

    for (int k = 0; k < n; k++) {
        ck_assert(k == 0 || matrix.value[k] <= matrix.value[k - 1]);
        for (int i = 0; i < n; i++) {
            double product = 0, angle = 0;
            for (int j = 0; j < n; j++) {
                product += given.entry[i][j] * matrix.vector[k][j];
                angle += matrix.vector[i][j] * matrix.vector[k][j];
            }
            ck_assert_double_eq_tol(product, matrix.value[k] * matrix.vector[k][i], 1e-11);
            ck_assert_double_eq_tol(angle, i == k, 1e-12);
        }
    }
}

START_TEST(eigenvectors_are_only_stretched)
{
    static const int sizes[] = {1, 2, 3, 16, 27, SYMMETRIC_LIMIT};

    fill_by_chance(sizes[_i], 7 + (uint64_t)_i);
    symmetric_solve(&matrix);
    check_solution();
}
END_TEST

START_TEST(known_eigenvalues_are_found)
{
    matrix.n = 2;
    matrix.entry[0][0] = matrix.entry[1][1] = 2;
    matrix.entry[0][1] = matrix.entry[1][0] = 1;
    symmetric_solve(&matrix);
    ck_assert_double_eq_tol(matrix.value[0], 3, 1e-14);
    ck_assert_double_eq_tol(matrix.value[1], 1, 1e-14);
    ck_assert_double_eq_tol(fabs(matrix.vector[0][0]), sqrt(0.5), 1e-14);
}
END_TEST

START_TEST(equal_eigenvalues_and_zeros_are_no_trouble)
{
    matrix.n = 5;
    memset(matrix.entry, 0, sizeof matrix.entry);
    given = matrix;
    symmetric_solve(&matrix);
    check_solution();
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            matrix.entry[i][j] = 1 + 2 * (i == j);
    given = matrix;
    symmetric_solve(&matrix);
    check_solution();
    ck_assert_double_eq_tol(matrix.value[0], 7, 1e-13);
    ck_assert_double_eq_tol(matrix.value[4], 2, 1e-13);
}
END_TEST

/* ---- the map --------------------------------------------------------------------------------- */

static Projection map, other;
static const double later[] = {-3, -2, -1, 0, 1, 2, 3, 4, 5};

START_TEST(rows_on_a_line_are_shown_as_a_line)
{
    const double number[] = {1, 2, 3, 2, 4, 6, 3, 6, 9, 5, 10, 15};

    ck_assert(projection_find(&map, number, 4, 3, later));
    ck_assert_double_eq_tol(map.share_x, 1, 1e-12);
    for (int i = 0; i < 4; i++)
        ck_assert_double_eq_tol(map.y[i], 0, 1e-6);
    ck_assert_double_eq_tol(map.x[1] - map.x[0], sqrt(14), 1e-12);
    ck_assert_double_eq_tol(map.x[3] - map.x[2], 2 * sqrt(14), 1e-12);
}
END_TEST

START_TEST(few_columns_and_few_rows_give_the_same_map)
{
    double narrow[7 * 4], wide[7 * 9] = {0};
    Rng rng;

    rng_seed(&rng, 3);
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 4; j++)
            wide[i * 9 + 2 * j] = narrow[i * 4 + j] = rng_gauss(&rng, 0.5, 1);
    ck_assert(projection_find(&map, narrow, 7, 4, later));
    ck_assert(projection_find(&other, wide, 7, 9, later));
    for (int i = 0; i < 7; i++) {
        ck_assert_double_eq_tol(map.x[i], other.x[i], 1e-12);
        ck_assert_double_eq_tol(map.y[i], other.y[i], 1e-12);
    }
    ck_assert_double_eq_tol(map.share_x, other.share_x, 1e-12);
    ck_assert(map.share_x > map.share_y && map.share_x + map.share_y < 1);
}
END_TEST

START_TEST(an_axis_points_to_the_rows_that_are_named)
{
    double number[6 * 2], side[6] = {0, 0, 1, 0, 0, 0}, away[6];
    Rng rng;

    rng_seed(&rng, 5);
    for (int i = 0; i < 12; i++)
        number[i] = rng_gauss(&rng, 0, 1);
    for (int i = 0; i < 6; i++)
        away[i] = -side[i];
    ck_assert(projection_find(&map, number, 6, 2, side));
    ck_assert(projection_find(&other, number, 6, 2, away));
    ck_assert(map.x[2] > 0 && map.y[2] > 0);
    for (int i = 0; i < 6; i++) {
        ck_assert_double_eq(map.x[i], -other.x[i]);
        ck_assert_double_eq(map.y[i], -other.y[i]);
    }
}
END_TEST

START_TEST(what_cannot_be_mapped_is_refused)
{
    static double number[(PROJECTION_ROWS + 1) * 2];
    static double side[PROJECTION_ROWS + 1];

    ck_assert(!projection_find(&map, number, PROJECTION_ROWS + 1, 2, side));
    ck_assert(!projection_find(&map, number, 1, 2, side));
    ck_assert(!projection_find(&map, number, 10, 1, side));
    number[3] = NAN;
    ck_assert(!projection_find(&map, number, 10, 2, side));
}
END_TEST

/* ---- cosines --------------------------------------------------------------------------------- */

START_TEST(a_cosine_says_how_alike_two_directions_are)
{
    const double a[] = {1, 0, 2}, b[] = {-2, 0, -4}, c[] = {2, 5, -1}, none[3] = {0};

    ck_assert_double_eq_tol(projection_cosine(a, a, 3), 1, 1e-15);
    ck_assert_double_eq_tol(projection_cosine(a, b, 3), -1, 1e-15);
    ck_assert_double_eq_tol(projection_cosine(a, c, 3), 0, 1e-15);
    ck_assert_double_eq(projection_cosine(a, none, 3), 0);
}
END_TEST

START_TEST(neighbours_come_by_falling_cosine_without_the_row_itself)
{
    const double number[] = {0, 1, 1, 0, 1, 0.1, -1, 0, 1, 1};
    int order[4];
    double cosine[4];

    projection_neighbours(number, 5, 2, 1, order, cosine);
    ck_assert_int_eq(order[0], 2);
    ck_assert_int_eq(order[1], 4);
    ck_assert_int_eq(order[2], 0);
    ck_assert_int_eq(order[3], 3);
    ck_assert_double_eq_tol(cosine[3], -1, 1e-15);
    ck_assert_double_eq_tol(cosine[1], sqrt(0.5), 1e-15);
}
END_TEST

Suite *projection_suite(void)
{
    Suite *suite = suite_create("projection");
    TCase *tests = tcase_create("projection");

    tcase_add_loop_test(tests, eigenvectors_are_only_stretched, 0, 6);
    tcase_add_test(tests, known_eigenvalues_are_found);
    tcase_add_test(tests, equal_eigenvalues_and_zeros_are_no_trouble);
    tcase_add_test(tests, rows_on_a_line_are_shown_as_a_line);
    tcase_add_test(tests, few_columns_and_few_rows_give_the_same_map);
    tcase_add_test(tests, an_axis_points_to_the_rows_that_are_named);
    tcase_add_test(tests, what_cannot_be_mapped_is_refused);
    tcase_add_test(tests, a_cosine_says_how_alike_two_directions_are);
    tcase_add_test(tests, neighbours_come_by_falling_cosine_without_the_row_itself);
    suite_add_tcase(suite, tests);
    return suite;
}
