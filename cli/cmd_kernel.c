/* cmd_kernel.c - `ermine kernel`: kernels of infinitely wide networks, for NumPy. */
#include "cli.h"
#include "destination.h"
#include "kernel_exact.h"
#include "kernel_sampled.h"
#include "progress.h"

#include "core/available.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The file to be written, and the one that the work is kept in meanwhile: beside it, OUTPUT.part. */
struct place {
    const char *output;
    char *work;
    bool begun; /* whether there is such a one */
};

static int open_place(const struct cli_args *args, struct place *place)
{
    static const char *const examples[] = {"x", "x2"};
    struct stat at;
    place->output = cli_value(args, "output", NULL);
    if (!place->output)
        return cli_given(args, "dry-run") ? CLI_DONE : cli_usage(args->command, "--output FILE is missing");
    const int code = destination_check(args->command, place->output);
    if (code != CLI_DONE) return code;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *path = cli_value(args, examples[i], NULL);
        if (path && destination_same(place->output, path))
            return cli_usage(args->command, "%s has the examples; --output names another file",
                             place->output);
    }
    if (stat(place->output, &at) == 0) {
        if (!S_ISREG(at.st_mode)) return cli_usage(args->command, "%s is not a file", place->output);
        if (!cli_given(args, "force")) {
            cli_message(args->command, "%s is there already and stays as it is; --force replaces it",
                        place->output);
            return CLI_FAILED;
        }
    }
    const size_t n = strlen(place->output) + sizeof ".part";
    place->work = er_alloc((int64_t)n, 1);
    if (!place->work) {
        cli_message(args->command, "out of memory");
        return CLI_FAILED;
    }
    snprintf(place->work, n, "%s.part", place->output);
    place->begun = access(place->work, F_OK) == 0;
    return CLI_DONE;
}

/* "nngp and ntk: 100 x 100, 4950 pairs to compute" and what they take, on standard output. */
static void say_needs(const struct kernel_job *job, const struct kernel_needs *needs)
{
    char text[3][PROGRESS_TIME];
    const char *what = !job->options.ntk ? "nngp" : job->nngp ? "nngp and ntk" : "ntk";
    printf("%s: %" PRId64 " x %" PRId64 ", ", what, kernel_job_rows(job), kernel_job_columns(job));
    const double pairs = kernel_exact_pairs(job);
    if (job->networks > 0)
        printf("%" PRId64 " networks to compute\n", job->networks);
    else
        printf("%.0f pair%s to compute\n", pairs, pairs == 1 ? "" : "s");
    printf("  memory  %s, examples included\n", progress_bytes((size_t)needs->memory, text[0]));
    printf("  disk    %s", progress_bytes((size_t)(needs->work + needs->output), text[1]));
    if (needs->work > 0)
        printf(", %s of it while it is computed", progress_bytes((size_t)needs->work, text[2]));
    putchar('\n');
}

static void say_time(const struct kernel_job *job)
{
    char time[PROGRESS_DURATION];
    const int threads = er_pool_threads(job->pool);
    const double seconds = kernel_job_seconds(job);
    if (!isfinite(seconds)) return;
    printf("  time    %s on %d thread%s\n", progress_duration(seconds, time), threads,
           threads == 1 ? "" : "s");
}

/* Before anything is computed. */
static enum er_status check_needs(const struct kernel_job *job, const struct place *place,
                                  const struct kernel_needs *needs, struct er_error *err)
{
    struct statvfs fs;
    char folder[4096], text[2][PROGRESS_TIME];
    char what[64];
    snprintf(what, sizeof what, "examples and %s on %d threads",
             job->networks > 0 ? "sampled kernels" : "what is kept of each", er_pool_threads(job->pool));
    const enum er_status status = er_memory_check(needs->memory, what, err);
    if (status != ER_OK || !place->output) return status;
    const char *slash = strrchr(place->output, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - place->output) + 1 : 1,
             slash ? place->output : ".");
    if (statvfs(folder, &fs) != 0) return ER_OK;
    const double free = (double)fs.f_bavail * (double)fs.f_frsize;
    const double wanted = needs->output + (place->begun ? 0 : needs->work);
    if (wanted <= free) return ER_OK;
    return er_fail(err, ER_E_FULL, "%s takes %s of disk with its work file, %s are free", place->output,
                   progress_bytes((size_t)wanted, text[0]), progress_bytes((size_t)free, text[1]));
}

static int run(const struct cli_args *args)
{
    struct kernel_job job = {0};
    struct place place = {0};
    struct progress progress;
    struct er_error err = {0};
    const bool dry = cli_given(args, "dry-run");
    progress_open(&progress, args->command, cli_given(args, "quiet"));
    int code = kernel_job_options(args, &job);
    if (code == CLI_DONE) code = open_place(args, &place);
    if (code == CLI_DONE) code = kernel_job_open(&job);
    if (code == CLI_DONE) {
        const struct kernel_needs needs = kernel_job_needs(&job);
        if (dry) say_needs(&job, &needs);
        enum er_status status = check_needs(&job, &place, &needs, &err);
        if (status == ER_OK) status = kernel_job_read(&job, &err);
        if (status == ER_OK && !dry)
            status = job.networks > 0 ? kernel_sampled_write(&job, place.output, &progress, &err)
                                      : kernel_exact_write(&job, place.work, place.output, &progress, &err);
        if (status != ER_OK)
            code = cli_error(args->command, &err);
        else if (dry)
            say_time(&job);
        else
            printf("%s\n", place.output);
    }
    kernel_job_close(&job);
    er_free(place.work);
    return code;
}

static const struct cli_option options[] = {
    {'m', "model", "TEXT", NULL,
     "the network, '[dense 64, relu, dense 1]'; `ermine list layers` has the layers"},
    {'x', "x", "FILE", NULL,
     "the examples, an array that numpy.save wrote: N x D, or images N x H x W x C (N x H x W: one channel)"},
    {'y', "x2", "FILE", NULL,
     "other examples: the kernel is of those of --x (rows) with these (columns); arrays nngp_x2_diagonal "
     "and ntk_x2_diagonal have the kernels of each of these with itself"},
    {'o', "output", "FILE", NULL, "the .npz file that is written"},
    {'g', "get", "nngp,ntk", "nngp,ntk", "which kernels; the arrays in the file have these names"},
    {'w', "weight-std", "S", "as the model says",
     "standard deviation of the weights of every layer, the readout included, times the root of its fan-in"},
    {'b', "bias-std", "S", "as the model says",
     "standard deviation of the biases of every layer that has any"},
    {'p', "parameterisation", "ntk|standard", "ntk with --weight-std, else as the model says",
     "where the factor 1 / root of the fan-in stands: outside of the weights that are trained (ntk), or in "
     "them (standard: the ntk then grows with the widths of the model, and layers without init=ntk are "
     "standard)"},
    {'f', "float32", NULL, NULL,
     "images are compared in float32, which changes entries by about 1e-6 of them, and the ntk of flattened "
     "images that share patches by up to 2e-5; the arrays are float64 all the same, and kernels of vectors "
     "unchanged"},
    {'r', "training", NULL, NULL,
     "dropout draws its masks for the examples of --x, as in training; without it, and in --x2, it does "
     "nothing"},
    {0, "fixed", "N", "0",
     "so many layers with weights, counted from the data, are not trained: the ntk is without their terms"},
    {0, "fixed-last", NULL, NULL, "nor is the last layer with weights"},
    {'s', "sampled", "NETWORKS", NULL,
     "instead of the exact kernels, means over so many networks of the widths that the model says; arrays "
     "nngp_error and ntk_error have their standard errors"},
    {0, "seed", "N", "0", "with --sampled: the networks are those of the seeds N, N + 1, ..."},
    {'n', "dry-run", NULL, NULL,
     "say what memory, disk and time it would take, by a few pairs, and write nothing"},
    {'F', "force", NULL, NULL, "replace the output file; begin anew where the work file is of other work"},
    {'t', "threads", "N", "all processors", "how many threads work; the result does not depend on it"},
    {'q', "quiet", NULL, NULL, "no progress: only the path of the file"},
    {0},
};

const struct cli_command cli_kernel = {
    .name = "kernel",
    .operands = "",
    .help = "compute the kernels of an infinitely wide network",
    .text =
        "Computes the exact kernels of a model whose hidden layers are infinitely wide: `nngp`, the "
        "covariance of its outputs at initialisation, and `ntk`, the tangent kernel of training by "
        "gradient descent. Entries are of one output, in float64, and the kernel of examples with "
        "themselves is symmetric to the bit. Examples are taken as they are: scale them before, as for a "
        "network. A dense layer on D inputs has the nngp S^2 x.x'/D + B^2, with --weight-std S and "
        "--bias-std B.\n\n"
        "Posterior variances of new examples take two runs, `--x train.npy` and `--x train.npy --x2 "
        "new.npy`: the second has in `nngp_x2_diagonal` what they are before anything is learned. Dropout "
        "is the identity, as in evaluation; with --training the examples of --x have its masks, which "
        "change their kernels with themselves.\n\n"
        "While it is computed the work is kept in OUTPUT.part. After Ctrl-C, `kill -9` or a power cut the "
        "same command goes on where it was, and the result is the same to the bit; only what is known of "
        "each example alone is computed again. Memory and disk are asked for before anything is "
        "computed.\n\n"
        "With --sampled the kernels are means over finite networks, for layers that have no exact one "
        "(max_pool, batch_norm, lrn, gain) or to see how far a width is from infinity. `nngp_error` and "
        "`ntk_error` are the standard errors of these means over networks, which leave out that a finite "
        "width shifts the mean itself. Networks are evaluated as they are drawn: batch_norm takes mean 0 "
        "and variance 1. There are no diagonals of --x2. All is held in memory, and an interrupted run "
        "begins anew.\n\n"
        "In Python: `k = numpy.load('k.npz')`, then `k['nngp']` and `k['ntk']`. Standard output gets the "
        "path.",
    .example =
        "ermine kernel -m '[dense 64, relu, dense 1]' -w 1.5 -b 0.1 -x a.npy -o k.npz\n"
        "ermine kernel -m '[conv 64 3x3, relu, global_avg_pool, dense 1]' -w 1.4 -x train.npy -y test.npy "
        "-o k.npz\n"
        "ermine kernel -m '[conv 64 3x3, relu, max_pool 2, dense 1]' -x train.npy --sampled 200 -o k.npz",
    .words = "",
    .option = options,
    .run = run,
};
