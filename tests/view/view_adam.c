#include "view/view_adam.h"
#include "app/program.h"
#include "app/subject.h"
#include "shown.h"
#include "suites.h"
#include "view/matrix.h"
#include "viewing.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static App *app;
static Shown shown, other;

static void set_up(void)
{
    app = program_open("--n-embd 8 --n-head 2 --steps 20");
    program_press(app, "6");
}

static void tear_down(void)
{
    program_close(app);
}

static bool shows(const char *text)
{
    return strstr(shown.text, text) != NULL;
}

static const char *digits(double number)
{
    static char text[24];

    return matrix_number(number, text);
}

/* A row's number, or NaN where it is not known or there is no such row. */
static double term(const char *name, int32_t i)
{
    const AdamUpdate update = adam_update_of(app, i);
    AdamRow row[ADAM_ROWS];
    const int count = adam_rows(&update, row);

    for (int k = 0; k < count; k++)
        if (strcmp(row[k].name, name) == 0)
            return row[k].known ? row[k].number : NAN;
    return NAN;
}

START_TEST(every_size_is_drawn_without_a_stray_cell)
{
    static const char *const looks[] = {"look shows parameter", "look shows matrix",
                                        "look shows schedule"};
    static const char *const moments[] = {"0", "3.forward.40", "7.update.100", "20"};

    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++) {
            shown_go(app, moments[i]);
            program_enter(app, looks[k]);
            program_enter(app, i % 2 ? "focus none" : "focus adam(layer0.mlp_fc2[7][31]).m");
            viewing_sweep_view(app, VIEW_ADAM, GLYPHS_BRAILLE);
        }
}
END_TEST

/* To the moment when the update of step 6 has done so many parameters. */
static void go_update(int32_t parameters)
{
    char moment[32];

    snprintf(moment, sizeof moment, "6.update.%d", (int)parameters);
    shown_go(app, moment);
}

START_TEST(every_term_is_that_of_the_optimiser)
{
    const Trainer *trainer = &app->session.trainer;
    const int32_t i = trainer->gpt.tensor[GPT_LM_HEAD].first + 3;

    go_update(i);
    const double before = trainer->value[i], m = trainer->m[i], v = trainer->v[i];
    AdamStep step = adam_step(&trainer->settings, 6);
    AdamTerms terms = adam_terms(&step, trainer->grad[i], m, v);
    ck_assert(isnan(term("m", i)) && isnan(term("update", i)) && isnan(term("value", i)));
    ck_assert_double_eq(term("g", i), trainer->grad[i]);
    ck_assert_double_ne(terms.update, 0);
    go_update(i + 1);
    ck_assert_double_eq(term("m", i), terms.m);
    ck_assert_double_eq(term("v", i), terms.v);
    ck_assert_double_eq(term("m_hat", i), terms.m_hat);
    ck_assert_double_eq(term("v_hat", i), terms.v_hat);
    ck_assert_double_eq(term("lr", i), step.lr);
    ck_assert_double_eq(term("update", i), terms.update);
    ck_assert_double_eq(term("value", i), before - terms.update);
    const AdamUpdate update = adam_update_of(app, i);
    ck_assert_double_eq(update.before, before);
    ck_assert_double_eq(update.m_before, m);
    ck_assert_double_eq(update.v_before, v);
}
END_TEST

START_TEST(the_numbers_stand_in_the_formulas_and_on_the_screen)
{
    char filled[80], m_before[24], g[24];

    shown_go(app, "6.update.21");
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("wte[2][4]") && shows("updated last"));
    shown_go(app, "7");
    program_enter(app, "focus lm_head[0][3]");
    const AdamUpdate update = adam_update_of(app, subject_parameter(app));
    const char *open = update.g < 0 ? "(" : "", *close = update.g < 0 ? ")" : "";
    const char *left = update.m_before < 0 ? "(" : "", *right = update.m_before < 0 ? ")" : "";
    strcpy(m_before, digits(update.m_before));
    strcpy(g, digits(update.g));
    snprintf(filled, sizeof filled, "0.85 × %s%s%s + 0.15 × %s%s%s", left, m_before, right, open, g,
             close);
    shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
    ck_assert_msg(shows(filled), "%s in\n%s", filled, shown.text);
    ck_assert_msg(shows(digits(update.terms.update)), "%s", shown.text);
    ck_assert(shows("0.01 × (1 - 6 / 20)"));
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("beta1 × m + (1 - beta1) × g") && shows("lr × m_hat / (√v_hat + eps)"));
    snprintf(filled, sizeof filled, "lr × g = %s.", digits(update.adam.lr * update.g));
    ck_assert_msg(shows(filled), "%s in\n%s", filled, shown.text);
}
END_TEST

static void use(const char *options)
{
    program_close(app);
    app = program_open(options);
    program_press(app, "6");
    shown_go(app, "5");
    program_enter(app, "focus wte[0][0]");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
}

START_TEST(simpler_optimisers_have_their_own_formulas)
{
    use("--steps 20 --optimizer sgd");
    ck_assert(shows("SGD") && shows("lr × g") && !shows("m_hat") && !shows("beta1"));
    ck_assert(!shows("Plain gradient descent:") && !shows("running mean"));
    ck_assert_double_eq(term("update", 0), app->session.trainer.grad[0] * term("lr", 0));
    use("--steps 20 --optimizer momentum");
    ck_assert(shows("beta1 × m + g") && shows("lr × m") && !shows("v_hat"));
    ck_assert_double_eq(term("update", 0), app->session.trainer.m[0] * term("lr", 0));
    use("--steps 20 --bias-correction off");
    ck_assert(shows("lr × m / (√v + eps)") && !shows("m_hat"));
}
END_TEST

START_TEST(each_schedule_says_its_formula)
{
    use("--steps 20 --schedule constant");
    ck_assert(shows("lr0 ") && !shows("1 - step"));
    use("--steps 20 --schedule cosine");
    ck_assert(shows("0.01 × (1 + cos(pi × 4 / 20)) / 2"));
    use("--steps 20 --schedule warmup --warmup-steps 10");
    ck_assert(shows("0.01 × (4 + 1) / 10"));
    use("--steps 20 --schedule warmup --warmup-steps 2");
    ck_assert(shows("0.01 × (20 - 4) / (20 - 2)"));
}
END_TEST

START_TEST(the_schedule_holds_what_was_changed_on_the_way)
{
    shown_go(app, "6.forward.0");
    program_enter(app, "option lr = 0.5");
    shown_go(app, "9");
    ck_assert_double_eq(adam_rate_at(app, 3), 0.01 * (1 - 3 / 20.0));
    ck_assert_double_eq(adam_rate_at(app, 12), 0.5 * (1 - 12 / 20.0));
    shown_go(app, "2");
    ck_assert_double_eq(adam_rate_at(app, 12), 0.01 * (1 - 12 / 20.0));
}
END_TEST

START_TEST(the_cursor_walks_down_the_terms_and_along_the_vector)
{
    static const FocusKind order[] = {FOCUS_GRAD,  FOCUS_M,    FOCUS_V,      FOCUS_M_HAT,
                                      FOCUS_V_HAT, FOCUS_RATE, FOCUS_UPDATE, FOCUS_VALUE};

    shown_go(app, "8");
    program_enter(app, "focus grad(wpe[0][4])");
    const int32_t i = subject_parameter(app);
    for (int k = 0; k < 8; k++) {
        ck_assert_int_eq(look_focus(&app->look).kind, order[k]);
        ck_assert_int_eq(subject_parameter(app), i);
        if (k < 7)
            shown_press(app, 80, 24, "Down");
    }
    shown_press(app, 80, 24, "Right");
    ck_assert_int_eq(subject_parameter(app), i + 1);
    shown_press(app, 80, 24, "Left");
    shown_press(app, 80, 24, "Left");
    ck_assert_int_eq(subject_parameter(app), i - 1);
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_VALUE);
}
END_TEST

START_TEST(the_largest_updates_are_listed_and_can_be_gone_to)
{
    double most = 0, update;
    int32_t best = 0;

    shown_go(app, "8");
    const Quantities from = quantities_of(app);
    for (int32_t i = 0; i < app->session.trainer.gpt.params; i++)
        if (quantity_read(&from, QUANTITY_UPDATE, i, &update) && fabs(update) > most) {
            most = fabs(update);
            best = i;
        }
    program_enter(app, "focus none");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("Largest updates of the step"));
    ck_assert_int_ge(spots_find(&app->look.spots, (Focus){.kind = FOCUS_UPDATE, .index = best}), 0);
}
END_TEST

START_TEST(all_quantities_of_a_matrix_stand_beside_each_other)
{
    shown_go(app, "8");
    program_enter(app, "focus wpe[2][3]");
    program_enter(app, "look shows matrix");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
    for (int k = 0; k < QUANTITY_COUNT; k++)
        ck_assert_msg(shows(quantities[k].name), "%s", quantities[k].name);
    for (int k = 0; k < QUANTITY_CHANGE; k++)
        ck_assert_int_ge(
            spots_find(&app->look.spots, quantity_focus((Quantity)k, subject_parameter(app))), 0);
    program_enter(app, "focus adam(wpe[2][3]).m");
    shown_press(app, 120, 40, "Right");
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_M);
    ck_assert_int_eq(look_focus(&app->look).index,
                     app->session.trainer.gpt.tensor[GPT_WPE].first + 20);
}
END_TEST

START_TEST(pictures_unhappen)
{
    shown_go(app, "9.update.120");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
    shown_go(app, "17");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &other);
    ck_assert_str_ne(shown.text, other.text);
    shown_go(app, "9.update.120");
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &other);
    ck_assert_str_eq(shown.text, other.text);
}
END_TEST

START_TEST(hidden_numbers_are_neither_drawn_nor_told)
{
    static const FocusKind kinds[] = {FOCUS_GRAD,  FOCUS_M,      FOCUS_V,   FOCUS_M_HAT,
                                      FOCUS_V_HAT, FOCUS_UPDATE, FOCUS_RATE};
    static const char *const names[] = {"g", "m", "v", "m_hat", "v_hat", "update", "lr"};

    shown_go(app, "7");
    program_enter(app, "focus lm_head[0][3]");
    const int32_t i = subject_parameter(app);
    for (int k = 0; k < 7; k++) {
        char number[40], three[24];
        snprintf(number, sizeof number, "%.17g", term(names[k], i));
        number[8] = '\0';
        strcpy(three, digits(term(names[k], i)));
        look_hide(&app->look, (Focus){.kind = kinds[k], .index = kinds[k] == FOCUS_RATE ? 0 : i});
        shown_members(app, VIEW_ADAM, &shown);
        ck_assert_msg(!shows(number), "%s: %s in %s", names[k], number, shown.text);
        shown_words(app, VIEW_ADAM, &shown);
        ck_assert_msg(!shows(number) && shows("hidden"), "%s: %s", names[k], number);
        shown_screen(app, 80, 24, GLYPHS_BRAILLE, &shown);
        ck_assert_msg(!shows(three) && shows("?"), "%s: %s in\n%s", names[k], three, shown.text);
        look_reveal(&app->look);
    }
}
END_TEST

/* As a number and as a curve. */
START_TEST(a_hidden_value_has_no_curve)
{
    int hidden = 0;

    shown_go(app, "7");
    program_enter(app, "focus lm_head[0][3]");
    look_hide(&app->look, (Focus){.kind = FOCUS_VALUE, .index = subject_parameter(app)});
    shown_screen(app, 120, 40, GLYPHS_BRAILLE, &shown);
    for (const char *at = shown.text; (at = strstr(at, "????")); at += 4)
        hidden++;
    ck_assert_msg(hidden == 2, "%d", hidden);
}
END_TEST

START_TEST(the_members_are_the_terms)
{
    char member[64];

    shown_go(app, "7");
    program_enter(app, "focus wte[2][3]");
    const AdamUpdate update = adam_update_of(app, subject_parameter(app));
    shown_members(app, VIEW_ADAM, &shown);
    snprintf(member, sizeof member, "\"update\":%.12g", update.terms.update);
    ck_assert_msg(shows(member), "%s in %s", member, shown.text);
    snprintf(member, sizeof member, "\"plain_update\":%.12g", update.adam.lr * update.g);
    ck_assert_msg(shows(member), "%s in %s", member, shown.text);
    ck_assert(shows("\"parameter\":\"wte[2][3]\"") && shows("\"optimizer\":\"Adam\""));
    shown_go(app, "7.forward.3");
    shown_members(app, VIEW_ADAM, &shown);
    ck_assert(shows("\"update\":null") && shows("\"g\":null") && !shows("plain_update"));
}
END_TEST

START_TEST(beside_the_matrices_it_follows_their_cursor)
{
    shown_go(app, "7");
    program_press(app, "4");
    program_enter(app, "focus lm_head[1][2]");
    shown_screen(app, 200, 60, GLYPHS_BRAILLE, &shown);
    ck_assert(shows("What is learnt?") && shows("How far does each number move?"));
    ck_assert_msg(shows("lm_head[1][2]  "), "%s", shown.text);
}
END_TEST

Suite *view_adam_suite(void)
{
    Suite *suite = suite_create("view_adam");
    TCase *tests = tcase_create("view_adam");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 20);
    tcase_add_test(tests, every_size_is_drawn_without_a_stray_cell);
    tcase_add_test(tests, every_term_is_that_of_the_optimiser);
    tcase_add_test(tests, the_numbers_stand_in_the_formulas_and_on_the_screen);
    tcase_add_test(tests, simpler_optimisers_have_their_own_formulas);
    tcase_add_test(tests, each_schedule_says_its_formula);
    tcase_add_test(tests, the_schedule_holds_what_was_changed_on_the_way);
    tcase_add_test(tests, the_cursor_walks_down_the_terms_and_along_the_vector);
    tcase_add_test(tests, the_largest_updates_are_listed_and_can_be_gone_to);
    tcase_add_test(tests, all_quantities_of_a_matrix_stand_beside_each_other);
    tcase_add_test(tests, pictures_unhappen);
    tcase_add_test(tests, hidden_numbers_are_neither_drawn_nor_told);
    tcase_add_test(tests, a_hidden_value_has_no_curve);
    tcase_add_test(tests, the_members_are_the_terms);
    tcase_add_test(tests, beside_the_matrices_it_follows_their_cursor);
    suite_add_tcase(suite, tests);
    return suite;
}
