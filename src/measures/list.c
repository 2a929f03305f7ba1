/* list.c - the measures of measures.def. */
#include <ermine/measure.h>
#include <string.h>

#define MEASURE(name) extern const struct er_measure er_measure_##name;
#include "measures/measures.def"
#undef MEASURE

static const struct er_measure *const list[] = {
#define MEASURE(name) &er_measure_##name,
#include "measures/measures.def"
#undef MEASURE
};

enum { N_MEASURES = sizeof list / sizeof list[0] };

const struct er_measure *const *er_measure_list(int64_t *n)
{
    *n = N_MEASURES;
    return list;
}

const struct er_measure *er_measure_find(const char *name)
{
    for (int i = 0; i < N_MEASURES; i++)
        if (strcmp(list[i]->name, name) == 0) return list[i];
    return NULL;
}

int er_measure_direction(const char *name, enum er_rank_scale *scale)
{
    const struct er_measure *measure = er_measure_find(name);
    if (!measure) return 0;
    *scale = measure->scale;
    return measure->needs & ER_NEEDS_TEST ? ER_RANK_BESIDE : measure->direction;
}

const struct er_measure *er_measure_next(const char **words)
{
    for (*words += strspn(*words, " "); **words; *words += strspn(*words, " ")) {
        const char *word = *words;
        const size_t n = strcspn(word, " ");
        *words += n;
        for (int i = 0; i < N_MEASURES; i++)
            if (strlen(list[i]->name) == n && memcmp(list[i]->name, word, n) == 0) return list[i];
    }
    return NULL;
}

const char *er_measure_need_name(unsigned need)
{
    static const char *const name[] = {"weights",   "initial",     "train",       "outputs",
                                       "test",      "derivatives", "first-epoch", "course",
                                       "gradients", "perturbed",   "kernel"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (need == 1u << i) return name[i];
    return NULL;
}

const char *er_measure_cost_name(enum er_measure_cost cost)
{
    static const char *const name[] = {[ER_COST_MODEL] = "model",
                                       [ER_COST_WEIGHTS] = "weights",
                                       [ER_COST_PASS] = "pass",
                                       [ER_COST_TRAINING] = "training"};
    return name[cost];
}
