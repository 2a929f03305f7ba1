/* kernel_exact.c - see kernel_exact.h. */
#include "kernel_exact.h"
#include "cli.h"

#include "core/clock.h"
#include "data/npz_write.h"

#include <ermine/memory.h>

#include <math.h>
#include <string.h>

double kernel_exact_pairs(const struct kernel_job *job)
{
    const double n = (double)job->x.n;
    return job->x2.path ? n * (double)job->x2.n : n * (n - 1) / 2;
}

struct kernel_needs kernel_exact_needs(const struct kernel_job *job)
{
    const double columns = (double)kernel_job_columns(job), m = (double)job->x2.n;
    const double kernels = job->nngp + job->options.ntk;
    return (struct kernel_needs){
        .memory = er_limit_points_bytes(job->limit, job->x.n) + er_limit_points_bytes(job->limit, job->x2.n) +
                  2 * m * sizeof(double) + er_pool_threads(job->pool) * er_limit_scratch_bytes(job->limit),
        .work = er_gram_file_bytes(job->limit, job->x.n, job->x2.n, job->options.ntk),
        .output = kernels * ((double)job->x.n * columns + m) * sizeof(double),
    };
}

enum { TRIED = 64 };

/* Seconds that n points and all their pairs take on one thread. */
struct tried {
    double points, pairs;
};

static bool try_some(const struct kernel_job *job, int64_t n, double *k, struct er_pool *one,
                     struct tried *out)
{
    struct er_limit_points *points = NULL;
    const double began = er_clock_s();
    if (er_limit_points_new(job->limit, n, job->x.array.value, job->training, one, NULL, &points, NULL) !=
        ER_OK)
        return false;
    const double prepared = er_clock_s();
    const enum er_status status =
        er_limit_kernel(points, points, k, job->options.ntk ? k + TRIED * TRIED : NULL, one, NULL, NULL);
    *out = (struct tried){prepared - began, er_clock_s() - prepared};
    er_limit_points_free(points);
    return status == ER_OK;
}

/* Twice as many points each time, until it takes long enough to be told from nothing. */
double kernel_exact_seconds(const struct kernel_job *job)
{
    const double enough = 0.2, points = (double)job->x.n + (double)job->x2.n;
    const int64_t most = job->x.n < TRIED ? job->x.n : TRIED;
    double *k = er_alloc(2 * TRIED * TRIED, sizeof *k), seconds = (double)NAN;
    struct er_pool *one = NULL;
    struct tried tried;
    if (er_pool_new(1, &one, NULL) == ER_OK && k)
        for (int64_t n = most < 2 ? most : 2; try_some(job, n, k, one, &tried);
             n = 2 * n < most ? 2 * n : most) {
            const double d = (double)n;
            seconds = tried.points / d * points + tried.pairs / (d * d) * kernel_exact_pairs(job);
            if (tried.points + tried.pairs > enough || n == most) break;
        }
    er_pool_free(one);
    er_free(k);
    return seconds / er_pool_threads(job->pool);
}

static enum er_status points_of(const struct kernel_job *job, const struct kernel_examples *x, bool training,
                                const char *what, struct progress *progress, struct er_limit_points **out,
                                struct er_error *err)
{
    struct progress_named named;
    progress_name(&named, &progress->library, what, "examples", er_limit_flops(job->limit));
    const enum er_status status =
        er_limit_points_new(job->limit, x->n, x->array.value, training, job->pool, &named.library, out, err);
    if (status == ER_E_NONFINITE) er_error_place(err, x->path, 0, 0);
    progress_clear(progress);
    return status;
}

/* The members of the output: matrices out of the work file, vectors out of memory. */
struct member {
    const struct er_gram_file *file;
    bool theta;
    const double *vector;
};

static void read_rows(void *ctx, int64_t from, int64_t rows, double *out)
{
    const struct member *m = ctx;
    if (m->vector)
        memcpy(out, m->vector + from, (size_t)rows * sizeof *out);
    else
        er_gram_file_read(m->file, m->theta, from, rows, out);
}

static enum er_status write_output(const struct kernel_job *job, const char *output,
                                   const struct er_gram_file *file, const double *diagonal,
                                   struct er_error *err)
{
    static const char *const name[] = {"nngp", "ntk"}, *const of_x2[] = {"nngp_x2_diagonal",
                                                                         "ntk_x2_diagonal"};
    const bool wanted[] = {job->nngp, job->options.ntk};
    const struct er_progress stop = {.stop = &cli_stop};
    struct member member[4];
    struct er_npz_matrix matrix[4];
    int64_t n = 0;
    for (int theta = 0; theta < 2; theta++) {
        if (!wanted[theta]) continue;
        member[n] = (struct member){file, theta, NULL};
        matrix[n] = (struct er_npz_matrix){name[theta], job->x.n,   kernel_job_columns(job),
                                           read_rows,   &member[n], er_gram_file_rows_together(file),
                                           false};
        n++;
        if (!job->b) continue;
        member[n].vector = diagonal + theta * job->x2.n;
        matrix[n] =
            (struct er_npz_matrix){of_x2[theta], job->x2.n, 1, read_rows, &member[n], job->x2.n, true};
        n++;
    }
    return er_npz_write(output, matrix, n, &stop, err);
}

static enum er_status write_with_diagonal(const struct kernel_job *job, const char *output,
                                          const struct er_gram_file *file, struct er_error *err)
{
    double *diagonal = er_alloc(2 * job->x2.n, sizeof *diagonal);
    if (!diagonal) return er_fail(err, ER_E_NOMEM, "out of memory for a diagonal");
    if (job->b)
        er_limit_diagonal(job->b, job->nngp ? diagonal : NULL,
                          job->options.ntk ? diagonal + job->x2.n : NULL);
    const enum er_status status = write_output(job, output, file, diagonal, err);
    er_free(diagonal);
    return status;
}

static enum er_status open_work(const struct kernel_job *job, const char *work, struct er_gram_file **file,
                                struct er_error *err)
{
    enum er_status status = er_gram_file_open(work, job->a, job->b, job->options.ntk, false, file, err);
    if (status == ER_E_INPUT && cli_given(job->args, "force"))
        status = er_gram_file_open(work, job->a, job->b, job->options.ntk, true, file, err);
    return status;
}

static enum er_status prepare(struct kernel_job *job, struct progress *progress, struct er_error *err)
{
    enum er_status status =
        points_of(job, &job->x, job->training, "variances of --x", progress, &job->a, err);
    if (status == ER_OK && job->x2.path)
        status = points_of(job, &job->x2, false, "variances of --x2", progress, &job->b, err);
    if (status == ER_E_STOPPED)
        er_fail(err, ER_E_STOPPED,
                "interrupted before any pair; the same command prepares the examples again");
    return status;
}

enum er_status kernel_exact_write(struct kernel_job *job, const char *work, const char *output,
                                  struct progress *progress, struct er_error *err)
{
    struct er_gram_file *file = NULL;
    enum er_status status = prepare(job, progress, err);
    if (status == ER_OK) status = open_work(job, work, &file, err);
    if (status != ER_OK) return status;
    if (er_gram_file_done(file) > 0 && !progress->quiet)
        cli_message(job->args->command, "%s: %.0f of %.0f pairs are there", work, er_gram_file_done(file),
                    er_gram_file_pairs(file));
    status = er_gram_file_compute(file, job->pool, &progress->library, err);
    progress_clear(progress);
    if (status == ER_OK) status = write_with_diagonal(job, output, file, err);
    if (status == ER_E_STOPPED)
        er_fail(err, ER_E_STOPPED, "interrupted: %.0f of %.0f pairs are in %s; the same command goes on",
                er_gram_file_done(file), er_gram_file_pairs(file), work);
    er_gram_file_close(file, status == ER_OK);
    return status;
}
