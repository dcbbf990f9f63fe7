#include "suites.h"

#include "classroom.h"

static Classroom *room;
static Scene scene;

static void open_room(void)
{
    room = classroom_open(one_step("scene init").text, NULL);
}

static void close_room(void)
{
    scene_release(&scene);
    classroom_close(room);
}

static void run(const char *command)
{
    Error error;

    ck_assert_msg(scene_run(&room->app, command, &error), "%s: %s", command, error.text);
}

static void keep(void)
{
    Error error;

    ck_assert(scene_keep(&scene, &room->app, &error));
    ck_assert(scene_is_current(&scene, &room->app));
}

static void comes_back(void)
{
    Error error;

    ck_assert(!scene_is_current(&scene, &room->app));
    ck_assert_msg(scene_restore(&scene, &room->app, &error), "%s", error.text);
    ck_assert(scene_is_current(&scene, &room->app));
}

START_TEST(branches_made_since_are_dropped_and_the_one_of_then_comes_back)
{
    uint8_t before[32], after[32];

    run("goto 3");
    run("fork warm");
    run("set wte[0][0] = 0.5");
    run("goto 5.backward.3");
    keep();
    history_digest(&room->app.session.history, before);
    run("switch main");
    run("fork other seed 7");
    run("fork third");
    run("compare main");
    comes_back();
    history_digest(&room->app.session.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_int_eq(room->app.branches.count, 2);
    ck_assert_str_eq(branches_name(&room->app.branches), "warm");
}
END_TEST

START_TEST(a_run_without_branches_has_none_again)
{
    run("goto 3");
    keep();
    run("fork warm");
    run("option lr = 0.5");
    comes_back();
    ck_assert_int_eq(room->app.branches.count, 0);
    run("fork warm"); /* the name is free */
}
END_TEST

START_TEST(a_moment_with_its_changes_comes_back_to_the_bit)
{
    uint8_t before[32], after[32];

    run("goto 3");
    run("set wte[0][0] = 0.5");
    run("goto 5.backward.3");
    keep();
    history_digest(&room->app.session.history, before);
    run("undo");
    run("goto 9");
    run("set wte[1][0] = 4");
    comes_back();
    history_digest(&room->app.session.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_int_eq(room->app.session.history.events, 1);
}
END_TEST

START_TEST(a_graph_comes_back_with_its_numbers_and_where_it_stood)
{
    run("expr a=2; b=3; c=a*b; L=c^2");
    run("set a = 2.5");
    run("goto 3");
    keep();
    run("expr x=1; y=x+1");
    comes_back();
    ck_assert_int_eq(room->app.graph.at, 3);
    ck_assert_str_eq(classroom_reads(room, "c").text, "7.5");
    run("set a = 4");
    comes_back();
    ck_assert_str_eq(classroom_reads(room, "a").text, "2.5");
    run("goto 1");
    comes_back();
    app_leave_graph(&room->app);
    comes_back();
}
END_TEST

START_TEST(no_graph_comes_back_as_none)
{
    keep();
    run("expr a=2; b=a^2");
    comes_back();
    ck_assert(!room->app.graphing);
}
END_TEST

START_TEST(a_new_scene_has_nothing_of_the_old)
{
    run("goto 4");
    run("set wte[0][0] = 0.5");
    run("watch loss");
    run("expr a=2; b=a^2");
    scene_clear(&room->app);
    ck_assert_int_eq(room->app.session.history.events, 0);
    ck_assert_int_eq(room->app.watches.count, 0);
    ck_assert(!room->app.graphing);
}
END_TEST

START_TEST(a_command_says_why_it_fails)
{
    Error error;

    ck_assert(!scene_run(&room->app, "goto nowhere", &error));
    ck_assert(!scene_run(&room->app, "until", &error));
}
END_TEST

Suite *scene_suite(void)
{
    Suite *suite = suite_create("scene");
    TCase *tests = tcase_create("scene");

    tcase_add_checked_fixture(tests, open_room, close_room);
    tcase_add_test(tests, a_moment_with_its_changes_comes_back_to_the_bit);
    tcase_add_test(tests, branches_made_since_are_dropped_and_the_one_of_then_comes_back);
    tcase_add_test(tests, a_run_without_branches_has_none_again);
    tcase_add_test(tests, a_graph_comes_back_with_its_numbers_and_where_it_stood);
    tcase_add_test(tests, no_graph_comes_back_as_none);
    tcase_add_test(tests, a_new_scene_has_nothing_of_the_old);
    tcase_add_test(tests, a_command_says_why_it_fails);
    suite_add_tcase(suite, tests);
    return suite;
}
