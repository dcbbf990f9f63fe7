/* Storage: where the bytes of a run are, part by part. */
#ifndef GPTOSCOPE_APP_STORAGE_H
#define GPTOSCOPE_APP_STORAGE_H

#include "app/session.h"

typedef enum StoragePart {
    STORAGE_KEYFRAMES,
    STORAGE_GRAPH,
    STORAGE_VALUES,
    STORAGE_GRADIENTS,
    STORAGE_LAYOUT,
    STORAGE_PARAMETERS,
    STORAGE_ADAM,
    STORAGE_KERNELS,
    STORAGE_CHANGES,
    STORAGE_DOCUMENTS,
    STORAGE_WRITING,
    STORAGE_TEXTS,
    STORAGE_LOSSES,
    STORAGE_FINDINGS,
    STORAGE_PARTS
} StoragePart;

typedef struct StorageInfo {
    const char *name; /* "keyframes" */
    const char *what; /* in a few words */
    int64_t (*bytes)(const Session *session);
} StorageInfo;

extern const StorageInfo storage_table[STORAGE_PARTS];

/* All parts together. */
int64_t storage_bytes(const Session *session);

/* Keyframes that are taken so far. */
int64_t storage_keyframes(const Session *session);

enum { STORAGE_NODE_FIELDS = 8 };

/* A stretch of bytes of something in memory. */
typedef struct StorageField {
    const char *name;
    int offset, size;
} StorageField;

/* How a node of the tape lies in memory: fields by rising offset, without gaps: what is padding or
 * bits is named so. Returns how many. */
int storage_node_fields(StorageField field[STORAGE_NODE_FIELDS]);

/* Bytes that a node takes in all the arrays of a run. */
int storage_node_bytes(void);

#endif
