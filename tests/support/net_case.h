/* net_case.h - a net on a random batch, and all its readings held to the oracle of nets
 * (oracles/network.h). */
#ifndef ERMINE_TESTS_SUPPORT_NET_CASE_H
#define ERMINE_TESTS_SUPPORT_NET_CASE_H

#include "net/plan.h"

struct network;

struct net_case {
    /* Given. */
    const char *text, *loss;
    struct er_shape in;
    int64_t B, classes;
    uint64_t seed; /* of parameters and batch */

    /* Made by net_case_open(): parameters, statistics and batch in float and, the same numbers, in double. */
    struct er_net *net;
    struct er_plan *plan;
    struct network *oracle;
    struct er_network network; /* w and statistics below; whether it trains, seed and step are the test's */
    int64_t P, S, D, O;        /* parameters, statistics, inputs, outputs */
    float *w, *statistics, *x;
    double *w64, *statistics64, *x64;
    int32_t *label;
};

/* False, with a failed test, when it can't be made. Parameters are initial ones with normal noise of 0.3,
 * means normal, variances between 0.5 and 1.5. */
bool net_case_open(struct net_case *c);
void net_case_close(struct net_case *c);

/* Runs `call` for the case's plan, network and batch on a team of `parts` threads. */
void net_case_run(const struct net_case *c, struct er_plan_call call, int parts);

/* Outputs, loss, gradients in w and x, Jacobian-, Hessian- and Gauss-Newton-vector products: the oracle's to
 * `tolerance` (1 + the largest entry), and the same bits for 1, 2 and 3 threads. */
void net_case_check(const struct net_case *c, double tolerance);

/* Per-example gradients add up to the gradient, each one is that of a batch of its example alone. */
void net_case_check_examples(const struct net_case *c, double tolerance);

/* Fills v with standard normal numbers of a stream. */
void net_case_draw(uint64_t stream, int64_t n, float *v);

#endif
