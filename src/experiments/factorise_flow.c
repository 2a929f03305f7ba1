/* factorise_flow.c - see factorise_flow.h. */
#include "experiments/factorise_flow.h"

#include <ermine/factorise.h>
#include <ermine/matrix_flow.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

/* Of the equation's steps: far below the distance of descent to it. */
static const double TOLERANCE = 1e-7;

double er_factorise_flow_bytes(const struct er_factorise_request *request, const struct er_recovery *problem)
{
    enum { MATRICES = 24 };
    return request->flow ? 8.0 * MATRICES * (double)problem->rows * (double)problem->columns : 0;
}

/* The product at the beginning, and the equation from there. */
static enum er_status new_flow(const struct er_factorise_request *request, const struct er_recovery *problem,
                               struct er_matrix_flow **out, struct er_error *err)
{
    struct er_factorisation *f = NULL;
    double *w = er_alloc(problem->rows * problem->columns, sizeof *w);
    enum er_status status = w ? er_factorisation_new(problem, &request->spec, &f, err)
                              : er_fail(err, ER_E_NOMEM, "factorise: out of memory for a matrix");
    if (status == ER_OK) status = er_factorisation_product(f, w, err);
    er_factorisation_free(f);
    if (status == ER_OK) status = er_matrix_flow_new(problem, request->spec.depth, w, TOLERANCE, out, err);
    er_free(w);
    return status;
}

/* Record i, and its largest difference over the modes that it has. */
static void fill(const double *s, int64_t modes, int64_t i, struct er_spread_result *result)
{
    double gap = 0;
    for (int64_t r = 0; r < modes; r++) {
        if (r < ER_FACTORISE_FLOWS) result->curve[ER_FACTORISE_C_FLOW + r][i] = s[r];
        gap = fmax(gap, fabs(s[r] - result->curve[ER_FACTORISE_C_SIGMA + r][i]));
    }
    result->curve[ER_FACTORISE_C_FLOW_GAP][i] = gap;
}

enum er_status er_factorise_flow(const struct er_factorise_request *request,
                                 const struct er_recovery *problem, const struct er_progress *progress,
                                 struct er_spread_result *result, struct er_error *err)
{
    const int64_t least = problem->rows < problem->columns ? problem->rows : problem->columns,
                  modes = request->modes < least ? request->modes : least;
    struct er_matrix_flow *flow = NULL;
    struct er_error why = {0};
    double gap = 0, largest = 0;
    double *s = er_alloc(least, sizeof *s);
    if (!s) return er_fail(err, ER_E_NOMEM, "factorise: out of memory for singular values");
    enum er_status status = new_flow(request, problem, &flow, err);
    if (status != ER_OK) {
        er_free(s);
        return status;
    }
    for (int64_t i = 0; i < result->n_curve; i++) {
        const double time = result->curve[ER_FACTORISE_C_STEP][i] * request->spec.rate;
        status = er_matrix_flow_until(flow, time, progress, &why);
        if (status == ER_OK)
            status =
                er_singular_values(problem->rows, problem->columns, er_matrix_flow_matrix(flow), s, &why);
        if (status != ER_OK) break;
        fill(s, modes, i, result);
        gap = fmax(gap, result->curve[ER_FACTORISE_C_FLOW_GAP][i]);
        largest = fmax(largest, result->curve[ER_FACTORISE_C_SIGMA][i]);
    }
    er_matrix_flow_free(flow);
    er_free(s);
    if (status == ER_OK && largest > 0) result->value[ER_FACTORISE_V_FLOW_GAP] = gap / largest;
    if (status == ER_E_NONFINITE) {
        snprintf(result->note, sizeof result->note, "the equation beside the run: %.150s", why.msg);
        return ER_OK;
    }
    if (status != ER_OK && err) *err = why;
    return status;
}
