/* generator.h - what a generated data set is made of; one file each under generators/, one line each in
 * generators.def.
 *
 * Example i of a part (0 training, 1 test) is a function of (parameters, seed, part, i) alone: a smaller set
 * is the beginning of a larger one.
 */
#ifndef ERMINE_DATA_GENERATOR_H
#define ERMINE_DATA_GENERATOR_H

#include "data/parts.h"

#include <ermine/random.h>

/* The parameters with defaults filled in and ranges checked: dimension d and width in 1..2^16, classes K in
 * 2..1024, noise and separation in 0..10^6, so that every value is a float. */
struct er_generator_spec {
    int64_t dimension, classes, width;
    double noise, separation;
    uint64_t seed;
};

struct er_generator {
    const char *name, *title;
    int64_t version;
    struct er_generator_spec defaults;
    unsigned takes; /* which parameters may be chosen, and whether classes are always equally frequent */
    /* Writes n examples of a part into x (n x d) and label (n). ER_E_USAGE, ER_E_NOMEM. */
    enum er_status (*make)(const struct er_generator_spec *spec, int part, int64_t n, float *x,
                           int32_t *label, struct er_error *err);
};

/* The generators, *n of them. */
const struct er_generator *er_generator_list(int64_t *n);

/* The generator of that name, or NULL. */
const struct er_generator *er_generator_named(const char *name);

/* Numbers of an example of such a specification, whether its parameters are in their ranges or not. */
int64_t er_generator_dimension(const struct er_generator *generator, const struct er_data_spec *spec);

/* Checks the parameters without making anything. *parameter: what the one at fault is called in the
 * specification. ER_E_USAGE. */
enum er_status er_generator_check(const struct er_generator *generator, const struct er_data_spec *spec,
                                  const char **parameter, struct er_error *err);

/* Makes the parts (1000 examples each where the specification says 0). ER_E_USAGE for a parameter out of its
 * range or one that this generator does not have, ER_E_NOMEM. */
enum er_status er_generator_run(const struct er_generator *generator, const struct er_data_spec *spec,
                                struct er_parts *out, struct er_error *err);

/* The SHA-256 of "ermine NAME VERSION": of a generator, of any source that is made and not read. */
void er_generator_checksum(const struct er_generator *generator, char hex[ER_SHA256_HEX]);
void er_made_checksum(const char *name, int64_t version, char hex[ER_SHA256_HEX]);

/* Each generator's `make`, in generators/NAME.c. */
#define GENERATOR(id, ...)                                                                                   \
    enum er_status er_generate_##id(const struct er_generator_spec *spec, int part, int64_t n, float *x,     \
                                    int32_t *label, struct er_error *err);
#include "generators.def"
#undef GENERATOR

/* The random numbers of example i of a part. */
static inline struct er_random er_generator_random(const struct er_generator_spec *spec, int part, int64_t i)
{
    return er_random_open(spec->seed, er_stream(ER_PURPOSE_GENERATE, (uint64_t)part << 40 | (uint64_t)i));
}

#endif
