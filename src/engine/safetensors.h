/* Safetensors: named arrays of numbers and named texts in one file, in the format that the tools of
 * the field read.
 *
 *     8 bytes    length of the header, little-endian
 *     header     {"__metadata__":{"sha256":"...","step":"400",...},
 *                 "wte":{"dtype":"F64","shape":[27,16],"data_offsets":[0,3456]},...}      JSON,
 * spaces to a multiple of 8 data       the numbers, little-endian: one array behind the other,
 * without a gap
 *
 * All numbers here are F64 and finite. The text `sha256` seals the file: the digest of all its
 * bytes, taken with the 64 digits of the digest as zeros. Whatever does not keep to this is
 * refused: nothing in a file is believed before it has been checked. Source: the format's
 * description at https://github.com/huggingface/safetensors. */
#ifndef GPTOSCOPE_ENGINE_SAFETENSORS_H
#define GPTOSCOPE_ENGINE_SAFETENSORS_H

#include "engine/error.h"
#include <stddef.h>
#include <stdint.h>

enum {
    SAFETENSORS_HEADER_LIMIT = 1 << 20, /* bytes */
    SAFETENSORS_DATA_LIMIT = 64 << 20,  /* bytes */
    SAFETENSORS_DIMENSIONS = 4
};

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct SafetensorsArray {
    const char *name;
    uint64_t shape[SAFETENSORS_DIMENSIONS];
    int dimensions;
    size_t first, count; /* numbers of the file's data */
} SafetensorsArray;

/* A file that has been read. Names and texts belong to it, its data to the caller's bytes. */
typedef struct Safetensors {
    void *root;              /* the header as the JSON library holds it */
    SafetensorsArray *array; /* in the order of their data */
    size_t arrays;
    const unsigned char *data;
} Safetensors;

/* Reads and checks length bytes, which must outlive file. Errors: a reason without a path. On
 * success the caller releases file. */
bool safetensors_parse(Safetensors *file, const char *bytes, size_t length, Error *error);
void safetensors_release(Safetensors *file);

/* The text of that name, or NULL. */
const char *safetensors_text(const Safetensors *file, const char *name);

/* How many texts there are, the seal included. */
size_t safetensors_texts(const Safetensors *file);

/* The array of that name, or NULL. */
const SafetensorsArray *safetensors_array(const Safetensors *file, const char *name);

/* Copies the count numbers of an array. Errors: one of them is NaN or infinite. */
bool safetensors_numbers(const Safetensors *file, const SafetensorsArray *array, double *numbers,
                         Error *error);

/* ---- writing: begin, all texts, all arrays, save, end ---------------------------------------- */

typedef struct SafetensorsBytes {
    char *bytes;
    size_t length, room;
} SafetensorsBytes;

/* A file that is being made. Running out of memory on the way is remembered, and told when saving.
 */
typedef struct SafetensorsWriter {
    SafetensorsBytes header, data;
    bool in_texts, failed;
} SafetensorsWriter;

void safetensors_begin(SafetensorsWriter *writer);

/* Adds a text. Bytes of it that are no UTF-8 become question marks. */
void safetensors_add_text(SafetensorsWriter *writer, const char *name, const char *text);

/* Adds an array of the given shape; the numbers are copied. */
void safetensors_add_array(SafetensorsWriter *writer, const char *name, const uint64_t *shape,
                           int dimensions, const double *numbers);

/* Seals the file and writes it. Errors: "PATH: reason": memory, beyond the limits, those of
 * sys_write_file. */
bool safetensors_save(SafetensorsWriter *writer, const char *path, Error *error);
void safetensors_end(SafetensorsWriter *writer);

#endif
