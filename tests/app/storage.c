#include "app/storage.h"

#include "engine/support.h"
#include "suites.h"

static void open_session(Session *session, const char *options)
{
    Settings settings = test_settings(options);
    Error error;

    ck_assert_msg(session_init(session, &settings, test_path("data/words.txt").text, NULL, &error),
                  "%s", error.text);
}

START_TEST(the_parts_are_what_they_hold)
{
    Session session;

    open_session(&session, "--n-embd 4 --n-head 2 --block-size 5 --steps 40");
    const int64_t params = session.trainer.gpt.params, nodes = session.trainer.tape.capacity;
    ck_assert_int_eq(storage_table[STORAGE_PARAMETERS].bytes(&session), 8 * params);
    ck_assert_int_eq(storage_table[STORAGE_ADAM].bytes(&session), 16 * params);
    ck_assert_int_eq(storage_table[STORAGE_VALUES].bytes(&session), 8 * (nodes - params));
    ck_assert_int_eq(storage_table[STORAGE_GRADIENTS].bytes(&session), 8 * nodes);
    ck_assert_int_eq(storage_table[STORAGE_LOSSES].bytes(&session), 3 * 8 * 40);
    ck_assert_int_ge(storage_table[STORAGE_KEYFRAMES].bytes(&session),
                     session.history.frames * 3 * 8 * params);
    session_release(&session);
}
END_TEST

START_TEST(the_parts_of_a_run_are_what_it_is_said_to_take)
{
    static const StoragePart parts[] = {STORAGE_GRAPH,      STORAGE_VALUES, STORAGE_GRADIENTS,
                                        STORAGE_PARAMETERS, STORAGE_ADAM,   STORAGE_LAYOUT,
                                        STORAGE_KERNELS};
    Session session;
    int64_t sum = 0;

    open_session(&session, "--n-layer 2 --block-size 16");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sum += storage_table[parts[i]].bytes(&session);
    const Settings *settings = &session.trainer.settings;
    const int vocab = session.trainer.gpt.vocab;
    double said = trainer_bytes(settings, vocab) + (double)gpt_bytes(settings, vocab);
    ck_assert_double_eq_tol((double)sum, said, 0.001 * said);
    session_release(&session);
}
END_TEST

START_TEST(keyframes_are_counted_as_they_are_taken)
{
    Session session;
    Error error;

    open_session(&session, "--n-embd 4 --n-head 2 --block-size 5 --steps 40");
    ck_assert_int_eq(storage_keyframes(&session), 1);
    ck_assert(session_seek(&session, (Moment){10, PHASE_DONE, 0}, &error));
    ck_assert_int_eq(storage_keyframes(&session), 1 + 9 / session.history.spacing);
    session_release(&session);
}
END_TEST

START_TEST(the_fields_of_a_node_cover_it_without_a_gap)
{
    StorageField field[STORAGE_NODE_FIELDS];
    const int count = storage_node_fields(field);
    int end = 0;

    ck_assert_int_ge(count, 3);
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(field[i].offset, end);
        ck_assert_int_gt(field[i].size, 0);
        end += field[i].size;
    }
    ck_assert_int_eq(end, sizeof(TapeNode));
    ck_assert_int_gt(storage_node_bytes(), (int)sizeof(TapeNode) + 16);
}
END_TEST

Suite *storage_suite(void)
{
    Suite *suite = suite_create("storage");
    TCase *tests = tcase_create("storage");

    tcase_add_test(tests, the_parts_are_what_they_hold);
    tcase_add_test(tests, the_parts_of_a_run_are_what_it_is_said_to_take);
    tcase_add_test(tests, keyframes_are_counted_as_they_are_taken);
    tcase_add_test(tests, the_fields_of_a_node_cover_it_without_a_gap);
    suite_add_tcase(suite, tests);
    return suite;
}
