#include "engine/safetensors.h"

#include "engine/corpus.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_BYTES = 8, NUMBER_BYTES = 8, SEAL_DIGITS = 2 * SHA256_DIGEST_SIZE };
_Static_assert(sizeof(double) == NUMBER_BYTES, "numbers are IEEE doubles");

static const char header_start[] = "{\"__metadata__\":{\"sha256\":\"";
static const char no_seal[] = "0000000000000000000000000000000000000000000000000000000000000000";
_Static_assert(sizeof no_seal - 1 == SEAL_DIGITS, "one digit for each half of a byte");

/* ---- numbers and the seal -------------------------------------------------------------------- */

static uint64_t read_little_endian(const unsigned char *bytes)
{
    uint64_t bits = 0;
    for (int i = 7; i >= 0; i--)
        bits = bits << 8 | bytes[i];
    return bits;
}

static void write_little_endian(uint64_t bits, unsigned char *bytes)
{
    for (int i = 0; i < 8; i++, bits >>= 8)
        bytes[i] = (unsigned char)bits;
}

/* The digest of a file in two parts. Its seal's digits, which stand in the first part, count as
 * zeros. */
static void make_seal(const char *head, size_t head_length, size_t seal, const void *data,
                      size_t data_length, char digits[SEAL_DIGITS + 1])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, seal, (const uint8_t *)head);
    sha256_update(&context, SEAL_DIGITS, (const uint8_t *)no_seal);
    sha256_update(&context, head_length - seal - SEAL_DIGITS,
                  (const uint8_t *)head + seal + SEAL_DIGITS);
    sha256_update(&context, data_length, data);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(digits + 2 * i, 3, "%02x", digest[i]);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void *json_memory(size_t size)
{
    return sys_alloc(size, 1);
}

/* Where the header ends and the data begins. */
static bool find_header(const char *bytes, size_t length, size_t *data, Error *error)
{
    if (length < LENGTH_BYTES)
        return error_set(error, "not a saved run: it has only %zu bytes", length);
    uint64_t header = read_little_endian((const unsigned char *)bytes);
    if (header > SAFETENSORS_HEADER_LIMIT)
        return error_set(error,
                         "not a saved run: its first bytes ask for a header of %" PRIu64 " bytes",
                         header);
    if (header > length - LENGTH_BYTES)
        return error_set(error, "cut short: it ends within its header");
    *data = LENGTH_BYTES + (size_t)header;
    if (length - *data > SAFETENSORS_DATA_LIMIT)
        return error_set(error, "its data take %zu bytes, the limit is %d", length - *data,
                         SAFETENSORS_DATA_LIMIT);
    return true;
}

static bool parse_json(Safetensors *file, const char *text, size_t length, Error *error)
{
    json_error_t reason = {0};
    json_set_alloc_funcs(json_memory, sys_free);
    file->root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &reason);
    if (!file->root && (!*reason.text || json_error_code(&reason) == json_error_out_of_memory))
        return error_set(error, "out of memory");
    if (!file->root)
        return error_set(error, "damaged, or not a saved run: %.80s in the header, byte %d",
                         reason.text, reason.position);
    if (!json_is_object((json_t *)file->root))
        return error_set(error, "damaged, or not a saved run: the header is no JSON object");
    return true;
}

static json_t *texts_of(const Safetensors *file)
{
    return json_object_get(file->root, "__metadata__");
}

static bool check_texts(const Safetensors *file, Error *error)
{
    const char *name;
    json_t *value;
    if (!json_is_object(texts_of(file)))
        return error_set(error, "it has no __metadata__: not a run saved by this program");
    json_object_foreach(texts_of(file), name, value)
    {
        if (!json_is_string(value))
            return error_set(error, "damaged: %.60s in its __metadata__ is no text", name);
    }
    return true;
}

/* A whole number of the header that is not negative. */
static bool read_size(const json_t *value, uint64_t *size)
{
    *size = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* Reads the shape and counts the array's bytes. */
static bool read_shape(SafetensorsArray *array, const json_t *shape, uint64_t *bytes)
{
    size_t dimensions = json_array_size(shape);
    if (!json_is_array(shape) || dimensions > SAFETENSORS_DIMENSIONS)
        return false;
    *bytes = NUMBER_BYTES;
    for (size_t i = 0; i < dimensions; i++)
        if (!read_size(json_array_get(shape, i), &array->shape[i]) ||
            __builtin_mul_overflow(*bytes, array->shape[i], bytes))
            return false;
    array->dimensions = (int)dimensions;
    return true;
}

static bool read_array(SafetensorsArray *array, const json_t *entry, Error *error)
{
    const char *type = json_string_value(json_object_get(entry, "dtype"));
    const json_t *offsets = json_object_get(entry, "data_offsets");
    uint64_t bytes, from, to;
    if (json_object_size(entry) != 3 || !type || !offsets)
        return error_set(error, "damaged: %.60s is not described by dtype, shape and data_offsets",
                         array->name);
    if (strcmp(type, "F64") != 0)
        return error_set(error, "%.60s has the type %.20s, not F64", array->name, type);
    if (!read_shape(array, json_object_get(entry, "shape"), &bytes))
        return error_set(error, "damaged: %.60s has no possible shape", array->name);
    if (json_array_size(offsets) != 2 || !read_size(json_array_get(offsets, 0), &from) ||
        !read_size(json_array_get(offsets, 1), &to) || to < from || to - from != bytes)
        return error_set(error, "damaged: the data_offsets of %.60s do not fit its shape",
                         array->name);
    if (to > SAFETENSORS_DATA_LIMIT || from % NUMBER_BYTES != 0)
        return error_set(error, "damaged: the data_offsets of %.60s cannot be", array->name);
    array->first = (size_t)from / NUMBER_BYTES;
    array->count = (size_t)bytes / NUMBER_BYTES;
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const SafetensorsArray *one = a, *other = b;
    if (one->first != other->first)
        return one->first < other->first ? -1 : 1;
    return one->count == other->count ? 0 : one->count < other->count ? -1 : 1;
}

/* The arrays must lie one behind the other, from the first byte of the data to the last. */
static bool check_places(const Safetensors *file, size_t length, Error *error)
{
    size_t end = 0;
    for (size_t i = 0; i < file->arrays; i++) {
        if (file->array[i].first != end)
            return error_set(error, "damaged: the data of %.60s %s", file->array[i].name,
                             file->array[i].first < end ? _("overlap others")
                                                        : _("leave a gap before them"));
        end += file->array[i].count;
    }
    if (end * NUMBER_BYTES > length)
        return error_set(error, "cut short: %zu bytes of its data are missing",
                         end * NUMBER_BYTES - length);
    if (end * NUMBER_BYTES < length)
        return error_set(error, "damaged: %zu bytes stand behind its data",
                         length - end * NUMBER_BYTES);
    return true;
}

static bool read_arrays(Safetensors *file, size_t length, Error *error)
{
    const char *name;
    json_t *entry;
    file->array = sys_alloc(json_object_size(file->root), sizeof *file->array);
    if (!file->array)
        return error_set(error, "out of memory");
    json_object_foreach((json_t *)file->root, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        file->array[file->arrays].name = name;
        if (!read_array(&file->array[file->arrays++], entry, error))
            return false;
    }
    qsort(file->array, file->arrays, sizeof *file->array, compare_places);
    return check_places(file, length, error);
}

/* Finds the digits of the seal in the header's bytes. Returns length if they are not there. */
static size_t find_seal(const char *bytes, size_t length, const char *digits)
{
    for (size_t i = LENGTH_BYTES; i + SEAL_DIGITS <= length; i++)
        if (memcmp(bytes + i, digits, SEAL_DIGITS) == 0)
            return i;
    return length;
}

static bool check_seal(const Safetensors *file, const char *bytes, size_t data, size_t length,
                       Error *error)
{
    char digits[SEAL_DIGITS + 1];
    const char *seal = safetensors_text(file, "sha256");
    if (!seal || strlen(seal) != SEAL_DIGITS)
        return error_set(error, "it has no seal (sha256): not a run saved by this program");
    size_t at = find_seal(bytes, data, seal);
    if (at < data)
        make_seal(bytes, data, at, bytes + data, length - data, digits);
    if (at == data || memcmp(seal, digits, SEAL_DIGITS) != 0)
        return error_set(error, "damaged: its bytes do not fit its seal (sha256)");
    return true;
}

bool safetensors_parse(Safetensors *file, const char *bytes, size_t length, Error *error)
{
    size_t data = 0;
    *file = (Safetensors){0};
    if (!find_header(bytes, length, &data, error))
        return false;
    file->data = (const unsigned char *)bytes + data;
    if (parse_json(file, bytes + LENGTH_BYTES, data - LENGTH_BYTES, error) &&
        check_texts(file, error) && read_arrays(file, length - data, error) &&
        check_seal(file, bytes, data, length, error))
        return true;
    safetensors_release(file);
    return false;
}

void safetensors_release(Safetensors *file)
{
    json_decref(file->root);
    sys_free(file->array);
    *file = (Safetensors){0};
}

const char *safetensors_text(const Safetensors *file, const char *name)
{
    return json_string_value(json_object_get(texts_of(file), name));
}

size_t safetensors_texts(const Safetensors *file)
{
    return json_object_size(texts_of(file));
}

const SafetensorsArray *safetensors_array(const Safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->arrays; i++)
        if (strcmp(file->array[i].name, name) == 0)
            return &file->array[i];
    return NULL;
}

bool safetensors_numbers(const Safetensors *file, const SafetensorsArray *array, double *numbers,
                         Error *error)
{
    for (size_t i = 0; i < array->count; i++) {
        uint64_t bits = read_little_endian(file->data + (array->first + i) * NUMBER_BYTES);
        memcpy(&numbers[i], &bits, NUMBER_BYTES);
        if (!isfinite(numbers[i]))
            return error_set(error, "number %zu of %.60s is not finite", i, array->name);
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Room for so many more bytes, of which the caller fills all. NULL: no memory. */
static char *append_room(SafetensorsWriter *writer, SafetensorsBytes *to, size_t length)
{
    size_t end, room;
    if (writer->failed || __builtin_add_overflow(to->length, length, &end) ||
        __builtin_mul_overflow(end, 2, &room)) {
        writer->failed = true;
        return NULL;
    }
    if (!to->bytes || end > to->room) {
        char *more = sys_resize(to->bytes, room, 1);
        if (!more) {
            writer->failed = true;
            return NULL;
        }
        to->bytes = more;
        to->room = room;
    }
    char *start = to->bytes + to->length;
    to->length = end;
    return start;
}

static void append(SafetensorsWriter *writer, const char *text, size_t length)
{
    char *room = append_room(writer, &writer->header, length);
    if (room)
        memcpy(room, text, length);
}

static void append_text(SafetensorsWriter *writer, const char *text)
{
    append(writer, text, strlen(text));
}

/* text as a JSON string */
static void append_string(SafetensorsWriter *writer, const char *text)
{
    append_text(writer, "\"");
    for (size_t left = strlen(text); left > 0;) {
        uint32_t code_point = 0;
        char escape[8];
        int n = corpus_decode(text, left, &code_point);
        if (n == 0)
            append_text(writer, "?");
        else if (code_point >= 0x20 && code_point != '"' && code_point != '\\')
            append(writer, text, (size_t)n);
        else
            append(writer, escape,
                   (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)code_point));
        text += n ? n : 1;
        left -= (size_t)(n ? n : 1);
    }
    append_text(writer, "\"");
}

/* number as decimal digits behind a separator */
static void append_size(SafetensorsWriter *writer, const char *before, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    append_text(writer, before);
    append_text(writer, digits);
}

void safetensors_begin(SafetensorsWriter *writer)
{
    char length[LENGTH_BYTES] = {0};
    *writer = (SafetensorsWriter){.in_texts = true};
    append(writer, length, sizeof length);
    append_text(writer, header_start);
    append_text(writer, no_seal);
    append_text(writer, "\"");
}

void safetensors_add_text(SafetensorsWriter *writer, const char *name, const char *text)
{
    assert(writer->in_texts);
    append_text(writer, ",");
    append_string(writer, name);
    append_text(writer, ":");
    append_string(writer, text);
}

static void append_numbers(SafetensorsWriter *writer, const double *numbers, size_t count)
{
    size_t bytes;
    bool beyond = __builtin_mul_overflow(count, NUMBER_BYTES, &bytes);
    char *room = append_room(writer, &writer->data, beyond ? SIZE_MAX : bytes);
    for (size_t i = 0; room && i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &numbers[i], NUMBER_BYTES);
        write_little_endian(bits, (unsigned char *)room + i * NUMBER_BYTES);
    }
}

void safetensors_add_array(SafetensorsWriter *writer, const char *name, const uint64_t *shape,
                           int dimensions, const double *numbers)
{
    size_t count = 1, first = writer->data.length;
    assert(1 <= dimensions && dimensions <= SAFETENSORS_DIMENSIONS);
    append_text(writer, writer->in_texts ? "}," : ",");
    writer->in_texts = false;
    append_string(writer, name);
    append_text(writer, ":{\"dtype\":\"F64\",\"shape\":");
    for (int i = 0; i < dimensions; i++) {
        append_size(writer, i ? "," : "[", shape[i]);
        if (__builtin_mul_overflow(count, shape[i], &count))
            writer->failed = true;
    }
    append_numbers(writer, numbers, count);
    append_size(writer, "],\"data_offsets\":[", first);
    append_size(writer, ",", writer->data.length);
    append_text(writer, "]}");
}

static void close_header(SafetensorsWriter *writer)
{
    append_text(writer, writer->in_texts ? "}}" : "}");
    while (!writer->failed && writer->header.length % NUMBER_BYTES != 0)
        append_text(writer, " ");
}

bool safetensors_save(SafetensorsWriter *writer, const char *path, Error *error)
{
    const SafetensorsBytes *header = &writer->header, *data = &writer->data;
    char seal[SEAL_DIGITS + 1];
    size_t at = LENGTH_BYTES + strlen(header_start);
    close_header(writer);
    if (writer->failed)
        return error_set(error, "%.300s: not saved: out of memory", path);
    if (data->length > SAFETENSORS_DATA_LIMIT)
        return error_set(error, "%.300s: not saved: its data would take %zu bytes, the limit is %d",
                         path, data->length, SAFETENSORS_DATA_LIMIT);
    if (header->length - LENGTH_BYTES > SAFETENSORS_HEADER_LIMIT)
        return error_set(error,
                         "%.300s: not saved: its header would take %zu bytes, the limit is %d",
                         path, header->length - LENGTH_BYTES, SAFETENSORS_HEADER_LIMIT);
    write_little_endian(header->length - LENGTH_BYTES, (unsigned char *)header->bytes);
    make_seal(header->bytes, header->length, at, data->bytes, data->length, seal);
    memcpy(header->bytes + at, seal, SEAL_DIGITS);
    SysPiece pieces[] = {{header->bytes, header->length}, {data->bytes, data->length}};
    return sys_write_file(path, pieces, 2, error);
}

void safetensors_end(SafetensorsWriter *writer)
{
    sys_free(writer->header.bytes);
    sys_free(writer->data.bytes);
    *writer = (SafetensorsWriter){0};
}
