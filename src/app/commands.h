/* Commands: the functions of the command table (commands.c) that stand in files of their own.
 *
 *     commands_ask.c     what answers: where, print, echo, help, list
 *     commands_change.c  what changes the run or reads it at every moment: set, option, undo, redo, watch, until
 *     commands_data.c    what the model is given: tok
 *     commands_explain.c what explains: expr, why, gradcheck
 *     commands_view.c    what is shown: view, cursor, focus, open, leave, look, mark, find
 *     commands_lesson.c  what a lesson does: lesson, next, prev, hint, show, skip, retry, free, answer, close
 *     commands_write.c   what the model writes: gen
 *     commands_since.c   what changes are counted from: since
 *     commands_sweep.c   whole runs in the background: sweep
 *     commands_knobs.c   settings turned in a panel: knobs
 *     commands_branch.c  fork, switch, drop, compare, diff
 *     commands_keep.c    what is kept and arranged: save, load, bind, theme, glyphs, prompt
 *
 * Each fills error and returns CHANGE_FAILED, with the state untouched, where its arguments are
 * wrong. */
#ifndef GPTOSCOPE_APP_COMMANDS_H
#define GPTOSCOPE_APP_COMMANDS_H

#include "app/command.h"

CommandRun command_where, command_print, command_echo, command_help, command_list;
CommandRun command_sweep;
CommandRun command_changes, command_set, command_option, command_undo, command_redo;
CommandRun command_knobs;
CommandRun command_fork, command_switch, command_drop, command_diff;
CommandRun command_compare;
CommandRun command_expr, command_why, command_gradcheck, command_bench;
CommandRun command_view, command_cursor, command_focus, command_open, command_leave, command_look;
CommandRun command_pane, command_mark, command_search, command_edit;
CommandRun command_watch, command_unwatch, command_until;
CommandRun command_gen, command_since, command_tok;
CommandRun command_resume, command_autosave;
CommandRun command_save, command_load, command_export, command_mouse, command_bind, command_theme, command_glyphs, command_prompt;

CommandRun command_lesson, command_next, command_prev, command_hint, command_show, command_skip;
CommandRun command_retry, command_free, command_answer, command_close;

/* Enter on a row of the sweep: a branch with its settings, to go through it step by step. */
Change commands_open_sweep(App *app, int row, Error *error);

/* Word i of the line; "" where it has fewer. */
const char *command_word(const CommandWords *words, int i);

/* "expected WHAT, not GOT" (got may be NULL); returns CHANGE_FAILED. */
Change command_expected(Error *error, const char *expected, const char *got);

#endif
