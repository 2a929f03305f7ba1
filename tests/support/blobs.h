/* blobs.h - a small data set for tests: Gaussian blobs around K corners. */
#ifndef ERMINE_TESTS_SUPPORT_BLOBS_H
#define ERMINE_TESTS_SUPPORT_BLOBS_H

#include <ermine/net.h>

/* n examples of d features in `classes` blobs of standard deviation `noise` around random corners of [-1,
 * 1]^d, which depend on the seed alone; `part` (0, 1, ...) draws other examples of the same blobs.
 * er_dataset_clear() frees it. */
struct er_dataset blobs_make(int64_t n, int64_t d, int64_t classes, double noise, uint64_t seed,
                             uint64_t part);

/* The net of a model's text on such a set; NULL, and failed claims, when there is none. er_net_free() frees it. */
struct er_net *blobs_net(const struct er_dataset *set, const char *text, const char *loss);

#endif
