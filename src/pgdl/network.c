/* network.c - a model of a task: its description and its numbers, in either layout. */
#include "data/shown.h"
#include "pgdl/digest.h"
#include "pgdl/task.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <inttypes.h>
#include <string.h>

/* Files of one model. */
struct loading {
    const struct er_pgdl_task *task;
    const char *folder;
    struct er_digest digest;
    struct er_pgdl_network out;
};

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "a model of a task: out of memory");
}

/* Makes an error of the bytes of a file name it. */
static enum er_status of_file(const struct loading *l, const char *file, enum er_status status,
                              struct er_error *err)
{
    if (status == ER_OK || !err) return status;
    char *path = er_task_path(l->task, l->folder, file);
    if (path) er_error_place(err, path, 0, 0);
    er_free(path);
    return status;
}

static enum er_status allocate(const struct er_net *net, float **w, float **statistics, struct er_error *err)
{
    *w = er_alloc(er_net_parameters(net), sizeof **w);
    *statistics = er_alloc(er_net_statistics(net), sizeof **statistics);
    return *w && *statistics ? ER_OK : fail_memory(err);
}

static enum er_status bind(const struct er_pgdl_architecture *a, struct er_net **out, struct er_error *err)
{
    const struct er_network_description description = {a->model, a->input, a->outputs, "cross-entropy"};
    return er_network_bind(&description, out, err);
}

static enum er_status read_architecture(struct loading *l, struct er_pgdl_architecture *out,
                                        struct er_error *err)
{
    char *text;
    size_t n;
    enum er_status status =
        er_task_read(l->task, l->folder, "config.json", ER_PGDL_CONFIG_BYTES, &text, &n, err);
    if (status != ER_OK) return status;
    er_digest_add(&l->digest, text, n);
    status = of_file(l, "config.json", er_pgdl_architecture_parse(text, n, out, err), err);
    er_free(text);
    return status;
}

static enum er_status read_hdf5(struct loading *l, const char *file, const char *weights, float **w,
                                float **statistics, struct er_error *err)
{
    char *bytes;
    size_t n;
    enum er_status status = er_task_read(l->task, l->folder, file, ER_PGDL_WEIGHTS_BYTES, &bytes, &n, err);
    if (status != ER_OK) return status;
    er_digest_add(&l->digest, bytes, n);
    status = allocate(l->out.net, w, statistics, err);
    if (status == ER_OK)
        status = of_file(
            l, file, er_pgdl_weights_parse(file, bytes, n, weights, l->out.net, *w, *statistics, err), err);
    er_free(bytes);
    return status;
}

static enum er_status open_theirs(struct loading *l, struct er_error *err)
{
    static const char initial[] = "weights_init.hdf5";
    struct er_pgdl_architecture a = {0};
    bool begins = false;
    enum er_status status = read_architecture(l, &a, err);
    if (status == ER_OK) status = of_file(l, "config.json", bind(&a, &l->out.net, err), err);
    if (status == ER_OK) status = read_hdf5(l, "weights.hdf5", a.weights, &l->out.w, &l->out.statistics, err);
    if (status == ER_OK) status = er_task_has(l->task, l->folder, initial, &begins, err);
    if (status == ER_OK && begins)
        status = read_hdf5(l, initial, a.weights, &l->out.initial_w, &l->out.initial_statistics, err);
    er_pgdl_architecture_clear(&a);
    return status;
}

/* The net of the first file; the second must be of the same. */
static enum er_status read_ours(struct loading *l, const char *file, float **w, float **statistics,
                                struct er_error *err)
{
    struct er_tensors tensors = {0};
    struct er_network_description is;
    char *bytes;
    size_t n;
    enum er_status status = er_task_read(l->task, l->folder, file, ER_NETWORK_FILE_MOST, &bytes, &n, err);
    if (status != ER_OK) return status;
    er_digest_add(&l->digest, bytes, n);
    status = er_tensors_parse((const unsigned char *)bytes, n, &tensors, err);
    if (status == ER_OK && !l->out.net) {
        status = er_network_describe(&tensors, &is, err);
        if (status == ER_OK) status = er_network_bind(&is, &l->out.net, err);
    }
    if (status == ER_OK) status = allocate(l->out.net, w, statistics, err);
    if (status == ER_OK) status = er_network_read(&tensors, l->out.net, NULL, NULL, *w, *statistics, err);
    er_tensors_clear(&tensors);
    er_free(bytes);
    return of_file(l, file, status, err);
}

static enum er_status open_ours(struct loading *l, struct er_error *err)
{
    bool begins = false;
    enum er_status status = read_ours(l, ER_TASK_NETWORK, &l->out.w, &l->out.statistics, err);
    if (status == ER_OK) status = er_task_has(l->task, l->folder, ER_TASK_INITIAL, &begins, err);
    if (status == ER_OK && begins)
        status = read_ours(l, ER_TASK_INITIAL, &l->out.initial_w, &l->out.initial_statistics, err);
    return status;
}

enum er_status er_pgdl_network_open(const struct er_pgdl_task *task, int64_t i, struct er_pgdl_network *out,
                                    struct er_error *err)
{
    struct loading l = {.task = task, .folder = task->model[i].folder};
    er_digest_open(&l.digest);
    const enum er_status status = task->ours ? open_ours(&l, err) : open_theirs(&l, err);
    er_digest_close(&l.digest, l.out.digest);
    if (status == ER_OK)
        *out = l.out;
    else
        er_pgdl_network_close(&l.out);
    return status;
}

void er_pgdl_network_close(struct er_pgdl_network *network)
{
    er_net_free(network->net);
    er_free(network->w);
    er_free(network->statistics);
    er_free(network->initial_w);
    er_free(network->initial_statistics);
    *network = (struct er_pgdl_network){0};
}
