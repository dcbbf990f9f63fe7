#include "pty.h"
#include "suites.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

START_TEST(the_screen_is_there_within_a_second)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 1));
    ck_assert(pty_shows_at(&pty, 0, "gptoscope"));
    ck_assert(pty.full_screen && pty.cursor_hidden);
    pty_release(&pty);
}
END_TEST

START_TEST(quitting_leaves_the_terminal_as_it_was)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert(!pty_is_restored(&pty));
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

START_TEST(the_size_is_the_windows_whatever_the_environment_says)
{
    Pty pty;
    PtyOptions options = pty_usual;
    options.variable[0] = "LINES";
    options.variable[1] = "50";
    options.variable[2] = "COLUMNS";
    options.variable[3] = "200";
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_resize(&pty, 100, 30);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_release(&pty);
}
END_TEST

START_TEST(each_new_size_is_filled)
{
    static const int sizes[][2] = {{120, 40}, {60, 16}, {200, 60}, {80, 24}};
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pty_resize(&pty, sizes[i][0], sizes[i][1]);
        ck_assert_msg(pty_wait_at(&pty, -1, FRAME_MARK, 5), "%dx%d", sizes[i][0], sizes[i][1]);
    }
    pty_release(&pty);
}
END_TEST

START_TEST(a_small_window_asks_for_more_room_and_can_be_left)
{
    Pty pty;
    PtyOptions options = pty_usual;
    options.width = 30;
    options.height = 5;
    pty_start(&pty, &options);
    ck_assert(pty_wait_for(&pty, "needs 60x16", 5));
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
}
END_TEST

START_TEST(a_huge_window_is_cut)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_resize(&pty, 1, 10000); /* the screen of our own stays narrow, */
    struct winsize size = {.ws_row = 10000, .ws_col = 10000};
    ck_assert_int_eq(ioctl(pty.master, TIOCSWINSZ, &size), 0);
    pty_run(&pty, 0.5);
    pty_resize(&pty, 80, 24);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 20));
    pty_release(&pty);
}
END_TEST

START_TEST(pasted_keys_do_nothing)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert(pty_marks_pastes(&pty));
    pty_send(&pty, "\033[200~q\rq\033[201~");
    pty_run(&pty, 0.3);
    ck_assert(!pty.ended);
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
}
END_TEST

START_TEST(control_s_does_not_freeze_it)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_send(&pty, "\x13");
    pty_run(&pty, 0.2);
    pty_send(&pty, " ");
    ck_assert(pty_wait_at(&pty, 0, "paused", 3));
    pty_release(&pty);
}
END_TEST

START_TEST(escape_and_unknown_keys_do_not_end_it)
{
    Pty pty;
    pty_start(&pty, &pty_usual);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_send(&pty, "\033");
    pty_run(&pty, 0.2);
    pty_send(&pty, "\033[99;9q");
    pty_run(&pty, 0.2);
    pty_send(&pty, "\xff\xc3");
    pty_run(&pty, 0.2);
    ck_assert(!pty.ended);
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
}
END_TEST

/* -- Every kind of terminal -- */

static const char *const terms[] = {"xterm-256color", "tmux-256color", "screen", "xterm",
                                    "linux",          "vt100",         "vt220",  "rxvt-unicode",
                                    "xterm-direct",   "dumb",          NULL};
static const char *const locales[] = {"C", "C.UTF-8", "de_DE.UTF-8"};
static const int sizes[][2] = {{1, 1},   {80, 1},   {1, 24},   {2, 2},     {19, 5},   {20, 6},
                               {80, 24}, {132, 25}, {200, 50}, {200, 500}, {500, 200}};
enum {
    TERMS = sizeof terms / sizeof *terms,
    LOCALES = sizeof locales / sizeof *locales,
    SIZES = sizeof sizes / sizeof *sizes,
    SAMPLE =
        12 /* one case of so many; has no divisor in common with SIZES, so that every size comes up */
};

static bool is_capable(const char *term)
{
    int found;
    if (!term || setupterm(term, STDOUT_FILENO, &found) != OK)
        return false;
    const char *move = tigetstr("cup");
    bool capable = move && move != (char *)-1;
    del_curterm(cur_term);
    return capable;
}

static void try_case(int term, int locale, int size)
{
    Pty pty;
    PtyOptions options = pty_usual;
    options.term = terms[term];
    options.locale = locales[locale];
    options.width = sizes[size][0];
    options.height = sizes[size][1];
    pty_start(&pty, &options);
    ck_assert(pty_wait_output(&pty, 5));
    pty_run(&pty, 0.02);
    pty_send(&pty, "~\033[Aq");
    int expected = is_capable(options.term) ? 0 : 2, status = pty_wait_end(&pty, 5);
    ck_assert_msg(status == expected && pty_is_restored(&pty), "TERM=%s LC_ALL=%s %dx%d: %d, %s",
                  options.term ? options.term : "", options.locale, options.width, options.height,
                  status, pty_is_restored(&pty) ? "restored" : "not restored");
    pty_release(&pty);
}

START_TEST(every_kind_of_terminal_is_served_or_refused)
{
    int cases = 0;
    for (int i = 0; i < TERMS * LOCALES * SIZES;
         i += getenv("GPTOSCOPE_FULL") ? 1 : SAMPLE, cases++)
        try_case(i / SIZES / LOCALES, i / SIZES % LOCALES, i % SIZES);
    printf("%d of %d kinds of terminal, locale and size: served or refused, and restored\n", cases,
           TERMS * LOCALES * SIZES);
    fflush(stdout);
}
END_TEST

START_TEST(a_terminal_that_is_refused_is_told_what_to_do)
{
    static const char *const refused[] = {"dumb", "no-such-terminal", NULL};
    for (int i = 0; i < 3; i++) {
        Pty pty;
        PtyOptions options = pty_usual;
        options.term = refused[i];
        options.width = 300;
        pty_start(&pty, &options);
        ck_assert_int_eq(pty_wait_end(&pty, 5), 2);
        ck_assert(pty_shows(&pty, "TERM"));
        ck_assert(pty_shows(&pty, "try gptoscope show overview, or gptoscope train"));
        ck_assert(pty_is_restored(&pty));
        pty_release(&pty);
    }
}
END_TEST

static VTermScreenCell cell_at(const Pty *pty, int x, int y)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(pty->screen, (VTermPos){y, x}, &cell);
    return cell;
}

/* Cells for which a question is answered with yes. */
static int count_cells(const Pty *pty, bool (*question)(const VTermScreenCell *cell))
{
    int count = 0;
    for (int y = 0; y < pty->height; y++)
        for (int x = 0; x < pty->width; x++) {
            VTermScreenCell cell = cell_at(pty, x, y);
            count += question(&cell);
        }
    return count;
}

static bool is_beyond_ascii(const VTermScreenCell *cell)
{
    return cell->chars[0] > 126 && cell->width > 0;
}

static bool is_colored(const VTermScreenCell *cell)
{
    return !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

static bool is_wide(const VTermScreenCell *cell)
{
    return cell->width == 2;
}

static void use_wide_document(PtyOptions *options, char *path, size_t size)
{
    const char *folder = getenv("TESTS_DIR");
    snprintf(path, size, "%s/data/wide.txt", folder ? folder : "tests");
    options->argument[0] = "--data";
    options->argument[1] = path;
}

/* Also when a reader has asked for more than the locale can show. */
START_TEST(ascii_terminals_get_ascii)
{
    Pty pty;
    char path[1024];
    PtyOptions options = pty_usual;
    options.locale = "C";
    use_wide_document(&options, path, sizeof path);
    options.argument[2] = _i == 1 ? "--glyphs" : NULL;
    options.argument[3] = "braille";
    pty_start(&pty, &options);
    vterm_set_utf8(pty.vterm, 0);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert_int_eq(count_cells(&pty, is_beyond_ascii), 0);
    ck_assert(pty_shows_at(&pty, 1, "step"));
    ck_assert(pty_shows_at(&pty, 1, "???") == (_i == 1)); /* a line of the drawing */
    pty_release(&pty);
}
END_TEST

START_TEST(wide_characters_take_two_columns)
{
    Pty pty;
    char path[1024];
    PtyOptions options = pty_usual;
    use_wide_document(&options, path, sizeof path);
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_send(&pty, "+");
    ck_assert(pty_wait_for(&pty, "\u4f60\u597d\u4e16\u754c", 10)); /* as the model writes it */
    ck_assert_int_ge(count_cells(&pty, is_wide), 4);
    pty_release(&pty);
}
END_TEST

START_TEST(colours_are_left_out_when_not_wanted)
{
    Pty pty;
    PtyOptions options = pty_usual;
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert_int_gt(count_cells(&pty, is_colored), 100);
    pty_release(&pty);
    options.variable[0] = "NO_COLOR";
    options.variable[1] = "1";
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert_int_eq(count_cells(&pty, is_colored), 0);
    pty_release(&pty);
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *screen = tcase_create("screen");
    tcase_add_test(screen, the_screen_is_there_within_a_second);
    tcase_add_test(screen, quitting_leaves_the_terminal_as_it_was);
    tcase_add_test(screen, the_size_is_the_windows_whatever_the_environment_says);
    tcase_add_test(screen, each_new_size_is_filled);
    tcase_add_test(screen, a_small_window_asks_for_more_room_and_can_be_left);
    tcase_add_test(screen, a_huge_window_is_cut);
    tcase_add_loop_test(screen, ascii_terminals_get_ascii, 0, 2);
    tcase_add_test(screen, wide_characters_take_two_columns);
    tcase_add_test(screen, colours_are_left_out_when_not_wanted);
    tcase_set_timeout(screen, 60);
    suite_add_tcase(suite, screen);
    TCase *input = tcase_create("input");
    tcase_add_test(input, pasted_keys_do_nothing);
    tcase_add_test(input, control_s_does_not_freeze_it);
    tcase_add_test(input, escape_and_unknown_keys_do_not_end_it);
    tcase_set_timeout(input, 120);
    suite_add_tcase(suite, input);
    TCase *kinds = tcase_create("kinds of terminals");
    tcase_add_test(kinds, every_kind_of_terminal_is_served_or_refused);
    tcase_add_test(kinds, a_terminal_that_is_refused_is_told_what_to_do);
    tcase_set_timeout(kinds, 300);
    suite_add_tcase(suite, kinds);
    return suite;
}
