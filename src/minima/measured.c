/* measured.c - the numbers of a minimum, from its weights. */
#include "minima/sampler.h"

#include <ermine/derivatives.h>
#include <math.h>

/* Loss and error over a set, in evaluation. */
static enum er_status evaluate(const struct er_minimum_request *request, const struct er_minimum *minimum,
                               const struct er_dataset *set, double *loss, double *error,
                               struct er_error *err)
{
    const struct er_network network = {.w = minimum->w, .statistics = minimum->statistics};
    struct er_derivatives *d;
    int64_t errors;
    *loss = *error = (double)NAN;
    if (!set || set->n == 0) return ER_OK;
    enum er_status status = er_derivatives_new(request->net, &network, set, NULL, NULL, &d, err);
    if (status != ER_OK) return status;
    status = er_derivatives_loss(d, loss, &errors, err);
    er_derivatives_free(d);
    if (status == ER_OK) *error = (double)errors / (double)set->n;
    return status;
}

static double length(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        const double d = (double)a[i] - (b ? (double)b[i] : 0);
        sum += d * d;
    }
    return sqrt(sum);
}

enum er_status er_minimum_measure(const struct er_minimum_request *request, struct er_minimum *minimum,
                                  struct er_error *err)
{
    const int64_t P = er_net_parameters(request->net);
    enum er_status status =
        evaluate(request, minimum, request->train, &minimum->train_loss, &minimum->train_error, err);
    if (status == ER_OK)
        status = evaluate(request, minimum, request->test, &minimum->test_loss, &minimum->test_error, err);
    if (status != ER_OK) return status;
    minimum->interpolates = minimum->train_error == 0;
    minimum->norm = length(P, minimum->w, NULL);
    minimum->distance = minimum->initial ? length(P, minimum->w, minimum->initial) : (double)NAN;
    minimum->margin = minimum->normalised_loss = (double)NAN;
    return ER_OK;
}
