/* The experiments `wide` and `linearise`: networks of one layer are Gaussian and linear at any width, others come near both
 * as they get wider; one step errs in second order; same bits on any number of threads; what is refused. */
#include "experiments/linearise_run.h"
#include "experiments/wide_outputs.h"

#include "support/experiment_run.h"
#include "support/needed.h"
#include "t.h"

#define DATA  "data: {name: gaussian-mixture, dimension: 4, classes: 2, train: 6, test: 10}\n"
#define LAYER "init=ntk scale=1.4142135623730951 bias_scale=0.1"
#define NET   "model: '[dense 8 " LAYER ", relu, dense " LAYER "]'\n"

static struct experiment_runs *study(const char *yaml, int threads)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    struct er_error err;
    T_STATUS(experiment_run(runs, threads, NULL, &err), ER_OK, "%s", yaml);
    return runs;
}

enum { N3 = 6, M3 = 5, D3 = 4, O3 = 3, STEPS = 3 };

#define RATE 2.0

/* One layer and three classes: K = Theta = 2 x.x' / D + 0.01, and every network is a member of the ensemble
 *
 *     f_t(x) = f_0(x) + k_x M_t (y - f_0(X))      M_0 = 0      M_{t+1} = M_t + rate / (n O) (I - K M_t)
 */
struct one_layer {
    struct er_split split;
    double k[N3 * N3], k_test[M3 * N3], k_self[M3];
    double M[N3 * N3];
    double y[N3 * O3], mean[M3 * O3], variance[M3];
};

static double inner(const float *a, const float *b)
{
    double sum = 0;
    for (int d = 0; d < D3; d++) sum += (double)a[d] * (double)b[d];
    return 2 * sum / D3 + 0.01;
}

static void fill_kernels(struct one_layer *l)
{
    const float *x = l->split.train.x, *z = l->split.test.x;
    for (ptrdiff_t i = 0; i < N3; i++)
        for (ptrdiff_t j = 0; j < N3; j++) l->k[i * N3 + j] = inner(x + i * D3, x + j * D3);
    for (ptrdiff_t i = 0; i < M3; i++) {
        for (ptrdiff_t j = 0; j < N3; j++) l->k_test[i * N3 + j] = inner(z + i * D3, x + j * D3);
        l->k_self[i] = inner(z + i * D3, z + i * D3);
    }
    for (ptrdiff_t i = 0; i < N3; i++)
        for (int o = 0; o < O3; o++) l->y[i * O3 + o] = l->split.train.label[i] == o;
}

static void descend(struct one_layer *l)
{
    for (int t = 0; t < STEPS; t++) {
        double next[N3 * N3];
        for (int i = 0; i < N3; i++)
            for (int j = 0; j < N3; j++) {
                double km = 0;
                for (int a = 0; a < N3; a++) km += l->k[i * N3 + a] * l->M[a * N3 + j];
                next[i * N3 + j] = l->M[i * N3 + j] + RATE / (N3 * O3) * ((i == j) - km);
            }
        memcpy(l->M, next, sizeof next);
    }
}

/* With b = k_x M: the mean b y, and the variance of f_0(x) - b f_0(X). */
static void predict(struct one_layer *l)
{
    for (int i = 0; i < M3; i++) {
        double b[N3] = {0};
        for (int a = 0; a < N3; a++)
            for (int j = 0; j < N3; j++) b[j] += l->k_test[i * N3 + a] * l->M[a * N3 + j];
        l->variance[i] = l->k_self[i];
        for (int a = 0; a < N3; a++) {
            l->variance[i] -= 2 * b[a] * l->k_test[i * N3 + a];
            for (int j = 0; j < N3; j++) l->variance[i] += b[a] * l->k[a * N3 + j] * b[j];
            for (int o = 0; o < O3; o++) l->mean[i * O3 + o] += b[a] * l->y[a * O3 + o];
        }
    }
}

static double alignment_of(const struct one_layer *l)
{
    double along = 0, size = 0;
    for (int i = 0; i < N3; i++)
        for (int j = 0; j < N3; j++) {
            along += l->split.train.label[i] == l->split.train.label[j] ? l->k[i * N3 + j] : 0;
            size += l->k[i * N3 + j] * l->k[i * N3 + j];
        }
    return along / (sqrt(size) * N3);
}

/* The largest eigenvalue, by powers. */
static double largest_of(const struct one_layer *l)
{
    double v[N3] = {1, 0.5, 0.25, 0.3, 0.2, 0.1}, size = 0;
    for (int t = 0; t < 2000; t++) {
        double next[N3] = {0};
        size = 0;
        for (int i = 0; i < N3; i++) {
            for (int j = 0; j < N3; j++) next[i] += l->k[i * N3 + j] * v[j];
            size += next[i] * next[i];
        }
        size = sqrt(size);
        for (int i = 0; i < N3; i++) v[i] = next[i] / size;
    }
    return size;
}

static void three_outputs_by_value(void)
{
    enum { SEEDS = 60 };
    struct er_data_spec data = er_data_spec_default();
    struct one_layer l = {.split = {.train = {.n = 0}}};
    struct er_error err;
    double limit = 0, member = 0, spread = 0;
    data.name = "gaussian-mixture";
    data.dimension = D3;
    data.classes = O3;
    data.train = N3;
    data.test = M3;
    data.standardise = ER_STANDARDISE_FEATURE;
    T_STATUS(er_data_open(&data, NULL, &l.split, &err), ER_OK, "data");
    fill_kernels(&l);
    descend(&l);
    predict(&l);
    for (int i = 0; i < M3; i++) {
        member += O3 * l.variance[i] / M3;
        for (int o = 0; o < O3; o++) limit += pow(l.mean[i * O3 + o] - (l.split.test.label[i] == o), 2) / M3;
    }
    struct experiment_runs *runs =
        study("study: s\ndata: {name: gaussian-mixture, dimension: 4, classes: 3, train: 6, "
              "test: 5}\nmodel: '[dense " LAYER "]'\n"
              "linearise: {steps: 3, rate: 2}\nseeds: 60\n",
              2);
    T_CLOSE(experiment_value(runs, 0, "limit_test_mse"), limit, 1e-12, "the ensemble's mean");
    T_CLOSE(experiment_value(runs, 0, "limit_member_test_mse"), limit + member, 1e-12, "and one of it");
    T_CLOSE(experiment_value(runs, 0, "alignment"), alignment_of(&l), 1e-12, "alignment");
    T_CLOSE(experiment_value(runs, 0, "max_rate"), 2 * N3 * O3 / largest_of(&l), 1e-9, "2 n O / lambda");
    double test_mse = 0;
    for (int i = 0; i < SEEDS; i++) {
        spread += experiment_value(runs, i, "limit_spread") / SEEDS;
        test_mse += experiment_value(runs, i, "test_mse") / SEEDS;
        T_CLOSE(experiment_value(runs, i, "train_gap"), 0, 1e-12, "seed %d: its own linearisation", i);
    }
    /* Squares of 15 Gaussian numbers, which are correlated: 5 weights of each output. Four standard errors, of at most
     * sqrt(2 / (5 O SEEDS)) times the root of what the variances of examples differ by, some 2. */
    T_CLOSE(spread, 1, 4 * sqrt(2 * 2 / (5.0 * O3 * SEEDS)), "members lie about the mean as theory says");
    T_CLOSE(test_mse / (limit + member), 1, 0.25, "and err as much as it says");
    experiment_runs_free(runs);
    er_split_clear(&l.split);
}

/* One step from outputs that are next to nothing, f = 10^-3 w.x / sqrt D: w moves by rate / n 10^-3 / sqrt D sum y_i x_i,
 * and |w|^2 is about D, to 13 % at four standard deviations. */
static void movement_by_value(void)
{
    enum { N = 4, D = 2000 };
    struct er_data_spec data = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    double squares = 0;
    data.name = "gaussian-mixture";
    data.dimension = D;
    data.classes = 2;
    data.train = N;
    data.test = 1;
    data.standardise = ER_STANDARDISE_FEATURE;
    T_STATUS(er_data_open(&data, NULL, &split, &err), ER_OK, "data");
    for (int d = 0; d < D; d++) {
        double g = 0;
        for (int i = 0; i < N; i++)
            g += (split.train.label[i] == 1 ? 1 : -1) * (double)split.train.x[i * D + d];
        squares += g * g;
    }
    struct experiment_runs *runs =
        study("study: s\ndata: {name: gaussian-mixture, dimension: 2000, classes: 2, train: 4, test: 1}\n"
              "model: '[dense init=ntk scale=0.001 bias=false]'\nlinearise: {steps: 1, rate: 1.0e5}\n",
              1);
    const double moved = 1e5 / N * 1e-3 * sqrt(squares / D);
    T_CLOSE(experiment_value(runs, 0, "movement") / (moved / sqrt(D)), 1, 0.07, "|dw| / |w|");
    experiment_runs_free(runs);
    er_split_clear(&split);
}

/* Many outputs of one layer: its moments to two digits, and what the columns say of chance. */
static void wide_by_value(void)
{
    struct experiment_runs *runs =
        study("study: s\ndata: {name: gaussian-mixture, dimension: 4, classes: 10, train: 6, test: 4}\n"
              "model: '[dense " LAYER "]'\nwide: {networks: 2, draws: 10000}\n",
              2);
    const double count = 1e5; /* outputs of an example */
    T_CLOSE(experiment_value(runs, 0, "kurtosis"), 0, 4 * sqrt(24 / count), "kurtosis of Gaussian numbers");
    T_CLOSE(experiment_value(runs, 0, "ks_gaussian") * sqrt(count), sqrt(acos(-1) / 2) * log(2), 1e-4,
            "mean of Kolmogorov's law");
    const double ratio = experiment_value(runs, 0, "ks") / experiment_value(runs, 0, "ks_gaussian");
    T_OK(ratio > 0.5 && ratio < 1.7, "ks is what chance makes: %g of it", ratio);
    experiment_runs_free(runs);
}

static void one_layer_is_its_limit(void)
{
    struct experiment_runs *runs =
        study("study: s\n" DATA "model: '[dense " LAYER "]'\nwide: {networks: 2, draws: 4000}\n", 1);
    T_CLOSE(experiment_value(runs, 0, "nngp_error"), 0, 1e-24,
            "K is that of infinite width: rounding, squared");
    T_CLOSE(experiment_value(runs, 0, "ntk_error"), 0, 1e-24, "and Theta");
    T_CLOSE(experiment_value(runs, 0, "nngp_noise"), 0, 1e-24, "whatever the draw");
    /* standard error of an excess kurtosis of Gaussian numbers: sqrt(24 / draws) for each example, which are correlated */
    T_CLOSE(experiment_value(runs, 0, "kurtosis"), 0, 5 * sqrt(24.0 / 4000), "outputs have no kurtosis");
    T_OK(experiment_value(runs, 0, "ks") < 2 * experiment_value(runs, 0, "ks_gaussian"),
         "and are Gaussian: ks %g", experiment_value(runs, 0, "ks"));
    experiment_runs_free(runs);
    runs = study("study: s\n" DATA "model: '[dense " LAYER "]'\nlinearise: {steps: 60, rate: 0.5}\n", 1);
    T_CLOSE(experiment_value(runs, 0, "gap"), 0, 1e-11, "it trains like its linearisation, to rounding");
    T_CLOSE(experiment_value(runs, 0, "train_gap"), 0, 1e-11, "on the training set too");
    T_CLOSE(experiment_value(runs, 0, "kernel_distance"), 0, 1e-14, "its kernel stays");
    T_CLOSE(experiment_value(runs, 0, "start_distance"), 0, 1e-14, "and is that of infinite width");
    T_OK(experiment_value(runs, 0, "movement") > 0.01, "while it moves");
    experiment_runs_free(runs);
}

static void wider_is_nearer(void)
{
    struct experiment_runs *runs =
        study("study: s\n" DATA NET "wide: {width: [4, 32, 256], networks: 60, draws: 1500}\n", 2);
    double error[3], kurtosis[3];
    for (int i = 0; i < 3; i++) {
        error[i] = experiment_value(runs, i, "ntk_error");
        kurtosis[i] = experiment_value(runs, i, "kurtosis");
    }
    /* 1 / (width networks) of one hidden layer: eight times less, of which noise leaves at least three */
    T_OK(error[0] > 3 * error[1] && error[1] > 3 * error[2], "ntk_error %g, %g, %g", error[0], error[1],
         error[2]);
    T_OK(kurtosis[0] > 0.5 && kurtosis[0] > 3 * kurtosis[2], "kurtosis %g, %g", kurtosis[0], kurtosis[2]);
    for (int i = 0; i < 3; i++) {
        const double noise = experiment_value(runs, i, "ntk_noise");
        T_OK(error[i] > 0.1 * noise && error[i] < 10 * noise, "about what so few networks make: %g of %g",
             error[i], noise);
    }
    const double *gaussian = experiment_curve(runs, 2, "gaussian"),
                 *output = experiment_curve(runs, 2, "output");
    T_CLOSE(output[20], gaussian[20], 0.1, "a quarter's quantile"); /* draws of correlated examples: 0.035 */
    experiment_runs_free(runs);
    runs =
        study("study: s\n" DATA NET "linearise: {width: [8, 64, 512], steps: 100, rate: 0.4}\nseeds: 3\n", 2);
    double gap[3] = {0}, drift[3] = {0}, spread = 0;
    for (int i = 0; i < 9; i++) {
        gap[i / 3] += experiment_value(runs, i, "gap");
        drift[i / 3] += experiment_value(runs, i, "kernel_distance");
        if (i >= 6) spread += experiment_value(runs, i, "limit_spread") / 3;
    }
    T_OK(gap[0] > 2 * gap[1] && gap[1] > 2 * gap[2], "gap %g, %g, %g: as 1 / sqrt(width) or better", gap[0],
         gap[1], gap[2]);
    T_OK(drift[0] > 2 * drift[1] && drift[1] > 2 * drift[2], "kernel %g, %g, %g", drift[0], drift[1],
         drift[2]);
    T_OK(spread > 0.1 && spread < 4, "a member of the ensemble: %g of its variance",
         spread); /* some 10 degrees of freedom */
    experiment_runs_free(runs);
}

/* f(w - rate g) and its linearisation differ by the second order in rate. */
static void one_step_errs_in_second_order(void)
{
    struct experiment_runs *runs =
        study("study: s\n" DATA "model: '[dense 8 init=ntk, tanh, dense 8 init=ntk, tanh, dense init=ntk]'\n"
              "linearise: {rate: [0.01, 0.001], steps: 1, infinite: false}\n",
              1);
    const double ratio = experiment_value(runs, 0, "gap") / experiment_value(runs, 1, "gap");
    T_CLOSE(ratio, 100, 5, "a tenth of the rate: a hundredth of the gap");
    T_OK(experiment_curve(runs, 0, "gap")[0] == 0, "none at the start");
    T_OK(isnan(experiment_value(runs, 0, "limit_gap")), "no limit was asked for");
    experiment_runs_free(runs);
}

static void ends_and_bits(void)
{
    const char *yaml = "study: s\n" DATA NET "linearise: {width: [6, 10], steps: 20}\nseeds: 2\n";
    struct experiment_runs *one = study(yaml, 1), *three = study(yaml, 3);
    int same = 0;
    for (int64_t i = 0; i < one->n; i++) same += experiment_same(&one->record[i], &three->record[i]);
    T_EQ_INT(same, 4, "linearise: the same bits on one thread and on three");
    experiment_runs_free(one);
    experiment_runs_free(three);
    yaml = "study: s\n" DATA NET "wide: {width: [6, 10], networks: 3, draws: 20}\n";
    one = study(yaml, 1), three = study(yaml, 3);
    for (int64_t i = 0; i < one->n; i++) same += experiment_same(&one->record[i], &three->record[i]);
    T_EQ_INT(same, 6, "wide: likewise");
    experiment_runs_free(one);
    experiment_runs_free(three);
    struct experiment_runs *runs = study("study: s\n" DATA NET "linearise: {steps: 2000, rate: 1000}\n", 1);
    T_EQ_STR(runs->record[0].outcome, "diverged", "a rate that is too large");
    T_OK(experiment_value(runs, 0, "max_rate") < 1000, "it is above %g",
         experiment_value(runs, 0, "max_rate"));
    experiment_runs_free(runs);
}

static void refusals(void)
{
    experiment_refused(
        "model: '[conv 4, max_pool 2, relu, dense]'\ndata: {name: fashion-mnist}\nwide: {}", 8,
        "model: infinite width: layer 2, max_pool, has no exact kernel; `ermine kernel --sampled 100` "
        "estimates one from 100 networks of finite width");
    struct experiment_runs *runs = study("study: s\ndata: {name: gaussian-mixture, dimension: 4, train: 5}\n"
                                         "model: '[dense 3, gain, relu, dense]'\nlinearise: {steps: 2}\n",
                                         1);
    T_OK(strstr(runs->record[0].note, "gain"), "a layer without a kernel is no obstacle: %s",
         runs->record[0].note);
    T_OK(isnan(experiment_value(runs, 0, "limit_test_mse")), "what needs it is left out");
    experiment_runs_free(runs);
}

/* Memory by formula; runs of one kind are tried once, and take as long. */
static void estimates(void)
{
    static const char *const text[] = {"study: s\n" DATA NET
                                       "wide: {width: [5, 50], networks: 2, draws: 4}\n",
                                       "study: s\n" DATA NET "linearise: {width: [5, 50], steps: 30}\n"};
    for (int i = 0; i < 2; i++) {
        struct er_estimate one = {0}, two = {0};
        struct er_error err;
        struct experiment_runs *runs = experiment_runs_new(text[i]);
        struct er_pool *pool = needed_pool(2);
        T_STATUS(runs->experiment->estimate(er_study_point(runs->study, 0), 1, NULL, pool, NULL, &one, &err),
                 ER_OK, "an estimate");
        T_STATUS(runs->experiment->estimate(er_study_point(runs->study, 0), 2, NULL, pool, NULL, &two, &err),
                 ER_OK, "an estimate of two");
        T_OK(one.seconds > 0 && one.at_once == 1 && two.at_once == 2, "%s: %g s", text[i], one.seconds);
        T_OK(one.run_bytes > 5 * 6 * sizeof(double) && two.run_bytes > one.run_bytes,
             "the wider one's memory");
        er_pool_free(pool);
        experiment_runs_free(runs);
    }
}

static enum er_status make(const struct er_point *point, const struct er_split *split, struct er_error *err)
{
    const struct er_linearise_spec spec = {.steps = 2, .rate = 0.1, .infinite = true};
    struct er_spread_result result = {.outcome = ""};
    struct er_wide_outputs outputs;
    struct er_wide_net net = {0};
    double x[2 * 4] = {1, 2, 3, 4, 5, 6, 7, 8}, k[4] = {1, 0, 0, 1}, curve[2][ER_WIDE_QUANTILES];
    enum er_status status = er_wide_net_open(point, "linearise.width", split->train.shape, 2, &net, err);
    if (status == ER_OK) status = er_linearise_run(&spec, &net, split, NULL, &result, err);
    if (status == ER_OK)
        status = er_wide_outputs_measure(&net, 2, x, k, 3, 0, NULL, &outputs,
                                         (double *const[2]){curve[0], curve[1]}, err);
    er_free(result.curve[0]);
    er_wide_net_clear(&net);
    return status;
}

static void memory(void)
{
    struct experiment_runs *runs = experiment_runs_new("study: s\n" DATA NET "linearise: {width: 3}\n");
    struct er_data_spec data = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    data.name = "gaussian-mixture";
    data.dimension = 4;
    data.classes = 2;
    data.train = 3;
    data.test = 2;
    T_STATUS(er_data_open(&data, NULL, &split, &err), ER_OK, "data");
    T_ALLOCATIONS(make(er_study_point(runs->study, 0), &split, &err), (void)0,
                  "each allocation of a run fails once");
    er_split_clear(&split);
    experiment_runs_free(runs);
}

int main(void)
{
    one_layer_is_its_limit();
    three_outputs_by_value();
    movement_by_value();
    wide_by_value();
    wider_is_nearer();
    one_step_errs_in_second_order();
    ends_and_bits();
    refusals();
    estimates();
    memory();
    return t_done();
}
