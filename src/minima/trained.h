/* trained.h - samplers that train: requests as members of one ensemble, minima where their trainings end.
 */
#ifndef ERMINE_MINIMA_TRAINED_H
#define ERMINE_MINIMA_TRAINED_H

#include "minima/sampler.h"

/* Trains a member for each request of a sampling, by er_minimum_member() or, unless NULL, by member[0..n): other
 * examples or initial weights. Hands each over as a minimum of its request. */
enum er_status er_minima_train(const struct er_sampling *sampling, const struct er_member *member,
                               struct er_error *err);

#endif
