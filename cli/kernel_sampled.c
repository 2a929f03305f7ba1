/* kernel_sampled.c - networks are drawn one after the other; only their running means and second moments are held. */
#include "kernel_sampled.h"
#include "cli.h"

#include "core/clock.h"
#include "data/npz_write.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MATRICES = 4 };

/* The same whatever the threads: inputs are cut into pieces by it. */
static struct er_sampled_options options_of(const struct kernel_job *job, int64_t networks)
{
    return (struct er_sampled_options){.networks = networks, .seed = (uint64_t)job->seed, .memory = 256e6};
}

static struct er_sampled_plan plan_of(const struct kernel_job *job, int64_t n1, int64_t n2)
{
    const struct er_sampled_options options = options_of(job, job->networks);
    return er_sampled_plan(job->sampled.finite, n1, n2, &options, job->nngp, job->options.ntk,
                           er_pool_threads(job->pool));
}

struct kernel_needs kernel_sampled_needs(const struct kernel_job *job)
{
    const double kernels = job->nngp + job->options.ntk;
    const double results =
        2 * kernels * (double)kernel_job_rows(job) * (double)kernel_job_columns(job) * sizeof(double);
    return (struct kernel_needs){.memory = results + plan_of(job, job->x.n, job->x2.n).bytes,
                                 .output = results};
}

static struct er_sampled_kernels kernels_of(const struct kernel_job *job, double *block, int64_t pairs)
{
    struct er_sampled_kernels out = {0};
    if (job->nngp) {
        out.k = block;
        out.k_error = block + pairs;
        block += 2 * pairs;
    }
    if (job->options.ntk) {
        out.theta = block;
        out.theta_error = block + pairs;
    }
    return out;
}

enum { TRIED = 64 };

double kernel_sampled_seconds(const struct kernel_job *job)
{
    const int64_t n = job->x.n < TRIED ? job->x.n : TRIED, pairs = n * n;
    const struct er_sampled_options one = options_of(job, 1);
    double *block = er_alloc(MATRICES * pairs, sizeof *block);
    if (!block) return (double)NAN;
    const struct er_sampled_kernels out = kernels_of(job, block, pairs);
    const double began = er_clock_s();
    const enum er_status status =
        er_sampled_kernel(job->sampled.finite, n, job->x.array.value, 0, NULL, &one, &out, NULL, NULL, NULL);
    const double seconds = er_clock_s() - began;
    er_free(block);
    if (status != ER_OK) return (double)NAN;
    const double threads = er_pool_threads(job->pool), networks = (double)job->networks;
    return seconds * plan_of(job, job->x.n, job->x2.n).flops / plan_of(job, n, 0).flops * networks /
           fmin(threads, networks);
}

static enum er_status check_numbers(const struct kernel_examples *x, struct er_error *err)
{
    const int64_t D = er_shape_size(x->shape);
    for (int64_t i = 0; x->path && i < x->n * D; i++)
        if (!isfinite(x->array.value[i]))
            return er_fail(err, ER_E_NONFINITE, "%s: input %" PRId64 " of example %" PRId64 " is not finite",
                           x->path, i % D, i / D);
    return ER_OK;
}

struct matrix {
    const double *value;
    int64_t columns;
};

static void read_rows(void *ctx, int64_t from, int64_t rows, double *out)
{
    const struct matrix *m = ctx;
    memcpy(out, m->value + from * m->columns, (size_t)(rows * m->columns) * sizeof *out);
}

static enum er_status write_file(const struct kernel_job *job, const struct er_sampled_kernels *kernels,
                                 const char *output, struct er_error *err)
{
    static const char *const name[] = {"nngp", "nngp_error", "ntk", "ntk_error"};
    const double *value[] = {kernels->k, kernels->k_error, kernels->theta, kernels->theta_error};
    const struct er_progress stop = {.stop = &cli_stop};
    struct matrix matrix[MATRICES];
    struct er_npz_matrix member[MATRICES];
    int64_t n = 0;
    for (int i = 0; i < MATRICES; i++) {
        if (!value[i]) continue;
        matrix[n] = (struct matrix){value[i], kernel_job_columns(job)};
        member[n] = (struct er_npz_matrix){.name = name[i],
                                           .rows = kernel_job_rows(job),
                                           .columns = kernel_job_columns(job),
                                           .read = read_rows,
                                           .ctx = &matrix[n],
                                           .together = 16};
        n++;
    }
    return er_npz_write(output, member, n, &stop, err);
}

enum er_status kernel_sampled_write(const struct kernel_job *job, const char *output,
                                    struct progress *progress, struct er_error *err)
{
    const int64_t pairs = kernel_job_rows(job) * kernel_job_columns(job);
    const struct er_sampled_options options = options_of(job, job->networks);
    struct progress_named networks;
    double *block = NULL;
    enum er_status status = check_numbers(&job->x, err);
    if (status == ER_OK) status = check_numbers(&job->x2, err);
    if (status != ER_OK) return status;
    progress_name(&networks, &progress->library, "kernel", "networks", 1);
    block = er_alloc(2 * (job->nngp + job->options.ntk), (size_t)pairs * sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "out of memory for sampled kernels");
    const struct er_sampled_kernels kernels = kernels_of(job, block, pairs);
    status = er_sampled_kernel(job->sampled.finite, job->x.n, job->x.array.value, job->x2.n,
                               job->x2.path ? job->x2.array.value : NULL, &options, &kernels, job->pool,
                               &networks.library, err);
    progress_clear(progress);
    if (status == ER_OK) status = write_file(job, &kernels, output, err);
    if (status == ER_E_STOPPED)
        er_fail(err, ER_E_STOPPED,
                "interrupted: of sampled kernels nothing is kept; the same command begins anew");
    er_free(block);
    return status;
}
