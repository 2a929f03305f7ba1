/* argument.c - every argument read by its table, and written back canonically. */
#include "net/argument.h"

#include "core/number.h"

#include <stdio.h>
#include <string.h>

static int count(const struct er_argument *table)
{
    int n = 0;
    while (table && table[n].name) n++;
    return n;
}

/* The index of `word` among `choices` (separated by blanks), or -1. */
static int choice_index(const char *choices, const char *word)
{
    const size_t length = strlen(word);
    int index = 0;
    for (const char *c = choices; *c; index++) {
        const size_t n = strcspn(c, " ");
        if (n == length && memcmp(c, word, n) == 0) return index;
        c += n;
        c += strspn(c, " ");
    }
    return -1;
}

/* A side as it is packed; one that no row allows as the nearest such one that fits. */
static int64_t side_of(int64_t n)
{
    return n < 0 ? 0 : n > ER_SIZE_MOST ? ER_SIZE_MOST + 1 : n;
}

/* "3x5", or "3" for 3x3. */
static bool read_size(const char *text, double *out)
{
    char side[2][ER_NUMBER_TEXT];
    const size_t first = strcspn(text, "x");
    const char *second = text[first] ? text + first + 1 : text;
    int64_t height, width;
    if (first >= sizeof side[0] || strlen(second) >= sizeof side[1]) return false;
    snprintf(side[0], sizeof side[0], "%.*s", (int)first, text);
    snprintf(side[1], sizeof side[1], "%s", second);
    if (!er_number_integer(side[0], &height) || !er_number_integer(side[1], &width)) return false;
    *out = er_size(side_of(height), side_of(width));
    return true;
}

static bool inside(const struct er_argument *a, double value)
{
    if (a->kind != ER_ARGUMENT_SIZE) return value >= a->min && value <= a->max;
    const double height = (double)er_size_height(value), width = (double)er_size_width(value);
    return height >= a->min && height <= a->max && width >= a->min && width <= a->max;
}

static enum er_status read_value(const char *owner, const struct er_argument *a, const char *text,
                                 int64_t line, int64_t column, double *out, struct er_error *err)
{
    if (a->kind == ER_ARGUMENT_CHOICE) {
        const int index = choice_index(a->choices, text);
        if (index < 0)
            return er_fail_at(err, ER_E_INPUT, NULL, line, column,
                              "model: %s: %s is '%s', which is none of: %s", owner, a->name, text,
                              a->choices);
        *out = index;
        return ER_OK;
    }
    static const char *const what[] = {
        [ER_ARGUMENT_INTEGER] = "an integer",
        [ER_ARGUMENT_REAL] = "a number",
        [ER_ARGUMENT_SIZE] = "a size such as 3x3 or 3",
    };
    int64_t integer = 0;
    double value = 0;
    const bool read = a->kind == ER_ARGUMENT_INTEGER ? er_number_integer(text, &integer)
                      : a->kind == ER_ARGUMENT_REAL  ? er_number_real(text, &value)
                                                     : read_size(text, &value);
    if (!read)
        return er_fail_at(err, ER_E_INPUT, NULL, line, column, "model: %s: %s is '%s', which is not %s",
                          owner, a->name, text, what[a->kind]);
    if (a->kind == ER_ARGUMENT_INTEGER) value = (double)integer;
    if (!inside(a, value))
        return er_fail_at(err, ER_E_INPUT, NULL, line, column,
                          "model: %s: %s is %s, outside of %.10g to %.10g", owner, a->name, text, a->min,
                          a->max);
    *out = value;
    return ER_OK;
}

/* Which argument a word is for: by its key, or the next positional one. -1 and err when there is none. */
static int find(const char *owner, const struct er_argument *table, const struct er_model_word *word,
                int *positional, struct er_error *err)
{
    const int n = count(table);
    const char *names[ER_ARGUMENTS];
    for (int i = 0; i < n; i++) names[i] = table[i].name;
    if (word->key) {
        for (int i = 0; i < n; i++)
            if (strcmp(names[i], word->key) == 0) return i;
        const char *near = er_nearest(word->key, names, n);
        er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s has no argument '%s'%s%s%s",
                   owner, word->key, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        return -1;
    }
    for (; *positional < n; (*positional)++)
        if (table[*positional].positional) return (*positional)++;
    er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s has no place for '%s'", owner,
               word->value);
    return -1;
}

/* The row that a fallback "=NAME" means. */
static int referred(const struct er_argument *table, const char *fallback)
{
    int i = 0;
    while (strcmp(table[i].name, fallback + 1) != 0) i++;
    return i;
}

static enum er_status fill(const char *owner, const struct er_argument *table,
                           const struct er_model_layer *from, const bool given[ER_ARGUMENTS],
                           double out[ER_ARGUMENTS], struct er_error *err)
{
    for (int a = 0; a < count(table); a++) {
        const char *fallback = table[a].fallback;
        if (given[a]) continue;
        if (!fallback)
            return er_fail_at(err, ER_E_INPUT, NULL, from->line, from->column, "model: %s needs its %s",
                              owner, table[a].name);
        if (!fallback[0]) continue; /* 0: the net gives it */
        if (fallback[0] == '=') {
            out[a] = out[referred(table, fallback)];
            continue;
        }
        enum er_status status =
            read_value(owner, &table[a], fallback, from->line, from->column, &out[a], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

enum er_status er_arguments_read(const char *owner, const struct er_argument *table,
                                 const struct er_model_layer *from, double out[ER_ARGUMENTS],
                                 struct er_error *err)
{
    bool given[ER_ARGUMENTS] = {false};
    int positional = 0;
    for (int a = 0; a < ER_ARGUMENTS; a++) out[a] = 0;
    for (int64_t i = 0; i < from->n_words; i++) {
        const struct er_model_word *word = &from->word[i];
        const int a = find(owner, table, word, &positional, err);
        if (a < 0) return ER_E_INPUT;
        if (given[a])
            return er_fail_at(err, ER_E_INPUT, NULL, word->line, word->column, "model: %s: %s is given twice",
                              owner, table[a].name);
        given[a] = true;
        enum er_status status =
            read_value(owner, &table[a], word->value, word->line, word->column, &out[a], err);
        if (status != ER_OK) return status;
    }
    return fill(owner, table, from, given, out, err);
}

void er_argument_choice(struct er_buffer *text, const char *choices, double value)
{
    const char *word = choices;
    for (int i = 0; i < (int)value; i++) word += strcspn(word, " ") + 1;
    er_buffer_add(text, word, strcspn(word, " "));
}

static void write_value(struct er_buffer *text, const struct er_argument *a, double value)
{
    char number[ER_NUMBER_TEXT];
    if (a->kind == ER_ARGUMENT_SIZE) {
        er_buffer_format(text, "%dx%d", (int)er_size_height(value), (int)er_size_width(value));
        return;
    }
    if (a->kind != ER_ARGUMENT_CHOICE) {
        er_buffer_text(text, er_number_text(value, number));
        return;
    }
    er_argument_choice(text, a->choices, value);
}

/* Whether `value` is what the row would have without being written. */
static bool usual(const struct er_argument *table, int row, const double value[ER_ARGUMENTS])
{
    const char *fallback = table[row].fallback;
    double expected = 0;
    if (!fallback) return false;
    if (!fallback[0]) return !(value[row] > 0);
    if (fallback[0] == '=') return value[row] == value[referred(table, fallback)];
    return read_value("", &table[row], fallback, 0, 0, &expected, NULL) == ER_OK && expected == value[row];
}

void er_arguments_write(struct er_buffer *text, const struct er_argument *table,
                        const double value[ER_ARGUMENTS])
{
    bool in_order = true; /* a positional argument that is left out makes the later ones need their names */
    for (int a = 0; a < count(table); a++) {
        if (usual(table, a, value)) {
            in_order = in_order && !table[a].positional;
            continue;
        }
        er_buffer_char(text, ' ');
        if (!table[a].positional || !in_order) er_buffer_format(text, "%s=", table[a].name);
        write_value(text, &table[a], value[a]);
    }
}

int er_arguments_open(const struct er_argument *table)
{
    for (int a = 0; a < count(table); a++)
        if (table[a].fallback && !table[a].fallback[0]) return a;
    return -1;
}

void er_arguments_describe(const struct er_argument *table, struct er_layer_info *out)
{
    static const char *const type[] = {
        [ER_ARGUMENT_INTEGER] = "integer", [ER_ARGUMENT_REAL] = "number", [ER_ARGUMENT_SIZE] = "size"};
    for (const struct er_argument *a = table; a && a->name; a++) {
        const int n = out->n_arguments++;
        out->argument[n].name = a->name;
        out->argument[n].type = a->kind == ER_ARGUMENT_CHOICE ? a->choices : type[a->kind];
        out->argument[n].fallback = a->fallback;
        out->argument[n].help = a->help;
        out->argument[n].positional = a->positional;
    }
}
