/* limit_layer.h - what the files of the oracle of limits share: covariances, and the linear maps on them. */
#ifndef ERMINE_TESTS_ORACLES_LIMIT_LAYER_H
#define ERMINE_TESTS_ORACLES_LIMIT_LAYER_H

#include "oracles/limit.h"
#include "oracles/network_layer.h"

/* All zeros. */
struct limit_covariance limit_covariance_new(int64_t h, int64_t w, bool flat);

/* Frees what c was. */
void limit_replace(struct limit_covariance *c, struct limit_covariance by);

/* In place: what the layer makes of all six kernels. */
void limit_dense(const struct limit_oracle *o, const struct layer *l, struct limit_covariance *c);
void limit_conv(const struct limit_oracle *o, const struct layer *l, struct limit_covariance *c);
void limit_avg_pool(const struct layer *l, struct limit_covariance *c);
void limit_global_avg_pool(const struct layer *l, struct limit_covariance *c);

#endif
