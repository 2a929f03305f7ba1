/* The flow on the cross-entropy: the toy's known values, targets that are no probabilities, how many steps it takes. */
#include <ermine/logit_flow.h>
#include <ermine/predict.h>

#include "support/needed.h"
#include "support/toy_kernels.h"
#include "t.h"

enum { N = TOY_TRAIN, M = TOY_TEST };
static struct toy_kernels toy;
static struct er_pool *pool;
static struct er_error err;

static void check_logits(void)
{
    static const double y[] = {1, 0, 0, 1, 1, 0}, times[] = {1, 10, 100};
    static const double want[][6] = {
        {0.4110690316214, -0.4793644347033, 0.4784654201203, -0.0331160419368, -0.4302318946873,
         0.168974601183979},
        {1.4710571324227, -1.5806693152428, 1.5775697811762, -0.0637706620361, -1.4795647701520,
         0.022442395123086},
        {2.6601226322669, -2.7675949070405, 2.7638117810683, -0.0783581735495, -2.6354734655424,
         0.002130811653902},
    };
    double alpha[3 * N * 2], train[3 * N * 2], loss[3], test[M * 2];
    struct er_logit_flow_options o = er_logit_flow_defaults();
    o.tolerance = 1e-13;
    T_STATUS(
        er_logit_flow(N, 2, toy.theta_train, y, NULL, &o, 3, times, alpha, train, loss, pool, NULL, &err),
        ER_OK, "cross-entropy");
    for (int t = 0; t < 3; t++) {
        double got[6] = {train[t * 6], train[t * 6 + 2], train[t * 6 + 4]};
        T_STATUS(er_predict_mean(M, N, toy.theta_test, 2, alpha + t * N * 2, NULL, test, pool, NULL, &err),
                 ER_OK, "test");
        got[3] = test[0];
        got[4] = test[2];
        got[5] = loss[t];
        toy_check(6, got, want[t], "logits and loss");
        T_CLOSE(train[t * 6 + 1], -train[t * 6], 1e-14, "two classes mirror each other");
    }
    o.steps = 3;
    T_STATUS(
        er_logit_flow(N, 2, toy.theta_train, y, NULL, &o, 3, times, alpha, train, loss, pool, NULL, &err),
        ER_E_LIMIT, "out of steps");
    T_STATUS(
        er_logit_flow(N, 1, toy.theta_train, y, NULL, &o, 3, times, alpha, train, loss, pool, NULL, &err),
        ER_E_USAGE, "one logit");
    T_STATUS(er_logit_flow(N, 2, toy.theta_train, y, NULL, &o, 1, (const double[]){0}, alpha, NULL, loss,
                           pool, NULL, &err),
             ER_OK, "time 0");
    T_CLOSE(loss[0], log(2) / 2, 1e-16, "a mean over examples and outputs");
}

/* Twice the targets are twice the loss and twice the speed; each row has a sum of its own. */
static void check_mass(void)
{
    static const double y[] = {0.75, 0.25, 0.2, 0.8, 0.5, 0.5};
    double twice[N * 2], alpha[N * 2], other[N * 2], train[N * 2], other_train[N * 2], loss, other_loss;
    struct er_logit_flow_options o = er_logit_flow_defaults();
    o.tolerance = 1e-11;
    for (int i = 0; i < N * 2; i++) twice[i] = 2 * y[i];
    T_STATUS(er_logit_flow(N, 2, toy.theta_train, y, NULL, &o, 1, (const double[]){6}, alpha, train, &loss,
                           pool, NULL, &err),
             ER_OK, "rows of sum 1");
    T_STATUS(er_logit_flow(N, 2, toy.theta_train, twice, NULL, &o, 1, (const double[]){3}, other, other_train,
                           &other_loss, pool, NULL, &err),
             ER_OK, "rows of sum 2");
    /* some tens of steps, each to 1e-11 */
    for (int i = 0; i < N * 2; i++) T_CLOSE(other_train[i], train[i], 1e-9, "logit %d in half the time", i);
    for (int i = 0; i < N * 2; i++) T_CLOSE(other[i], alpha[i], 1e-9, "weight %d", i);
    T_CLOSE(other_loss, 2 * loss, 1e-9, "twice the loss");
}

/* Order 5: a hundredth of a tolerance costs 2.5 times the steps; a control that does not know it rejects many more. */
static void check_steps(void)
{
    static const double y[] = {1, 0, 0, 1, 1, 0}, times[] = {1, 10, 100};
    double alpha[3 * N * 2];
    struct er_logit_flow_options o = er_logit_flow_defaults();
    o.tolerance = 1e-10;
    o.steps = 130; /* 101 are needed */
    T_STATUS(er_logit_flow(N, 2, toy.theta_train, y, NULL, &o, 3, times, alpha, NULL, NULL, pool, NULL, &err),
             ER_OK, "few steps are rejected");
}

int main(void)
{
    toy = toy_kernels(1.5, 0.1);
    pool = needed_pool(2);
    check_logits();
    check_mass();
    check_steps();
    er_pool_free(pool);
    return t_done();
}
