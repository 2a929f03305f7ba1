/* train.c - the training of ensembles, row by row of design section 9, and what a peer needs to do the same.
 *
 *     bench_train [--threads N] [--export FOLDER] [ROW...]        all rows when none is named
 *
 * M members of one network train by SGD with momentum 0.9 on synthetic Gaussian classes. One JSON object a
 * line and row: the gradient is held to a difference of the loss, that every member's loss falls is checked,
 * then one er_train() is timed as a whole, with its planning and with the two records (losses over the whole
 * training set) at the start and at the end. Beside its rate stands the float32 FMA peak of the same threads,
 * the better of one before and one after. A model that this version doesn't know makes a line with "skipped".
 *
 * With --export nothing is timed: the named row is trained for VERIFIED_EPOCHS, recorded every few steps, and
 * written into FOLDER as bench/peers/README.md describes, so that another program can train the very same
 * members and compare its losses with ours.
 */
#include "core/clock.h"
#include "folder.h"
#include "math/peak.h"
#include "named_rows.h"
#include "timed.h"

#include <jansson.h>
#include <math.h>

static const double TARGET_FLOPS = 1e11; /* of a timed training, all members: a fraction of a second */
static const double PEAK_SECONDS = 0.3, RATE = 0.01, MOMENTUM = 0.9;
enum { FEWEST_EPOCHS = 12, VERIFIED_EPOCHS = 2, EARLY_RECORDS = 15 }; /* 12: the two records are below 6% */

static void make_members(const struct timed_case *row, const struct er_net *net,
                         const struct er_dataset *data, const struct er_train_spec *spec,
                         struct er_member *member)
{
    for (int64_t m = 0; m < row->members; m++)
        member[m] = (struct er_member){.net = net,
                                       .train = data,
                                       .spec = *spec,
                                       .seed_initialise = (uint64_t)m,
                                       .seed_batches = (uint64_t)m};
}

static struct er_train_spec make_spec(const struct timed_case *row, int64_t epochs)
{
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.rate = RATE;
    spec.optimiser.momentum = MOMENTUM;
    spec.optimiser.batch = row->batch;
    spec.stop.epochs = spec.every = epochs;
    return spec;
}

static enum er_status export_row(const char *folder, const struct timed_case *row,
                                 const struct er_member *member, const struct trace *trace,
                                 struct er_error *err)
{
    const struct folder_about about = {
        .id = row->id, .model = row->model, .shape = row->shape, .members = row->members};
    const bool done = folder_about(folder, &about, member) &&
                      folder_starts(folder, member, row->members, VERIFIED_EPOCHS) &&
                      folder_curves(folder, trace, row->members);
    return done ? ER_OK : er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
}

static enum er_status train(const struct timed_case *row, const struct er_member *member,
                            struct er_pool *pool, struct trace *trace, struct er_error *err)
{
    struct er_train_events events = {.ctx = trace, .end = trace_end};
    return er_train(member, row->members, pool, &(struct er_progress){0}, &events, err);
}

/* The mean loss over one batch at w + h v, `at` being the network at w. */
static double loss_along(const struct er_plan *plan, const struct er_dataset *data, int64_t P,
                         const struct er_network *at, double h, const float *v, float *moved, void *scratch)
{
    struct er_network network = *at;
    double loss_sum;
    int64_t errors;
    for (int64_t i = 0; i < P; i++) moved[i] = (float)((double)at->w[i] + h * (double)v[i]);
    network.w = moved;
    er_plan_loss(plan, &network, data->x, data->label, &loss_sum, &errors, scratch);
    return loss_sum / (double)er_plan_rows(plan);
}

/* The gradient of the first batch at the first member's initial weights, as in training (batch norm by the
 * batch's moments, the same units dropped), against what the loss does along it: a central difference over a
 * distance in which the loss changes by some percent. What forward computes is held to other programs by
 * bench/peers and to an oracle by the tests. */
static enum er_status verify_gradient(const struct timed_case *row, const struct er_member *member,
                                      struct er_error *err)
{
    const int64_t P = er_net_parameters(member->net), S = er_net_statistics(member->net);
    struct er_plan *plan = NULL;
    enum er_status status = er_plan_new(member->net, row->batch, &plan, err);
    if (status != ER_OK) return status;
    float *w = er_alloc(P + S, sizeof *w), *g = er_alloc(P, sizeof *g), *moved = er_alloc(P, sizeof *moved);
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    if (w && g && moved && scratch) {
        double loss_sum, slope = 0;
        int64_t errors;
        float *statistics = S ? w + P : NULL;
        const struct er_network at = {.w = w, .statistics = statistics, .training = true};
        er_net_initialise(member->net, member->seed_initialise, w, statistics);
        er_plan_gradient(plan, &at, member->train->x, member->train->label, 1.0f / (float)row->batch, g,
                         &loss_sum, &errors, scratch);
        for (int64_t i = 0; i < P; i++) slope += (double)g[i] * (double)g[i];
        const double h = 0.01 * loss_sum / (double)row->batch / slope;
        const double up = loss_along(plan, member->train, P, &at, h, g, moved, scratch),
                     down = loss_along(plan, member->train, P, &at, -h, g, moved, scratch);
        if (!(fabs((up - down) / (2 * h) - slope) <= 0.02 * slope))
            status = er_fail(err, ER_E_NONFINITE, "the gradient says a slope of %g, the loss one of %g",
                             slope, (up - down) / (2 * h));
    } else {
        status = er_fail(err, ER_E_NOMEM, "out of memory");
    }
    er_free(w);
    er_free(g);
    er_free(moved);
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

static enum er_status time_row(const struct timed_case *row, int64_t epochs, const struct er_member *member,
                               struct er_pool *pool, struct trace *trace, struct er_error *err)
{
    const char *isa;
    double flops = 0, peak = er_peak_gflops(pool, PEAK_SECONDS, &isa);
    const double start = er_clock_s();
    enum er_status status = train(row, member, pool, trace, err);
    const double seconds = er_clock_s() - start;
    if (status != ER_OK) return status;
    peak = fmax(peak, er_peak_gflops(pool, PEAK_SECONDS, NULL));
    for (int64_t m = 0; m < row->members; m++) flops += trace[m].flops;
    printf("{\"id\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"members\": %d, \"epochs\": %d, "
           "\"examples\": %d, \"batch\": %d, \"seconds\": %.5g, \"member_epoch_s\": %.5g, \"gflops\": %.4g, "
           "\"peak_gflops\": %.4g, \"of_peak\": %.3f}\n",
           row->id, isa, er_pool_threads(pool), (int)row->members, (int)epochs, (int)row->examples,
           (int)row->batch, seconds, seconds / (double)(row->members * epochs), flops / seconds / 1e9, peak,
           flops / seconds / 1e9 / peak);
    fflush(stdout);
    return ER_OK;
}

/* Times a row; or exports it, when there is a folder. */
static enum er_status run_row(const struct timed_case *row, const char *folder, struct er_pool *pool,
                              struct er_error *err)
{
    struct er_net *net = NULL;
    struct er_split split = {0};
    enum er_status status = timed_net(row, &net, err);
    if (status == ER_E_INPUT) {
        json_t *line = json_pack("{s:s, s:s}", "id", row->id, "skipped", err->msg);
        json_dumpf(line, stdout, 0);
        putchar('\n');
        json_decref(line);
        return ER_OK;
    }
    if (status != ER_OK) return status;
    struct er_member *member = er_alloc(row->members, sizeof *member);
    struct trace *trace = er_alloc(row->members, sizeof *trace);
    if (!member || !trace) {
        status = er_fail(err, ER_E_NOMEM, "out of memory");
        goto done;
    }
    status = timed_data(row, &split, err);
    if (status != ER_OK) goto done;

    const double epoch_flops = er_net_gradient_flops(net) * (double)(row->examples * row->members);
    int64_t epochs = folder ? VERIFIED_EPOCHS : (int64_t)(TARGET_FLOPS / epoch_flops);
    if (!folder && epochs < FEWEST_EPOCHS) epochs = FEWEST_EPOCHS;
    struct er_train_spec spec = make_spec(row, epochs);
    if (folder) {
        spec.every = 1;
        spec.early = EARLY_RECORDS;
    }
    make_members(row, net, &split.train, &spec, member);
    if (folder) {
        status = train(row, member, pool, trace, err);
        if (status == ER_OK) status = export_row(folder, row, member, trace, err);
    } else {
        status = verify_gradient(row, member, err);
        if (status == ER_OK) status = time_row(row, epochs, member, pool, trace, err);
    }
done:
    er_net_free(net);
    er_split_clear(&split);
    er_free(member);
    er_free(trace);
    return status;
}

static int usage(const char *why, const char *word)
{
    return named_rows_usage(NAMED_ROWS(timed_cases), "bench_train", "[--threads N] [--export FOLDER]", why,
                            word);
}

int main(int argc, char **argv)
{
    const char *folder = NULL;
    int threads = 0, first = 1;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--export") == 0)
            folder = argv[first + 1];
        else if (strcmp(argv[first], "--threads") != 0)
            return usage("no such option: ", argv[first]);
        else if (!timed_threads(argv[first + 1], &threads))
            return usage("no number of threads: ", argv[first + 1]);
    }
    for (int i = first; i < argc; i++)
        if (!named_rows_has(NAMED_ROWS(timed_cases), argv[i])) return usage("no such row: ", argv[i]);
    if (folder && argc - first != 1) return usage("--export takes one row", "");

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    for (const struct timed_case *row = timed_cases; row->id && status == ER_OK; row++)
        if (named_rows_chosen(row->id, argc - first, argv + first)) status = run_row(row, folder, pool, &err);
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_train: %s\n", err.msg);
    return status == ER_OK ? 0 : 1;
}
