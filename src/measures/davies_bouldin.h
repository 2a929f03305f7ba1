/* davies_bouldin.h - the index of Davies and Bouldin: how near to each other clusters lie, beside how wide they are. */
#ifndef ERMINE_MEASURES_DAVIES_BOULDIN_H
#define ERMINE_MEASURES_DAVIES_BOULDIN_H

#include "measures/measured.h"

/**
 * *out = (1/K) sum_a max_{b != a} (S_a + S_b) / |c_a - c_b|      c_k the mean of cluster k, S_k the mean distance from it
 *
 * of n points of d values, K the clusters that have any; clusters with one centre have a ratio of 0, as in scikit-learn.
 *
 * @param label  of each point, 0 .. clusters - 1.
 * @param room   clusters (d + 2) numbers, overwritten.
 * @return       false, with *out untouched, where fewer than two clusters have points, or all centres are the same.
 * Cost: n d, and K^2 d. Any thread.
 */
bool er_davies_bouldin(int64_t n, int64_t d, const float *x, const int32_t *label, int64_t clusters,
                       double *room, double *out);

/* davies_bouldin of a run, the run's; likewise mixup_performance (mixup.c). */
enum er_status er_measured_davies_bouldin(struct er_measured_run *run, double *out, struct er_error *err);
enum er_status er_measured_mixup(struct er_measured_run *run, double *out, struct er_error *err);

/* Bytes of mixup_performance (er_measure.bytes). */
double er_mixup_bytes(const struct er_net *net, int64_t m);

#endif
