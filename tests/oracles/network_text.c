/* network_text.c - the oracle's own reader of model text.
 *
 *     list   = layer {, layer}
 *     layer  = name {value} {key=value}  |  name: [ branch {, branch} ]
 *     branch = [ list ]  |  layer
 *     text   = [ list ]  |  list
 */
#include "oracles/network_layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct er_arena *arena;
    const char *at;
};

static void skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

static bool skip(struct reader *r, char c)
{
    skip_blanks(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

/* The next word, or NULL before a comma, a bracket, a colon and the end. */
static char *word(struct reader *r)
{
    skip_blanks(r);
    const size_t length = strcspn(r->at, " \t\r\n,:[]");
    char *text = length ? er_arena_strndup(r->arena, r->at, length) : NULL;
    r->at += length;
    return text;
}

static bool keep_argument(struct layer *l, char *text, int *n_positional)
{
    char *equals = strchr(text, '=');
    int i = *n_positional;
    if (equals) {
        *equals = '\0';
        for (i = 0; i < NETWORK_KEYS && l->rule->key[i] && strcmp(l->rule->key[i], text) != 0;) i++;
        if (i == NETWORK_KEYS || !l->rule->key[i]) return false;
    } else if (++*n_positional > l->rule->positional) {
        return false;
    }
    if (l->value[i]) return false;
    l->value[i] = equals ? equals + 1 : text;
    return true;
}

static struct layer *read_list(struct reader *r);
static struct layer *read_layer(struct reader *r);

static struct layer *read_branch(struct reader *r)
{
    if (!skip(r, '[')) return read_layer(r);
    struct layer *first = read_list(r);
    return first && skip(r, ']') ? first : NULL;
}

static bool read_branches(struct reader *r, struct branch **end)
{
    if (!skip(r, ':') || !skip(r, '[')) return false;
    do {
        *end = er_arena_alloc(r->arena, 1, sizeof **end);
        if (!*end) return false;
        (*end)->first = read_branch(r);
        if (!(*end)->first) return false;
        end = &(*end)->next;
    } while (skip(r, ','));
    return skip(r, ']');
}

static struct layer *read_layer(struct reader *r)
{
    const char *name = word(r);
    struct layer *l = er_arena_alloc(r->arena, 1, sizeof *l);
    if (!name || !l) return NULL;
    l->rule = network_rule(name);
    if (!l->rule) return NULL;
    if (l->rule->join) return read_branches(r, &l->branch) ? l : NULL;
    int n_positional = 0;
    for (char *text = word(r); text; text = word(r))
        if (!keep_argument(l, text, &n_positional)) return NULL;
    return l;
}

static struct layer *read_list(struct reader *r)
{
    struct layer *first = NULL, **end = &first;
    do {
        *end = read_layer(r);
        if (!*end) return NULL;
        end = &(*end)->next;
    } while (skip(r, ','));
    return first;
}

static const char *value(const struct layer *l, const char *key)
{
    for (int i = 0; i < NETWORK_KEYS && l->rule->key[i]; i++)
        if (strcmp(l->rule->key[i], key) == 0) return l->value[i];
    return NULL;
}

double layer_number(const struct layer *l, const char *key, double fallback)
{
    const char *text = value(l, key);
    if (!text) return fallback;
    char *end;
    const double x = strtod(text, &end);
    return end > text && *end == '\0' ? x : nan("");
}

bool layer_says(const struct layer *l, const char *key, const char *what, const char *fallback)
{
    const char *text = value(l, key);
    return strcmp(text ? text : fallback, what) == 0;
}

void layer_size(const struct layer *l, const char *key, int64_t fallback, int64_t *h, int64_t *w)
{
    const char *text = value(l, key);
    *h = *w = fallback;
    if (!text) return;
    char *end;
    *h = *w = strtoll(text, &end, 10);
    if (*end == 'x') *w = strtoll(end + 1, &end, 10);
    if (*end != '\0') *h = *w = 0;
}

struct layer *network_read(struct er_arena *arena, const char *text)
{
    struct reader r = {arena, text};
    const bool bracket = skip(&r, '[');
    struct layer *first = read_list(&r);
    if (bracket && !skip(&r, ']')) return NULL;
    skip_blanks(&r);
    return *r.at ? NULL : first;
}
