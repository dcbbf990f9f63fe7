/* Corpus: the documents to learn from and the characters they are made of.
 *
 * A document is a line of a UTF-8 file without white space at either end; empty ones are dropped. A
 * token is a character: characters are Unicode code points sorted by number, and after the last
 * comes BOS, the one token that begins and ends every document.
 *
 *     "emma"  ->  BOS e m m a BOS  =  26 4 12 12 0 26        (27 tokens: a-z and BOS)
 *
 * The order of training is a shuffle by the run's random numbers: document order[step mod count] in
 * step `step`. */
#ifndef GPTOSCOPE_ENGINE_CORPUS_H
#define GPTOSCOPE_ENGINE_CORPUS_H

#include "engine/error.h"
#include "engine/rng.h"
#include <stddef.h>
#include <stdint.h>

enum {
    CORPUS_FILE_LIMIT = 96 << 20,     /* bytes of a file */
    CORPUS_DOCUMENT_LIMIT = 1 << 20,  /* bytes of a document */
    CORPUS_COUNT_LIMIT = 5000000      /* documents */
};

typedef struct CorpusDocument {
    uint32_t start, length; /* bytes of Corpus.text */
} CorpusDocument;

typedef struct Corpus {
    char *text; /* the file, owned */
    CorpusDocument *document;
    uint32_t *order;     /* order[i]: the document of step i, of i + count, ...; the file's order until shuffled */
    int64_t count;       /* documents */
    uint32_t *character; /* code points in rising order: character[t] is token t */
    int characters;      /* also the number of the token BOS */
    char source[256];    /* last part of the file's path, for people */
} Corpus;

/* Reads the documents of a file. Errors: those of sys_read_file; "PATH:LINE: not UTF-8 (byte
 * 0x..)", a NUL byte, a document or a file beyond the limits, no document at all. On success the
 * caller releases the corpus. */
bool corpus_read(Corpus *corpus, const char *path, Error *error);

/* The same from bytes already in memory (taken over, also on failure); path is only named in
 * errors. */
bool corpus_parse(Corpus *corpus, char *bytes, size_t length, const char *path, Error *error);

/* A digest of all texts in the order of the file: whether two files have the same documents. */
void corpus_digest(const Corpus *corpus, uint8_t digest[32]);

/* Documents of its own with the same texts, alphabet and order. Errors: memory. */
bool corpus_copy(Corpus *copy, const Corpus *of, Error *error);

void corpus_release(Corpus *corpus);

/* Shuffles the order of training as microgpt does: the first use of the run's random numbers. */
void corpus_shuffle(Corpus *corpus, Rng *rng);

/* Number of tokens, BOS included. */
int corpus_vocab(const Corpus *corpus);

/* The token of a code point, or -1. */
int corpus_token(const Corpus *corpus, uint32_t code_point);

/* Code points of document d, in the order of training, as tokens: BOS, characters, BOS; at most
 * limit of them. Returns how many. tokens has room for limit. */
int corpus_tokens(const Corpus *corpus, int64_t d, int *tokens, int limit);

/* The text of document d in the order of training: length bytes, not terminated. */
const char *corpus_text(const Corpus *corpus, int64_t d, size_t *length);

/* Makes the tokens those of `characters` (a saved run's alphabet, rising). Errors: the first
 * document with a character that the alphabet lacks ("document 17: character U+00E9 is not known to
 * the run"). */
bool corpus_adopt(Corpus *corpus, const uint32_t *characters, int count, Error *error);

/* UTF-8, one code point: bytes read (0: the end or not UTF-8) and bytes written (1 to 4). */
int corpus_decode(const char *text, size_t length, uint32_t *code_point);
int corpus_encode(uint32_t code_point, char text[4]);

#endif
