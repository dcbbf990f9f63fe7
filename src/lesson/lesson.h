/* Lesson: a Markdown file, read: steps of prose and directives, in the order in which they are
 * taken. lessons/README.md is the format.
 *
 *     # 2a The chain rule                  name "2a", title
 *     ```lesson minutes 8 ```              setup
 *     ## How far does a push go? {#push}   Step "push"
 *         prose                                PROSE
 *         scene expr a=2; ...                  (the step's scene)
 *         mask grad(b)                         MASK
 *         ask num "..." ... end                ASK
 *         prose                                PROSE, shown after the answer
 *
 * Reading checks the shape of everything that can be checked without a run; names, expressions and
 * commands are checked when they are carried out (lesson/lint.h). A lesson owns all its texts. */
#ifndef GPTOSCOPE_LESSON_LESSON_H
#define GPTOSCOPE_LESSON_LESSON_H

#include "engine/settings.h"
#include "lesson/markdown.h"
#include "lesson/question.h"

enum { LESSON_FILE_LIMIT = 1 << 20, LESSON_NAME_BYTES = 24 };

typedef enum DirectiveKind {
    DIRECTIVE_PROSE,
    DIRECTIVE_COMMAND,
    DIRECTIVE_MARK,
    DIRECTIVE_MASK,
    DIRECTIVE_LET,
    DIRECTIVE_ASK,
    DIRECTIVE_DO,
    DIRECTIVE_ASSERT,
    DIRECTIVE_GUIDE
} DirectiveKind;

typedef struct Directive {
    DirectiveKind kind;
    int line;
    const char *text;   /* COMMAND: the line; MARK, MASK: paths; else the expression */
    const char *quoted; /* LET: the name; DO: the instruction; GUIDE: the claim */
    bool wrong;         /* GUIDE: the claim does not hold */
    const Block *block; /* PROSE */
    const Question *question;
    Said *by; /* DO */
    int bys;
} Directive;

typedef enum SceneKind { SCENE_KEEP, SCENE_INIT, SCENE_TRAINED, SCENE_AT, SCENE_EXPR } SceneKind;

typedef struct Step {
    const char *id, *title;
    int line;
    SceneKind scene;
    Said scene_text; /* the moment, or the statements */
    bool wide, recall;
    Directive *directive;
    int directives;
} Step;

typedef struct Lesson {
    Store store;
    const char *path;
    char name[LESSON_NAME_BYTES]; /* "2a"; progress is kept under it */
    const char *title;            /* "2a The chain rule" */
    const char *about;            /* a paragraph, or "" */
    int minutes;                  /* 0: not said */
    const char *data;             /* "names", or NULL: whatever there is */
    struct {
        int row; /* of settings_table */
        const char *value;
    } * setting;
    int settings;
    Step *step;
    int steps;
} Lesson;

/* Reads a lesson. Errors: "FILE:LINE: reason", the first there is; nothing is to be released
 * then. */
bool lesson_read(Lesson *lesson, const char *path, Error *error);

/* The same from a text that is already there; path is what it is called. */
bool lesson_parse(Lesson *lesson, const char *path, const char *text, size_t length, Error *error);
void lesson_release(Lesson *lesson);

/* The step of that id; else -1. */
int lesson_find(const Lesson *lesson, const char *id);

/* The step whose scene holds in a step: itself, or the nearest before it that does not keep. */
int lesson_anchor(const Lesson *lesson, int step);

/* The settings of its run: those given, with its own. */
Settings lesson_settings(const Lesson *lesson, const Settings *settings);

#endif
