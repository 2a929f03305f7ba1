/* pac_bayes_keys.h - the keys `pac-bayes.*`: how a posterior is found and certified.
 */
#ifndef ERMINE_EXPERIMENTS_PAC_BAYES_KEYS_H
#define ERMINE_EXPERIMENTS_PAC_BAYES_KEYS_H

#include "stochastic/objective.h"

#include <ermine/data.h>
#include <ermine/schema.h>

extern const struct er_schema_row er_pac_bayes_row[];

struct er_pac_bayes_spec {
    enum er_objective objective;
    double factor; /* of the loss: see pac_bayes_run.h */
    bool learned;  /* the prior's mean */
    double share;  /* of the training examples that it is learned from */
    int64_t epochs, batch, draws;
    double rate, deviation_rate, deviation;
    double delta, delta_sampling;
};

struct er_pac_bayes_spec er_pac_bayes_keys_spec(const struct er_point *point);

/* What the schema cannot say: the loss, both deltas together, the model, how examples are drawn for a prior from data.
 * ER_E_INPUT at the setting. */
enum er_status er_pac_bayes_keys_check(const struct er_point *point, const struct er_data_places *places,
                                       struct er_error *err);

/* How many of n training examples the prior is learned from: none, or at least one. */
int64_t er_pac_bayes_keys_prior(const struct er_pac_bayes_spec *spec, int64_t n);

#endif
