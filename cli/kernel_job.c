/* kernel_job.c - options and files become points of a limit. */
#include "kernel_job.h"
#include "cli.h"
#include "kernel_exact.h"
#include "kernel_sampled.h"

#include "core/number.h"
#include "data/dataset.h"

#include <inttypes.h>
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
        if (n == 4 && memcmp(word, "nngp", n) == 0 && !job->nngp)
            job->nngp = true;
        else if (n == 3 && memcmp(word, "ntk", n) == 0 && !job->options.ntk)
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
    if (!cli_integer(args, "fixed", 0, 1000000000, &o->fixed)) return CLI_USAGE;
    o->fixed_last = cli_given(args, "fixed-last");
    job->training = cli_given(args, "training");
    const int code = read_get(job);
    if (code == CLI_DONE && !o->ntk && (o->fixed > 0 || o->fixed_last))
        return cli_usage(args->command,
                         "--fixed and --fixed-last change the ntk alone, which --get leaves out");
    return code;
}

static enum er_status open_examples(const char *path, struct kernel_examples *out, struct er_error *err)
{
    enum er_status status = er_npy_file_open(path, &out->file, err);
    if (status != ER_OK) return status;
    const struct er_array array = er_npy_file_shape(&out->file);
    status = er_array_examples(&array, &out->shape, err);
    if (status != ER_OK) {
        er_error_place(err, path, 0, 0);
        return status;
    }
    out->path = path;
    out->n = array.dim[0];
    return ER_OK;
}

static enum er_status open_all(struct kernel_job *job, struct er_error *err)
{
    const struct cli_args *args = job->args;
    const char *x2 = cli_value(args, "x2", NULL);
    enum er_status status = er_model_parse(cli_value(args, "model", ""), &job->model, err);
    if (status == ER_OK) status = open_examples(cli_value(args, "x", ""), &job->x, err);
    if (status == ER_OK && x2) status = open_examples(x2, &job->x2, err);
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
    static const char *const exact[] = {"fixed", "fixed-last", "training"};
    const struct cli_args *args = job->args;
    if (!cli_integer(args, "sampled", 2, 1000000000, &job->networks)) return CLI_USAGE;
    if (!cli_integer(args, "seed", 0, (int64_t)1 << 62, &job->seed)) return CLI_USAGE;
    if (job->networks == 0 && cli_given(args, "seed"))
        return cli_usage(args->command, "--seed goes with --sampled: an exact kernel draws nothing");
    if (job->networks > 0 && cli_given(args, "float32"))
        return cli_usage(args->command,
                         "--float32 is of exact kernels; those of --sampled are computed in float64");
    for (size_t i = 0; job->networks > 0 && i < sizeof exact / sizeof *exact; i++)
        if (cli_given(args, exact[i]))
            return cli_usage(args->command, "--%s is of exact kernels, without --sampled", exact[i]);
    return CLI_DONE;
}

int kernel_job_options(const struct cli_args *args, struct kernel_job *job)
{
    *job = (struct kernel_job){.args = args, .x.file.fd = -1, .x2.file.fd = -1};
    if (!cli_given(args, "model")) return cli_usage(args->command, "--model TEXT is missing");
    if (!cli_given(args, "x")) return cli_usage(args->command, "--x FILE is missing");
    if (!cli_integer(args, "threads", 1, ER_POOL_MAX_THREADS, &job->threads)) return CLI_USAGE;
    const int code = read_sampled(job);
    return code == CLI_DONE ? read_options(job) : code;
}

int kernel_job_open(struct kernel_job *job)
{
    struct er_error err = {0};
    enum er_status status = open_all(job, &err);
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
    er_npy_file_close(&job->x.file);
    er_npy_file_close(&job->x2.file);
}

enum er_status kernel_job_read(struct kernel_job *job, struct er_error *err)
{
    enum er_status status = er_npy_file_read(&job->x.file, &job->x.array, err);
    if (status == ER_OK && job->x2.path) status = er_npy_file_read(&job->x2.file, &job->x2.array, err);
    return status;
}

struct kernel_needs kernel_job_needs(const struct kernel_job *job)
{
    struct kernel_needs needs = job->networks > 0 ? kernel_sampled_needs(job) : kernel_exact_needs(job);
    needs.memory +=
        (double)sizeof(double) * (double)(job->x.n + job->x2.n) * (double)er_shape_size(job->x.shape);
    return needs;
}

double kernel_job_seconds(const struct kernel_job *job)
{
    return job->networks > 0 ? kernel_sampled_seconds(job) : kernel_exact_seconds(job);
}
