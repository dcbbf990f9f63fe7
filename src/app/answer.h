/* Answer: what a command has to say, in lines for people and as members of an object for programs.
 *
 *     command --answer_line-->  lines    "step 412 | backward | pos 3 'm'\n"         the screen, a script's output
 *             --answer_text,    members  "moment":"412.backward.3","place":"..."     script --json
 *               _real, ...-->
 *
 * Lines may have columns, with tabs between. They may hold any bytes: whoever shows them makes them
 * safe. Where memory runs out or there is no end to it, an answer is cut and says so. */
#ifndef GPTOSCOPE_APP_ANSWER_H
#define GPTOSCOPE_APP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ANSWER_LIMIT = 4 << 20, ANSWER_LINE_BYTES = 4096 };

typedef struct AnswerBytes {
    char *bytes; /* terminated, or NULL while there are none; owned */
    size_t length, room;
} AnswerBytes;

typedef struct Answer {
    AnswerBytes lines, members;
    bool cut;
} Answer;

void answer_clear(Answer *answer);
void answer_release(Answer *answer);

/* Adds a line, a part of one (what is longer is cut), or bytes as they are. */
void answer_line(Answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void answer_format(Answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void answer_bytes(Answer *answer, const char *bytes, size_t length);

/* How many lines there are; the first. */
int answer_lines(const Answer *answer);
const char *answer_first(const Answer *answer);

/* Prints all lines, made safe to show; the tabs between columns stay. */
void answer_print(const Answer *answer, FILE *stream);

/* Adds a member of the object that is open; within a list, name is NULL. answer_open opens a list
 * ('[') or an object ('{') within, answer_close closes it (']', '}'). */
void answer_text(Answer *answer, const char *name, const char *text);
void answer_string(Answer *answer, const char *name, const char *bytes, size_t length);
void answer_real(Answer *answer, const char *name, double number);
void answer_whole(Answer *answer, const char *name, int64_t number);
void answer_truth(Answer *answer, const char *name, bool truth);
void answer_null(Answer *answer, const char *name);
void answer_open(Answer *answer, const char *name, char bracket);
void answer_close(Answer *answer, char bracket);

#endif
