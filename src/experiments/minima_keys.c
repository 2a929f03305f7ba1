/* minima_keys.c - `minima.*` of a study point -> er_minima_settings. */
#include "experiments/minima_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "minima/sampler.h"

#include <math.h>
#include <string.h>

const struct er_schema_row er_minima_keys_row[] = {
    MAP("minima", NULL, "collects minima of one model on one training set, by a sampler"),
    CHOICE("minima.sampler", ER_MINIMA_SAMPLERS, "sgd", "how minima are come by"),
    CHOICE("minima.vary", "start init batches subset all", "start",
           "what a run's seed changes: initial weights and order of the examples, one of them, the training "
           "subset, all three; the rest stays at seed 0"),
    INTEGER("minima.poison", "examples", 0, 1 << 24, "0",
            "poison: further examples, with wrong labels, learnt beside the training set"),
    INTEGER("minima.bins", "bins", 1, 1000, "4", "bins of the margin in each power of ten"),
    {0},
};

bool er_minima_keys_varies(const struct er_point *point, enum er_varies what)
{
    const char *word = er_point_text(point, "minima.vary", "start");
    if (strcmp(word, "all") == 0) return true;
    switch (what) {
    case ER_VARIES_INITIALISE:
        return strcmp(word, "start") == 0 || strcmp(word, "init") == 0;
    case ER_VARIES_BATCHES:
        return strcmp(word, "start") == 0 || strcmp(word, "batches") == 0;
    case ER_VARIES_SUBSET:
        break;
    }
    return strcmp(word, "subset") == 0;
}

int64_t er_minima_keys_poison(const struct er_point *point)
{
    return er_point_integer(point, "minima.poison", 0);
}

const struct er_sampler *er_minima_keys_sampler(const struct er_point *point)
{
    return er_sampler_find(er_point_text(point, "minima.sampler", "sgd"));
}

bool er_minima_keys_train(const struct er_point *point)
{
    const struct er_sampler *sampler = er_minima_keys_sampler(point);
    return sampler && sampler->info.trains;
}

double er_minima_keys_work(const struct er_point *point, double n)
{
    const char *word = er_point_text(point, "minima.sampler", "sgd");
    return strcmp(word, "poison") == 0 ? n + (double)er_minima_keys_poison(point) : n;
}

struct er_minima_settings er_minima_keys_settings(const struct er_point *point)
{
    return (struct er_minima_settings){.poison = er_minima_keys_poison(point),
                                       .seed_poison = er_data_keys_spec(point).seed};
}

static enum er_status fail_at(const struct er_point *point, const char *path, const char *what,
                              struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, path);
    return er_fail_at(err, ER_E_INPUT, NULL, setting ? setting->line : 0, setting ? setting->column : 0,
                      "%s: %s", path, what);
}

enum er_status er_minima_keys_check(const struct er_point *point, struct er_error *err)
{
    if (!er_minima_keys_sampler(point))
        return fail_at(point, "minima.sampler", "there is no such sampler", err);
    if (er_minima_keys_varies(point, ER_VARIES_SUBSET) && er_data_keys_spec(point).first)
        return fail_at(
            point, "minima.vary",
            "the training subset is the first examples whatever the seed; data.select can be random", err);
    return ER_OK;
}
