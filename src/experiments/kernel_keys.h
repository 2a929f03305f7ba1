/* kernel_keys.h - the keys `kernel.*`: their rows, and what a point asks of an infinitely wide network.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_KEYS_H
#define ERMINE_EXPERIMENTS_KERNEL_KEYS_H

#include <ermine/limit.h>
#include <ermine/predict.h>
#include <ermine/schema.h>

struct er_kernel_request {
    bool ntk; /* predicted with: Theta, else K */
    struct er_limit_options limit;
    struct er_ridge ridge;
    double noise;   /* variance of test targets, for their density; NaN: that of the predictor */
    double time;    /* of gradient flow with rate 1; INFINITY: its end */
    bool gradients; /* solved by conjugate gradients */
    bool spectrum, variances;
    bool
        tune; /* weight_std, bias_std and ridge are where a search for the largest marginal likelihood starts */
};

/* The rows of `kernel`, ended by a row without path. */
extern const struct er_schema_row er_kernel_keys_row[];

struct er_kernel_request er_kernel_keys_request(const struct er_point *point);

/* Whether two points have the same kernel matrices on the same data. */
bool er_kernel_keys_share(const struct er_point *a, const struct er_point *b);

/* The limit of a point's model on inputs of one shape; errors have the model's place in the study. `options` instead of
 * the point's own where a search has found some. */
enum er_status er_kernel_keys_limit(const struct er_point *point, struct er_shape shape,
                                    const struct er_limit_options *options, struct er_limit **out,
                                    struct er_error *err);

/* What the rows can't say, and whether the model has a limit, where the name of the data tells their shape. */
enum er_status er_kernel_keys_check(const struct er_point *point, struct er_error *err);

#endif
