#include "suites.h"

#include "lesson/classroom.h"
#include "support.h"
#include "view/lesson_pane.h"
#include <string.h>

static const char steps[] =
    "# t Test\n\n## One {#one}\n\nSome **strong** words that are too many for a line.\n\n- item\n\n"
    "| a | bb |\n|---|---|\n| 10 | 2 |\n\n```lesson\nscene init\nask choice \"Which?\"\noption "
    "\"this\"\n"
    "option \"that\" if true\ntrap 1 \"No.\"\nwhy \"so\"\nend\n```\n\n## Two {#two}\n\n```go\nx := "
    "1\n```\n\n"
    "```c\ndouble x = 1;\n```\n\n```lesson\nwide\n```\n";

static Classroom *room;
static Canvas canvas;

static void open_room(void)
{
    room = classroom_open(steps, NULL);
    canvas = test_canvas(34, 21, GLYPHS_BLOCKS);
}

static void close_room(void)
{
    canvas_release(&canvas);
    classroom_close(room);
}

static void shows(const char *rows)
{
    canvas_clear(&canvas);
    lesson_pane_draw(&room->run, &canvas, canvas_area(&canvas));
    test_picture(&canvas, rows);
}

START_TEST(a_question_is_shown_with_its_options_and_the_line_being_typed)
{
    classroom_press(room, "b");
    shows("t Test                 step 1 of 2\n"
          "One\n"
          "\n"
          "Some strong words that are too\n"
          "many for a line.\n"
          "\n"
          " • item\n"
          "\n"
          " a   bb\n"
          " 10  2\n"
          "\n"
          "Which?\n"
          "a this\n"
          "b that\n"
          "\n"
          "= b\n"
          "\n"
          "\n"
          "Enter answer · ? hint · S show · N\n"
          "skip · B back · F free play · Q\n"
          "leave\n");
}
END_TEST

START_TEST(what_is_longer_than_the_pane_shows_its_end_and_scrolls)
{
    classroom_press(room, "a Enter");
    canvas_clear(&canvas);
    lesson_pane_draw(&room->run, &canvas, (Area){0, 0, 34, 14});
    test_picture(&canvas, "t Test                 step 1 of 2\n"
                          "One\n"
                          "                             ↑ M-k\n"
                          "Which?\n"
                          "a this\n"
                          "b that\n"
                          "\n"
                          "✗ a: No.\n"
                          "\n"
                          "=\n"
                          "\n"
                          "Enter answer · ? hint · S show · N\n"
                          "skip · B back · F free play · Q\n"
                          "leave\n"
                          "\n\n\n\n\n\n\n");
}
END_TEST

START_TEST(free_play_is_unmistakable)
{
    classroom_press(room, "F");
    canvas_clear(&canvas);
    lesson_pane_draw(&room->run, &canvas, canvas_area(&canvas));
    char row[200] = "";
    for (int x = 0; x < 12; x++) {
        char cell[CELL_TEXT_SIZE];
        canvas_cell_text(&canvas.cell[x], cell);
        strcat(row, cell);
    }
    ck_assert_str_eq(row, " FREE PLAY  ");
    ck_assert(lesson_pane_is_line(&room->run, 78));
    ck_assert(!lesson_pane_is_line(&room->run, 118));
    classroom_press(room, "F");
    ck_assert(!lesson_pane_is_line(&room->run, 78));
}
END_TEST

START_TEST(a_lesson_leaves_room_for_a_view_unless_it_wants_all)
{
    ck_assert_int_eq(lesson_pane_width(&room->run, 78), 43);
    ck_assert_int_eq(lesson_pane_width(&room->run, 118), 47);
    ck_assert_int_eq(lesson_pane_width(&room->run, 198), 64);
    ck_assert_int_eq(lesson_pane_width(&room->run, 60), 60);
    classroom_press(room, "b Enter n");
    ck_assert_int_eq(lesson_pane_width(&room->run, 118), 118);
}
END_TEST

START_TEST(go_and_c_stand_side_by_side_where_there_is_room)
{
    classroom_press(room, "b Enter n");
    canvas_release(&canvas);
    canvas = test_canvas(90, 10, GLYPHS_BLOCKS);
    shows("t Test                                                                         step 2 "
          "of 2\n"
          "Two\n"
          "Go                                           C\n"
          " x := 1                                       double x = 1;\n"
          "\n\n\n\n\n"
          "Enter next · b back · R again · F free play · q leave\n");
}
END_TEST

/* Whatever the size, nothing is drawn outside of it. */
START_TEST(every_size_is_drawn)
{
    for (int width = 1; width < 60; width += 3)
        for (int height = 1; height < 30; height += 2) {
            Canvas small = test_canvas(width, height, GLYPHS_ASCII);
            lesson_pane_draw(&room->run, &small, canvas_area(&small));
            canvas_release(&small);
        }
}
END_TEST

Suite *lesson_pane_suite(void)
{
    Suite *suite = suite_create("lesson_pane");
    TCase *tests = tcase_create("lesson_pane");

    tcase_add_checked_fixture(tests, open_room, close_room);
    tcase_add_test(tests, a_question_is_shown_with_its_options_and_the_line_being_typed);
    tcase_add_test(tests, what_is_longer_than_the_pane_shows_its_end_and_scrolls);
    tcase_add_test(tests, free_play_is_unmistakable);
    tcase_add_test(tests, a_lesson_leaves_room_for_a_view_unless_it_wants_all);
    tcase_add_test(tests, go_and_c_stand_side_by_side_where_there_is_room);
    tcase_add_test(tests, every_size_is_drawn);
    suite_add_tcase(suite, tests);
    return suite;
}
