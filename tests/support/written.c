/* written.c - layers written from their tables. */
#include "support/written.h"

#include "t.h"

#include <ermine/random.h>
#include <stdio.h>
#include <string.h>

enum { VALUES = 12, LENGTH = 32, DRAWS = T_SANITIZED ? 1 : 8 };

static bool inside(const struct er_argument *a, double value)
{
    return value >= a->min && value <= a->max;
}

static int words(const char *choices, char out[VALUES][LENGTH])
{
    int n = 0;
    for (const char *c = choices; *c && n < VALUES; c += strspn(c, " ")) {
        const int length = (int)strcspn(c, " ");
        snprintf(out[n++], LENGTH, "%.*s", length, c);
        c += length;
    }
    return n;
}

/* Values of an argument; the first one serves where one must be given. */
static int values(const struct er_argument *a, char out[VALUES][LENGTH])
{
    static const int integers[] = {6, 1, 2, 3};
    static const double reals[] = {0.3, 1.5, -0.7};
    static const int sizes[][2] = {{2, 2}, {1, 1}, {3, 3}, {2, 3}, {3, 1}};
    int n = 0;
    switch (a->kind) {
    case ER_ARGUMENT_CHOICE:
        return words(a->choices, out);
    case ER_ARGUMENT_INTEGER:
        for (int i = 0; i < 4; i++)
            if (inside(a, integers[i])) snprintf(out[n++], LENGTH, "%d", integers[i]);
        break;
    case ER_ARGUMENT_REAL:
        for (int i = 0; i < 3; i++)
            if (inside(a, reals[i])) snprintf(out[n++], LENGTH, "%g", reals[i]);
        break;
    case ER_ARGUMENT_SIZE:
        for (int i = 0; i < 5; i++)
            if (inside(a, sizes[i][0]) && inside(a, sizes[i][1]))
                snprintf(out[n++], LENGTH, "%dx%d", sizes[i][0], sizes[i][1]);
        break;
    }
    return n;
}

static bool required(const struct er_argument *a)
{
    return !a->fallback || !a->fallback[0];
}

/* The layer with value value[i] of argument i; -1: left out where that may be. */
static void write_layer(const struct er_layer_ops *ops, const int *value, char *out)
{
    char found[VALUES][LENGTH];
    int at = snprintf(out, WRITTEN_LENGTH, "%s", ops->name);
    for (int i = 0; ops->argument && ops->argument[i].name; i++) {
        const struct er_argument *a = &ops->argument[i];
        const int n = values(a, found);
        if (n == 0 || (value[i] < 0 && !required(a))) continue;
        at += snprintf(out + at, (size_t)(WRITTEN_LENGTH - at), " %s=%s", a->name,
                       found[value[i] < 0 ? 0 : value[i] % n]);
    }
}

static int write_joins(const struct er_layer_ops *ops, char out[WRITTEN_MOST][WRITTEN_LENGTH])
{
    static const char *const branches[] = {
        "[dense 6 scale=0.3, tanh], tanh",
        "tanh, identity",
        "identity, identity",
        "tanh, [erf, relu], identity",
        "identity, [relu]",
        "[dense 4, tanh], identity",
        "[conv 2 1x1, erf], identity, conv 4",
        "identity, [conv 5, relu], [conv 3, max_pool 3 stride=1 padding=same], identity",
    };
    const int n = sizeof branches / sizeof *branches;
    for (int i = 0; i < n; i++) snprintf(out[i], WRITTEN_LENGTH, "%s: [%s]", ops->name, branches[i]);
    return n;
}

int written_layers(const struct er_layer_ops *ops, uint64_t seed, char out[WRITTEN_MOST][WRITTEN_LENGTH])
{
    char found[VALUES][LENGTH];
    int value[ER_ARGUMENTS], n = 0;
    if (ops->join) return write_joins(ops, out);
    for (int i = 0; i < ER_ARGUMENTS; i++) value[i] = -1;
    write_layer(ops, value, out[n++]);
    if (!ops->argument) return n;
    for (int i = 0; ops->argument[i].name; i++) {
        for (int k = values(&ops->argument[i], found) - 1; k >= 0 && n < WRITTEN_MOST - DRAWS; k--) {
            value[i] = k;
            write_layer(ops, value, out[n++]);
        }
        value[i] = -1;
    }
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 20));
    for (int d = 0; ops->argument[1].name && d < DRAWS; d++) {
        for (int i = 0; ops->argument[i].name; i++)
            value[i] = er_random_below(&r, 3) ? (int)er_random_below(&r, VALUES) : -1;
        write_layer(ops, value, out[n++]);
    }
    return n;
}

struct er_shape written_net(enum written_place place, const char *layer, char *out)
{
    static const char *const around[][2] = {
        [WRITTEN_ON_VECTOR] = {"dense 6, ", ", dense"},
        [WRITTEN_ON_IMAGE] = {"", ", flatten, dense"},
        [WRITTEN_BEHIND_CONV] = {"conv 3 2x3, tanh, ", ", relu, flatten, dense"},
    };
    snprintf(out, WRITTEN_LENGTH + 64, "%s%s%s", around[place][0], layer, around[place][1]);
    return place == WRITTEN_ON_VECTOR ? (struct er_shape){1, 1, 7} : (struct er_shape){4, 5, 3};
}
