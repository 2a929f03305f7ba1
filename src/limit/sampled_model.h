/* sampled_model.h - the finite net whose limit er_limit_new() computes from the same model and options. */
#ifndef ERMINE_LIMIT_SAMPLED_MODEL_H
#define ERMINE_LIMIT_SAMPLED_MODEL_H

#include <ermine/empirical.h>
#include <ermine/limit.h>

struct er_sampled_model {
    struct er_net *net;
    struct er_finite *finite;
};

/* weight_std, bias_std and parameterisation of the options become the layers' own; an open width gives one output.
 * Dropout is the identity, as it is in the limit of points in evaluation. ER_E_UNSUPPORTED names a layer that has no reading
 * in float64; in Theta an activation whose slope has an infinite second moment (sign); and, where the options ask for other
 * weights, init=uniform. Else as er_limit_new(). */
enum er_status er_sampled_model_open(const struct er_model *model, struct er_shape input,
                                     const struct er_limit_options *options, struct er_sampled_model *out,
                                     struct er_error *err);
void er_sampled_model_clear(struct er_sampled_model *model);

#endif
