#include "support.h"

#include "view/export.h"
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Canvas test_canvas(int width, int height, Glyphs glyphs)
{
    Canvas canvas;
    Error error;
    ck_assert(canvas_init(&canvas, width, height, glyphs, &error));
    return canvas;
}

void test_text_open(TestText *text)
{
    text->text = NULL;
    text->stream = open_memstream(&text->text, &text->length);
    ck_assert_ptr_nonnull(text->stream);
}

void test_text_close(TestText *text)
{
    ck_assert_int_eq(fclose(text->stream), 0);
}

void test_picture(const Canvas *canvas, const char *rows)
{
    TestText shown;
    test_text_open(&shown);
    export_text(canvas, shown.stream);
    test_text_close(&shown);
    ck_assert_msg(strcmp(shown.text, rows) == 0, "shown:\n%sexpected:\n%s", shown.text, rows);
    free(shown.text);
}

int test_chance(uint32_t *seed, int low, int high)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return low + (int)(*seed % (uint32_t)(high - low + 1));
}

/* ---- colours --------------------------------------------------------------------------------- */

static double linear(uint32_t byte)
{
    double part = byte / 255.0;
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) +
           0.0722 * linear(rgb & 0xff);
}

double test_lightness(int16_t colour)
{
    double light = luminance(theme_rgb(colour));
    return light > 0.008856 ? 116 * cbrt(light) - 16 : 903.3 * light;
}

double test_contrast(uint32_t rgb, uint32_t other)
{
    double a = luminance(rgb) + 0.05, b = luminance(other) + 0.05;
    return a > b ? a / b : b / a;
}
