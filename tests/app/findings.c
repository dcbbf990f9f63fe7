#include "app/findings.h"

#include "app/session.h"
#include "engine/support.h"
#include "scratch.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>

#define OPTIONS "--n-embd 4 --n-head 2 --block-size 5 --steps 20 --lr 0.05"

enum { STEPS = 20, INTERVAL = 5 };

static const FindingsWish everything = {
    .bigram = true, .tally = true, .heldout = INTERVAL, .still = true};

/* The session must stay where it is: its parts point at each other. */
static void open_session(Session *session, const char *options)
{
    Settings settings = test_settings(options);
    Error error;

    ck_assert_msg(
        session_init(session, &settings, test_path("../data/names.txt").text, NULL, &error), "%s",
        error.text);
}

static void seek(Session *session, int64_t step)
{
    Error error;
    ck_assert_msg(session_seek(session, (Moment){step, PHASE_DONE, 0}, &error), "%s", error.text);
}

static void find_all(Session *session, FindingsWish wish)
{
    for (int i = 0; findings_work(&session->findings, &session->history, wish); i++)
        ck_assert_int_lt(i, 1000000);
    ck_assert(!findings_want(&session->findings, &session->history, wish));
}

/* The held-out loss at the moment where the session stands, found directly. */
static double loss_here(const Session *session)
{
    const Trainer *trainer = &session->trainer;
    Heldout heldout;
    Error error;

    ck_assert(heldout_init(&heldout, &trainer->settings, &session->corpus, HELDOUT_USUAL, &error));
    heldout_begin(&heldout, &trainer->settings, trainer->value);
    while (heldout_next(&heldout))
        ;
    ck_assert(heldout_finished(&heldout));
    double loss = heldout_loss(&heldout);
    heldout_release(&heldout);
    return loss;
}

static double found(const Session *session, int64_t step)
{
    double loss;

    return findings_heldout(&session->findings, &session->history, step, &loss) ? loss : NAN;
}

/* ---- held out -------------------------------------------------------------------------------- */

START_TEST(each_point_is_the_loss_with_the_parameters_of_its_step)
{
    Session session;

    open_session(&session, OPTIONS);
    seek(&session, STEPS);
    find_all(&session, everything);
    for (int64_t step = 0; step <= STEPS; step += INTERVAL) {
        seek(&session, step);
        ck_assert_double_eq(found(&session, step), loss_here(&session));
    }
    ck_assert(isnan(found(&session, INTERVAL + 1)));
    session_release(&session);
}
END_TEST

START_TEST(a_point_needs_the_run_to_have_been_there)
{
    Session session;

    open_session(&session, OPTIONS);
    seek(&session, 2 * INTERVAL + 1);
    find_all(&session, everything);
    ck_assert(!isnan(found(&session, 2 * INTERVAL)));
    ck_assert(!isnan(found(&session, 2 * INTERVAL + 1))); /* where it stands */
    ck_assert(isnan(found(&session, 3 * INTERVAL)));
    session_release(&session);
}
END_TEST

START_TEST(a_moving_run_is_not_asked_where_it_stands)
{
    Session session;
    FindingsWish wish = everything;

    wish.still = false;
    open_session(&session, OPTIONS);
    seek(&session, INTERVAL + 1);
    find_all(&session, wish);
    ck_assert(isnan(found(&session, INTERVAL + 1)));
    session_release(&session);
}
END_TEST

START_TEST(a_point_left_half_read_is_read_anew)
{
    const FindingsWish moving = {.bigram = true, .tally = true, .heldout = INTERVAL};
    Session session;

    open_session(&session, OPTIONS);
    seek(&session, INTERVAL);
    for (int i = 0; i < 60; i++)
        findings_work(&session.findings, &session.history, everything);
    seek(&session, INTERVAL + 2);
    find_all(&session, moving);
    find_all(&session, everything);
    ck_assert_double_eq(found(&session, INTERVAL + 2), loss_here(&session));
    seek(&session, 0);
    ck_assert_double_eq(found(&session, 0), loss_here(&session));
    session_release(&session);
}
END_TEST

START_TEST(after_a_change_only_what_came_before_is_still_known)
{
    Session session;
    Error error;

    open_session(&session, OPTIONS);
    seek(&session, STEPS);
    find_all(&session, everything);
    double before = found(&session, INTERVAL), after = found(&session, 3 * INTERVAL);
    seek(&session, 2 * INTERVAL);
    ck_assert(history_edit(&session.history, EVENT_VALUE, 0, 3, &error));
    session_forget(&session);
    ck_assert_double_eq(found(&session, INTERVAL), before);
    ck_assert(isnan(found(&session, 2 * INTERVAL)) && isnan(found(&session, 3 * INTERVAL)));
    seek(&session, STEPS);
    find_all(&session, everything);
    ck_assert(!isnan(found(&session, 3 * INTERVAL)) && found(&session, 3 * INTERVAL) != after);
    session_release(&session);
}
END_TEST

/* The scores' scale is switched off half way: points before it are read with it, those after without. */
START_TEST(each_point_is_read_with_the_options_of_its_step)
{
    const int32_t index = (int32_t)(settings_find("attn_scale") - settings_table);
    Session session;
    Error error;

    open_session(&session, OPTIONS);
    seek(&session, 2 * INTERVAL);
    ck_assert_msg(history_edit(&session.history, EVENT_SETTING, index, 0, &error), "%s",
                  error.text);
    session_forget(&session);
    seek(&session, STEPS);
    find_all(&session, everything);
    for (int64_t step = INTERVAL; step <= 3 * INTERVAL; step += 2 * INTERVAL) {
        double loss = found(&session, step);
        seek(&session, step);
        ck_assert_double_eq(loss, loss_here(&session));
    }
    session_release(&session);
}
END_TEST

START_TEST(where_the_run_reads_every_document_nothing_is_held_out)
{
    Session session;

    open_session(&session, "--n-embd 4 --n-head 2 --block-size 5 --steps 100000");
    find_all(&session, everything);
    ck_assert(isnan(found(&session, 0)));
    session_release(&session);
}
END_TEST

START_TEST(an_interval_is_rounded_down_to_keyframes)
{
    ck_assert_int_eq(heldout_curve_spacing(&(History){.spacing = 4}, 50), 48);
    ck_assert_int_eq(heldout_curve_spacing(&(History){.spacing = 4}, 4), 4);
    ck_assert_int_eq(heldout_curve_spacing(&(History){.spacing = 7}, 5), 7);
}
END_TEST

/* ---- the others ------------------------------------------------------------------------------ */

START_TEST(only_what_is_shown_is_looked_for)
{
    Session session;
    double loss;

    open_session(&session, OPTIONS);
    ck_assert(!findings_want(&session.findings, &session.history, (FindingsWish){.still = true}));
    find_all(&session, (FindingsWish){.tally = true});
    ck_assert(!findings_bigram(&session.findings, &loss));
    ck_assert_int_eq(session.findings.tally.documents, session.corpus.count);
    find_all(&session, (FindingsWish){.bigram = true});
    ck_assert(findings_bigram(&session.findings, &loss));
    ck_assert_double_gt(loss, 0);
    session_release(&session);
}
END_TEST

/* ---- gradient norms -------------------------------------------------------------------------- */

START_TEST(the_length_of_each_gradient_is_kept_as_its_step_ends)
{
    Session session;

    open_session(&session, OPTIONS);
    ck_assert(isnan(session.grad_norm[0]));
    seek(&session, 3);
    double sum = 0;
    for (int32_t i = 0; i < session.trainer.gpt.params; i++)
        sum += pow(session.trainer.grad[i], 2);
    ck_assert_double_eq_tol(session.grad_norm[2], sqrt(sum), 1e-12);
    ck_assert(isnan(session.grad_norm[3]));
    session_release(&session);
}
END_TEST

START_TEST(lengths_after_a_change_are_forgotten)
{
    Session session;

    open_session(&session, OPTIONS);
    seek(&session, 6);
    double third = session.grad_norm[2];
    seek(&session, 3);
    session_forget(&session);
    ck_assert_double_eq(session.grad_norm[2], third);
    ck_assert(isnan(session.grad_norm[3]) && isnan(session.grad_norm[5]));
    session_release(&session);
}
END_TEST

Suite *findings_suite(void)
{
    Suite *suite = suite_create("findings");
    TCase *tests = tcase_create("findings");

    tcase_add_test(tests, each_point_is_the_loss_with_the_parameters_of_its_step);
    tcase_add_test(tests, a_point_needs_the_run_to_have_been_there);
    tcase_add_test(tests, a_moving_run_is_not_asked_where_it_stands);
    tcase_add_test(tests, a_point_left_half_read_is_read_anew);
    tcase_add_test(tests, after_a_change_only_what_came_before_is_still_known);
    tcase_add_test(tests, each_point_is_read_with_the_options_of_its_step);
    tcase_add_test(tests, where_the_run_reads_every_document_nothing_is_held_out);
    tcase_add_test(tests, an_interval_is_rounded_down_to_keyframes);
    tcase_add_test(tests, only_what_is_shown_is_looked_for);
    tcase_add_test(tests, the_length_of_each_gradient_is_kept_as_its_step_ends);
    tcase_add_test(tests, lengths_after_a_change_are_forgotten);
    suite_add_tcase(suite, tests);
    return suite;
}
