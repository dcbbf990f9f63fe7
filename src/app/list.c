#include "app/list.h"

#include "app/command.h"
#include "app/options.h"
#include <string.h>

static void list_commands(FILE *stream)
{
    for (int i = 0; i < command_count; i++) {
        const Command *command = &command_table[i];
        fprintf(stream, "%s%s%s\t%s\n", command->name, *command->args ? " " : "", command->args,
                command->help);
    }
}

static void list_keys(FILE *stream)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++) {
            const char *args = command_table[i].keys[k].args;
            fprintf(stream, "%s\t%s%s%s\n", command_table[i].keys[k].key, command_table[i].name,
                    *args ? " " : "", args);
        }
}

bool list_print(const char *what, FILE *stream, Error *error)
{
    static const struct {
        const char *name;
        void (*print)(FILE *stream);
    } lists[] = {{"commands", list_commands}, {"keys", list_keys}, {"options", options_list}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].name, what) == 0) {
            lists[i].print(stream);
            return true;
        }
    return error_set(error, "there is no list of %.40s: try commands, keys, options or views",
                     what);
}
