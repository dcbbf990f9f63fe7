#include "engine/place.h"

#include "suites.h"
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static Place place(Part part, int pos, int layer, int head)
{
    const PartInfo *info = &place_parts[part];

    return (Place){part, part == PART_MEAN_LOSS ? -1 : pos, info->in_layer ? layer : -1,
                   info->in_head ? head : -1};
}

START_TEST(names_are_those_that_the_reference_run_prints)
{
    static const struct {
        Part part;
        const char *name;
    } rows[] = {
        {PART_EMBED, "pos3.embed"},
        {PART_NORM, "pos3.norm"},
        {PART_ATTN_NORM, "pos3.layer1.attn.norm"},
        {PART_Q, "pos3.layer1.attn.q"},
        {PART_K, "pos3.layer1.attn.k"},
        {PART_V, "pos3.layer1.attn.v"},
        {PART_SCORE, "pos3.layer1.attn.head2.score"},
        {PART_WEIGHT, "pos3.layer1.attn.head2.weight"},
        {PART_OUT, "pos3.layer1.attn.head2.out"},
        {PART_PROJ, "pos3.layer1.attn.proj"},
        {PART_ATTN_RESIDUAL, "pos3.layer1.attn.residual"},
        {PART_MLP_NORM, "pos3.layer1.mlp.norm"},
        {PART_FC1, "pos3.layer1.mlp.fc1"},
        {PART_RELU, "pos3.layer1.mlp.relu"},
        {PART_FC2, "pos3.layer1.mlp.fc2"},
        {PART_MLP_RESIDUAL, "pos3.layer1.mlp.residual"},
        {PART_LOGITS, "pos3.logits"},
        {PART_PROBS, "pos3.probs"},
        {PART_LOSS, "pos3.loss"},
        {PART_MEAN_LOSS, "loss"},
    };
    char name[96];

    ck_assert_int_eq(COUNT(rows), PART_COUNT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int length = place_name(place(rows[i].part, 3, 1, 2), name, sizeof name);
        ck_assert_str_eq(name, rows[i].name);
        ck_assert_int_eq(length, strlen(name));
    }
}
END_TEST

START_TEST(every_place_is_read_back_from_its_name)
{
    static const int numbers[] = {0, 1, 9, 10, 63, 255, 4095};

    for (int part = 0; part < PART_COUNT; part++)
        for (size_t p = 0; p < COUNT(numbers); p++)
            for (size_t l = 0; l < COUNT(numbers); l++)
                for (size_t h = 0; h < COUNT(numbers); h++) {
                    Place written = place((Part)part, numbers[p], numbers[l], numbers[h]), read;
                    char name[96];
                    int length = place_name(written, name, sizeof name);
                    ck_assert_msg(place_parse(name, (size_t)length, &read), "%s", name);
                    ck_assert_msg(place_same(read, written), "%s", name);
                }
}
END_TEST

START_TEST(a_name_is_cut_at_the_end_of_the_room_for_it)
{
    char name[8];

    ck_assert_int_eq(place_name(place(PART_EMBED, 3, 0, 0), name, sizeof name), 10);
    ck_assert_str_eq(name, "pos3.em");
}
END_TEST

START_TEST(only_so_many_bytes_of_a_name_are_read)
{
    Place read;

    ck_assert(place_parse("pos3.embedding", strlen("pos3.embed"), &read));
    ck_assert(place_same(read, place(PART_EMBED, 3, 0, 0)));
    ck_assert(!place_parse("pos3.embed", strlen("pos3.embe"), &read));
}
END_TEST

START_TEST(what_is_no_name_is_refused)
{
    static const char *const texts[] = {
        "",
        "pos",
        "pos3",
        "pos3.",
        "pos3.x",
        "pos.embed",
        "pos-1.embed",
        "pos+1.embed",
        "pos 1.embed",
        "pos3embed",
        "pos3..embed",
        "POS3.embed",
        " pos3.embed",
        "pos3.embed ",
        "pos3.embed.",
        "pos3.embedx",
        "pos999999999999.embed",
        "embed",
        "q",
        "attn.q",
        "layer0.attn.q",
        "pos3.q",
        "pos3.attn.q",
        "pos3.layer0.q",
        "pos3.layer0.mlp.q",
        "pos3.layer.attn.q",
        "pos3.layer0.attn.head0.q",
        "pos3.layer0.attn.score",
        "pos3.layer0.head0.score",
        "pos3.attn.head0.score",
        "pos3.layer0.mlp.head0.score",
        "pos3.layer0.attn.head0.mlp.fc1",
        "pos3.layer0.attn.mlp.norm",
        "pos3.layer0.norm",
        "pos3.layer0.embed",
        "pos3.attn.norm",
        "pos3.layer0.loss",
        "pos3.mlp.",
        "loss.",
        "loss3",
        "pos3.layer0.attn.head0.score.pos3.layer0.attn.head0.score.pos3.layer0.attn.head0.score."
        "pos3."
        "layer0.attn.head0.score",
    };
    Place read;

    for (size_t i = 0; i < COUNT(texts); i++)
        ck_assert_msg(!place_parse(texts[i], strlen(texts[i]), &read), "%s", texts[i]);
}
END_TEST

START_TEST(a_name_holds_no_nul_byte)
{
    Place read;

    ck_assert(!place_parse("loss\0more", 9, &read));
    ck_assert(!place_parse("pos3.embed\0", 11, &read));
}
END_TEST

START_TEST(the_table_of_parts_is_complete)
{
    for (int part = 0; part < PART_COUNT; part++) {
        const PartInfo *info = &place_parts[part];
        ck_assert_msg(info->name && info->group && info->title && info->formula, "part %d", part);
        ck_assert(info->in_layer == (strlen(info->group) > 0));
        ck_assert(info->in_layer || !info->in_head);
    }
}
END_TEST

Suite *place_suite(void)
{
    Suite *suite = suite_create("place");
    TCase *tests = tcase_create("place");

    tcase_add_test(tests, names_are_those_that_the_reference_run_prints);
    tcase_add_test(tests, every_place_is_read_back_from_its_name);
    tcase_add_test(tests, a_name_is_cut_at_the_end_of_the_room_for_it);
    tcase_add_test(tests, only_so_many_bytes_of_a_name_are_read);
    tcase_add_test(tests, what_is_no_name_is_refused);
    tcase_add_test(tests, a_name_holds_no_nul_byte);
    tcase_add_test(tests, the_table_of_parts_is_complete);
    suite_add_tcase(suite, tests);
    return suite;
}
