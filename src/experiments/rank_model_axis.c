/* rank_model_axis.c - reads labels of presets by the presets' own tables of arguments. */
#include "experiments/rank_model_axis.h"

#include <string.h>

enum { MOST_ARGUMENTS = 12 };

static enum er_status no_memory(struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "rank: out of memory for the hyper-parameters of models");
    return ER_E_NOMEM;
}

/* The preset that a label begins with. */
static bool preset_of(const char *label, struct er_layer_info *out)
{
    const size_t n = strcspn(label, " ");
    for (int64_t i = 0; er_preset_describe(i, out); i++)
        if (strlen(out->name) == n && strncmp(out->name, label, n) == 0) return true;
    return false;
}

/* The argument of a word that has no key, the `place`-th such word. */
static int positional(const struct er_layer_info *preset, int place)
{
    for (int a = 0; a < preset->n_arguments; a++)
        if (preset->argument[a].positional && place-- == 0) return a;
    return -1;
}

static int named(const struct er_layer_info *preset, const char *key, size_t n)
{
    for (int a = 0; a < preset->n_arguments; a++)
        if (strlen(preset->argument[a].name) == n && strncmp(preset->argument[a].name, key, n) == 0) return a;
    return -1;
}

/* The default of argument a; "=NAME" is what NAME is. */
static const char *usual(const struct er_layer_info *preset, int a, const char *const *value)
{
    const char *fallback = preset->argument[a].fallback;
    if (!fallback || fallback[0] != '=') return fallback ? fallback : "";
    const int other = named(preset, fallback + 1, strlen(fallback + 1));
    if (other < 0) return "";
    return value[other] ? value[other] : usual(preset, other, value);
}

/* The arguments of one label; false when memory is out. */
static bool read_label(const struct er_layer_info *preset, const char *label, struct er_arena *arena,
                       const char *value[MOST_ARGUMENTS])
{
    char *text = er_arena_strdup(arena, label), *rest = NULL;
    int place = 0;
    if (!text) return false;
    for (int a = 0; a < MOST_ARGUMENTS; a++) value[a] = NULL;
    strtok_r(text, " ", &rest);
    for (char *word; (word = strtok_r(NULL, " ", &rest));) {
        const char *equals = strchr(word, '=');
        const int a = equals ? named(preset, word, (size_t)(equals - word)) : positional(preset, place++);
        if (a >= 0) value[a] = equals ? equals + 1 : word;
    }
    for (int a = 0; a < preset->n_arguments; a++)
        if (!value[a]) value[a] = usual(preset, a, value);
    return true;
}

static bool varies(const char *const *value, int64_t n)
{
    for (int64_t i = 1; i < n; i++)
        if (strcmp(value[i], value[0]) != 0) return true;
    return false;
}

enum er_status er_rank_arguments(const char *const *label, int64_t n, struct er_arena *arena,
                                 struct er_rank_arguments *out, struct er_error *err)
{
    struct er_layer_info preset, other;
    const char **value[MOST_ARGUMENTS];
    *out = (struct er_rank_arguments){0};
    if (n == 0 || !label[0] || !preset_of(label[0], &preset)) return ER_OK;
    for (int64_t i = 1; i < n; i++)
        if (!label[i] || !preset_of(label[i], &other) || strcmp(other.name, preset.name) != 0) return ER_OK;
    for (int a = 0; a < preset.n_arguments; a++)
        if (!(value[a] = er_arena_alloc(arena, n, sizeof *value[a]))) return no_memory(err);
    for (int64_t i = 0; i < n; i++) {
        const char *one[MOST_ARGUMENTS];
        if (!read_label(&preset, label[i], arena, one)) return no_memory(err);
        for (int a = 0; a < preset.n_arguments; a++) value[a][i] = one[a];
    }
    for (int a = 0; a < preset.n_arguments; a++) {
        if (!varies(value[a], n)) continue;
        out->name[out->n] = preset.argument[a].name;
        out->value[out->n++] = value[a];
    }
    return ER_OK;
}
