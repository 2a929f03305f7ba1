/* The simplex method: Rosenbrock's valley, a quadratic in one variable, regions that are not allowed, and its limits. */
#include "math/simplex.h"

#include "t.h"

static int calls;

/* (1 - x)^2 + 100 (y - x^2)^2, least at (1, 1) */
static enum er_status valley(void *ctx, const double *x, double *value, struct er_error *err)
{
    (void)ctx;
    (void)err;
    calls++;
    *value = (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]);
    return ER_OK;
}

/* (x - 3)^2 where x is at least *ctx. */
static enum er_status walled(void *ctx, const double *x, double *value, struct er_error *err)
{
    (void)err;
    *value = x[0] < *(const double *)ctx ? (double)INFINITY : (x[0] - 3) * (x[0] - 3);
    return ER_OK;
}

static enum er_status failing(void *ctx, const double *x, double *value, struct er_error *err)
{
    *value = x[0];
    return --*(int *)ctx < 0 ? er_fail(err, ER_E_STOPPED, "enough") : ER_OK;
}

int main(void)
{
    struct er_error err;
    struct er_simplex_report report;
    struct er_simplex s = {.d = 2, .function = valley, .step = 0.5, .tolerance = 1e-9, .evaluations = 1000};
    double x[2] = {-1.2, 1};
    T_STATUS(er_simplex_minimise(&s, x, &report, &err), ER_OK, "a valley");
    T_CLOSE(x[0], 1, 1e-8, "x");
    T_CLOSE(x[1], 1, 1e-8, "y");
    T_CLOSE(report.start, 24.2, 1e-13, "the value of the start");
    T_OK(report.converged && report.evaluations == calls && calls < 300, "%d evaluations", calls);
    s.evaluations = 20;
    x[0] = -1.2;
    x[1] = 1;
    T_STATUS(er_simplex_minimise(&s, x, &report, &err), ER_OK, "too few evaluations");
    T_OK(!report.converged && report.evaluations <= 22 && report.least < report.start, "end it on the way");

    double wall = 3.5;
    s = (struct er_simplex){
        .d = 1, .function = walled, .ctx = &wall, .step = 1, .tolerance = 1e-7, .evaluations = 200};
    x[0] = 9;
    T_STATUS(er_simplex_minimise(&s, x, &report, &err), ER_OK, "a wall");
    T_CLOSE(x[0], 3.5, 1e-6, "the best place that is allowed");
    wall = 10;
    T_STATUS(er_simplex_minimise(&s, x, &report, &err), ER_E_NONFINITE, "a start that is not allowed");
    int left = 5;
    s.function = failing;
    s.ctx = &left;
    T_STATUS(er_simplex_minimise(&s, x, &report, &err), ER_E_STOPPED, "the function's error ends it");
    return t_done();
}
