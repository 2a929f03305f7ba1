/* baseline.c - measures that know the gap, with or without noise, that know nothing, or the hyper-parameters alone.
 *
 * Source: Jiang et al. 2020, section 6 (oracle, random, canonical ordering).
 */
#include "core/number.h"

#include <ermine/random.h>
#include <ermine/rank_scores.h>
#include <math.h>
#include <string.h>

static const char *const names[] = {"oracle", "oracle_0.02", "oracle_0.05", "random", "canonical", NULL};

enum { ORACLE, ORACLE_02, ORACLE_05, RANDOM, CANONICAL, BASELINES };

const char *const *er_rank_baselines(void)
{
    return names;
}

/* The gap with noise of a standard deviation. */
static void oracle(const struct er_rank_table *t, int which, double deviation, uint64_t seed, double *value)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_BASELINE, (uint64_t)which));
    for (int64_t i = 0; i < t->n; i++)
        value[i] = t->gap[i] + (deviation > 0 ? deviation * er_random_normal(&r) : 0);
}

static enum er_status canonical(const struct er_rank_table *t, double *value, struct er_error *err)
{
    int64_t held = 0;
    memset(value, 0, (size_t)t->n * sizeof *value);
    for (int64_t p = 0; p < t->parameters; p++) {
        const struct er_rank_parameter *parameter = &t->parameter[p];
        held += parameter->better != 0;
        for (int64_t i = 0; i < t->n; i++)
            value[i] -= parameter->levels > 1 ? parameter->better * (double)parameter->level[i] /
                                                    (double)(parameter->levels - 1)
                                              : 0;
    }
    return held > 0 ? ER_OK
                    : er_fail(err, ER_E_UNSUPPORTED,
                              "canonical: of no hyper-parameter is it held which values generalise better");
}

enum er_status er_rank_baseline(const struct er_rank_table *table, const char *name, uint64_t seed,
                                double *value, struct er_error *err)
{
    int which = 0;
    while (which < BASELINES && strcmp(names[which], name) != 0) which++;
    if (which == BASELINES) {
        const char *nearest = er_nearest(name, names, BASELINES);
        return er_fail(err, ER_E_NOT_FOUND, "there is no baseline \"%.64s\"%s%s%s", name,
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    }
    if (which == CANONICAL) return canonical(table, value, err);
    if (which != RANDOM) {
        oracle(table, which, which == ORACLE_02 ? 0.02 : which == ORACLE_05 ? 0.05 : 0, seed, value);
        return ER_OK;
    }
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_BASELINE, RANDOM));
    for (int64_t i = 0; i < table->n; i++) value[i] = er_random_uniform(&r);
    return ER_OK;
}
