#include "app/session.h"

#include "engine/checkpoint.h"
#include "engine/support.h"
#include "scratch.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define OPTIONS      "--n-embd 4 --n-head 2 --block-size 5 --steps 40 --lr 0.05"

enum { STEPS = 40, MARK = 2 };

/* The session must stay where it is: its parts point at each other. */
static void open_session(Session *session, const char *data, const char *options, const char *load)
{
    Settings settings = test_settings(options);
    char name[64];
    Error error;

    snprintf(name, sizeof name, "data/%s", data);
    ck_assert_msg(session_init(session, &settings, test_path(name).text, load, &error), "%s",
                  error.text);
}

static void seek(Session *session, int64_t step)
{
    Error error;
    ck_assert_msg(session_seek(session, (Moment){step, PHASE_DONE, 0}, &error), "%s", error.text);
}

static void go(Session *session, const char *moment)
{
    Error error;
    ck_assert_msg(session_go(session, moment, &error), "%s", error.text);
}

typedef struct Digest {
    uint8_t bytes[32];
} Digest;

static Digest digest_of(const History *history)
{
    Digest digest;
    history_digest(history, digest.bytes);
    return digest;
}

/* ---- what the model writes ------------------------------------------------------------------- */

static void same_texts(const SessionTexts *a, const SessionTexts *b)
{
    ck_assert(!a == !b);
    if (!a)
        return;
    ck_assert_int_eq(a->step, b->step);
    ck_assert_int_eq(a->count, b->count);
    for (int i = 0; i < a->count; i++) {
        ck_assert_str_eq(a->text[i].bytes, b->text[i].bytes);
        ck_assert(a->text[i].known == b->text[i].known);
    }
}

/* What a trainer at a mark has to write, without a session. */
static void write_texts(const Trainer *trainer, SessionTexts *texts)
{
    Sampler sampler;
    Error error;
    Rng dice = trainer->rng;

    *texts = (SessionTexts){.step = trainer->at.step, .count = SESSION_TEXTS};
    ck_assert(sampler_init(&sampler, &trainer->settings, corpus_vocab(trainer->corpus), &error));
    for (int i = 0; i < SESSION_TEXTS; i++) {
        size_t length = 0, of;
        char *bytes = texts->text[i].bytes;
        sampler_begin(&sampler, trainer->value);
        while (sampler_next(&sampler, trainer->settings.temperature, &dice))
            continue;
        for (int t = 1; t < sampler.length; t++)
            length +=
                (size_t)corpus_encode(trainer->corpus->character[sampler.token[t]], bytes + length);
        for (int64_t d = 0; d < trainer->corpus->count; d++) {
            const char *document = corpus_text(trainer->corpus, d, &of);
            texts->text[i].known |= of == length && memcmp(document, bytes, of) == 0;
        }
    }
    sampler_release(&sampler);
}

START_TEST(at_every_mark_the_model_writes_with_its_parameters_and_the_same_dice)
{
    static Session session;
    TestRun run;
    SessionTexts expected;

    open_session(&session, "words.txt", OPTIONS, NULL);
    test_run_open(&run, "words.txt", OPTIONS);
    ck_assert_int_eq(session_mark_steps(&session), MARK);
    for (int64_t step = 0; step <= STEPS; step++) {
        seek(&session, step);
        if (step % MARK == 0)
            write_texts(&run.trainer, &expected);
        same_texts(session_texts(&session, 0), &expected);
        trainer_step(&run.trainer);
    }
    test_run_close(&run);
    session_release(&session);
}
END_TEST

/* All sets that there are at each step of a run that only goes forward. */
typedef struct Shown {
    bool there[SESSION_MARKS + 2];
    SessionTexts texts[SESSION_MARKS + 2];
} Shown;

static Shown shown_by_step[STEPS + 1];

static void look(const Session *session, Shown *shown)
{
    for (int back = 0; back < SESSION_MARKS + 2; back++) {
        const SessionTexts *texts = session_texts(session, back);
        shown->there[back] = texts != NULL;
        if (texts)
            shown->texts[back] = *texts;
    }
}

static void expect_shown(const Session *session)
{
    const Shown *shown = &shown_by_step[session->trainer.at.step];
    for (int back = 0; back < SESSION_MARKS + 2; back++)
        same_texts(session_texts(session, back), shown->there[back] ? &shown->texts[back] : NULL);
}

static void fill_shown(void)
{
    static Session straight;

    open_session(&straight, "words.txt", OPTIONS, NULL);
    for (int64_t step = 0; step <= STEPS; step++) {
        seek(&straight, step);
        look(&straight, &shown_by_step[step]);
    }
    session_release(&straight);
}

static const char *const journeys[][8] = {
    {"0", "1", "2", "1", "0", "3"},
    {"40", "0", "40", "17", "18", "17"},
    {"end", "39.update.3", "39.forward.7", "3", "end"},
    {"12.forward.5", "12", "4.backward.9", "13.update.1", "12.forward.5", "5"},
    {"8.forward@pos1.embed", "8.backward@pos1.embed", "8", "0.forward@loss", "24", "8"},
    {"33", "32", "31", "30", "29", "28", "27", "34"},
};

START_TEST(which_texts_there_are_depends_on_the_moment_alone)
{
    static Session session;

    fill_shown();
    open_session(&session, "words.txt", OPTIONS, NULL);
    for (size_t i = 0; i < COUNT(journeys[0]) && journeys[_i][i]; i++) {
        go(&session, journeys[_i][i]);
        expect_shown(&session);
    }
    session_release(&session);
}
END_TEST

START_TEST(a_set_that_was_left_half_written_is_written_as_any_other)
{
    static Session session;

    fill_shown();
    for (int tokens = 0; tokens < 140; tokens += 9) {
        open_session(&session, "words.txt", OPTIONS, NULL);
        seek(&session, 9);
        while (session.trainer.at.step < 10)
            session_approach(&session, (Moment){10, PHASE_DONE, 0}, INT64_MAX);
        for (int i = 0; i < tokens && session_must_write(&session); i++)
            session_approach(&session, (Moment){10, PHASE_DONE, 0}, INT64_MAX);
        go(&session, "7.forward.3");
        expect_shown(&session);
        go(&session, "10");
        expect_shown(&session);
        session_release(&session);
    }
}
END_TEST

START_TEST(writing_never_touches_the_run)
{
    static Session session;
    TestRun run;
    History history;
    Error error;

    open_session(&session, "words.txt", OPTIONS, NULL);
    test_run_open(&run, "words.txt", OPTIONS);
    ck_assert(history_init(&history, &run.trainer, HISTORY_BYTES, &error));
    for (int64_t step = 0; step <= STEPS; step++) {
        Moment at = {step, PHASE_DONE, 0};
        ck_assert(history_seek(&history, at));
        Digest expected = digest_of(&history);
        for (bool there = false; !there;) {
            there = session_approach(&session, at, INT64_MAX) == APPROACH_ARRIVED;
            Digest digest = digest_of(&session.history);
            if (moment_compare(session.trainer.at, at) == 0)
                ck_assert_mem_eq(digest.bytes, expected.bytes, sizeof expected.bytes);
        }
    }
    history_release(&history);
    test_run_close(&run);
    session_release(&session);
}
END_TEST

START_TEST(long_texts_are_cut_at_a_whole_character)
{
    static Session session;
    bool cut = false;

    open_session(&session, "letters.txt",
                 "--n-embd 2 --n-head 1 --block-size 64 --temperature 100 --steps 2", NULL);
    seek(&session, 1);
    const SessionTexts *texts = session_texts(&session, 0);
    for (int i = 0; i < texts->count; i++) {
        const char *at = texts->text[i].bytes;
        size_t length = strlen(at);
        ck_assert_uint_lt(length, SESSION_TEXT_BYTES);
        cut |= length > SESSION_TEXT_BYTES - 8;
        while (*at) {
            uint32_t c;
            int n = corpus_decode(at, strlen(at), &c);
            ck_assert_int_gt(n, 0);
            at += n;
        }
    }
    ck_assert(cut);
    session_release(&session);
}
END_TEST

/* ---- moving ---------------------------------------------------------------------------------- */

START_TEST(an_approach_writes_a_token_or_runs_so_many_operations)
{
    static Session session;
    const Moment target = {1, PHASE_DONE, 0};
    int64_t left;

    open_session(&session, "words.txt", OPTIONS, NULL);
    while (session_must_write(&session)) {
        ck_assert_int_eq(session_approach(&session, target, 7), APPROACH_MOVING);
        ck_assert_int_eq(session.trainer.at.step, 0);
        ck_assert_int_eq(session.trainer.at.phase, PHASE_DONE);
    }
    ck_assert_int_eq(session.texts[0].count, SESSION_TEXTS);
    ck_assert_int_eq(session_approach(&session, target, 8), APPROACH_MOVING);
    ck_assert_int_eq(session.trainer.at.phase, PHASE_FORWARD);
    ck_assert_int_eq(session.trainer.at.n, 7); /* and one to lay out the document */
    for (left = 0; session_approach(&session, target, 100) == APPROACH_MOVING; left++)
        continue;
    ck_assert_int_gt(left, 10);
    ck_assert_int_eq(moment_compare(session.trainer.at, target), 0);
    ck_assert_int_eq(session_approach(&session, target, 100), APPROACH_ARRIVED);
    session_release(&session);
}
END_TEST

START_TEST(an_approach_to_a_mark_arrives_when_its_texts_are_written)
{
    static Session session;
    const Moment mark = {MARK, PHASE_DONE, 0};

    open_session(&session, "words.txt", OPTIONS, NULL);
    while (session_approach(&session, mark, INT64_MAX) == APPROACH_MOVING)
        ck_assert(moment_compare(session.trainer.at, mark) < 0 || session_must_write(&session) ||
                  session.texts[1].count == SESSION_TEXTS);
    ck_assert_int_eq(session.texts[1].count, SESSION_TEXTS);
    session_release(&session);
}
END_TEST

START_TEST(the_run_stops_where_its_loss_is_no_number)
{
    static Session session;
    Error error = {""};

    open_session(&session, "words.txt", OPTIONS " --lr 1e300", NULL);
    ck_assert(!session_seek(&session, (Moment){STEPS, PHASE_DONE, 0}, &error));
    test_error_names(&error,
                     "the loss is not a number any more, the run ends there; the first: step ");
    seek(&session, 0);
    ck_assert(!session_go(&session, "end", &error));
    ck_assert_int_eq(session.trainer.at.step, 0);
    session_release(&session);
}
END_TEST

START_TEST(where_there_is_no_such_moment_it_stands_where_it_stood)
{
    static const struct {
        const char *moment, *error;
    } rows[] = {
        {"41", "41: the run has 40 steps"},
        {"41.forward.3", "41.forward.3: the run has 40 steps"},
        {"noon", "noon: expected a step, or end at character 1"},
        {"3.forward.99999999", "this phase of step 3 has"},
        {"3.forward@pos9.embed", "step 3 has no place pos9.embed"},
        {"9.update.99999999", "this phase of step 9 has"},
        {"40.forward.1", "step 40: the run has 40 steps"},
        {"40.forward@loss", "step 40: the run has 40 steps"},
    };
    static Session session;

    open_session(&session, "words.txt", OPTIONS, NULL);
    go(&session, "5.backward.4");
    Digest before = digest_of(&session.history);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Error error = {""};
        ck_assert_msg(!session_go(&session, rows[i].moment, &error), "%s", rows[i].moment);
        test_error_names(&error, rows[i].error);
        Digest after = digest_of(&session.history);
        ck_assert_msg(memcmp(&before, &after, sizeof before) == 0, "%s", rows[i].moment);
    }
    session_release(&session);
}
END_TEST

START_TEST(the_smoothed_loss_is_the_mean_of_the_last_losses)
{
    static Session session;

    open_session(&session, "words.txt", OPTIONS " --steps 100", NULL);
    seek(&session, 100);
    ck_assert_int_eq(session.means, 100);
    for (int64_t i = 0; i < 100; i++) {
        double sum = 0;
        int64_t first = i < 4 ? 0 : i - 4;
        for (int64_t k = first; k <= i; k++)
            sum += session.trainer.loss[k];
        ck_assert_double_eq_tol(session.mean_loss[i], sum / (double)(i + 1 - first), 1e-12);
    }
    session_release(&session);
}
END_TEST

/* ---- other beginnings ------------------------------------------------------------------------ */

START_TEST(a_loaded_session_goes_on_from_its_step)
{
    static Session whole, loaded;
    Error error;

    open_session(&whole, "words.txt", OPTIONS, NULL);
    seek(&whole, 11);
    ck_assert(checkpoint_save(&whole.trainer, "run", &error));
    open_session(&loaded, "words.txt", "--steps 3", "run");
    ck_assert_int_eq(loaded.trainer.at.step, 11);
    ck_assert_ptr_null(session_texts(&loaded, 0));
    ck_assert_int_eq(loaded.means, 11);
    ck_assert(!session_go(&loaded, "10", &error));
    test_error_names(&error, "the run was loaded at step 11");
    seek(&whole, 13);
    seek(&loaded, 13);
    Digest a = digest_of(&whole.history), b = digest_of(&loaded.history);
    ck_assert_mem_eq(a.bytes, b.bytes, sizeof a.bytes);
    same_texts(session_texts(&loaded, 0), session_texts(&whole, 0));
    for (int64_t i = 0; i < 13; i++)
        ck_assert_double_eq(loaded.mean_loss[i], whole.mean_loss[i]);
    session_release(&whole);
    session_release(&loaded);
}
END_TEST

START_TEST(after_a_change_later_texts_and_means_are_those_of_the_other_run)
{
    static Session session, other;
    Error error;

    open_session(&session, "words.txt", OPTIONS, NULL);
    open_session(&other, "words.txt", OPTIONS, NULL);
    seek(&session, 20); /* it has texts that are to be forgotten; the other has none yet */
    seek(&session, 6);
    seek(&other, 6);
    for (int i = 0; i < 2; i++) {
        Session *one = i ? &other : &session;
        ck_assert(history_edit(&one->history, EVENT_VALUE, 0, 5, &error));
        session_forget(one);
        ck_assert_int_eq(one->means, 6);
    }
    for (int64_t step = 6; step <= 20; step++) {
        seek(&session, step);
        seek(&other, step);
        same_texts(session_texts(&session, 0), session_texts(&other, 0));
        same_texts(session_texts(&session, 1), session_texts(&other, 1));
        ck_assert_double_eq(session.mean_loss[step - 1], other.mean_loss[step - 1]);
    }
    session_release(&session);
    session_release(&other);
}
END_TEST

START_TEST(a_session_that_takes_the_place_of_another_goes_on)
{
    static Session session, other;

    open_session(&session, "letters.txt", OPTIONS, NULL);
    open_session(&other, "words.txt", OPTIONS, NULL);
    seek(&session, 5);
    seek(&other, 3);
    session_replace(&session, &other);
    fill_shown();
    ck_assert_int_eq(session.trainer.at.step, 3);
    expect_shown(&session);
    seek(&session, 30);
    expect_shown(&session);
    seek(&session, 4);
    expect_shown(&session);
    session_release(&session);
    session_release(&other);
}
END_TEST

Suite *session_suite(void)
{
    Suite *suite = suite_create("session");
    TCase *texts = tcase_create("texts"), *moving = tcase_create("moving"),
          *rest = tcase_create("beginnings");

    tcase_add_test(texts, at_every_mark_the_model_writes_with_its_parameters_and_the_same_dice);
    tcase_add_loop_test(texts, which_texts_there_are_depends_on_the_moment_alone, 0,
                        COUNT(journeys));
    tcase_add_test(texts, a_set_that_was_left_half_written_is_written_as_any_other);
    tcase_add_test(texts, writing_never_touches_the_run);
    tcase_add_test(texts, long_texts_are_cut_at_a_whole_character);
    suite_add_tcase(suite, texts);

    tcase_add_test(moving, an_approach_writes_a_token_or_runs_so_many_operations);
    tcase_add_test(moving, an_approach_to_a_mark_arrives_when_its_texts_are_written);
    tcase_add_test(moving, the_run_stops_where_its_loss_is_no_number);
    tcase_add_test(moving, where_there_is_no_such_moment_it_stands_where_it_stood);
    tcase_add_test(moving, the_smoothed_loss_is_the_mean_of_the_last_losses);
    suite_add_tcase(suite, moving);

    tcase_add_checked_fixture(rest, scratch_enter, scratch_leave);
    tcase_add_test(rest, a_loaded_session_goes_on_from_its_step);
    tcase_add_test(rest, after_a_change_later_texts_and_means_are_those_of_the_other_run);
    tcase_add_test(rest, a_session_that_takes_the_place_of_another_goes_on);
    suite_add_tcase(suite, rest);
    return suite;
}
