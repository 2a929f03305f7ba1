/* run_derivatives.c - derivatives of a run's training loss, and moments of the gradients of its examples. */
#include "measures/measured.h"

struct derivatives {
    struct er_network network; /* where training ended; the derivatives borrow it */
    struct er_derivatives *is;
};

static enum er_status make_derivatives(struct er_measured_run *run, int which, void *part,
                                       struct er_error *err)
{
    const struct er_measured *is = &run->is;
    struct derivatives *made = part;
    (void)which;
    made->network = (struct er_network){.w = is->w, .statistics = is->statistics};
    return er_derivatives_new(is->net, &made->network, is->train, run->pool, NULL, &made->is, err);
}

static void clear_derivatives(void *part)
{
    er_derivatives_free(((struct derivatives *)part)->is);
}

static const struct er_part derivatives = {"derivatives", sizeof(struct derivatives), make_derivatives,
                                           clear_derivatives, 0};

enum er_status er_measured_derivatives(struct er_measured_run *run, struct er_derivatives **out,
                                       struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &derivatives, &is, err);
    if (status == ER_OK) *out = ((const struct derivatives *)is)->is;
    return status;
}

static enum er_status make_moments(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct er_derivatives *is;
    const enum er_status status = er_measured_derivatives(run, &is, err);
    (void)which;
    return status == ER_OK ? er_derivatives_moments(is, part, NULL, err) : status;
}

static const struct er_part moments = {"moments of gradients", sizeof(struct er_gradient_moments),
                                       make_moments, NULL, 0};

enum er_status er_measured_gradient_moments(struct er_measured_run *run, struct er_gradient_moments *out,
                                            struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &moments, &is, err);
    if (status == ER_OK) *out = *(const struct er_gradient_moments *)is;
    return status;
}
