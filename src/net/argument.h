/* argument.h - the arguments of layers and presets: tables, values, and their text.
 *
 * A value is one double: an integer, a real, the index of a choice, or a size of two sides packed by
 * er_size(). Its place in a layer's argument[] is its row in the table.
 */
#ifndef ERMINE_NET_ARGUMENT_H
#define ERMINE_NET_ARGUMENT_H

#include "core/buffer.h"

#include <ermine/model.h>

enum { ER_ARGUMENTS = 12, ER_SIZE_MOST = 4096 };

enum er_argument_kind { ER_ARGUMENT_INTEGER, ER_ARGUMENT_REAL, ER_ARGUMENT_CHOICE, ER_ARGUMENT_SIZE };

struct er_argument {
    const char *name;
    enum er_argument_kind kind;
    bool positional;
    double min, max;      /* numbers, and either side of a size (1 .. ER_SIZE_MOST): the closed range */
    const char *choices;  /* choice: words separated by blanks; the value is the index */
    const char *fallback; /* as it would be written; NULL: required; "": given by the net (the last width);
                             "=NAME": the value of the argument NAME */
    const char *help;
};

/* A size, written 3x5 (height x width), or 3 for 3x3. */
static inline double er_size(int64_t height, int64_t width)
{
    return (double)(height * (2 * ER_SIZE_MOST) + width);
}
static inline int64_t er_size_height(double size)
{
    return (int64_t)size / (2 * ER_SIZE_MOST);
}
static inline int64_t er_size_width(double size)
{
    return (int64_t)size % (2 * ER_SIZE_MOST);
}

/* Reads the words of `from` by the table of `owner` (a layer's or preset's name, for messages): out[0..rows).
 * ER_E_INPUT with the place of the word at fault. */
enum er_status er_arguments_read(const char *owner, const struct er_argument *table,
                                 const struct er_model_layer *from, double out[ER_ARGUMENTS],
                                 struct er_error *err);

/* Writes them canonically, a blank before each: positional ones, then NAME=value, leaving out those at their
 * fallback. */
void er_arguments_write(struct er_buffer *text, const struct er_argument *table,
                        const double value[ER_ARGUMENTS]);

/* Writes the word of `choices` that a choice's value stands for. */
void er_argument_choice(struct er_buffer *text, const char *choices, double value);

/* The row that the net may give (fallback ""), or -1. */
int er_arguments_open(const struct er_argument *table);

/* Describes a table for people. */
void er_arguments_describe(const struct er_argument *table, struct er_layer_info *out);

#endif
