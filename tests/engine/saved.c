#include "saved.h"

#include "engine/checkpoint.h"
#include "engine/sys.h"
#include "support.h"
#include <check.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

Saved saved_run(void)
{
    static const char text[] = "ab\nba\n";
    Settings settings = test_settings("--steps 3 --n-embd 2 --n-head 1 --block-size 2");
    Corpus corpus;
    Trainer trainer;
    Saved saved;
    Error error = {""};
    char *bytes = sys_alloc(sizeof text, 1);
    memcpy(bytes, text, sizeof text);
    ck_assert(corpus_parse(&corpus, bytes, sizeof text - 1, "text", &error));
    ck_assert(trainer_init(&trainer, &settings, &corpus, &error));
    ck_assert(trainer_step(&trainer) && trainer_step(&trainer));
    ck_assert_msg(checkpoint_save(&trainer, "saved.safetensors", &error), "%s", error.text);
    ck_assert(sys_read_file("saved.safetensors", 1 << 20, &saved.bytes, &saved.length, &error));
    trainer_release(&trainer);
    corpus_release(&corpus);
    return saved;
}

void saved_release(Saved *saved)
{
    sys_free(saved->bytes);
}

static size_t header_length(const Saved *saved)
{
    size_t length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | (unsigned char)saved->bytes[i];
    return length;
}

char *saved_data(Saved *saved)
{
    return saved->bytes + 8 + header_length(saved);
}

size_t saved_find(const Saved *saved, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 8; i + length <= 8 + header_length(saved); i++)
        if (memcmp(saved->bytes + i, text, length) == 0)
            return i;
    return 0;
}

void saved_seal(Saved *saved)
{
    static const char before[] = "\"sha256\":\"";
    size_t at = saved_find(saved, before);
    uint8_t digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx context;
    if (at == 0)
        return;
    char *digits = saved->bytes + at + sizeof before - 1;
    memset(digits, '0', 64);
    sha256_init(&context);
    sha256_update(&context, saved->length, (uint8_t *)saved->bytes);
    sha256_digest(&context, sizeof digest, digest);
    for (int i = 0; i < 32; i++) {
        char two[3];
        snprintf(two, sizeof two, "%02x", digest[i]);
        memcpy(digits + 2 * i, two, 2);
    }
}

void saved_edit(Saved *saved, const char *from, const char *to)
{
    size_t old = strlen(from), new = strlen(to), header = header_length(saved) + new - old;
    size_t before = saved_find(saved, from), after = saved->length - before - old;
    ck_assert_msg(before > 0, "%s is not in the header", from);
    Saved edited = {sys_alloc(saved->length + new, 1), saved->length + new - old};
    memcpy(edited.bytes, saved->bytes, before);
    memcpy(edited.bytes + before, to, new);
    memcpy(edited.bytes + before + new, saved->bytes + before + old, after);
    for (int i = 0; i < 8; i++, header >>= 8)
        edited.bytes[i] = (char)(header & 0xff);
    sys_free(saved->bytes);
    *saved = edited;
    saved_seal(saved);
}
