#include "engine/course.h"

#include "engine/heldout.h"
#include "engine/sampler.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <pthread.h>
#include <string.h>

static const char *const options[] = {
    "--steps 24 --n-embd 6 --n-head 2",
    "--steps 24 --n-embd 6 --n-head 2 --seed 7 --lr 0.1 --schedule constant",
    "--steps 24 --n-layer 2 --n-embd 8 --n-head 4 --residual off --activation gelu",
    "--steps 12 --n-embd 6 --n-head 2 --optimizer sgd --lr 0.5",
    "--steps 12 --n-embd 6 --n-head 2 --zero-grad off",
    "--steps 6 --n-embd 4 --n-head 1 --block-size 1",
    "--steps 1 --n-embd 6 --n-head 2",
};
enum { OPTIONS = sizeof options / sizeof *options };

static CoursePlan plan_of(const TestRun *run)
{
    return (CoursePlan){.settings = run->settings,
                        .documents = &run->corpus,
                        .heldout_every = 5,
                        .heldout_most = 7,
                        .texts = 3};
}

static void open_course(Course *course, const CoursePlan *plan)
{
    Error error;

    ck_assert_msg(course_init(course, plan, &error), "%s", error.text);
}

static CourseState run_course(Course *course)
{
    course_run(course);
    ck_assert(course_over(course));
    return (CourseState)atomic_load(&course->state);
}

START_TEST(its_losses_and_parameters_are_those_of_the_tape)
{
    TestRun run;
    Course course;

    test_run_open(&run, "../../data/names.txt", options[_i]);
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    while (trainer_step(&run.trainer))
        continue;
    ck_assert_int_eq(atomic_load(&course.done), run.settings.steps);
    test_same_bits(course.loss, run.trainer.loss, run.settings.steps, "loss");
    test_same_bits(course.value, run.trainer.value, run.trainer.gpt.params, "parameter");
    course_release(&course);
    test_run_close(&run);
}
END_TEST

/* The loss that a run has now on documents held out. */
static double heldout_loss_of(Heldout *heldout, const Trainer *trainer)
{
    heldout_begin(heldout, &trainer->settings, trainer->value);
    while (heldout_next(heldout))
        continue;
    return heldout_loss(heldout);
}

START_TEST(its_points_are_the_loss_on_documents_held_out)
{
    TestRun run;
    Course course;
    Heldout heldout;

    test_run_open(&run, "../../data/names.txt", options[_i]);
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    ck_assert(heldout_init(&heldout, &run.settings, &run.corpus, plan.heldout_most, NULL));
    ck_assert_int_eq(atomic_load(&course.known), course.points);
    ck_assert_int_eq(course_point_step(&course, course.points - 1), run.settings.steps);
    for (int64_t k = 0; k < course.points; k++) {
        ck_assert_int_eq(course_point_step(&course, k),
                         5 * k < run.settings.steps ? 5 * k : run.settings.steps);
        while (run.trainer.at.step < course_point_step(&course, k))
            trainer_step(&run.trainer);
        const double right = heldout_loss_of(&heldout, &run.trainer);
        test_same_bits(&course.heldout[k], &right, 1, "held out");
    }
    ck_assert_double_eq(course_heldout(&course), heldout_loss_of(&heldout, &run.trainer));
    heldout_release(&heldout);
    course_release(&course);
    test_run_close(&run);
}
END_TEST

START_TEST(its_texts_are_those_that_the_tape_writes)
{
    TestRun run;
    Course course;
    Sampler sampler;

    test_run_open(&run, "../../data/names.txt", options[_i]);
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    while (trainer_step(&run.trainer))
        continue;
    ck_assert(sampler_init(&sampler, &run.settings, run.trainer.gpt.vocab, NULL));
    gpt_choose(&sampler.gpt, &run.settings);
    Rng rng = run.trainer.rng;
    for (int i = 0; i < plan.texts; i++) {
        char text[COURSE_TEXT_BYTES] = "";
        sampler_begin(&sampler, run.trainer.value);
        while (sampler_next(&sampler, run.settings.temperature, &rng))
            continue;
        for (int k = 1; k < sampler.length; k++)
            text[k - 1] = (char)run.corpus.character[sampler.token[k]];
        ck_assert_str_eq(course.text[i], text);
    }
    sampler_release(&sampler);
    course_release(&course);
    test_run_close(&run);
}
END_TEST

static void *run_on_thread(void *course)
{
    course_run(course);
    return NULL;
}

START_TEST(side_by_side_they_give_the_same_bits)
{
    enum { COURSES = 4 };
    TestRun run;
    Course course[COURSES];
    pthread_t thread[COURSES];

    test_run_open(&run, "../../data/names.txt", "--steps 60 --n-embd 8 --n-head 2");
    CoursePlan plan = plan_of(&run);
    for (int i = 0; i < COURSES; i++) {
        plan.settings.residual = i % 2;
        open_course(&course[i], &plan);
    }
    for (int i = 0; i < COURSES; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, run_on_thread, &course[i]), 0);
    for (int i = 0; i < COURSES; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < COURSES; i++) {
        const Course *other = &course[i < 2 ? i + 2 : i];
        Course alone;
        plan.settings.residual = i % 2;
        open_course(&alone, &plan);
        ck_assert_int_eq(run_course(&alone), COURSE_DONE);
        test_same_bits(course[i].loss, alone.loss, run.settings.steps, "loss");
        test_same_bits(course[i].value, alone.value, alone.params, "parameter");
        test_same_bits(course[i].heldout, other->heldout, alone.points, "held out");
        course_release(&alone);
    }
    for (int i = 0; i < COURSES; i++)
        course_release(&course[i]);
    test_run_close(&run);
}
END_TEST

START_TEST(it_does_not_mind_in_what_order_the_documents_are)
{
    TestRun run, other;
    Course a, b;

    test_run_open(&run, "../../data/names.txt", options[0]);
    test_run_open(&other, "../../data/names.txt", "--steps 24 --n-embd 6 --n-head 2 --seed 99");
    CoursePlan plan = plan_of(&run);
    open_course(&a, &plan);
    plan.documents = &other.corpus;
    open_course(&b, &plan);
    ck_assert_int_eq(run_course(&a), COURSE_DONE);
    ck_assert_int_eq(run_course(&b), COURSE_DONE);
    test_same_bits(a.value, b.value, a.params, "parameter");
    course_release(&a);
    course_release(&b);
    test_run_close(&other);
    test_run_close(&run);
}
END_TEST

START_TEST(the_trial_of_the_kernels_is_taken_over)
{
    TestRun run;
    Course course;

    test_run_open(&run, "../../data/names.txt", options[0]);
    ck_assert(fused_ready(&run.trainer.fused));
    CoursePlan plan = plan_of(&run);
    plan.tried = &run.trainer.fused;
    open_course(&course, &plan);
    ck_assert_int_eq(course.trust.trust, run.trainer.fused.trust);
    ck_assert_ptr_null(course.plan.tried);
    /* Kernels that may not be used are not: it goes by the tape, to the same end. */
    course.trust.trust = FUSED_NEVER;
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    while (trainer_step(&run.trainer))
        continue;
    test_same_bits(course.value, run.trainer.value, course.params, "parameter");
    course_release(&course);
    test_run_close(&run);
}
END_TEST

START_TEST(it_stops_when_nobody_wants_it)
{
    static const char *const long_runs[] = {"--steps 1000000 --n-embd 6 --n-head 2",
                                            "--steps 1000000 --n-embd 6 --n-head 2 --norm off"};
    TestRun run;
    Course course;
    pthread_t thread;

    test_run_open(&run, "../../data/names.txt", long_runs[_i]);
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    atomic_store(&course.stop, true);
    ck_assert_int_eq(run_course(&course), COURSE_STOPPED);
    ck_assert_int_eq(atomic_load(&course.done), 0);
    ck_assert_int_eq(atomic_load(&course.known), 0);
    course_release(&course);

    open_course(&course, &plan);
    ck_assert_int_eq(pthread_create(&thread, NULL, run_on_thread, &course), 0);
    while (atomic_load(&course.done) < 10)
        continue;
    atomic_store(&course.stop, true);
    pthread_join(thread, NULL);
    ck_assert_int_eq(atomic_load(&course.state), COURSE_STOPPED);
    ck_assert_int_lt(atomic_load(&course.done), 1000000);
    ck_assert(isnan(course_heldout(&course)));
    course_release(&course);
    test_run_close(&run);
}
END_TEST

START_TEST(a_run_that_diverges_says_where)
{
    static const struct {
        const char *options, *words;
    } wild[] = {
        {"--steps 20 --n-embd 6 --n-head 2 --lr 1e300", "step 3 is nan; wte was nan before it"},
        {"--steps 20 --n-embd 6 --n-head 2 --lr 1e300 --norm off",
         "step 2 is nan; first inf in pos0.layer0.attn.q"},
        {"--steps 20 --n-embd 6 --n-head 2 --init-std 1e300 --norm off",
         "step 1 is nan; first inf in "},
    };
    TestRun run;
    Course course;

    test_run_open(&run, "../../data/names.txt", wild[_i].options);
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    ck_assert_int_eq(run_course(&course), COURSE_DIVERGED);
    while (trainer_step(&run.trainer))
        continue;
    ck_assert(trainer_failed(&run.trainer));
    ck_assert_int_eq(atomic_load(&course.done), run.trainer.at.step);
    test_error_names(&course.error, wild[_i].words);
    ck_assert(isnan(course_heldout(&course)));
    course_release(&course);
    test_run_close(&run);
}
END_TEST

START_TEST(where_no_document_is_left_nothing_is_held_out)
{
    TestRun run;
    Course course;

    test_run_open(&run, "../../data/names.txt", "--steps 3 --n-embd 6 --n-head 2");
    const int64_t count = run.corpus.count;
    CoursePlan plan = plan_of(&run);
    run.corpus.count = 3;
    open_course(&course, &plan);
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    ck_assert_int_eq(atomic_load(&course.known), 2);
    ck_assert(isnan(course_heldout(&course)));
    course_release(&course);
    plan.heldout_every = -1;
    open_course(&course, &plan);
    ck_assert_int_eq(course.points, 0);
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    ck_assert(isnan(course_heldout(&course)));
    course_release(&course);
    run.corpus.count = count;
    test_run_close(&run);
}
END_TEST

START_TEST(the_last_losses_have_a_mean)
{
    TestRun run;
    Course course;

    test_run_open(&run, "../../data/names.txt", "--steps 4 --n-embd 6 --n-head 2");
    const CoursePlan plan = plan_of(&run);
    open_course(&course, &plan);
    ck_assert(isnan(course_last_losses(&course, 100)));
    ck_assert_int_eq(run_course(&course), COURSE_DONE);
    ck_assert_double_eq(course_last_losses(&course, 1), course.loss[3]);
    ck_assert_double_eq(course_last_losses(&course, 2), (course.loss[2] + course.loss[3]) / 2);
    ck_assert_double_eq(course_last_losses(&course, 100),
                        (course.loss[0] + course.loss[1] + course.loss[2] + course.loss[3]) / 4);
    course_release(&course);
    test_run_close(&run);
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
    TestRun run;
    Course course;
    Error error;

    test_run_open(&run, "../../data/names.txt", options[0]);
    CoursePlan plan = plan_of(&run);
    plan.settings.n_embd = 7;
    ck_assert(!course_init(&course, &plan, &error));
    test_error_names(&error, "n_embd");
    plan.settings = run.settings;
    plan.settings.n_layer = 16;
    plan.settings.n_embd = 256;
    plan.settings.block_size = 1024;
    plan.settings.residual = 0; /* the kernels do not know that */
    ck_assert(!course_init(&course, &plan, &error));
    test_error_names(&error, "GB");
    test_run_close(&run);
}
END_TEST

Suite *course_suite(void)
{
    Suite *suite = suite_create("course");
    TCase *bits = tcase_create("bits");
    TCase *ends = tcase_create("ends");

    tcase_add_loop_test(bits, its_losses_and_parameters_are_those_of_the_tape, 0, OPTIONS);
    tcase_add_loop_test(bits, its_points_are_the_loss_on_documents_held_out, 0, OPTIONS);
    tcase_add_loop_test(bits, its_texts_are_those_that_the_tape_writes, 0, OPTIONS);
    tcase_add_test(bits, side_by_side_they_give_the_same_bits);
    tcase_add_test(bits, it_does_not_mind_in_what_order_the_documents_are);
    tcase_add_test(bits, the_trial_of_the_kernels_is_taken_over);
    suite_add_tcase(suite, bits);
    tcase_add_loop_test(ends, it_stops_when_nobody_wants_it, 0, 2);
    tcase_add_loop_test(ends, a_run_that_diverges_says_where, 0, 3);
    tcase_add_test(ends, where_no_document_is_left_nothing_is_held_out);
    tcase_add_test(ends, the_last_losses_have_a_mean);
    tcase_add_test(ends, what_cannot_be_is_refused);
    suite_add_tcase(suite, ends);
    return suite;
}
