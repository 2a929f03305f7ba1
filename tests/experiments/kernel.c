/* The experiment `kernel`: against a dense solver on kernels asked for directly; runs that share matrices, threads, runs
 * left and taken up; searches; the reference's accuracies on Fashion-MNIST. */
#include "experiments/kernel_matrices.h"
#include "experiments/kernel_predict.h"
#include "experiments/kernel_state.h"

#include "support/experiment_run.h"
#include "support/needed.h"
#include "support/places.h"
#include "support/scratch.h"
#include "t.h"

#include <dirent.h>
#include <float.h>
#include <lapacke.h>

#define DATA  "study: s\ndata: {name: gaussian-mixture, classes: 3, dimension: 5, train: 150, test: 60}\n"
#define MODEL "model: \"[dense 8, relu, dense 8, relu, dense]\"\n"
#define STD   "weight_std: 1.4, bias_std: 0.1"

enum { N = 150, M = 60, D = 5, O = 3 };

static struct experiment_runs *run_of(const char *text, int threads)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(text);
    T_STATUS(experiment_run(r, threads, places_here(), &err), ER_OK, "%s", text);
    return r;
}

static struct er_limit *limit_of(const char *text, struct er_shape shape, bool ntk)
{
    struct er_limit_options options = er_limit_defaults();
    struct er_limit *limit = NULL;
    struct er_model *model = NULL;
    struct er_error err = {0};
    options.weight_std = 1.4;
    options.bias_std = 0.1;
    options.parameterisation = ER_PARAMETERISATION_NTK;
    options.ntk = ntk;
    if (er_model_parse(text, &model, &err) != ER_OK ||
        er_limit_new(model, shape, &options, &limit, &err) != ER_OK) {
        printf("# %s\n", err.msg);
        exit(1);
    }
    er_model_free(model);
    return limit;
}

static struct er_split split_of(void)
{
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    spec.name = "gaussian-mixture";
    spec.classes = 3;
    spec.dimension = D;
    spec.train = N;
    spec.test = M;
    spec.standardise = ER_STANDARDISE_FEATURE;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "data");
    return split;
}

/* What ridge regression with a kernel gives, in one piece, by LAPACK. */
struct dense {
    double mse[2], nlpd, member_loss, log_marginal;
};

/* With Z = A^-1 K_D*, A = K or Theta with the ridge: variances K_** - Z' K_D* of the posterior, and of trained networks
 * K_** - 2 Z' K_D* + Z' K Z with Theta's Z. */
static void spread_by_lapack(const double *k, const double *K, const double *factor, bool ntk, double noise,
                             const double *f, const double *y, struct dense *out)
{
    const int all = N + M;
    double *Z = needed(N * M, sizeof *Z);
    out->nlpd = 0;
    out->member_loss = out->mse[1] / 2;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < M; j++) Z[i * M + j] = K[i * all + N + j];
    if (LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', N, M, factor, N, Z, M) != 0) abort();
    for (int j = 0; j < M; j++) {
        double v = k[(N + j) * all + N + j];
        for (int i = 0; i < N; i++) {
            double kz = 0;
            for (int a = 0; ntk && a < N; a++) kz += k[i * all + a] * Z[a * M + j];
            v += Z[i * M + j] * (kz - (ntk ? 2 : 1) * k[i * all + N + j]);
        }
        out->member_loss += v / (2 * M);
        for (int o = 0; o < O; o++) {
            const double off = f[(N + j) * O + o] - y[(N + j) * O + o];
            out->nlpd += (log(2 * acos(-1) * (v + noise)) + off * off / (v + noise)) / (2 * M * O);
        }
    }
    er_free(Z);
}

static void by_lapack(const struct er_split *split, bool ntk, double ridge, struct dense *out)
{
    double *mse = out->mse;
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    struct er_limit *limit = limit_of("[dense 8, relu, dense 8, relu, dense]", split->train.shape, true);
    struct er_limit_points *points;
    double *x = needed((N + M) * D, sizeof *x), *k = needed((N + M) * (N + M), sizeof *k),
           *theta = needed((N + M) * (N + M), sizeof *theta), *A = needed(N * N, sizeof *A),
           *y = needed((N + M) * O, sizeof *y), *c = needed(N * O, sizeof *c), trace = 0,
           *outputs = needed((N + M) * O, sizeof *outputs);
    for (int i = 0; i < N * D; i++) x[i] = (double)split->train.x[i];
    for (int i = 0; i < M * D; i++) x[N * D + i] = (double)split->test.x[i];
    T_STATUS(er_limit_points_new(limit, N + M, x, true, pool, NULL, &points, &err), ER_OK, "points");
    T_STATUS(er_limit_kernel(points, NULL, k, theta, pool, NULL, &err), ER_OK, "kernels of all examples");
    const double *K = ntk ? theta : k;
    for (int i = 0; i < N; i++) trace += K[i * (N + M) + i];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) A[i * N + j] = K[i * (N + M) + j] + (i == j ? ridge * trace / N : 0);
    for (int i = 0; i < N + M; i++)
        for (int o = 0; o < O; o++)
            y[i * O + o] = ((i < N ? split->train.label[i] : split->test.label[i - N]) == o) - 1.0 / O;
    memcpy(c, y, N * O * sizeof *c);
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', N, O, A, N, c, O) != 0) abort();
    mse[0] = mse[1] = 0;
    for (int i = 0; i < N + M; i++)
        for (int o = 0; o < O; o++) {
            double f = 0;
            for (int j = 0; j < N; j++) f += K[i * (N + M) + j] * c[j * O + o];
            outputs[i * O + o] = f;
            mse[i >= N] += (f - y[i * O + o]) * (f - y[i * O + o]) / (O * (i < N ? N : M));
        }
    out->log_marginal = -0.5 * log(2 * acos(-1));
    for (int i = 0; i < N; i++) {
        out->log_marginal -= log(A[i * N + i]) / N;
        for (int o = 0; o < O; o++) out->log_marginal -= y[i * O + o] * c[i * O + o] / (2 * N * O);
    }
    spread_by_lapack(k, K, A, ntk, ntk ? 0 : ridge * trace / N, outputs, y, out);
    er_limit_points_free(points);
    er_limit_free(limit);
    er_pool_free(pool);
    er_free(outputs);
    er_free(x);
    er_free(k);
    er_free(theta);
    er_free(A);
    er_free(y);
    er_free(c);
}

static void check_numbers(void)
{
    struct experiment_runs *r =
        run_of(DATA MODEL "kernel: {get: [nngp, ntk], ridge: 0.01, spectrum: true, " STD "}\n", 1);
    struct er_split split = split_of();
    for (int ntk = 0; ntk < 2; ntk++) {
        struct dense want;
        by_lapack(&split, ntk, 0.01, &want);
        const double *mse = want.mse;
        const double eps = 100 * experiment_value(r, ntk, "condition_number") * DBL_EPSILON;
        T_CLOSE(experiment_value(r, ntk, "train_mse"), mse[0], eps, "%s: training", ntk ? "ntk" : "nngp");
        T_CLOSE(experiment_value(r, ntk, "test_mse"), mse[1], eps, "%s: test", ntk ? "ntk" : "nngp");
        T_CLOSE(experiment_value(r, ntk, "member_loss"), want.member_loss, eps, "its own spread comes to it");
        T_CLOSE(experiment_value(r, ntk, "nlpd") / want.nlpd, 1, eps,
                "density: the spread, and of a posterior noise");
        if (!ntk)
            T_CLOSE(experiment_value(r, 0, "log_marginal") / want.log_marginal, 1, eps, "of three outputs");
        T_OK(experiment_value(r, ntk, "smallest_eigenvalue") > 0, "eigenvalues");
        T_CLOSE(experiment_value(r, ntk, "max_rate") * experiment_value(r, ntk, "largest_eigenvalue") /
                    (2 * N * O),
                1, 0.01, "2 n O / (lambda + r), r being small beside it");
        T_OK(isnan(experiment_value(r, ntk, "log_marginal")) == (ntk == 1), "a posterior has a likelihood");
    }
    T_CLOSE(r->done, (double)r->n, 1e-9, "progress reaches the end");
    er_split_clear(&split);
    experiment_runs_free(r);
}

/* The whole study, its runs alone, threads, and left after every state. */
static void check_sharing(void)
{
    static const char study[] =
        DATA MODEL "kernel: {get: [nngp, ntk], ridge: [0.001, 0.1], weight_std: [1, 1.4], bias_std: 0.1}\n";
    struct er_error err;
    struct experiment_runs *one = run_of(study, 1), *r = experiment_runs_new(study);
    for (int64_t i = 0; i < r->n; i++) {
        T_STATUS(experiment_run_some(r, i, 1, 1, NULL, &err), ER_OK, "alone");
        T_OK(experiment_same(&one->record[i], &r->record[0]), "run %d alone has the same bits", (int)i);
    }
    r->skip = 1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "two threads, one is somebody else's");
    for (int64_t i = 0; i < r->n; i++)
        T_OK(i == 1 ? !r->record[i].ended : experiment_same(&one->record[i], &r->record[i]), "run %d",
             (int)i);
    r->skip = -1;
    struct er_pool *pool = needed_pool(2);
    struct er_estimate estimate;
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &estimate, &err),
             ER_OK, "estimate");
    T_OK(estimate.ensembles == 2 && estimate.at_once == 1 && estimate.seconds > 0 &&
             estimate.run_bytes > 2 * 8 * N * (N + M),
         "two kinds: %d, %zu bytes", (int)estimate.ensembles, estimate.run_bytes);
    er_pool_free(pool);
    experiment_runs_free(r);
    experiment_runs_free(one);
}

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static int64_t files_in(const char *folder)
{
    int64_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) n += entry->d_name[0] != '.';
    if (dir) closedir(dir);
    return n;
}

/* Stops in the middle; and how much there was at the first report of pairs. */
/* Networks with other layers fixed share no matrix. */
static void check_fixed(void)
{
    struct experiment_runs *both = run_of(DATA MODEL "kernel: {fixed: [0, 1], " STD "}\n", 1);
    for (int i = 0; i < 2; i++) {
        struct experiment_runs *one = run_of(
            i ? DATA MODEL "kernel: {fixed: 1, " STD "}\n" : DATA MODEL "kernel: {fixed: 0, " STD "}\n", 1);
        T_OK(experiment_same(&one->record[0], &both->record[i]), "%d layers fixed: as alone", i);
        experiment_runs_free(one);
    }
    T_OK(experiment_value(both, 0, "test_mse") != experiment_value(both, 1, "test_mse"), "it matters");
    experiment_runs_free(both);
}

struct stopper {
    atomic_bool stop;
    double after, latest;
};

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct stopper *s = ctx;
    T_OK(report->done >= s->latest, "progress does not go back");
    s->latest = report->done;
    if (report->done >= s->after) atomic_store(&s->stop, true);
}

/* Interrupted in the file of the training matrix, then in that of the test matrix, read by rows and into memory: the bits of
 * a computation without files, and of tiles that are there none is computed again. */
static void check_files(void)
{
    struct er_error err;
    char folder[64];
    struct er_pool *pool = needed_pool(1);
    struct er_split split = split_of();
    struct er_limit *limit = limit_of("[dense 8, relu, dense]", split.train.shape, true);
    struct er_kernel_place none = {0}, place = {.folder = scratch_make(folder)};
    struct er_kernel_matrices whole, k;
    double *room = needed(M * N, sizeof *room);
    T_STATUS(er_kernel_matrices_new(limit, &split, true, &none, &whole, &err), ER_OK, "room");
    T_STATUS(er_kernel_matrices_compute(&whole, limit, pool, NULL, &err), ER_OK, "without files");
    const double all = er_kernel_matrices_flops(limit, N, M), points = (N + M) * er_limit_flops(limit);
    for (int i = 0; i < 3; i++) {
        struct stopper s = {.after = i == 0 ? points + 1 : i == 1 ? (all + points) / 2 : 2 * all};
        const struct er_progress progress = {.report = on_report, .ctx = &s, .stop = &s.stop};
        place.rows = i == 1;
        T_STATUS(er_kernel_matrices_new(limit, &split, true, &place, &k, &err), ER_OK, "room");
        const enum er_status status = er_kernel_matrices_compute(&k, limit, pool, &progress, &err);
        T_EQ_INT(status, i < 2 ? ER_E_STOPPED : ER_OK, "%s", i < 2 ? "left" : "gone on");
        if (i == 2) T_CLOSE(s.latest / all, 1, 1e-12, "progress ends where flops say");
        if (i < 2) er_kernel_matrices_clear(&k, false);
        T_EQ_INT(files_in(folder), 2, "two files");
    }
    T_OK(er_gram_file_done(k.train) == er_gram_file_pairs(k.train), "whole");
    for (int theta = 0; theta < 2; theta++) {
        er_gram_file_read(k.test, theta, 0, M, room);
        T_OK(same_bits(room, theta ? whole.theta_test : whole.k_test, M * N * sizeof *room) &&
                 same_bits(room, theta ? k.theta_test : k.k_test, M * N * sizeof *room) &&
                 same_bits(theta ? k.theta_train : k.k_train, theta ? whole.theta_train : whole.k_train,
                           N * N * sizeof *room),
             "%s: the bits of a computation without files", theta ? "Theta" : "K");
    }
    T_OK(same_bits(k.k_self, whole.k_self, M * sizeof(double)), "K of points with themselves");
    struct er_kernel_matrices other;
    T_STATUS(er_kernel_matrices_new(limit, &split, true, &place, &other, &err), ER_OK, "room");
    T_STATUS(er_kernel_matrices_compute(&other, limit, pool, NULL, &err), ER_OK,
             "while the files are in use");
    T_OK(!other.train && other.unkept.msg[0] &&
             same_bits(other.k_train, whole.k_train, N * N * sizeof(double)),
         "it does without, and says so: %s", other.unkept.msg);
    er_kernel_matrices_clear(&other, true);
    er_kernel_matrices_clear(&k, true);
    T_EQ_INT(files_in(folder), 0, "deleted");
    T_ALLOCATIONS(er_kernel_matrices_new(limit, &split, true, &none, &k, &err),
                  er_kernel_matrices_clear(&k, false), "allocations");
    split.train.n = 3000000; /* said beforehand: nothing of it is read */
    T_STATUS(er_kernel_matrices_new(limit, &split, true, &none, &k, &err), ER_E_NOMEM, "144 TB");
    T_OK(strstr(err.msg, "3000000") && strstr(err.msg, "available"), "with the numbers: %s", err.msg);
    split.train.n = N;
    scratch_remove(folder);
    er_free(room);
    er_kernel_matrices_clear(&whole, false);
    er_limit_free(limit);
    er_split_clear(&split);
    er_pool_free(pool);
}

/* Masks are drawn for training examples, and none for those that are predicted. */
static void check_dropout(void)
{
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    struct er_split split = split_of();
    struct er_limit *limit[] = {limit_of("[dense 8, relu, dropout 0.5, dense]", split.train.shape, false),
                                limit_of("[dense 8, relu, dense]", split.train.shape, false)};
    const struct er_kernel_place none = {0};
    struct er_kernel_matrices k[2];
    for (int i = 0; i < 2; i++) {
        T_STATUS(er_kernel_matrices_new(limit[i], &split, false, &none, &k[i], &err), ER_OK, "room");
        T_STATUS(er_kernel_matrices_compute(&k[i], limit[i], pool, NULL, &err), ER_OK, "kernels");
    }
    const double b2 = 0.01; /* bias_std^2: what comes after the mask */
    T_CLOSE((k[0].k_train[0] - b2) / (k[1].k_train[0] - b2), 2, 1e-12, "1 / keep on the diagonal");
    T_CLOSE(k[0].k_train[1], k[1].k_train[1], 1e-12, "of two examples masks are independent");
    T_CLOSE(k[0].k_self[0], k[1].k_self[0], 1e-12, "a test example");
    for (int i = 0; i < 2; i++) {
        er_kernel_matrices_clear(&k[i], false);
        er_limit_free(limit[i]);
    }
    er_split_clear(&split);
    er_pool_free(pool);
}

/* A search's result and a stop are kept by the last run; damaged states are passed over. */
static void check_state(void)
{
    struct er_kernel_state state = {.tuned = {1, 2, 3, 4, 5}, .seconds = 6, .ntk = 1}, other = {.ntk = 1};
    er_kernel_state_seal(&state);
    ((char *)&state)[sizeof state - 1] ^= 1;
    er_kernel_state_take(&other, &state, sizeof state);
    T_EQ_INT(other.tuned.found, 0, "damaged");
    ((char *)&state)[sizeof state - 1] ^= 1;
    er_kernel_state_take(&other, &state, sizeof state - 1);
    T_EQ_INT(other.tuned.found, 0, "short");
    er_kernel_state_take(&other, &state, sizeof state);
    T_OK(other.tuned.found && other.tuned.ridge == 4 && other.seconds == 6, "taken");
}

static void check_time(void)
{
    struct experiment_runs *r = run_of(DATA MODEL "kernel: {time: [0, 1, 1e12], ridge: 0.001, " STD "}\n", 1),
                           *end = run_of(DATA MODEL "kernel: {ridge: 0.001, " STD "}\n", 1);
    T_CLOSE(experiment_value(r, 0, "test_mse"), 2.0 / 9, 1e-12, "at time 0 the mean is 0: 1/3 - 1/9");
    T_OK(experiment_value(r, 1, "train_mse") < 2.0 / 9 &&
             experiment_value(r, 1, "train_mse") > experiment_value(r, 2, "train_mse"),
         "training goes on");
    T_CLOSE(experiment_value(r, 2, "test_mse"), experiment_value(end, 0, "test_mse"), 1e-9, "to the end");
    T_CLOSE(experiment_value(r, 2, "member_loss"), experiment_value(end, 0, "member_loss"), 1e-9,
            "with its spread");
    experiment_runs_free(r);
    experiment_runs_free(end);
}

/* Conjugate gradients by rows of files: the bits that they have in memory. */
static void check_rows(void)
{
    static const char text[] =
        DATA MODEL "kernel: {get: [nngp, ntk], ridge: 0.01, solver: conjugate-gradients, " STD "}\n";
    char folder[64];
    struct er_error err;
    struct experiment_runs *one = run_of(text, 1), *r = experiment_runs_new(text);
    r->work = scratch_make(folder);
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "with a folder");
    T_OK(experiment_same(&one->record[0], &r->record[0]) && experiment_same(&one->record[1], &r->record[1]),
         "the same bits");
    T_EQ_INT(files_in(folder), 0, "files are deleted when the runs have ended");
    T_OK(r->record[0].note[0] == 0 && experiment_value(r, 0, "condition_number") >= 1, "%s",
         r->record[0].note);
    scratch_remove(folder);
    experiment_runs_free(one);
    experiment_runs_free(r);
}

/* The ridge is noise of the posterior, and of trained networks it is none: theirs is 0 unless it is given. */
static void check_noise(void)
{
    const char *const text =
        DATA MODEL "kernel: {get: [nngp, ntk], ridge: 0.01, noise: [0, 0.01, 0.1], " STD "}\n";
    struct experiment_runs *given = run_of(text, 1),
                           *r = run_of(DATA MODEL "kernel: {get: [nngp, ntk], ridge: 0.01, " STD "}\n", 1);
    double nlpd[2][3] = {{0}};
    T_CLOSE(experiment_value(r, 1, "max_rate") * experiment_value(r, 1, "largest_eigenvalue") / (2 * N * O),
            1, 0.01, "2 n O / (lambda + r), by products");
    for (int64_t i = 0; i < given->n; i++) {
        const struct er_point *point = er_study_point(given->study, i);
        const bool ntk = strcmp(er_point_get(point, "kernel.get")->text, "ntk") == 0;
        const double noise = er_point_get(point, "kernel.noise")->number;
        nlpd[ntk][noise == 0 ? 0 : noise < 0.05 ? 1 : 2] = experiment_value(given, i, "nlpd");
    }
    T_OK(experiment_value(r, 1, "nlpd") == nlpd[1][0], "trained networks: %g without noise, %g",
         experiment_value(r, 1, "nlpd"), nlpd[1][0]);
    T_OK(nlpd[1][0] != nlpd[1][1] && nlpd[1][1] != nlpd[1][2], "noise that is given counts");
    T_OK(experiment_value(r, 0, "nlpd") != nlpd[0][0], "a posterior's noise is its ridge");
    experiment_runs_free(given);
    experiment_runs_free(r);
}

static void check_solver_and_tuning(void)
{
    struct er_error err;
    struct experiment_runs *r = run_of(
        DATA MODEL "kernel: {get: nngp, ridge: 0.01, solver: [cholesky, conjugate-gradients], " STD "}\n", 1);
    T_CLOSE(experiment_value(r, 0, "test_mse"), experiment_value(r, 1, "test_mse"), 1e-6,
            "conjugate gradients");
    T_OK(experiment_value(r, 1, "residual") <= 1e-8 && isnan(experiment_value(r, 1, "nlpd")),
         "to eight digits");
    const double before = experiment_value(r, 0, "log_marginal");
    experiment_runs_free(r);
    check_rows();
    r = run_of(DATA MODEL "kernel: {get: [nngp, ntk], ridge: 0.01, tune: true, " STD "}\n", 2);
    T_OK(experiment_value(r, 0, "log_marginal") > before, "a search finds a larger likelihood: %g, before %g",
         experiment_value(r, 0, "log_marginal"), before);
    T_OK(experiment_value(r, 0, "tuned_weight_std") > 0 &&
             experiment_value(r, 0, "tuned_ridge") == experiment_value(r, 1, "tuned_ridge"),
         "and says where; both runs share it");
    const double ridge = experiment_value(r, 0, "tuned_ridge"), density = experiment_value(r, 1, "nlpd");
    r->leave_after = 1;
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_E_STOPPED, "left when the search has ended");
    T_OK(!r->record[0].ended && r->state[1].n > 0, "the last run keeps what it found");
    atomic_store(&r->stop, false);
    r->leave_after = -1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "gone on");
    T_OK(experiment_value(r, 1, "tuned_ridge") == ridge && experiment_value(r, 1, "nlpd") == density,
         "with the same numbers");
    experiment_runs_free(r);
}

static void check_refused(void)
{
    experiment_refused(
        "data: {name: mnist, augment: {flip: true}}\nmodel: mlp 8\nkernel: {}", 37,
        "data.augment.flip: kernel takes all examples as they are, there are no batches to augment");
    experiment_refused("kernel: {weight_std: 0}\ndata: {name: mnist}\nmodel: mlp 8", 22,
                       "kernel.weight_std: it must be above 0, got 0");
    experiment_refused("kernel: {time: 3, tune: true}\ndata: {name: mnist}\nmodel: mlp 8", 16,
                       "kernel.time: what is tuned is the posterior; a tuned run has no time");
    experiment_refused("kernel: {solver: conjugate-gradients, time: 3}\ndata: {name: mnist}\nmodel: mlp 8",
                       18, "kernel.solver: what a flow has done by some time is found by eigenvectors");
    experiment_refused("data: {name: mnist, standardise: given, mean: 1}\nmodel: mlp 8\nkernel: {}", 34,
                       "data.standardise: data.deviation is missing");
    experiment_refused("data: {name: mnist, mean: 1}\nmodel: mlp 8\nkernel: {}", 27,
                       "data.mean: it belongs to data.standardise: given");
}

/* The reference's table (section 5.9): accuracy and mean squared error, to its last digit but for a few images. */
static void check_fashion(void)
{
    static const double want[][2] = {
        {0.8140, 0.032400}, {0.8181, 0.030776}, {0.8183, 0.029819}, {0.8197, 0.030121}};
    if (T_SANITIZED || !places_have("fashion-mnist")) {
        printf("# Fashion-MNIST is not here, or a sanitizer is: its numbers were not checked\n");
        return;
    }
    struct experiment_runs *r =
        run_of("study: s\n"
               "data: {name: fashion-mnist, train: 1000, select: first, standardise: given, mean: 0.2860, "
               "deviation: 0.3530}\n"
               "model: \"[dense 512, relu, dense 512, relu, dense 512, relu, dense]\"\n"
               "kernel: {get: [nngp, ntk], ridge: [1e-6, 0.1], variances: false, weight_std: "
               "1.4142135623730951, bias_std: "
               "0.1}\n",
               2);
    for (int i = 0; i < 4; i++) {
        T_CLOSE(1 - experiment_value(r, i, "test_error"), want[i][0], 0.001, "run %d: accuracy", i);
        T_CLOSE(experiment_value(r, i, "test_mse"), want[i][1], 1.5e-6, "run %d: mean squared error", i);
        T_CLOSE(experiment_value(r, i, "largest_eigenvalue"), i < 2 ? 1434.26 : 3205.77, 0.02,
                "largest eigenvalue");
    }
    experiment_runs_free(r);
}

/* K and Theta of (train 0, train 0), (train 1, train 0) and (test 0, train 0): the reference's, on pixels in float64; ours
 * are rounded to float32. */
static void check_convolutions(void)
{
    static const char *const model[] = {
        "[conv 8, relu, conv 8, relu, conv 8, relu, conv 8, relu, global_avg_pool, dense]",
        "[conv 8, relu, conv 8, relu, conv 8, relu, conv 8, relu, flatten, dense]"};
    static const double want[2][6] = {
        {1.3007813729, 1.3291640712, 0.888833952157, 3.30734840301, 3.30406130105, 1.95918509392},
        {2.05592562972, 1.56851702681, 1.15464546026, 10.1830118287, 4.34051348699, 3.57118292863}};
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    if (!places_have("fashion-mnist")) return;
    struct er_pool *pool = needed_pool(1);
    spec.name = "fashion-mnist";
    spec.train = 2;
    spec.test = spec.first = 1;
    spec.pool = 2;
    spec.standardise = ER_STANDARDISE_GIVEN;
    spec.mean = 0.2860;
    spec.deviation = 0.3530;
    T_STATUS(er_data_open(&spec, places_here(), &split, &err), ER_OK, "three images");
    for (int i = 0; i < 2; i++) {
        struct er_limit_options options = er_limit_defaults();
        const struct er_kernel_place none = {0};
        struct er_kernel_matrices m;
        struct er_model *parsed;
        struct er_limit *limit;
        options.weight_std = sqrt(2);
        options.bias_std = 0.1;
        options.parameterisation = ER_PARAMETERISATION_NTK;
        T_STATUS(er_model_parse(model[i], &parsed, &err), ER_OK, "%s", model[i]);
        T_STATUS(er_limit_new(parsed, split.train.shape, &options, &limit, &err), ER_OK, "limit");
        T_STATUS(er_kernel_matrices_new(limit, &split, true, &none, &m, &err), ER_OK, "room");
        T_STATUS(er_kernel_matrices_compute(&m, limit, pool, NULL, &err), ER_OK, "kernels");
        const double got[] = {m.k_train[0],     m.k_train[2],     m.k_test[0],
                              m.theta_train[0], m.theta_train[2], m.theta_test[0]};
        for (int e = 0; e < 6; e++) T_CLOSE(got[e] / want[i][e], 1, 1e-6, "%s: entry %d", model[i], e);
        er_kernel_matrices_clear(&m, false);
        er_limit_free(limit);
        er_model_free(parsed);
    }
    er_split_clear(&split);
    er_pool_free(pool);
}

int main(void)
{
    check_numbers();
    check_convolutions();
    check_sharing();
    check_fixed();
    check_files();
    check_state();
    check_dropout();
    check_time();
    check_noise();
    check_solver_and_tuning();
    check_refused();
    check_fashion();
    return t_done();
}
