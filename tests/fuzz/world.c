#include "world.h"

#include "app/text.h"
#include "engine/corpus.h"
#include "engine/fused_check.h"
#include "engine/sys.h"
#include <stdlib.h>
#include <string.h>

static const char documents[] = "ab\nb\033\nab\xe2\x80\xae" "a\n";

static struct {
    const uint8_t *bytes;
    size_t length;
} served;

/* What the linker makes of calls of NAME. */
bool __wrap_sys_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                          Error *error);
bool __wrap_sys_write_file(const char *path, const SysPiece *pieces, size_t count, Error *error);
bool __wrap_sys_make_folder(const char *path, Error *error);
bool __wrap_sys_visit_folder(const char *path, SysVisit *visit, void *context, Error *error);

bool __wrap_fused_check_functions(const FusedKernels *kernels, const void *state);
bool __wrap_fused_check_steps(const FusedKernels *kernels, bool plain);

bool __wrap_fused_check_functions(const FusedKernels *kernels, const void *state)
{
    (void)kernels;
    (void)state;
    return true;
}

bool __wrap_fused_check_steps(const FusedKernels *kernels, bool plain)
{
    (void)kernels;
    (void)plain;
    return true;
}

bool __wrap_sys_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                          Error *error)
{
    bool own = strcmp(path, WORLD_DOCUMENTS) == 0;

    *length = own ? sizeof documents - 1 : served.length;
    if (*length > limit)
        return error_set(error, "%s: too large", path);
    *bytes = world_copy(own ? (const uint8_t *)documents : served.bytes, *length);
    return true;
}

bool __wrap_sys_write_file(const char *path, const SysPiece *pieces, size_t count, Error *error)
{
    (void)path;
    (void)pieces;
    (void)count;
    (void)error;
    return true;
}

bool __wrap_sys_make_folder(const char *path, Error *error)
{
    (void)path;
    (void)error;
    return true;
}

bool __wrap_sys_visit_folder(const char *path, SysVisit *visit, void *context, Error *error)
{
    (void)path;
    (void)error;
    (void)(visit(context, "names.run", false) && visit(context, "folder", true));
    return true;
}

void world_serve(const uint8_t *bytes, size_t length)
{
    served.bytes = bytes;
    served.length = length;
}

char *world_copy(const uint8_t *bytes, size_t length)
{
    char *copy = sys_alloc(length + 1, 1);

    if (!copy)
        abort();
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

Settings world_settings(void)
{
    static const struct {
        const char *name, *value;
    } small[] = {{"n_embd", "2"}, {"n_head", "1"}, {"block_size", "2"}, {"steps", "6"}};
    Settings settings;
    Error error;

    settings_default(&settings);
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        if (!settings_parse(&settings, settings_find(small[i].name), small[i].value, &error))
            abort();
    return settings;
}

void world_open_app(App *app)
{
    Settings settings = world_settings();
    Error error;

    if (!app_init(app, &settings, WORLD_DOCUMENTS, NULL, &error))
        abort();
    app_run(app, 0);
}

void world_expect_safe(const char *text, size_t length, const char *also)
{
    uint32_t code_point;

    for (int n; length > 0; text += n, length -= (size_t)n) {
        n = corpus_decode(text, length, &code_point);
        bool safe = n > 0 &&
                    (text_is_plain(code_point) || (n == 1 && *text != '\0' && strchr(also, *text)));
        if (!safe)
            abort();
    }
}
