/* check_export.c - small networks of every common kind, for PyTorch to compute the same.
 *
 *     bench_check_export [--data PLACE]... FOLDER [NAME...]        all when none is named
 *
 * Each network gets FOLDER/NAME as bench/peers/README.md describes ("A folder"): images, initial weights of
 * MEMBERS members and the order of their examples, the losses over STEPS steps of SGD with momentum; and of
 * member 0 the gradient of its first batch, the weights and running statistics after its first step. Images
 * are those of a named set in the places given, or else Gaussian ones, which is said. The last batch of an
 * epoch is smaller than the others.
 *
 * Training with dropout can't be compared, masks being each program's own: once its rate is 0, and once it
 * has a rate and the gradient is taken in evaluation mode, without training.
 */
#include "folder.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static const double MOMENTUM = 0.9;
enum { MEMBERS = 3, STEPS = 200, EXAMPLES = 500, BATCH = 32, EARLY_RECORDS = 15, PLACES_MOST = 16 };

struct network {
    const char *name, *model, *data;
    struct er_shape shape;
    double rate;
    bool evaluation;
};

static const struct network networks[] = {
    {"mlp", "mlp 64 depth=2", "fashion-mnist", {1, 1, 784}, 0.005, false},
    {"lenet", "lenet", "fashion-mnist", {28, 28, 1}, 0.001, false},
    {"lenet-smooth", "lenet activation=tanh pool=avg", "fashion-mnist", {28, 28, 1}, 0.005, false},
    {"nin", "nin 16", "cifar-10", {32, 32, 3}, 0.005, false},
    {"resnet", "resnet 8 width=8", "cifar-10", {32, 32, 3}, 0.005, false},
    {"resnet-smooth", "resnet 8 width=4 activation=tanh", "cifar-10", {32, 32, 3}, 0.005, false},
    {"alexnet", "alexnet 0.125", "cifar-10", {32, 32, 3}, 0.005, false},
    {"inception", "inception 0.125", "cifar-10", {32, 32, 3}, 0.005, false},
    {"dropout-off",
     "conv 8 3x3, relu, max_pool 2, dropout 0, flatten, dense 32, relu, dropout 0, dense",
     "fashion-mnist",
     {28, 28, 1},
     0.002,
     false},
    {"dropout-evaluation",
     "conv 8 3x3, relu, max_pool 2, dropout 0.25, flatten, dense 32, relu, dropout 0.5, dense",
     "fashion-mnist",
     {28, 28, 1},
     0.002,
     true},
};
enum { NETWORKS = sizeof networks / sizeof networks[0] };

/* Weights and running statistics. */
struct numbers {
    float *w, *statistics;
    int64_t P, S;
};

/* The `end` of a training of which only the last weights matter. */
static enum er_status keep_numbers(void *ctx, int64_t member, const struct er_train_result *result,
                                   struct er_error *err)
{
    const struct numbers *now = ctx;
    (void)member;
    (void)err;
    memcpy(now->w, result->w, (size_t)now->P * sizeof *now->w);
    if (now->S) memcpy(now->statistics, result->statistics, (size_t)now->S * sizeof *now->statistics);
    return ER_OK;
}

static enum er_status make_data(const struct network *network, const struct er_data_places *places,
                                struct er_split *split, struct er_error *err)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = network->data;
    spec.train = EXAMPLES;
    spec.test = 1;
    spec.standardise = ER_STANDARDISE_CHANNEL;
    enum er_status status = er_data_open(&spec, places, split, err);
    if (status == ER_E_NOT_FOUND) {
        fprintf(stderr, "%s: %s is in no place given; Gaussian images instead\n", network->name,
                network->data);
        spec.name = "gaussian-mixture";
        spec.standardise = ER_STANDARDISE_NONE;
        spec.dimension = er_shape_size(network->shape);
        spec.classes = 10;
        spec.separation = 4;
        status = er_data_open(&spec, places, split, err);
    }
    if (status == ER_OK) split->train.shape = network->shape;
    return status;
}

/* The gradient of member 0's first batch at its initial weights. */
static enum er_status export_gradient(const char *folder, bool evaluation, const struct er_member *member,
                                      struct numbers *now, struct er_error *err)
{
    const int64_t n = member->train->n, D = er_shape_size(member->train->shape);
    struct er_plan *plan = NULL;
    enum er_status status = er_plan_new(member->net, BATCH, &plan, err);
    if (status != ER_OK) return status;
    int64_t *order = er_alloc(n, sizeof *order), errors;
    float *x = er_alloc(BATCH * D, sizeof *x), *dw = er_alloc(now->P, sizeof *dw);
    int32_t label[BATCH];
    double loss;
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    if (order && x && dw && scratch) {
        epoch_order(member, 0, n, order);
        for (int64_t i = 0; i < BATCH; i++) {
            memcpy(x + i * D, member->train->x + order[i] * D, (size_t)D * sizeof *x);
            label[i] = member->train->label[order[i]];
        }
        er_net_initialise(member->net, member->seed_initialise, now->w, now->S ? now->statistics : NULL);
        const struct er_network at = {.w = now->w,
                                      .statistics = now->S ? now->statistics : NULL,
                                      .training = !evaluation,
                                      .seed = member->seed_batches};
        er_plan_gradient(plan, &at, x, label, 1.0F / BATCH, dw, &loss, &errors, scratch);
        if (!npy_write(folder, "gradient", "<f4", 1, (int64_t[NPY_RANK]){now->P}, dw))
            status = er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
    } else {
        status = er_fail(err, ER_E_NOMEM, "out of memory");
    }
    er_plan_free(plan);
    er_free(order);
    er_free(x);
    er_free(dw);
    er_free(scratch);
    return status;
}

static enum er_status export_training(const char *folder, struct er_member member[MEMBERS],
                                      struct er_pool *pool, struct numbers *now, struct er_error *err)
{
    struct trace trace[MEMBERS] = {0};
    const struct er_progress quiet = {0};
    struct er_train_events events = {.ctx = trace, .end = trace_end};
    enum er_status status = er_train(member, MEMBERS, pool, &quiet, &events, err);
    if (status != ER_OK) return status;
    bool done = folder_curves(folder, trace, MEMBERS);
    member[0].spec.stop.steps = 1;
    events = (struct er_train_events){.ctx = now, .end = keep_numbers};
    status = er_train(member, 1, pool, &quiet, &events, err);
    if (status != ER_OK) return status;
    done = done && npy_write(folder, "w1", "<f4", 1, (int64_t[NPY_RANK]){now->P}, now->w);
    if (now->S)
        done =
            done && npy_write(folder, "statistics", "<f4", 1, (int64_t[NPY_RANK]){now->S}, now->statistics);
    return done ? ER_OK : er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
}

static enum er_status export_network(const char *folder, const struct network *network,
                                     const struct er_model *model, const struct er_net *net,
                                     const struct er_dataset *data, struct er_pool *pool,
                                     struct er_error *err)
{
    const int64_t members = network->evaluation ? 1 : MEMBERS;
    const int64_t steps = (EXAMPLES + BATCH - 1) / BATCH, epochs = (STEPS + steps - 1) / steps;
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.rate = network->rate;
    spec.optimiser.momentum = MOMENTUM;
    spec.optimiser.batch = BATCH;
    spec.stop.epochs = epochs;
    spec.stop.steps = STEPS;
    spec.early = EARLY_RECORDS;
    struct er_member member[MEMBERS];
    for (int m = 0; m < MEMBERS; m++)
        member[m] = (struct er_member){.net = net,
                                       .train = data,
                                       .spec = spec,
                                       .seed_initialise = (uint64_t)m,
                                       .seed_batches = (uint64_t)m};

    const struct folder_about about = {.id = network->name,
                                       .model = er_model_text(model),
                                       .shape = network->shape,
                                       .members = members,
                                       .evaluation = network->evaluation};
    struct numbers now = {.P = er_net_parameters(net), .S = er_net_statistics(net)};
    now.w = er_alloc(now.P, sizeof *now.w);
    now.statistics = er_alloc(now.S + 1, sizeof *now.statistics);
    enum er_status status = ER_OK;
    if (!now.w || !now.statistics)
        status = er_fail(err, ER_E_NOMEM, "out of memory");
    else if ((mkdir(folder, 0777) != 0 && errno != EEXIST) || !folder_about(folder, &about, member) ||
             !folder_starts(folder, member, members, epochs))
        status = er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
    if (status == ER_OK) status = export_gradient(folder, network->evaluation, member, &now, err);
    if (status == ER_OK && !network->evaluation) status = export_training(folder, member, pool, &now, err);
    er_free(now.w);
    er_free(now.statistics);
    return status;
}

static enum er_status run(const char *out, const struct network *network, const struct er_data_places *places,
                          struct er_pool *pool, struct er_error *err)
{
    char folder[2048];
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_split split = {0};
    if (snprintf(folder, sizeof folder, "%s/%s", out, network->name) >= (int)sizeof folder)
        return er_fail(err, ER_E_LIMIT, "%s: the path is too long", network->name);
    enum er_status status = er_model_parse(network->model, &model, err);
    if (status == ER_OK) status = make_data(network, places, &split, err);
    if (status == ER_OK)
        status = er_net_new(model, network->shape, split.train.classes, "cross-entropy", &net, err);
    if (status == ER_OK) status = export_network(folder, network, model, net, &split.train, pool, err);
    er_net_free(net);
    er_split_clear(&split);
    er_model_free(model);
    return status;
}

static const struct network *find(const char *name)
{
    for (int i = 0; i < NETWORKS; i++)
        if (strcmp(networks[i].name, name) == 0) return &networks[i];
    return NULL;
}

static int usage(const char *why, const char *word)
{
    fprintf(
        stderr,
        "bench_check_export: %s%s\nbench_check_export [--data PLACE]... FOLDER [NAME...]; the names are\n",
        why, word);
    for (int i = 0; i < NETWORKS; i++) fprintf(stderr, "    %s\n", networks[i].name);
    return 2;
}

int main(int argc, char **argv)
{
    const char *place[PLACES_MOST];
    struct er_data_places places = {.folder = place};
    int at = 1;
    for (; at + 1 < argc && strcmp(argv[at], "--data") == 0; at += 2) {
        if (places.n == PLACES_MOST) return usage("too many places: ", argv[at + 1]);
        place[places.n++] = argv[at + 1];
    }
    if (at == argc) return usage("no folder", "");
    const char *out = argv[at++];
    for (int i = at; i < argc; i++)
        if (!find(argv[i])) return usage("no such network: ", argv[i]);

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(0, &pool, &err);
    const int n = at < argc ? argc - at : NETWORKS;
    for (int i = 0; i < n && status == ER_OK; i++)
        status = run(out, at < argc ? find(argv[at + i]) : &networks[i], &places, pool, &err);
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_check_export: %s\n", err.msg);
    return status == ER_OK ? 0 : 1;
}
