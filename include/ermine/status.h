/* <ermine/status.h> - what a function that can fail returns, and where it says why.
 *
 * A function that can fail returns `enum er_status` and takes a `struct er_error *` as its last argument: the
 * code is for the program, the message for the person. The error is owned by the caller, may be NULL, is
 * written only on failure, and is safe across threads when each thread has its own.
 */
#ifndef ERMINE_STATUS_H
#define ERMINE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#define ER_API __attribute__((visibility("default")))

/* Published numbers are never reused. */
#define ER_STATUS_LIST(X)                                                                                    \
    X(ER_OK, 0, "success")                                                                                   \
    X(ER_E_NOMEM, -1, "out of memory")                                                                       \
    X(ER_E_USAGE, -2, "an argument is out of its range")                                                     \
    X(ER_E_INPUT, -3, "the input is malformed")                                                              \
    X(ER_E_SHAPE, -4, "shapes do not agree")                                                                 \
    X(ER_E_NOT_FOUND, -5, "not found")                                                                       \
    X(ER_E_UNSUPPORTED, -6, "not defined for this layer, loss or measure")                                   \
    X(ER_E_NONFINITE, -7, "a value became infinite or NaN")                                                  \
    X(ER_E_LIMIT, -8, "larger than a limit allows")                                                          \
    X(ER_E_IO, -9, "reading or writing failed")                                                              \
    X(ER_E_FULL, -10, "no space left")                                                                       \
    X(ER_E_BUSY, -11, "in use by another process")                                                           \
    X(ER_E_STOPPED, -12, "interrupted")                                                                      \
    X(ER_E_NETWORK, -13, "the network failed")                                                               \
    X(ER_E_CHECKSUM, -14, "the checksum differs")

enum er_status {
#define ER_STATUS_ENUM(name, number, text) name = (number),
    ER_STATUS_LIST(ER_STATUS_ENUM)
#undef ER_STATUS_ENUM
};

/* An error with its place. `file` is empty when there is no file; `line` and `column` count from 1 and are 0
 * when unknown. `msg` names the thing, the value and the bound, in one line without a final full stop. */
struct er_error {
    enum er_status code;
    int64_t line, column;
    char file[256];
    char msg[512];
};

/** The constant text of a status, never NULL. */
ER_API const char *er_status_text(enum er_status status);

/**
 * Fills `err` (when not NULL) with `code` and a printf-style message, without a place.
 *
 * @return code, so that `return er_fail(err, ER_E_SHAPE, "...")` reads well.
 */
ER_API enum er_status er_fail(struct er_error *err, enum er_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The same with a place; `file` may be NULL. */
ER_API enum er_status er_fail_at(struct er_error *err, enum er_status code, const char *file, int64_t line,
                                 int64_t column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/** Gives an error that has no place yet the place (file, line, column); what it has already is kept. */
ER_API void er_error_place(struct er_error *err, const char *file, int64_t line, int64_t column);

/**
 * Writes "file:line:column: message" (leaving out what is unknown) to `out`, cut to `size` bytes with its
 * NUL.
 *
 * @return out.
 */
ER_API char *er_error_text(const struct er_error *err, char *out, size_t size);

#endif
