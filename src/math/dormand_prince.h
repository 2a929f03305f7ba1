/* dormand_prince.h - ordinary differential equations dy/dt = f(y) by an explicit pair of orders 5 and 4 with adaptive steps.
 *
 *     y_new = y + h sum_i b_i k_i,   error = h sum_i (b_i - b*_i) k_i,   k_i = f(y + h sum_j a_ij k_j),   7 stages
 *
 * The last stage of a step is the first of the next: six slopes a step. A step is accepted when the caller's measure of its
 * error is at most 1; the next h is h times 0.9 measure^(-1/5), between 1/5 and 5 times h. Steps end exactly on asked times.
 *
 * Source: Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comp. Appl. Math. 1980; Hairer, Norsett and
 * Wanner, "Solving ordinary differential equations I", 2nd ed. 1993, sections II.4 and II.5.
 */
#ifndef ERMINE_MATH_DORMAND_PRINCE_H
#define ERMINE_MATH_DORMAND_PRINCE_H

#include <ermine/progress.h>

struct er_ode {
    int64_t n;
    /* f(y); ER_E_NONFINITE where y is beyond what f can take: the step is then tried again, smaller. */
    enum er_status (*slope)(void *ctx, const double *y, double *dy, struct er_error *err);
    /* How large an error e of y is: 1 is just allowed. Called after slope() of the new y. */
    double (*measure)(void *ctx, const double *y, const double *e);
    void *ctx;
    int64_t tries; /* steps tried at most, refused ones among them; 0: any number */
};

struct er_dormand_prince {
    struct er_ode ode;
    double t, h;   /* now; the next step's size */
    int64_t steps; /* accepted */
    int64_t tried;
    double *y, *k; /* n; 7 x n, the first row is f(y) when `fresh` */
    double *trial; /* 2 n */
    bool fresh;
};

/* From y(0). ER_E_NOMEM. Freed by er_dormand_prince_clear(). */
enum er_status er_dormand_prince_open(const struct er_ode *ode, const double *y,
                                      struct er_dormand_prince *out, struct er_error *err);

void er_dormand_prince_clear(struct er_dormand_prince *s);

/* On to time t, at or after s->t. A caller that knows how large a first step may be sets s->h before the first call.
 * ER_E_STOPPED between two steps (`progress` may be NULL); ER_E_NONFINITE where steps become too small for t to move;
 * ER_E_LIMIT where no try is left; what slope() returns. */
enum er_status er_dormand_prince_until(struct er_dormand_prince *s, double t,
                                       const struct er_progress *progress, struct er_error *err);

#endif
