/* Predictions with kernels: the known values of the toy, of the posterior and of gradient flow; they came from integrating
 * the differential equations, from matrix exponentials and from a multivariate normal density. */
#include <ermine/predict.h>

#include "support/needed.h"
#include "support/toy_kernels.h"
#include "t.h"

enum { N = TOY_TRAIN, M = TOY_TEST };
static struct toy_kernels toy;
static struct er_pool *pool;
static struct er_error err;

/* A covariance of two by its elements 44, 45, 55. */
static void check_covariance(const double *got, double a, double b, double c, const char *what)
{
    toy_check(M * M, got, (const double[]){a, b, b, c}, what);
}

static struct er_ridge absolute(double value)
{
    return (struct er_ridge){value, true};
}

static struct er_posterior *needed_posterior(int64_t n, const double *k, struct er_ridge ridge)
{
    struct er_posterior *p = NULL;
    T_STATUS(er_posterior_new(n, k, ridge, pool, NULL, &p, &err), ER_OK, "posterior");
    if (!p) abort();
    return p;
}

static struct er_flow *needed_flow(int64_t n, int64_t outputs, const double *theta)
{
    struct er_flow *f = NULL;
    T_STATUS(er_flow_new(n, outputs, theta, &f, &err), ER_OK, "flow");
    if (!f) abort();
    return f;
}

/* Mean and covariance of a posterior at the test examples. */
static void posterior_at(const struct er_posterior *p, const double *k_test, const double *k_both,
                         double *mean, double *covariance)
{
    double alpha[N], variance[M] = {k_both[0], k_both[3]};
    er_posterior_weights(p, 1, toy_targets, alpha);
    memcpy(covariance, k_both, sizeof(double[M * M]));
    T_STATUS(er_predict_mean(M, N, k_test, 1, alpha, NULL, mean, pool, NULL, &err), ER_OK, "mean");
    T_STATUS(er_posterior_covariance(p, M, k_test, covariance, pool, NULL, &err), ER_OK, "covariance");
    T_STATUS(er_posterior_variances(p, M, k_test, variance, NULL, pool, NULL, &err), ER_OK, "variances");
    T_CLOSE(variance[0], covariance[0], 1e-15, "variances are the covariance's diagonal");
    T_CLOSE(variance[1], covariance[3], 1e-15, "variances are the covariance's diagonal");
    T_OK(covariance[1] == covariance[2], "symmetric to the bit");
}

static void check_posterior(void)
{
    static const struct {
        struct er_ridge ridge;
        double mean[M], covariance[M * M];
    } row[] = {
        {{0, true},
         {0.2329166717920, -0.8439166010707},
         {0.3273670628277, -0.0377778374521, -0.0377778374521, 0.4023138513680}},
        {{0.01, true},
         {0.2306284326701, -0.8367998341335},
         {0.3342825919605, -0.0393994125752, -0.0393994125752, 0.4078655993122}},
        {{0.01, false},
         {0.2303937206272, -0.8360691719782},
         {0.3349915258560, -0.0395654899021, -0.0395654899021, 0.4084357051175}},
    };
    double mean[M], covariance[M * M], alpha[N];
    for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
        struct er_posterior *p = needed_posterior(N, toy.k_train, row[r].ridge);
        posterior_at(p, toy.k_test, toy.k_both, mean, covariance);
        toy_check(M, mean, row[r].mean, "posterior mean");
        toy_check(M * M, covariance, row[r].covariance, "posterior covariance");
        for (int i = 0; i < M; i++)
            T_OK(covariance[i * M + i] <= toy.k_both[i * M + i], "not above the prior's");
        T_EQ_INT(er_posterior_reported(p)->raised, 0, "nothing more was added");
        er_posterior_free(p);
    }
    struct er_posterior *p = needed_posterior(N, toy.k_train, absolute(0.01));
    er_posterior_weights(p, 1, toy_targets, alpha);
    const double likelihood = er_log_marginal_likelihood(p, 1, toy_targets, alpha);
    toy_check(1, &likelihood, (const double[]){-3.458934360645833}, "log marginal likelihood");
    posterior_at(p, toy.k_test, toy.k_both, mean, covariance);
    const double nlpd = er_negative_log_density(M, 1, mean, (const double[]){covariance[0], covariance[3]},
                                                0.01, (const double[]){0.3, 0.6});
    toy_check(1, &nlpd, (const double[]){1.6727934658751928}, "NLPD");
    er_posterior_free(p);
}

/* Outputs are independent: the likelihood of two is the sum of theirs, the determinant of each counted. */
static void check_likelihood_of_outputs(void)
{
    double y[2 * N], alpha[2 * N], one[N], alone[N], sum = 0;
    struct er_posterior *p = needed_posterior(N, toy.k_train, absolute(0.01));
    for (int o = 0; o < 2; o++) {
        for (int i = 0; i < N; i++) y[2 * i + o] = one[i] = toy_targets[i] * (o ? -2 : 1) + o;
        er_posterior_weights(p, 1, one, alone);
        sum += er_log_marginal_likelihood(p, 1, one, alone);
    }
    er_posterior_weights(p, 2, y, alpha);
    T_CLOSE(er_log_marginal_likelihood(p, 2, y, alpha), sum, 1e-13 * fabs(sum), "of two outputs");
    er_posterior_free(p);
}

static void trap_02_ridge_is_relative_to_the_mean_diagonal(void)
{
    const double r = er_ridge_added((struct er_ridge){0.01, false}, N, toy.k_train);
    T_CLOSE(r, 0.011036418191803635, 1e-16, "r of a relative ridge");
    T_CLOSE(er_ridge_added(absolute(0.01), N, toy.k_train), 0.01, 0, "r of an absolute one");
    struct er_posterior *p = needed_posterior(N, toy.k_train, (struct er_ridge){0.01, false});
    T_CLOSE(er_posterior_reported(p)->added, r, 0, "r is reported");
    er_posterior_free(p);
}

static struct er_descent_options at(double time, double ridge)
{
    struct er_descent_options o = er_descent_defaults();
    o.time = time;
    o.ridge = absolute(ridge);
    return o;
}

/* Outputs at the test examples. */
static void predict(const struct er_flow *flow, const double *test, const struct er_descent_options *o,
                    const double *start, const double *start_test, double *out)
{
    double alpha[N];
    T_STATUS(er_flow_weights(flow, o, toy_targets, start, alpha, &err), ER_OK, "weights");
    T_STATUS(er_predict_mean(M, N, test, 1, alpha, start_test, out, pool, NULL, &err), ER_OK, "mean");
}

static void spread(const struct er_flow *flow, const double *theta_test, const struct er_descent_options *o,
                   double *covariance)
{
    double variance[M] = {toy.k_both[0], toy.k_both[3]};
    memcpy(covariance, toy.k_both, sizeof toy.k_both);
    T_STATUS(
        er_flow_covariance(flow, o, M, theta_test, toy.k_test, toy.k_train, covariance, pool, NULL, &err),
        ER_OK, "covariance");
    T_STATUS(
        er_flow_variances(flow, o, M, theta_test, toy.k_test, toy.k_train, variance, NULL, pool, NULL, &err),
        ER_OK, "variances");
    T_CLOSE(variance[0], covariance[0], 1e-15, "variances are the covariance's diagonal");
    T_CLOSE(variance[1], covariance[3], 1e-15, "variances are the covariance's diagonal");
}

/* Rows 9-16 and 23-26: the ensemble under gradient flow. */
static void check_ensemble(const struct er_flow *flow)
{
    static const struct {
        double time, ridge, mean[M], covariance[3];
    } row[] = {
        {0, 0, {0, 0}, {0, 0, 0}},
        {0.5, 0, {0.0994602012521, -0.4596778998704}, {0.5303145178393, -0.0758617784858, 0.5406335260890}},
        {1, 0, {0.1439523897116, -0.6130704062312}, {0.4219425273272, -0.0481986913372, 0.4537389290635}},
        {10, 0, {0.1744350274728, -0.6921143483427}, {0.3766679772866, -0.0365072166474, 0.4275085247389}},
        {1e12, 0, {0.1744350279559, -0.6921143490476}, {0.3766679757338, -0.0365072163901, 0.4275085246160}},
        {INFINITY,
         0,
         {0.1744350279559, -0.6921143490476},
         {0.3766679757338, -0.0365072163901, 0.4275085246160}},
        {INFINITY,
         0.1,
         {0.1711551095528, -0.6816561054568},
         {0.3813007039329, -0.0373303547703, 0.4304847826125}},
        {1, 0.1, {0.1421835179191, -0.6063828569535}, {0.4256714166526, -0.0489974476776, 0.4566570690896}},
    };
    double mean[M], covariance[M * M], train[N], again[N], alpha[N];
    for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
        const struct er_descent_options o = at(row[r].time, row[r].ridge);
        const bool start = row[r].time == 0;
        predict(flow, toy.theta_test, &o, NULL, NULL, mean);
        toy_check(M, mean, row[r].mean, "ensemble mean");
        spread(flow, toy.theta_test, &o, covariance);
        check_covariance(covariance, start ? toy.k_both[0] : row[r].covariance[0],
                         start ? toy.k_both[1] : row[r].covariance[1],
                         start ? toy.k_both[3] : row[r].covariance[2], "ensemble covariance");
        T_STATUS(er_flow_train(flow, &o, toy_targets, NULL, train, NULL, &err), ER_OK, "train");
        T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_OK, "weights");
        T_STATUS(er_predict_mean(N, N, toy.theta_train, 1, alpha, NULL, again, pool, NULL, &err), ER_OK,
                 "mean");
        for (int i = 0; i < N; i++) T_CLOSE(train[i], again[i], 1e-14, "training outputs, also with a ridge");
    }
    /* the same end by triangular solutions */
    for (int ridged = 0; ridged < 2; ridged++) {
        const struct er_descent_options o = at(INFINITY, ridged ? 0.1 : 0);
        struct er_posterior *p = needed_posterior(N, toy.theta_train, o.ridge);
        double other[M * M], variance[M] = {toy.k_both[0], toy.k_both[3]};
        memcpy(other, toy.k_both, sizeof other);
        spread(flow, toy.theta_test, &o, covariance);
        T_STATUS(er_posterior_ensemble_covariance(p, M, toy.theta_test, toy.k_test, toy.k_train, other, pool,
                                                  NULL, &err),
                 ER_OK, "covariance by Cholesky");
        T_STATUS(er_posterior_ensemble_variances(p, M, toy.theta_test, toy.k_test, toy.k_train, variance,
                                                 NULL, pool, NULL, &err),
                 ER_OK, "variances by Cholesky");
        for (int i = 0; i < M * M; i++) T_CLOSE(other[i], covariance[i], 1e-14, "by Cholesky");
        for (int i = 0; i < M; i++) T_CLOSE(variance[i], covariance[i * M + i], 1e-14, "by Cholesky");
        er_posterior_free(p);
    }
}

/* Rows 17, 18, 31, 32, 37, 38. */
static void check_training_set(const struct er_flow *flow)
{
    const struct er_descent_options one = at(1, 0);
    double train[N], covariance[N * N], test[M], loss, spread_one[M * M];
    T_STATUS(er_flow_train(flow, &one, toy_targets, NULL, train, &loss, &err), ER_OK, "train");
    toy_check(N, train, (const double[]){0.8719704870476, -0.4563729154993, 0.2404372446903}, "train mean");
    double sum = 0;
    for (int i = 0; i < N; i++) sum += (train[i] - toy_targets[i]) * (train[i] - toy_targets[i]) / (2 * N);
    T_CLOSE(loss, sum, 1e-15, "training loss");
    T_STATUS(er_flow_train_covariance(flow, &one, toy.k_train, covariance, pool, NULL, &err), ER_OK, "train");
    const double want[] = {0.0188787307122, 0.0015468646597, 0.0002117769873,
                           0.0015468646597, 0.0156024211039, 0.0063751370313,
                           0.0002117769873, 0.0063751370313, 0.0143987511307};
    toy_check(N * N, covariance, want, "train covariance");

    const double start[N] = {0.2, -0.1, 0.4}, start_test[M] = {0.05, -0.3};
    T_STATUS(er_flow_train(flow, &one, toy_targets, start, train, NULL, &err), ER_OK, "one network");
    toy_check(N, train, (const double[]){0.8974412694182, -0.4518694604363, 0.2827358779918}, "one network");
    predict(flow, toy.theta_test, &one, start, start_test, test);
    toy_check(M, test, (const double[]){0.1519549095602, -0.7157106905645}, "one network, test");

    const double y[M] = {0.3, 0.6}, means[] = {0.37397266678768515, 0.4213315133047787};
    const double members[] = {0.5928930308853576, 0.6223756383922288};
    for (int end = 0; end < 2; end++) {
        const struct er_descent_options o = at(end ? (double)INFINITY : 1, 0);
        predict(flow, toy.theta_test, &o, NULL, NULL, test);
        spread(flow, toy.theta_test, &o, spread_one);
        const double variance[M] = {spread_one[0], spread_one[3]};
        const double losses[] = {er_expected_loss(M, 1, test, NULL, 1, y),
                                 er_expected_loss(M, 1, test, variance, 1, y),
                                 er_expected_loss(M, 1, test, variance, 4, y)};
        toy_check(3, losses,
                  (const double[]){means[end], members[end], means[end] + (members[end] - means[end]) / 4},
                  "expected losses");
    }
}

/* Rows 19-21: Theta = K, whose end is the posterior. */
static void check_last_layer(void)
{
    struct er_flow *flow = needed_flow(N, 1, toy.k_train);
    double mean[M], covariance[M * M];
    struct er_descent_options o = at(1, 0);
    predict(flow, toy.k_test, &o, NULL, NULL, mean);
    toy_check(M, mean, (const double[]){0.0636589622642, -0.2756703087626}, "last layer");
    spread(flow, toy.k_test, &o, covariance);
    check_covariance(covariance, 0.6851921865452, -0.1207494213308, 0.7026406844582, "last layer");
    o.time = 10;
    predict(flow, toy.k_test, &o, NULL, NULL, mean);
    toy_check(M, mean, (const double[]){0.2258744857986, -0.8264586557761}, "last layer");
    spread(flow, toy.k_test, &o, covariance);
    check_covariance(covariance, 0.3284008086999, -0.0379979960126, 0.4025982235267, "last layer");
    o.time = INFINITY;
    spread(flow, toy.k_test, &o, covariance);
    check_covariance(covariance, 0.3273670628277, -0.0377778374521, 0.4023138513680, "last layer, the end");
    er_flow_free(flow);
}

static void trap_14_the_ensemble_is_not_the_ntkgp(const struct er_flow *flow)
{
    double mean[M], ntkgp[M * M], ensemble[M * M], posterior[M * M];
    const struct er_descent_options end = at(INFINITY, 0);
    struct er_posterior *p = needed_posterior(N, toy.theta_train, absolute(0));
    posterior_at(p, toy.theta_test, toy.theta_both, mean, ntkgp);
    toy_check(M, mean, (const double[]){0.1744350279559, -0.6921143490476}, "NTKGP mean");
    check_covariance(ntkgp, 3.1211514566837, -0.1904479123232, 3.3849457885003, "NTKGP covariance");
    er_posterior_free(p);
    p = needed_posterior(N, toy.k_train, absolute(0));
    posterior_at(p, toy.k_test, toy.k_both, mean, posterior);
    spread(flow, toy.theta_test, &end, ensemble);
    for (int i = 0; i < M * M; i += M + 1)
        T_OK(ensemble[i] >= posterior[i], "no linear predictor has a smaller variance than the posterior");
    er_posterior_free(p);
}

int main(void)
{
    toy = toy_kernels(1.5, 0.1);
    pool = needed_pool(2);
    struct er_flow *flow = needed_flow(N, 1, toy.theta_train);
    check_posterior();
    check_likelihood_of_outputs();
    trap_02_ridge_is_relative_to_the_mean_diagonal();
    check_ensemble(flow);
    check_training_set(flow);
    check_last_layer();
    trap_14_the_ensemble_is_not_the_ntkgp(flow);
    er_flow_free(flow);
    er_pool_free(pool);
    return t_done();
}
