/* minima_keys.h - the keys `minima.*`: their rows, and what they say to samplers. Every experiment that asks for
 * minima has them.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_KEYS_H
#define ERMINE_EXPERIMENTS_MINIMA_KEYS_H

#include <ermine/minima.h>
#include <ermine/schema.h>

/* The words that choose a sampler: those of samplers.def. */
#define ER_MINIMA_SAMPLERS "sgd poison adversarial langevin guess pattern greedy prior"

/* The rows of `minima`, ended by a row without path. */
extern const struct er_schema_row er_minima_keys_row[];

/* What the seed of a run changes, as `minima.vary` says. What it does not stays at seed 0. */
enum er_varies {
    ER_VARIES_INITIALISE = 1, /* the initial weights */
    ER_VARIES_BATCHES = 2,    /* the order of the examples */
    ER_VARIES_SUBSET = 4      /* which examples are learnt: data.seed and the run's seed are added */
};
bool er_minima_keys_varies(const struct er_point *point, enum er_varies what);

/* How many other examples a point's poison takes; 0 without the key. */
int64_t er_minima_keys_poison(const struct er_point *point);

/* The sampler of `minima.sampler`. NULL: none of that name. */
const struct er_sampler *er_minima_keys_sampler(const struct er_point *point);

/* Whether it trains: a run then has one minimum. */
bool er_minima_keys_train(const struct er_point *point);

/* How many examples a step of a sampler's training is about, in all, where the training set has n: with poison n + K. */
double er_minima_keys_work(const struct er_point *point, const struct er_sampler *sampler, double n);

/* What samplers are told besides the training specification. */
struct er_minima_settings er_minima_keys_settings(const struct er_point *point);

/* What can be said of the keys beyond the schema, where `key` names the sampler (NULL: there is none of that
 * name): also what of the model and of `train` the sampler does not do. ER_E_INPUT at the key at fault. */
enum er_status er_minima_keys_check(const struct er_point *point, const struct er_sampler *sampler,
                                    const char *key, struct er_error *err);

#endif
