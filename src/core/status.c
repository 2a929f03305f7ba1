/* status.c - filling and printing of error values. */
#include <ermine/status.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *er_status_text(enum er_status status)
{
    switch (status) {
#define STATUS_TEXT(name, number, text)                                                                      \
    case name:                                                                                               \
        return text;
        ER_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    }
    return "unknown status";
}

static void copy_cut(char *out, size_t size, const char *text)
{
    size_t n = strnlen(text, size - 1);
    memcpy(out, text, n);
    out[n] = '\0';
}

__attribute__((format(printf, 6, 0))) static void fill(struct er_error *err, enum er_status code,
                                                       const char *file, int64_t line, int64_t column,
                                                       const char *format, va_list args)
{
    if (!err) return;
    char msg[sizeof err->msg]; /* the arguments may point into *err */
    vsnprintf(msg, sizeof msg, format, args);
    if (file != err->file) copy_cut(err->file, sizeof err->file, file ? file : "");
    copy_cut(err->msg, sizeof err->msg, msg);
    err->code = code;
    err->line = line;
    err->column = column;
}

enum er_status er_fail(struct er_error *err, enum er_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, NULL, 0, 0, format, args);
    va_end(args);
    return code;
}

enum er_status er_fail_at(struct er_error *err, enum er_status code, const char *file, int64_t line,
                          int64_t column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, file, line, column, format, args);
    va_end(args);
    return code;
}

void er_error_place(struct er_error *err, const char *file, int64_t line, int64_t column)
{
    if (!err) return;
    if (!err->file[0] && file) copy_cut(err->file, sizeof err->file, file);
    if (err->line == 0) {
        err->line = line;
        err->column = column;
    }
}

char *er_error_text(const struct er_error *err, char *out, size_t size)
{
    char place[sizeof err->file + 48] = "";
    if (err->file[0] && err->line > 0 && err->column > 0)
        snprintf(place, sizeof place, "%s:%" PRId64 ":%" PRId64 ": ", err->file, err->line, err->column);
    else if (err->file[0] && err->line > 0)
        snprintf(place, sizeof place, "%s:%" PRId64 ": ", err->file, err->line);
    else if (err->file[0])
        snprintf(place, sizeof place, "%s: ", err->file);
    else if (err->line > 0)
        snprintf(place, sizeof place, "line %" PRId64 ", column %" PRId64 ": ", err->line, err->column);
    snprintf(out, size, "%s%s", place, err->msg[0] ? err->msg : er_status_text(err->code));
    return out;
}
