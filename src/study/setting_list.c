/* setting_list.c - a list that is one value: words and whole numbers, each once, in an order of their own.
 *
 * In the list of measures the name of a family stands for its members, and `all` for all there are. The canonical text
 * has the members: a measure that is new changes the keys of studies that ask for all of its family.
 */
#include "study/setting.h"

#include "core/buffer.h"
#include "core/number.h"

#include <ermine/measure.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WORDS = 256, MOST_NUMBERS = 1000 };

struct list {
    const struct er_reading *reading;
    const struct er_schema_row *row;
    const char *word[MOST_WORDS]; /* that there are */
    int64_t words;
    bool given[MOST_WORDS], implied[MOST_WORDS]; /* by its own name; by that of its family */
    int64_t number[MOST_NUMBERS];                /* given, rising */
    int64_t numbers;
};

static enum er_status fail(const struct list *list, const struct er_node *node, const char *what,
                           struct er_error *err)
{
    char value[ER_SHORT_TEXT] = "";
    if (node->kind == ER_NODE_TEXT) er_short_text(node->text, value);
    return er_fail_at(err, ER_E_INPUT, list->reading->file, node->line, node->column, "%s: %s%s%s%s",
                      list->row->path, value[0] ? "'" : "", value, value[0] ? "' " : "", what);
}

static enum er_status add_number(struct list *list, const struct er_node *node, int64_t number,
                                 struct er_error *err)
{
    int64_t at = list->numbers;
    if ((double)number < list->row->min) return fail(list, node, "is too small", err);
    if ((double)number > list->row->max) return fail(list, node, "is too large", err);
    if (list->numbers == MOST_NUMBERS) return fail(list, node, "is one number too many", err);
    while (at > 0 && list->number[at - 1] >= number) at--;
    if (at < list->numbers && list->number[at] == number) {
        char what[80], written[32];
        snprintf(written, sizeof written, "%" PRId64, number);
        snprintf(what, sizeof what, "is %s, which is in the list already", written);
        return fail(list, node, strcmp(written, node->text) == 0 ? "is in the list twice" : what, err);
    }
    memmove(list->number + at + 1, list->number + at, (size_t)(list->numbers - at) * sizeof *list->number);
    list->number[at] = number;
    list->numbers++;
    return ER_OK;
}

/* Whether `group` stands for `word` among others. */
static bool stands_for(const struct list *list, const char *group, const char *word)
{
    const struct er_measure *measure =
        strcmp(list->row->path, "measures") == 0 ? er_measure_find(word) : NULL;
    return measure && (strcmp(group, "all") == 0 || strcmp(group, measure->family) == 0);
}

/* Adds what the word of `node` stands for; *found: whether it is such a word. */
static enum er_status add_group(struct list *list, const struct er_node *node, bool *found,
                                struct er_error *err)
{
    bool news = false;
    *found = false;
    for (int64_t i = 0; i < list->words; i++) {
        if (!stands_for(list, node->text, list->word[i])) continue;
        *found = true;
        news = news || !list->implied[i];
        list->implied[i] = true;
    }
    return *found && !news ? fail(list, node, "is in the list already, in words that stand for it", err)
                           : ER_OK;
}

/* The nearest word that there is, names of families among them. */
static const char *nearest(const struct list *list, const char *text)
{
    const char *word[2 * MOST_WORDS];
    int64_t n = list->words;
    memcpy(word, list->word, (size_t)n * sizeof *word);
    for (int64_t i = 0; i < list->words && strcmp(list->row->path, "measures") == 0; i++)
        if (er_measure_find(list->word[i])) word[n++] = er_measure_find(list->word[i])->family;
    return er_nearest(text, word, n);
}

static enum er_status add(struct list *list, const struct er_node *node, struct er_error *err)
{
    int64_t number;
    bool found;
    if (node->kind != ER_NODE_TEXT) return fail(list, node, "a word or a whole number is expected", err);
    for (int64_t i = 0; i < list->words; i++) {
        if (strcmp(node->text, list->word[i]) != 0) continue;
        if (list->given[i]) return fail(list, node, "is in the list twice", err);
        list->given[i] = true;
        return ER_OK;
    }
    const enum er_status status = add_group(list, node, &found, err);
    if (found) return status;
    if (list->row->min <= list->row->max && er_number_integer(node->text, &number))
        return add_number(list, node, number, err);
    char what[ER_SHORT_TEXT + 80];
    const bool numbers = list->row->min <= list->row->max; /* else the words are many */
    const char *near = nearest(list, node->text);
    snprintf(what, sizeof what, "is none of %s%s%s%s%s",
             numbers ? list->row->choices : "the words that there are",
             numbers ? ", and no whole number" : "", near ? "; did you mean " : "", near ? near : "",
             near ? "?" : "");
    return fail(list, node, what, err);
}

static enum er_status write(const struct list *list, const char **text, struct er_error *err)
{
    struct er_buffer out = {0};
    char *written;
    for (int64_t i = 0; i < list->words; i++)
        if (list->given[i] || list->implied[i])
            er_buffer_format(&out, "%s%s", out.length ? " " : "", list->word[i]);
    for (int64_t i = 0; i < list->numbers; i++)
        er_buffer_format(&out, "%s%" PRId64, out.length ? " " : "", list->number[i]);
    enum er_status status = er_buffer_take(&out, &written, err);
    if (status != ER_OK) return status;
    *text = er_arena_strdup(list->reading->arena, written);
    er_free(written);
    return *text ? ER_OK : er_fail(err, ER_E_NOMEM, "study: out of memory");
}

enum er_status er_setting_list(const struct er_reading *reading, const struct er_schema_row *row,
                               const struct er_node *node, const char **text, struct er_error *err)
{
    struct list *list = er_arena_alloc(reading->arena, 1, sizeof *list);
    char *choices = er_arena_strdup(reading->arena, row->choices), *rest = NULL;
    if (!list || !choices) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    *list = (struct list){.reading = reading, .row = row};
    for (char *w = strtok_r(choices, " ", &rest); w && list->words < MOST_WORDS;
         w = strtok_r(NULL, " ", &rest))
        list->word[list->words++] = w;
    if (node->kind == ER_NODE_LIST && node->n == 0) return fail(list, node, "the list is empty", err);
    enum er_status status = ER_OK;
    if (node->kind != ER_NODE_LIST) status = add(list, node, err);
    for (const struct er_node *member = node->child; node->kind == ER_NODE_LIST && member && status == ER_OK;
         member = member->next)
        status = add(list, member, err);
    return status == ER_OK ? write(list, text, err) : status;
}
