/* PAC-Bayes bounds as measures: whose error they bound, and that it is not the network's. */
#include "t.h"

#include "support/blobs.h"
#include "support/measured_net.h"

#include <ermine/measure.h>
#include <ermine/random.h>

static struct er_error err;

enum { N = 2000, D = 4, P = 2 * D + 2 };

static const char *const name[] = {"pac_bayes_bound", "pac_bayes_optimised_bound"};

/* Labels that are 1 with probability 0.97, whatever the inputs. */
static struct er_dataset lopsided(float x[N * D], int32_t label[N], uint64_t stream)
{
    struct er_random r = er_random_open(11, stream);
    for (int i = 0; i < N * D; i++) x[i] = (float)er_random_uniform(&r);
    for (int i = 0; i < N; i++) label[i] = er_random_uniform(&r) < .97;
    return (struct er_dataset){.n = N, .shape = {D, 1, 1}, .classes = 2, .x = x, .label = label};
}

static struct er_measured_run *open_run(const struct er_measured *is)
{
    struct er_measured_run *run = NULL;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "run");
    if (!run) abort();
    return run;
}

/* A network that all but nothing makes predict class 0: it errs on 97 of 100 examples, and with noise on half of them, as
 * its outputs are then drawn alike (4 standard errors of 2000 draws, whose examples may all go together). What descent
 * moves it to errs on 3 of 100. Both bounds are far below the network's own error and hold all the same. */
static void test_whose_error(void)
{
    static float x[2][N * D];
    static int32_t label[2][N];
    const struct er_dataset train = lopsided(x[0], label[0], 1), test = lopsided(x[1], label[1], 2);
    struct er_net *net = blobs_net(&train, "[dense]", "cross-entropy");
    const float w[P] = {[2 * D] = 1e-3f};
    const struct er_measured is = {.net = net,
                                   .w = w,
                                   .initial_w = w,
                                   .train = &train,
                                   .test = &test,
                                   .train_error = (double)NAN,
                                   .test_error = (double)NAN};
    struct er_measured_run *run = open_run(&is);
    double own, bound[2], error[2];
    T_STATUS(er_measure_test_error(er_measure_find("vc_bound"), run, &own, &err), ER_OK, "own");
    T_CLOSE(own, .97, 4 * sqrt(.97 * .03 / N), "the network's error");
    for (int i = 0; i < 2; i++) {
        const struct er_measure *m = er_measure_find(name[i]);
        T_OK(m->guarantee == ER_GUARANTEE_STOCHASTIC && m->cost == ER_COST_TRAINING, "%s", m->name);
        T_STATUS(er_measure_compute(m, run, &bound[i], &err), ER_OK, "%s", m->name);
        T_STATUS(er_measure_test_error(m, run, &error[i], &err), ER_OK, "%s on the test set", m->name);
        T_OK(error[i] < bound[i] && bound[i] < own - .2, "%s: %g <= %g, not %g", m->name, error[i], bound[i],
             own);
    }
    T_CLOSE(error[0], .5, 4 * .5 / sqrt(ER_MEASURE_TEST_DRAWS), "a coin");
    T_CLOSE(error[1], .03, 4 * sqrt(.03 / N) + .01, "few errors where descent has been");
    er_measured_run_free(run);
    er_net_free(net);
}

static void test_refusals(void)
{
    struct measured_net m = {0};
    double value = -7;
    if (measured_net_open(&m, "[dense 4, relu, dense]", "cross-entropy", (struct er_shape){3, 1, 1}, 3, 40)) {
        struct er_measured is = m.is;
        is.test = NULL;
        struct er_measured_run *run = open_run(&is);
        T_STATUS(er_measure_test_error(er_measure_find(name[0]), run, &value, &err), ER_E_UNSUPPORTED,
                 "no test set");
        T_EQ_STR(err.msg, "pac_bayes_bound: its error needs weights and a test set", "says");
        er_measured_run_free(run);
        run = open_run(&m.is);
        T_STATUS(er_measure_test_error(er_measure_find("param_norm"), run, &value, &err), ER_E_UNSUPPORTED,
                 "no bound");
        T_EQ_STR(err.msg, "param_norm guarantees no error", "says");
        T_ALLOCATIONS(er_measure_test_error(er_measure_find(name[1]), run, &value, &err), (void)0,
                      "optimised");
        T_OK(value >= 0 && value <= 1, "%g", value);
        er_measured_run_free(run);
    }
    measured_net_close(&m);
    if (measured_net_open(&m, "[dense 4, batch_norm, relu, dense]", "cross-entropy",
                          (struct er_shape){3, 1, 1}, 3, 40)) {
        struct er_measured_run *run = open_run(&m.is);
        for (int i = 0; i < 2; i++)
            T_STATUS(er_measure_test_error(er_measure_find(name[i]), run, &value, &err), ER_E_UNSUPPORTED,
                     "batch norm");
        er_measured_run_free(run);
    }
    measured_net_close(&m);
}

/* Where even no errors at all would leave 0.999 nothing is drawn to choose, and vacuous bounds keep an order: the further
 * away from the prior the larger. */
static void test_vacuous(void)
{
    struct measured_net m = {0};
    double value[3];
    if (measured_net_open(&m, "[dense 300, relu, dense]", "cross-entropy", (struct er_shape){5, 1, 1}, 3,
                          20)) {
        for (int k = 0; k < 3; k++) {
            value[k] = measured_net_value(&m.is, name[0], 1);
            for (int64_t i = 0; i < m.P; i++) m.w[i] *= 2;
        }
        T_OK(1 <= value[0] && value[0] < value[1] && value[1] < value[2], "%g, %g, %g", value[0], value[1],
             value[2]);
    }
    measured_net_close(&m);
}

int main(void)
{
    test_whose_error();
    test_refusals();
    test_vacuous();
    return t_done();
}
