#include "engine/settings.h"

#include "engine/rng.h"
#include "suites.h"
#include "support.h"
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

START_TEST(the_table_has_a_row_for_every_setting)
{
    size_t next = 0;

    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        ck_assert_uint_eq(info->offset, next);
        next += info->kind == SETTING_REAL ? sizeof(double) : sizeof(int64_t);
        ck_assert(info->least <= info->standard && info->standard <= info->most);
        ck_assert_uint_gt(strlen(info->help), 0);
        for (const char *c = info->name; *c; c++)
            ck_assert(islower(*c) || isdigit(*c) || *c == '_');
        ck_assert_ptr_eq(settings_find(info->name), info);
    }
    ck_assert_uint_eq(next, sizeof(Settings));
}
END_TEST

START_TEST(the_defaults_are_those_of_microgpt)
{
    Settings s;

    memset(&s, 0xff, sizeof s);
    settings_default(&s);
    ck_assert_int_eq(s.steps, 1000);
    ck_assert_int_eq(s.seed, 42);
    ck_assert_int_eq(s.n_layer, 1);
    ck_assert_int_eq(s.n_embd, 16);
    ck_assert_int_eq(s.n_head, 4);
    ck_assert_int_eq(s.block_size, 16);
    ck_assert_double_eq(s.lr, 0.01);
    ck_assert_double_eq(s.beta1, 0.85);
    ck_assert_double_eq(s.beta2, 0.99);
    ck_assert_double_eq(s.eps, 1e-8);
    ck_assert_double_eq(s.init_std, 0.08);
    ck_assert_double_eq(s.temperature, 0.5);
    ck_assert_int_eq(s.samples, 20);
}
END_TEST

START_TEST(a_setting_is_found_with_hyphens_and_with_underscores)
{
    ck_assert_ptr_nonnull(settings_find("n_layer"));
    ck_assert_ptr_eq(settings_find("n-layer"), settings_find("n_layer"));
    ck_assert_ptr_eq(settings_find("block-size"), settings_find("block_size"));
    ck_assert_ptr_null(settings_find("n layer"));
    ck_assert_ptr_null(settings_find("n_laye"));
    ck_assert_ptr_null(settings_find("n_layers"));
    ck_assert_ptr_null(settings_find("N_LAYER"));
    ck_assert_ptr_null(settings_find(""));
    ck_assert_ptr_null(settings_find("-"));
}
END_TEST

/* A random value in the range of a row, spread over its orders of magnitude. */
static void put_random(Settings *s, const SettingInfo *info, Rng *rng)
{
    double spread = pow(2, -60 * rng_random(rng));
    double real = info->least + (info->most - info->least) * spread * rng_random(rng);
    void *field = (char *)s + info->offset;

    if (info->kind == SETTING_REAL)
        *(double *)field = real;
    else
        *(int64_t *)field = (int64_t)real;
}

START_TEST(what_is_printed_is_read_back_to_the_same_bits)
{
    Rng rng;

    rng_seed(&rng, 4);
    for (int round = 0; round < 1000; round++)
        for (int i = 0; i < settings_count; i++) {
            Settings written = {0}, read = {0};
            char text[64];
            Error error;
            put_random(&written, &settings_table[i], &rng);
            settings_print(&written, &settings_table[i], text, sizeof text);
            ck_assert_msg(settings_parse(&read, &settings_table[i], text, &error), "%s",
                          error.text);
            ck_assert_mem_eq(&read, &written, sizeof read);
        }
}
END_TEST

START_TEST(the_ends_of_a_range_are_in_it_and_what_is_beyond_is_not)
{
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        if (info->kind != SETTING_WHOLE && info->kind != SETTING_REAL)
            continue;
        const double ends[] = {info->least, info->most};
        for (int end = 0; end < 2; end++) {
            double beyond = info->kind == SETTING_WHOLE ? ends[end] + (end ? 1 : -1)
                                                        : nextafter(ends[end], end ? INFINITY : -1);
            Settings s;
            char text[64];
            Error error;
            snprintf(text, sizeof text, "%.17g", ends[end]);
            ck_assert_msg(settings_parse(&s, info, text, &error), "%s", error.text);
            if (beyond == ends[end]) /* 2^53 + 1 is no double */
                strcpy(text, "9007199254740993");
            else
                snprintf(text, sizeof text, "%.17g", beyond);
            ck_assert_msg(!settings_parse(&s, info, text, &error), "%s: %s", info->name, text);
            test_error_names(&error, info->name);
            test_error_names(&error, " is not from ");
        }
    }
}
END_TEST

START_TEST(an_error_names_the_setting_the_text_and_the_range)
{
    Settings s;
    Error error;

    ck_assert(!settings_parse(&s, settings_find("n_layer"), "0", &error));
    test_error(&error, "n_layer: 0 is not from 1 to 64");
    ck_assert(!settings_parse(&s, settings_find("n_layer"), "two", &error));
    test_error(&error, "n_layer: two is not a whole number");
    ck_assert(!settings_parse(&s, settings_find("beta1"), "1.5", &error));
    test_error(&error, "beta1: 1.5 is not from 0 to 1");
    ck_assert(!settings_parse(&s, settings_find("lr"), "fast", &error));
    test_error(&error, "lr: fast is not a number");
}
END_TEST

static const char *const no_numbers[] = {
    "",     " ",     "nan",
    "NAN",  "-nan",  "nan(1)",
    "inf",  "-inf",  "infinity",
    "x",    "1x",    "1 ",
    " 1",   "\t1",   "1,5",
    "0x10", "0X1p3", "-0x1",
    "1e",   "--1",   "1.2.3",
    "1e5x", "one",   "1\n",
    "1_0",  "1'000", "+",
    "-",    ".",     "e5",
    "1d3",  "1f",    "99999999999999999999999x",
};

START_TEST(what_is_not_a_number_is_refused_and_changes_nothing)
{
    for (int i = 0; i < settings_count; i++)
        for (size_t k = 0; k < COUNT(no_numbers); k++) {
            Settings s, before;
            Error error = {""};
            settings_default(&s);
            before = s;
            ck_assert_msg(!settings_parse(&s, &settings_table[i], no_numbers[k], &error),
                          "%s: `%s`", settings_table[i].name, no_numbers[k]);
            test_error_names(&error, settings_table[i].name);
            ck_assert_mem_eq(&s, &before, sizeof s);
        }
}
END_TEST

START_TEST(a_locale_with_commas_changes_nothing)
{
    Settings s = {0};
    Error error;

    if (setlocale(LC_NUMERIC, "de_DE.UTF-8")) { /* not on every machine */
        ck_assert(!settings_parse(&s, settings_find("lr"), "0,25", &error));
        ck_assert(!settings_parse(&s, settings_find("lr"), "0.25", &error) || s.lr == 0.25);
        setlocale(LC_NUMERIC, "C");
    }
    ck_assert(!settings_parse(&s, settings_find("lr"), "0,25", &error));
    ck_assert(settings_parse(&s, settings_find("lr"), "0.25", &error));
    ck_assert_double_eq(s.lr, 0.25);
}
END_TEST

START_TEST(a_whole_number_has_no_fraction_and_no_exponent)
{
    static const char *const texts[] = {"1.0", "1.5", "1e3", "99999999999999999999", "-1"};
    Settings s;
    Error error;

    for (size_t k = 0; k < COUNT(texts); k++)
        ck_assert_msg(!settings_parse(&s, settings_find("steps"), texts[k], &error), "%s",
                      texts[k]);
}
END_TEST

START_TEST(very_large_and_very_small_numbers_are_refused_or_read_exactly)
{
    Settings s;
    Error error;

    ck_assert(!settings_parse(&s, settings_find("lr"), "1e400", &error));
    test_error_names(&error, "lr: 1e400 is not from 0 to ");
    ck_assert(!settings_parse(&s, settings_find("lr"), "-1e-400", &error) || s.lr == 0);
    ck_assert(settings_parse(&s, settings_find("lr"), "4.9406564584124654e-324", &error));
    ck_assert_double_eq(s.lr, 0x1p-1074);
    ck_assert(settings_parse(&s, settings_find("lr"), "1e10", &error));
    ck_assert_double_eq(s.lr, 1e10);
}
END_TEST

START_TEST(a_long_text_is_cut_in_the_error)
{
    char text[2000];
    Settings s;
    Error error;

    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert(!settings_parse(&s, settings_find("steps"), text, &error));
    ck_assert_uint_lt(strlen(error.text), 120);
    test_error_names(&error, "steps: 7777");
}
END_TEST

START_TEST(every_option_is_microgpts_unless_told_otherwise)
{
    Settings s;

    settings_default(&s);
    ck_assert(settings_standard_passes(&s));
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        char text[64];
        settings_print(&s, info, text, sizeof text);
        if (info->kind == SETTING_CHOICE)
            ck_assert_str_eq(text, strcmp(info->name, "activation") == 0  ? "relu"
                                   : strcmp(info->name, "optimizer") == 0 ? "adam"
                                   : strcmp(info->name, "schedule") == 0  ? "linear"
                                   : strcmp(info->name, "precision") == 0 ? "float64"
                                   : strcmp(info->name, "init") == 0      ? "normal"
                                                                          : "on");
        if (info->kind == SETTING_HEAD)
            ck_assert_str_eq(text, "none");
    }
}
END_TEST

START_TEST(what_changes_the_passes_is_told_from_what_does_not)
{
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        bool passes = info->part == SETTING_GRAPH || info->part == SETTING_BACKWARD;
        Settings a, b;
        settings_default(&a);
        b = a;
        settings_set(&b, info, info->standard == info->least ? info->most : info->least);
        ck_assert_msg(settings_standard_passes(&b) == !passes, "%s", info->name);
        ck_assert(settings_same_part(&a, &b, SETTING_GRAPH) == (info->part != SETTING_GRAPH));
        ck_assert(!settings_same_part(&a, &b, info->part));
    }
}
END_TEST

START_TEST(a_choice_is_one_of_its_words)
{
    static const char *const wrong[] = {"On", "of", "onn", "1", "on ", " on", "on|off", "-on"};
    const SettingInfo *residual = settings_find("residual");
    Settings s;
    Error error;

    settings_default(&s);
    ck_assert(settings_parse(&s, residual, "off", &error));
    ck_assert_int_eq(s.residual, 0);
    ck_assert(settings_parse(&s, settings_find("activation"), "gelu", &error));
    ck_assert_int_eq(s.activation, ACTIVATION_GELU);
    for (size_t k = 0; k < COUNT(wrong); k++)
        ck_assert_msg(!settings_parse(&s, residual, wrong[k], &error), "%s", wrong[k]);
    ck_assert_int_eq(s.residual, 0);
    ck_assert(!settings_parse(&s, settings_find("optimizer"), "adamw", &error));
    test_error(&error, "optimizer: adamw is not one of adam|sgd|momentum");
}
END_TEST

START_TEST(a_silent_head_is_named_by_layer_and_head)
{
    static const struct {
        const char *text, *printed;
        int layer, head;
    } rows[] = {{"1.3", "1.3", 1, 3},
                {"2", "0.2", 0, 2},
                {"63.255", "63.255", 63, 255},
                {"00.1", "0.1", 0, 1}};
    static const char *const wrong[] = {"1.", ".1",  "1.2.3", "1,2",   "-1",  "1.-2", "0x1",
                                        "a",  "nil", "64.0",  "0.256", "300", "1.2 ", "999999999"};
    const SettingInfo *silence = settings_find("silence");
    Settings s;
    Error error;
    char text[64];

    settings_default(&s);
    for (size_t i = 0; i < COUNT(rows); i++) {
        ck_assert_msg(settings_parse(&s, silence, rows[i].text, &error), "%s", error.text);
        settings_print(&s, silence, text, sizeof text);
        ck_assert_str_eq(text, rows[i].printed);
        ck_assert(settings_is_silent(&s, rows[i].layer, rows[i].head));
        ck_assert(!settings_is_silent(&s, rows[i].layer, rows[i].head + 1));
        ck_assert(!settings_is_silent(&s, rows[i].layer + 1, rows[i].head));
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!settings_parse(&s, silence, wrong[i], &error), "%s", wrong[i]);
    ck_assert(settings_parse(&s, silence, "all", &error) && settings_is_silent(&s, 7, 7));
    ck_assert(settings_parse(&s, silence, "none", &error) && !settings_is_silent(&s, 0, 0));
}
END_TEST

START_TEST(a_silent_head_must_be_one_of_the_models)
{
    Settings s = test_settings("--n-layer 2 --silence 1.3");
    Error error;

    ck_assert(settings_check(&s, &error));
    s = test_settings("--n-layer 2 --silence 2.0");
    ck_assert(!settings_check(&s, &error));
    test_error(&error, "silence: there is no head 2.0 among 2 layers of 4 heads");
    s = test_settings("--silence 0.4");
    ck_assert(!settings_check(&s, &error));
}
END_TEST

START_TEST(a_number_from_a_file_must_be_one_that_can_be_written)
{
    ck_assert(settings_allows(settings_find("residual"), 0));
    ck_assert(!settings_allows(settings_find("residual"), 2));
    ck_assert(!settings_allows(settings_find("residual"), 0.5));
    ck_assert(!settings_allows(settings_find("attention"), NAN));
    ck_assert(settings_allows(settings_find("attention"), 2));
    ck_assert(settings_allows(settings_find("silence"), -2));
    ck_assert(!settings_allows(settings_find("silence"), -3));
    ck_assert(settings_allows(settings_find("lr"), 0.5));
    ck_assert(!settings_allows(settings_find("lr"), INFINITY));
}
END_TEST

START_TEST(what_may_be_written_is_said)
{
    char text[64];

    settings_print_values(settings_find("attention"), text, sizeof text);
    ck_assert_str_eq(text, "off|on|uniform");
    settings_print_values(settings_find("silence"), text, sizeof text);
    ck_assert_str_eq(text, "none|all|LAYER.HEAD");
    settings_print_values(settings_find("lr"), text, sizeof text);
    ck_assert_str_eq(text, "number");
    settings_print_values(settings_find("attention"), text, 8);
    ck_assert_str_eq(text, "off|on|");
}
END_TEST

START_TEST(heads_share_out_the_width)
{
    Settings s = test_settings("--n-embd 10 --n-head 4");
    Error error;

    ck_assert(!settings_check(&s, &error));
    test_error(&error, "n_embd 10 cannot be shared out among n_head 4 heads: try n_embd 12");
    s.n_head = 5;
    ck_assert(settings_check(&s, &error));
}
END_TEST

Suite *settings_suite(void)
{
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");

    tcase_add_test(tests, the_table_has_a_row_for_every_setting);
    tcase_add_test(tests, the_defaults_are_those_of_microgpt);
    tcase_add_test(tests, a_setting_is_found_with_hyphens_and_with_underscores);
    tcase_add_test(tests, what_is_printed_is_read_back_to_the_same_bits);
    tcase_add_test(tests, the_ends_of_a_range_are_in_it_and_what_is_beyond_is_not);
    tcase_add_test(tests, an_error_names_the_setting_the_text_and_the_range);
    tcase_add_test(tests, what_is_not_a_number_is_refused_and_changes_nothing);
    tcase_add_test(tests, a_locale_with_commas_changes_nothing);
    tcase_add_test(tests, a_whole_number_has_no_fraction_and_no_exponent);
    tcase_add_test(tests, very_large_and_very_small_numbers_are_refused_or_read_exactly);
    tcase_add_test(tests, a_long_text_is_cut_in_the_error);
    tcase_add_test(tests, every_option_is_microgpts_unless_told_otherwise);
    tcase_add_test(tests, what_changes_the_passes_is_told_from_what_does_not);
    tcase_add_test(tests, a_choice_is_one_of_its_words);
    tcase_add_test(tests, a_silent_head_is_named_by_layer_and_head);
    tcase_add_test(tests, a_silent_head_must_be_one_of_the_models);
    tcase_add_test(tests, a_number_from_a_file_must_be_one_that_can_be_written);
    tcase_add_test(tests, what_may_be_written_is_said);
    tcase_add_test(tests, heads_share_out_the_width);
    suite_add_tcase(suite, tests);
    return suite;
}
