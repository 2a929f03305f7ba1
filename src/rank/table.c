/* table.c - tables of models checked; levels of hyper-parameters from their values. */
#include "rank/table.h"
#include "rank/order.h"

#include <ermine/memory.h>
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum er_status check_parameter(const struct er_rank_parameter *p, int64_t n, struct er_error *err)
{
    if (p->levels < 1 || p->levels > ER_RANK_LEVELS_MAX)
        return er_fail(err, p->levels < 1 ? ER_E_USAGE : ER_E_LIMIT,
                       "rank: hyper-parameter %s has %" PRId64 " levels, not 1 .. %d", p->name, p->levels,
                       ER_RANK_LEVELS_MAX);
    for (int64_t i = 0; i < n; i++)
        if (p->level[i] < 0 || p->level[i] >= p->levels)
            return er_fail(err, ER_E_USAGE,
                           "rank: hyper-parameter %s: model %" PRId64 " has level %" PRId32
                           ", not 0 .. %" PRId64,
                           p->name, i, p->level[i], p->levels - 1);
    return ER_OK;
}

enum er_status er_rank_table_check(const struct er_rank_table *table, struct er_error *err)
{
    if (table->n < 1 || table->n > ER_RANK_MODELS_MAX)
        return er_fail(err, table->n < 1 ? ER_E_USAGE : ER_E_LIMIT,
                       "rank: takes 1 .. %d models, got %" PRId64, ER_RANK_MODELS_MAX, table->n);
    if (table->parameters < 0 || table->parameters > ER_RANK_PARAMETERS_MAX)
        return er_fail(err, table->parameters < 0 ? ER_E_USAGE : ER_E_LIMIT,
                       "rank: takes 0 .. %d hyper-parameters, got %" PRId64, ER_RANK_PARAMETERS_MAX,
                       table->parameters);
    if (table->measures < 1) return er_fail(err, ER_E_USAGE, "rank: there is no measure");
    for (int64_t k = 0; k < table->measures; k++)
        if (table->measure[k].direction != 1 && table->measure[k].direction != -1)
            return er_fail(err, ER_E_USAGE, "rank: measure %s: the direction must be 1 or -1, got %d",
                           table->measure[k].name, table->measure[k].direction);
    for (int64_t k = 0; k < table->measures; k++)
        if (table->measure[k].scale < ER_RANK_AS_IS || table->measure[k].scale > ER_RANK_LOG_NUMERATOR)
            return er_fail(err, ER_E_USAGE, "rank: measure %s: there is no scale %d", table->measure[k].name,
                           (int)table->measure[k].scale);
    for (int64_t i = 0; table->train_size && i < table->n; i++)
        if (!(table->train_size[i] > 0 && isfinite(table->train_size[i])))
            return er_fail(err, ER_E_USAGE,
                           "rank: model %" PRId64 " was trained on %g examples, not on 1 or more", i,
                           table->train_size[i]);
    for (int64_t i = 0; i < table->parameters; i++) {
        const enum er_status status = check_parameter(&table->parameter[i], table->n, err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static enum er_status no_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "rank: out of memory for the levels of %" PRId64 " models", n);
}

static enum er_status too_many(int64_t most, struct er_error *err)
{
    return er_fail(err, ER_E_LIMIT, "rank: a hyper-parameter has more than %" PRId64 " levels", most);
}

enum er_status er_rank_levels_of_numbers(int64_t n, const double *value, int64_t most, int32_t *level,
                                         int64_t *levels, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return er_fail(err, ER_E_NONFINITE, "rank: a hyper-parameter of model %" PRId64 " is %g", i,
                           value[i]);
    struct er_rank_entry *entry = er_alloc(n, sizeof *entry);
    if (!entry) return no_memory(n, err);
    for (int64_t i = 0; i < n; i++) entry[i] = (struct er_rank_entry){value[i], i};
    er_rank_sort(n, entry);
    int64_t found = 0;
    double first = 0; /* of the level */
    for (int64_t i = 0; i < n; i++) {
        if (i == 0 || entry[i].value - first > 1e-9 * fabs(first)) {
            first = entry[i].value;
            found++;
        }
        if (found <= most) level[entry[i].index] = (int32_t)(found - 1);
    }
    er_free(entry);
    if (found > most) return too_many(most, err);
    *levels = found;
    return ER_OK;
}

struct word {
    const char *text;
    int64_t index;
};

static int by_text(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    if (!x->text || !y->text) return (x->text != NULL) - (y->text != NULL);
    return strcmp(x->text, y->text);
}

enum er_status er_rank_levels_of_words(int64_t n, const char *const *word, int64_t most, int32_t *level,
                                       int64_t *levels, struct er_error *err)
{
    struct word *sorted = er_alloc(n, sizeof *sorted);
    if (!sorted) return no_memory(n, err);
    for (int64_t i = 0; i < n; i++) sorted[i] = (struct word){word[i], i};
    if (n > 0) qsort(sorted, (size_t)n, sizeof *sorted, by_text);
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++) {
        found += i == 0 || by_text(&sorted[i - 1], &sorted[i]) != 0;
        if (found <= most) level[sorted[i].index] = (int32_t)(found - 1);
    }
    er_free(sorted);
    if (found > most) return too_many(most, err);
    *levels = found;
    return ER_OK;
}

enum er_status er_rank_number_levels(int64_t n, const double *value, int32_t *level, int64_t *levels,
                                     struct er_error *err)
{
    return er_rank_levels_of_numbers(n, value, ER_RANK_LEVELS_MAX, level, levels, err);
}

enum er_status er_rank_word_levels(int64_t n, const char *const *word, int32_t *level, int64_t *levels,
                                   struct er_error *err)
{
    return er_rank_levels_of_words(n, word, ER_RANK_LEVELS_MAX, level, levels, err);
}

int er_rank_better(const char *name)
{
    static const struct {
        const char *word;
        int better;
    } held[] = {{"width", 1},         {"depth", 1},  {"dropout", 1},      {"rate", 1},
                {"learning_rate", 1}, {"lr", 1},     {"weight_decay", 1}, {"momentum", 1},
                {"train", 1},         {"epochs", 1}, {"batch", -1},       {"batch_size", -1}};
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (strcmp(held[i].word, last) == 0) return held[i].better;
    return 0;
}
