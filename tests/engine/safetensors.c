#include "engine/safetensors.h"

#include "engine/sys.h"
#include "scratch.h"
#include "suites.h"
#include "support.h"
#include <float.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double numbers[] = {0, -0.0, 1, DBL_MIN / 3, DBL_MAX, -DBL_MAX};

/* Writes a file with what add puts into it, and reads its bytes. */
static char *write_file(void (*add)(SafetensorsWriter *), size_t *length)
{
    SafetensorsWriter writer;
    Error error;
    char *bytes;
    safetensors_begin(&writer);
    add(&writer);
    ck_assert_msg(safetensors_save(&writer, "file", &error), "%s", error.text);
    safetensors_end(&writer);
    ck_assert_msg(sys_read_file("file", 1 << 24, &bytes, length, &error), "%s", error.text);
    return bytes;
}

static void add_nothing(SafetensorsWriter *writer)
{
    (void)writer;
}

static void add_two_arrays(SafetensorsWriter *writer)
{
    uint64_t matrix[] = {2, 3}, vector[] = {1};
    safetensors_add_text(writer, "step", "2");
    safetensors_add_array(writer, "b", matrix, 2, numbers);
    safetensors_add_array(writer, "a", vector, 1, numbers + 2);
}

START_TEST(a_file_is_laid_out_as_the_format_says)
{
    static const char header[] =
        "\",\"step\":\"2\"},"
        "\"b\":{\"dtype\":\"F64\",\"shape\":[2,3],\"data_offsets\":[0,48]},"
        "\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[48,56]}}";
    static const char data[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\xf0\x3f";
    size_t length, start = 8 + strlen("{\"__metadata__\":{\"sha256\":\"") + 64;
    char *bytes = write_file(add_two_arrays, &length);
    ck_assert_uint_eq((unsigned char)bytes[0] + 256u * (unsigned char)bytes[1], length - 56 - 8);
    ck_assert_mem_eq(bytes + 2, "\0\0\0\0\0\0{\"__metadata__\":{\"sha256\":\"", 33);
    ck_assert_mem_eq(bytes + start, header, sizeof header - 1);
    for (size_t i = start + sizeof header - 1; i < length - 56; i++)
        ck_assert_int_eq(bytes[i], ' ');
    ck_assert_uint_eq(length % 8, 0);
    ck_assert_mem_eq(bytes + length - 56, data, sizeof data - 1);
    sys_free(bytes);
}
END_TEST

START_TEST(numbers_come_back_with_their_bits)
{
    Safetensors file;
    size_t length;
    Error error;
    double read[6];
    char *bytes = write_file(add_two_arrays, &length);
    ck_assert_msg(safetensors_parse(&file, bytes, length, &error), "%s", error.text);
    ck_assert_uint_eq(file.arrays, 2);
    const SafetensorsArray *matrix = safetensors_array(&file, "b"),
                           *vector = safetensors_array(&file, "a");
    ck_assert(matrix && matrix->dimensions == 2 && matrix->shape[0] == 2 && matrix->shape[1] == 3);
    ck_assert(vector && vector->dimensions == 1 && vector->count == 1);
    ck_assert_ptr_null(safetensors_array(&file, "c"));
    ck_assert(safetensors_numbers(&file, matrix, read, &error));
    test_same_bits(read, numbers, 6, "b");
    ck_assert(safetensors_numbers(&file, vector, read, &error));
    test_same_bits(read, numbers + 2, 1, "a");
    safetensors_release(&file);
    sys_free(bytes);
}
END_TEST

static const char *const texts[][2] = {
    {"plain", "as it is"},
    {"empty", ""},
    {"quotes", "\"a\\b\"/"},
    {"controls", "\x01\b\t\n\x1b\x7f"},
    {"letters", "zoë 山 🦊 \xc2\x80\xe2\x80\xae"},
    {"na\"me", "{\"sha256\":\"0000\"}"},
};

static void add_texts(SafetensorsWriter *writer)
{
    for (size_t i = 0; i < COUNT(texts); i++)
        safetensors_add_text(writer, texts[i][0], texts[i][1]);
    safetensors_add_text(writer, "broken",
                         "a\xff"
                         "b\xc3");
}

START_TEST(texts_come_back_whatever_is_in_them)
{
    Safetensors file;
    size_t length;
    Error error;
    char *bytes = write_file(add_texts, &length);
    ck_assert_msg(safetensors_parse(&file, bytes, length, &error), "%s", error.text);
    for (size_t i = 0; i < COUNT(texts); i++)
        ck_assert_str_eq(safetensors_text(&file, texts[i][0]), texts[i][1]);
    ck_assert_str_eq(safetensors_text(&file, "broken"), "a?b?");
    ck_assert_ptr_null(safetensors_text(&file, "other"));
    ck_assert_uint_eq(safetensors_texts(&file), COUNT(texts) + 2);
    safetensors_release(&file);
    sys_free(bytes);
}
END_TEST

static void add_empty_arrays(SafetensorsWriter *writer)
{
    uint64_t none[] = {0, 7}, one[] = {1, 1, 1, 1};
    safetensors_add_array(writer, "none", none, 2, NULL);
    safetensors_add_array(writer, "one", one, 4, numbers);
    safetensors_add_array(writer, "none.either", none, 1, NULL);
}

START_TEST(arrays_may_be_empty)
{
    Safetensors file;
    size_t length;
    Error error;
    char *bytes = write_file(add_empty_arrays, &length);
    ck_assert_msg(safetensors_parse(&file, bytes, length, &error), "%s", error.text);
    ck_assert_uint_eq(safetensors_array(&file, "none")->count, 0);
    ck_assert_uint_eq(safetensors_array(&file, "one")->count, 1);
    safetensors_release(&file);
    sys_free(bytes);
    bytes = write_file(add_nothing, &length);
    ck_assert_msg(safetensors_parse(&file, bytes, length, &error), "%s", error.text);
    ck_assert_uint_eq(file.arrays, 0);
    safetensors_release(&file);
    sys_free(bytes);
}
END_TEST

static void add_much_text(SafetensorsWriter *writer)
{
    for (int i = 0; i < 30000; i++)
        safetensors_add_text(writer, "a name of no great length", "and a text");
}

static void add_much_data(SafetensorsWriter *writer)
{
    static double block[1 << 20];
    uint64_t shape[] = {1 << 20};
    for (int i = 0; i < 9; i++)
        safetensors_add_array(writer, "a", shape, 1, block);
}

START_TEST(what_could_not_be_read_back_is_not_written)
{
    static const struct {
        void (*add)(SafetensorsWriter *);
        const char *error;
    } rows[] = {
        {add_much_text,
         "file: not saved: its header would take 1230096 bytes, the limit is 1048576"},
        {add_much_data,
         "file: not saved: its data would take 75497472 bytes, the limit is 67108864"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        SafetensorsWriter writer;
        Error error = {""};
        safetensors_begin(&writer);
        rows[i].add(&writer);
        ck_assert(!safetensors_save(&writer, "file", &error));
        test_error(&error, rows[i].error);
        safetensors_end(&writer);
        ck_assert_int_eq(scratch_entries(), 0);
    }
}
END_TEST

START_TEST(a_shape_beyond_all_numbers_is_not_written)
{
    SafetensorsWriter writer;
    Error error = {""};
    uint64_t shape[] = {UINT64_MAX / 2, 4};
    safetensors_begin(&writer);
    safetensors_add_array(&writer, "a", shape, 2, numbers);
    ck_assert(!safetensors_save(&writer, "file", &error));
    test_error(&error, "file: not saved: out of memory");
    safetensors_end(&writer);
}
END_TEST

Suite *safetensors_suite(void)
{
    Suite *suite = suite_create("safetensors");
    TCase *tests = tcase_create("safetensors");

    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, a_file_is_laid_out_as_the_format_says);
    tcase_add_test(tests, numbers_come_back_with_their_bits);
    tcase_add_test(tests, texts_come_back_whatever_is_in_them);
    tcase_add_test(tests, arrays_may_be_empty);
    tcase_add_test(tests, what_could_not_be_read_back_is_not_written);
    tcase_add_test(tests, a_shape_beyond_all_numbers_is_not_written);
    suite_add_tcase(suite, tests);
    return suite;
}
