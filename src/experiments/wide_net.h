/* wide_net.h - the network of a point in float64, with its hidden layers as wide as asked for, and its limit of infinite
 * width.
 */
#ifndef ERMINE_EXPERIMENTS_WIDE_NET_H
#define ERMINE_EXPERIMENTS_WIDE_NET_H

#include <ermine/empirical.h>
#include <ermine/limit.h>
#include <ermine/schema.h>

struct er_wide_net {
    struct er_model *model;
    struct er_net *net;
    struct er_finite *finite;
    struct er_limit *limit; /* NULL where the model has none */
    struct er_error why;    /* then: why not */
};

/* The key `path`: every layer with a width but the last has that many outputs; 0: what the model says. Outputs: those of
 * targets.h. Errors at the point's `model`. Freed by er_wide_net_clear(), after failure too. */
enum er_status er_wide_net_open(const struct er_point *point, const char *path, struct er_shape shape,
                                int64_t classes, struct er_wide_net *out, struct er_error *err);
void er_wide_net_clear(struct er_wide_net *net);

/* A kernel matrix of a, with b or (NULL) itself: k, theta n_a x n_b, either NULL. Of the limit, on one thread. */
enum er_status er_wide_net_kernel(const struct er_wide_net *net, int64_t n_a, const double *a, int64_t n_b,
                                  const double *b, double *k, double *theta, struct er_error *err);

/* K(x, x) of n inputs. */
enum er_status er_wide_net_variances(const struct er_wide_net *net, int64_t n, const double *x, double *k,
                                     struct er_error *err);

/* x (n x D) in float64; NULL when memory is out. */
double *er_wide_inputs(const struct er_dataset *set);

#endif
