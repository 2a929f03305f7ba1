/* npy_front.c - what NumPy's array files begin with.
 *
 *     93 'NUMPY' | major minor | header length (u16 in version 1, u32 in 2 and 3) | header | values
 *     header = {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } blanks newline
 *
 * The header is a Python literal: its three keys come in any order, with either kind of quotes and any
 * blanks. The length of the values is exact. Objects are pickled Python, a program in disguise: never loaded.
 * Source: NumPy enhancement proposal 1, "A simple file format for NumPy arrays".
 */
#include "data/npy_front.h"

#include "data/recognise.h"
#include "data/shown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    RANK_MAX = ER_NPY_RANK,
    MAGIC = 6,
    HEADER_MAX = ER_NPY_FRONT - 12,
    DIGITS_MAX = 18 /* fit int64_t */
};

struct reader {
    const char *at, *end;
};

static enum er_status fail_header(const struct reader *r, const char *what, struct er_error *err)
{
    char shown[ER_SHOWN];
    return er_fail(err, ER_E_INPUT, "npy: header: %s, at \"%s\"", what,
                   er_text_shown(r->at, (size_t)(r->end - r->at), shown));
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
}

/* Takes `c`, with blanks before it. */
static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static bool take_word(struct reader *r, const char *word)
{
    const size_t n = strlen(word);
    skip_blanks(r);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0) return false;
    r->at += n;
    return true;
}

/* A string without escapes, in either kind of quotes. */
static bool take_string(struct reader *r, const char **text, size_t *n)
{
    skip_blanks(r);
    if (r->at == r->end || (*r->at != '\'' && *r->at != '"')) return false;
    const char *close = memchr(r->at + 1, *r->at, (size_t)(r->end - r->at - 1));
    if (!close || memchr(r->at, '\\', (size_t)(close - r->at))) return false;
    *text = r->at + 1;
    *n = (size_t)(close - *text);
    r->at = close + 1;
    return true;
}

static bool is(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* byte order, kind, size: "<f8". One byte has no order. */
static enum er_status read_descr(struct reader *r, struct er_npy_front *h, struct er_error *err)
{
    static const char *const known[] = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"};
    char shown[ER_SHOWN];
    const char *text;
    size_t n;
    skip_blanks(r);
    if (r->at < r->end && *r->at == '[')
        return fail_header(r, "arrays of records (structured types) are not read", err);
    if (!take_string(r, &text, &n)) return fail_header(r, "descr is no string", err);
    if (n >= 2 && text[1] == 'O')
        return er_fail(err, ER_E_INPUT, "npy: an array of Python objects; pickled objects are never loaded");
    for (size_t i = 0; n == 3 && i < sizeof known / sizeof *known; i++) {
        if (memcmp(text + 1, known[i], 2) != 0) continue;
        h->kind = known[i][0];
        h->bytes = known[i][1] - '0';
        h->big_endian = text[0] == '>';
        if (text[0] == '<' || text[0] == '>' || (text[0] == '|' && h->bytes == 1)) return ER_OK;
    }
    return er_fail(err, ER_E_INPUT,
                   "npy: values of type \"%s\" are not read; b1, i1 to i8, u1 to u8, f4 and f8 are",
                   er_text_shown(text, n, shown));
}

/* (), (3,), (3, 4); integers may end in L, as Python 2 wrote them. */
static enum er_status read_shape(struct reader *r, struct er_npy_front *h, struct er_error *err)
{
    if (!take(r, '(')) return fail_header(r, "shape is no tuple", err);
    h->rank = 0;
    bool comma = true;
    while (!take(r, ')')) {
        int64_t dim = 0;
        int digits = 0;
        if (!comma) return fail_header(r, "a comma is missing in shape", err);
        if (h->rank == RANK_MAX) return er_fail(err, ER_E_LIMIT, "npy: more than %d dimensions", RANK_MAX);
        skip_blanks(r);
        for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++, digits++)
            if (digits < DIGITS_MAX) dim = 10 * dim + (*r->at - '0');
        if (digits == 0 || digits > DIGITS_MAX) return fail_header(r, "shape: no size of a dimension", err);
        if (r->at < r->end && *r->at == 'L') r->at++;
        h->dim[h->rank++] = dim;
        comma = take(r, ',');
    }
    if (h->rank == 1 && !comma) return fail_header(r, "shape is a number in brackets, no tuple", err);
    return ER_OK;
}

static enum er_status read_order(struct reader *r, struct er_npy_front *h, struct er_error *err)
{
    h->fortran = take_word(r, "True");
    if (!h->fortran && !take_word(r, "False"))
        return fail_header(r, "fortran_order is neither True nor False", err);
    return ER_OK;
}

static enum er_status read_header(const char *text, size_t n, struct er_npy_front *h, struct er_error *err)
{
    static const struct {
        const char *key;
        enum er_status (*read)(struct reader *r, struct er_npy_front *h, struct er_error *err);
    } entry[] = {{"descr", read_descr}, {"fortran_order", read_order}, {"shape", read_shape}};
    enum { ENTRIES = sizeof entry / sizeof *entry };
    struct reader r = {.at = text, .end = text + n};
    bool seen[ENTRIES] = {false};
    bool comma = true;
    if (!take(&r, '{')) return fail_header(&r, "no dictionary", err);
    while (!take(&r, '}')) {
        const char *key;
        size_t length;
        size_t i = 0;
        if (!comma) return fail_header(&r, "a comma is missing", err);
        if (!take_string(&r, &key, &length)) return fail_header(&r, "no key", err);
        while (i < ENTRIES && !is(key, length, entry[i].key)) i++;
        if (i == ENTRIES || seen[i] || !take(&r, ':'))
            return fail_header(&r, "a key that is unknown, repeated or without a value", err);
        seen[i] = true;
        enum er_status status = entry[i].read(&r, h, err);
        if (status != ER_OK) return status;
        comma = take(&r, ',');
    }
    skip_blanks(&r);
    if (r.at != r.end) return fail_header(&r, "text behind the dictionary", err);
    for (size_t i = 0; i < ENTRIES; i++)
        if (!seen[i]) return er_fail(err, ER_E_INPUT, "npy: header: %s is missing", entry[i].key);
    return ER_OK;
}

/* Finds header and values. */
static enum er_status read_front(const unsigned char *bytes, size_t n, struct er_npy_front *h,
                                 struct er_error *err)
{
    if (n < MAGIC || memcmp(bytes, "\x93NUMPY", MAGIC) != 0)
        return er_fail(err, ER_E_INPUT, "npy: the file does not begin with 93 'NUMPY'%s",
                       er_data_looks(bytes, n));
    const int major = n > MAGIC ? bytes[MAGIC] : 0;
    const size_t front = major == 1 ? 10 : 12;
    if (n < front) return er_fail(err, ER_E_INPUT, "npy: the file ends in its first %zu bytes", front);
    if (major < 1 || major > 3 || bytes[MAGIC + 1] != 0)
        return er_fail(err, ER_E_INPUT, "npy: version %d.%d; 1.0, 2.0 and 3.0 are read", major,
                       bytes[MAGIC + 1]);
    size_t length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
    if (major > 1) length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (length > HEADER_MAX)
        return er_fail(err, ER_E_LIMIT, "npy: a header of %zu bytes; %d are the most", length, HEADER_MAX);
    if (length > n - front)
        return er_fail(err, ER_E_INPUT, "npy: a header of %zu bytes in a file of %zu", length, n);
    h->at = front + length;
    return read_header((const char *)bytes + front, length, h, err);
}

char *er_npy_shape_text(const struct er_npy_front *h, char out[ER_NPY_SHAPE_TEXT])
{
    size_t used = (size_t)snprintf(out, 2, "(");
    for (int i = 0; i < h->rank; i++)
        used += (size_t)snprintf(out + used, 24, "%s%" PRId64, i ? ", " : "", h->dim[i]);
    snprintf(out + used, 3, "%s", h->rank == 1 ? ",)" : ")");
    return out;
}

/* The number of values, and the bytes that they take in the file. An empty array may have any other sizes, as
 * long as their product means something. */
static enum er_status count_values(struct er_npy_front *h, struct er_error *err)
{
    char text[ER_NPY_SHAPE_TEXT];
    int64_t product = 1;
    bool empty = false;
    bool overflow = false;
    for (int i = 0; i < h->rank; i++) {
        empty = empty || h->dim[i] == 0;
        if (h->dim[i] > 0) overflow = __builtin_mul_overflow(product, h->dim[i], &product) || overflow;
    }
    int64_t size = 0; /* in memory, where a value takes the most that it can in a file */
    overflow = __builtin_mul_overflow(product, (int64_t)sizeof(double), &size) || overflow;
    if (overflow)
        return er_fail(err, ER_E_INPUT, "npy: shape %s is larger than any file", er_npy_shape_text(h, text));
    h->count = empty ? 0 : product;
    h->need = h->count * h->bytes;
    return ER_OK;
}

enum er_status er_npy_front_read(const unsigned char *bytes, size_t n, struct er_npy_front *out,
                                 struct er_error *err)
{
    *out = (struct er_npy_front){0};
    const enum er_status status = read_front(bytes, n, out, err);
    return status == ER_OK ? count_values(out, err) : status;
}

enum er_status er_npy_front_check(const struct er_npy_front *front, uint64_t there, struct er_error *err)
{
    char text[ER_NPY_SHAPE_TEXT];
    if ((uint64_t)front->need == there) return ER_OK;
    return er_fail(err, ER_E_INPUT,
                   "npy: shape %s of %d-byte values needs %" PRId64 " bytes, behind the header are %" PRIu64,
                   er_npy_shape_text(front, text), front->bytes, front->need, there);
}
