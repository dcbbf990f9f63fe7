/* A saved run: read, and where it is one, gone on from.
 *
 * Its seal would stop every changed byte. So a file whose only fault is the seal is sealed anew and
 * read again. */
#include "fuzz.h"
#include "world.h"

#include "engine/checkpoint.h"
#include "engine/sys.h"
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

static const char start[] = "{\"__metadata__\":{\"sha256\":\"";
enum { LENGTH = 8, SEAL = LENGTH + sizeof start - 1, DIGITS = 2 * SHA256_DIGEST_SIZE };

/* Writes the digest of a file into its seal, as safetensors.h says, where that stands as this
 * program writes it. */
static void seal(char *bytes, size_t length)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;
    char digit[3];

    if (length < SEAL + DIGITS || memcmp(bytes + LENGTH, start, sizeof start - 1) != 0)
        return;
    memset(bytes + SEAL, '0', DIGITS);
    sha256_init(&context);
    sha256_update(&context, length, (uint8_t *)bytes);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        snprintf(digit, sizeof digit, "%02x", digest[i]);
        memcpy(bytes + SEAL + 2 * i, digit, 2);
    }
}

static bool reads(const char *bytes, size_t length, Error *error)
{
    Checkpoint checkpoint;
    bool read = checkpoint_parse(&checkpoint, bytes, length, "t.run", error);

    if (read)
        checkpoint_release(&checkpoint);
    return read;
}

/* The session that it holds, with a step or two. */
static void go_on(const char *bytes, size_t length)
{
    Settings settings = world_settings();
    Error error;
    App app;

    world_serve((const uint8_t *)bytes, length);
    if (app_init(&app, &settings, WORLD_DOCUMENTS, WORLD_FILE, &error)) {
        app_move(&app, 1);
        app_work(&app, 0);
    }
    app_release(&app);
}

void fuzz_saved_run(const uint8_t *bytes, size_t length)
{
    char *copy = world_copy(bytes, length);
    Error error;
    bool read = reads(copy, length, &error);

    if (!read && strstr(error.text, "do not fit its seal")) {
        seal(copy, length);
        read = reads(copy, length, &error);
    }
    if (read)
        go_on(copy, length);
    sys_free(copy);
}
