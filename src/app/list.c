#include "app/list.h"

#include "app/command.h"
#include "app/expr.h"
#include "app/options.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <string.h>

static void list_commands(const Keymap *keymap, Answer *answer)
{
    (void)keymap;
    for (int i = 0; i < command_count; i++) {
        const Command *command = &command_table[i];
        answer_line(answer, "%s%s%s\t%s", command->name, *command->args ? " " : "", command->args,
                    _(command->help));
        answer_open(answer, NULL, '{');
        answer_text(answer, "name", command->name);
        answer_text(answer, "args", command->args);
        answer_text(answer, "help", _(command->help));
        answer_close(answer, '}');
    }
}

static void list_keys(const Keymap *keymap, Answer *answer)
{
    for (int i = 0; i < keymap->count; i++) {
        answer_line(answer, "%s\t%s", keymap->bound[i].key, keymap->bound[i].line);
        answer_open(answer, NULL, '{');
        answer_text(answer, "key", keymap->bound[i].key);
        answer_text(answer, "line", keymap->bound[i].line);
        answer_close(answer, '}');
    }
}

bool list_answer(const char *what, const Keymap *keymap, Answer *answer)
{
    static const struct {
        const char *name;
        void (*list)(const Keymap *keymap, Answer *answer);
    } lists[] = {{"commands", list_commands}, {"keys", list_keys}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].name, what) == 0) {
            answer_open(answer, what, '[');
            lists[i].list(keymap, answer);
            answer_close(answer, ']');
            return true;
        }
    return false;
}

bool list_print(const char *what, FILE *stream, Error *error)
{
    Keymap *keymap = sys_alloc(1, sizeof *keymap);
    Answer answer = {.cut = false};

    if (!keymap)
        return error_set(error, "out of memory");
    keymap_init(keymap);
    bool known = list_answer(what, keymap, &answer);
    if (known)
        answer_print(&answer, stream);
    else if ((known = strcmp(what, "options") == 0))
        options_list(stream);
    else if ((known = strcmp(what, "expressions") == 0))
        expr_list(stream);
    answer_release(&answer);
    sys_free(keymap);
    return known || error_set(error,
                              "there is no list of %.40s: try commands, expressions, keys, "
                              "lessons, options or views",
                              what);
}
