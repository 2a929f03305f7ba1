/* kernel_job.c - options and files become points of a limit. */
#include "kernel_job.h"
#include "cli.h"
#include "kernel_sampled.h"

#include "core/available.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/number.h"
#include "data/dataset.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A number option; *out is untouched when it is absent. */
static bool real(const struct cli_args *args, const char *name, double *out)
{
    const char *text = cli_value(args, name, NULL);
    if (!text || er_number_real(text, out)) return true;
    cli_usage(args->command, "--%s is a number, not \"%s\"", name, text);
    return false;
}

/* "nngp", "ntk", or both with a comma. */
static int read_get(struct kernel_job *job)
{
    const char *get = cli_value(job->args, "get", "nngp,ntk"), *word = get;
    job->options.ntk = false;
    for (bool more = true; more;) {
        const size_t n = strcspn(word, ",");
        if (n == 4 && memcmp(word, "nngp", n) == 0)
            job->nngp = true;
        else if (n == 3 && memcmp(word, "ntk", n) == 0)
            job->options.ntk = true;
        else
            return cli_usage(job->args->command, "--get %s: it is nngp, ntk, or nngp,ntk", get);
        more = word[n] == ',';
        word += n + 1;
    }
    return CLI_DONE;
}

/* Standard deviations on the command line are those of the tangent parameterisation, unless it is named. */
static int read_options(struct kernel_job *job)
{
    const struct cli_args *args = job->args;
    struct er_limit_options *o = &job->options;
    const char *word = cli_value(args, "parameterisation", NULL);
    *o = er_limit_defaults();
    o->float32 = cli_given(args, "float32");
    if (!real(args, "weight-std", &o->weight_std) || !real(args, "bias-std", &o->bias_std)) return CLI_USAGE;
    if (word && strcmp(word, "standard") == 0)
        o->parameterisation = ER_PARAMETERISATION_STANDARD;
    else if (word ? strcmp(word, "ntk") == 0 : cli_given(args, "weight-std"))
        o->parameterisation = ER_PARAMETERISATION_NTK;
    else if (word)
        return cli_usage(args->command, "--parameterisation %s: it is ntk or standard", word);
    return read_get(job);
}

static enum er_status read_examples(const char *path, struct kernel_examples *out, struct er_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum er_status status = er_file_read_regular(path, SIZE_MAX / 2, &bytes, &n, err);
    if (status != ER_OK) return status;
    status = er_memory_check(8.0 * (double)n, path, err);
    if (status == ER_OK) status = er_npy_parse((const unsigned char *)bytes, n, &out->array, err);
    er_free(bytes);
    if (status == ER_OK) status = er_array_examples(&out->array, &out->shape, err);
    if (status != ER_OK) {
        if (err->code != ER_E_NOMEM) er_error_place(err, path, 0, 0);
        return status;
    }
    out->path = path;
    out->n = out->array.dim[0];
    return ER_OK;
}

static enum er_status read_all(struct kernel_job *job, struct er_error *err)
{
    const struct cli_args *args = job->args;
    const char *x2 = cli_value(args, "x2", NULL);
    enum er_status status = er_model_parse(cli_value(args, "model", ""), &job->model, err);
    if (status == ER_OK) status = read_examples(cli_value(args, "x", ""), &job->x, err);
    if (status == ER_OK && x2) status = read_examples(x2, &job->x2, err);
    if (status != ER_OK) return status;
    const struct er_shape *s = &job->x.shape, *t = &job->x2.shape;
    if (x2 && (s->height != t->height || s->width != t->width || s->channels != t->channels))
        return er_fail(err, ER_E_SHAPE,
                       "%s has examples of %" PRId64 "x%" PRId64 "x%" PRId64 ", %s of %" PRId64 "x%" PRId64
                       "x%" PRId64,
                       job->x.path, s->height, s->width, s->channels, x2, t->height, t->width, t->channels);
    if (job->networks > 0) return er_sampled_model_open(job->model, *s, &job->options, &job->sampled, err);
    return er_limit_new(job->model, *s, &job->options, &job->limit, err);
}

/* How many networks, if any; then what is of no use to them, or to the exact kernel. */
static int read_sampled(struct kernel_job *job)
{
    const struct cli_args *args = job->args;
    if (!cli_integer(args, "sampled", 2, 1000000000, &job->networks)) return CLI_USAGE;
    if (!cli_integer(args, "seed", 0, (int64_t)1 << 62, &job->seed)) return CLI_USAGE;
    if (job->networks == 0 && cli_given(args, "seed"))
        return cli_usage(args->command, "--seed goes with --sampled: an exact kernel draws nothing");
    if (job->networks > 0 && cli_given(args, "float32"))
        return cli_usage(args->command,
                         "--float32 is of exact kernels; those of --sampled are computed in float64");
    return CLI_DONE;
}

int kernel_job_options(const struct cli_args *args, struct kernel_job *job)
{
    *job = (struct kernel_job){.args = args};
    if (!cli_given(args, "model")) return cli_usage(args->command, "--model TEXT is missing");
    if (!cli_given(args, "x")) return cli_usage(args->command, "--x FILE is missing");
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &job->threads)) return CLI_USAGE;
    const int code = read_sampled(job);
    return code == CLI_DONE ? read_options(job) : code;
}

int kernel_job_open(struct kernel_job *job)
{
    struct er_error err = {0};
    enum er_status status = read_all(job, &err);
    if (status == ER_OK) status = er_pool_new((int)job->threads, &job->pool, &err);
    return status == ER_OK ? CLI_DONE : cli_error(job->args->command, &err);
}

void kernel_job_close(struct kernel_job *job)
{
    er_limit_points_free(job->a);
    er_limit_points_free(job->b);
    er_limit_free(job->limit);
    er_sampled_model_clear(&job->sampled);
    er_model_free(job->model);
    er_pool_free(job->pool);
    er_array_clear(&job->x.array);
    er_array_clear(&job->x2.array);
}

static enum er_status points_of(const struct kernel_job *job, const struct kernel_examples *x,
                                const struct er_progress *progress, struct er_limit_points **out,
                                struct er_error *err)
{
    const struct er_progress stop = {.stop = progress->stop};
    const enum er_status status =
        er_limit_points_new(job->limit, x->n, x->array.value, false, job->pool, &stop, out, err);
    if (status == ER_E_NONFINITE) er_error_place(err, x->path, 0, 0);
    return status;
}

enum er_status kernel_job_points(struct kernel_job *job, const struct er_progress *progress,
                                 struct er_error *err)
{
    enum er_status status = points_of(job, &job->x, progress, &job->a, err);
    if (status == ER_OK && job->x2.path) status = points_of(job, &job->x2, progress, &job->b, err);
    return status;
}

double kernel_job_pairs(const struct kernel_job *job)
{
    const double n = (double)job->x.n;
    return job->x2.path ? n * (double)job->x2.n : n * (n - 1) / 2;
}

struct kernel_needs kernel_job_needs(const struct kernel_job *job)
{
    const double columns = (double)kernel_job_columns(job);
    const double kernels = job->nngp + job->options.ntk;
    if (job->networks > 0) return kernel_sampled_needs(job);
    return (struct kernel_needs){
        .memory = er_limit_points_bytes(job->limit, job->x.n) + er_limit_points_bytes(job->limit, job->x2.n) +
                  er_pool_threads(job->pool) * er_limit_scratch_bytes(job->limit),
        .work = er_gram_file_bytes(job->limit, job->x.n, job->x2.n, job->options.ntk),
        .output = kernels * (double)job->x.n * columns * sizeof(double),
    };
}

enum { TRIED = 64 };

/* Twice as many points each time, until it takes long enough to be told from nothing. */
double kernel_job_seconds(const struct kernel_job *job)
{
    const double enough = 0.2;
    const int64_t most = job->x.n < TRIED ? job->x.n : TRIED;
    if (job->networks > 0) return kernel_sampled_seconds(job);
    double *k = er_alloc(2 * TRIED * TRIED, sizeof *k), pair = (double)NAN;
    struct er_pool *one = NULL;
    if (er_pool_new(1, &one, NULL) == ER_OK && k)
        for (int64_t n = most < 2 ? most : 2;; n = 2 * n < most ? 2 * n : most) {
            struct er_limit_points *points = NULL;
            if (er_limit_points_new(job->limit, n, job->x.array.value, false, one, NULL, &points, NULL) !=
                ER_OK)
                break;
            const double began = er_clock_s();
            const enum er_status status = er_limit_kernel(
                points, points, k, job->options.ntk ? k + TRIED * TRIED : NULL, one, NULL, NULL);
            const double seconds = er_clock_s() - began;
            er_limit_points_free(points);
            if (status != ER_OK) break;
            pair = seconds / ((double)n * (double)n);
            if (seconds > enough || n == most) break;
        }
    er_pool_free(one);
    er_free(k);
    return pair * kernel_job_pairs(job) / er_pool_threads(job->pool);
}
