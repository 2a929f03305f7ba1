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
