/* inputs.c - the sizes of the training inputs, and the network's error on the test set. */
#include "measures/measured.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <math.h>

/* A coordinate's sum is over examples in their order. */
static enum er_status make_norms(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t D = er_shape_size(set->shape);
    double all = 0, most = 0, longest = 0, *square = er_alloc(D, sizeof *square);
    (void)which;
    if (!square) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld sums", (long long)D);
    for (int64_t i = 0; i < set->n; i++) {
        double own = 0;
        for (int64_t k = 0; k < D; k++) {
            const double x = (double)set->x[i * D + k];
            square[k] += x * x;
            own += x * x;
        }
        longest = fmax(longest, own);
    }
    for (int64_t k = 0; k < D; k++) {
        all += square[k];
        most = fmax(most, square[k]);
    }
    er_free(square);
    *(struct er_input_norms *)part =
        (struct er_input_norms){sqrt(all), sqrt(most / (double)set->n), sqrt(longest)};
    return ER_OK;
}

static const struct er_part norms = {"norms of inputs", sizeof(struct er_input_norms), make_norms, NULL, 0};

enum er_status er_measured_inputs(struct er_measured_run *run, struct er_input_norms *out,
                                  struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &norms, &is, err);
    if (status == ER_OK) *out = *(const struct er_input_norms *)is;
    return status;
}

static enum er_status make_test_error(struct er_measured_run *run, int which, void *part,
                                      struct er_error *err)
{
    const struct er_network network = {.w = run->is.w, .statistics = run->is.statistics};
    struct er_network_measures measures = {.error = run->is.test_error};
    (void)which;
    const enum er_status status =
        isnan(measures.error) ? er_network_measure(run->is.net, &network, run->is.test, &measures, err)
                              : ER_OK;
    *(double *)part = measures.error;
    return status;
}

static const struct er_part test_error = {"the test error", sizeof(double), make_test_error, NULL, 0};

enum er_status er_measured_test_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &test_error, &is, err);
    if (status == ER_OK) *out = *(const double *)is;
    return status;
}
