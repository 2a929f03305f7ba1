/* network_file.c - a network's numbers into a file and out of one. */
#include "net/network_tensors.h"
#include "net/tensor_names.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 80 };

static enum er_status no_memory(const struct er_net *net, struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "network: out of memory for %" PRId64 " parameters", net->n_parameters);
    return ER_E_NOMEM;
}

enum er_status er_network_check(const struct er_net *net, struct er_error *err)
{
    struct er_network_tensors list = {0};
    enum er_status status = er_network_tensors_new(net, &list, err);
    er_network_tensors_clear(&list);
    return status;
}

/* The values of all tensors in the layout of files, one after the other, and the tensors' bytes there. */
static void lay_out(struct er_network_tensors *list, const float *w, const float *statistics, float *value)
{
    for (int64_t i = 0; i < list->n; i++) {
        const struct er_layer_tensor *place = &list->place[i];
        er_layout_to_file(place->axes, (place->statistics ? statistics : w) + place->at, value);
        list->tensor[i].bytes = (const unsigned char *)value;
        value += er_tensor_count(&list->tensor[i]);
    }
}

enum er_status er_network_write(const char *path, const struct er_net *net, const float *w,
                                const float *statistics, const struct er_network_description *description,
                                const struct er_tensor_note *note, int64_t notes, struct er_error *err)
{
    enum { OWN = 5 };
    char input[NUMBER_TEXT], classes[NUMBER_TEXT];
    const struct er_shape s = description->input;
    struct er_network_tensors list = {0};
    struct er_tensor_note *all = er_alloc(OWN + notes, sizeof *all);
    float *value = er_alloc(net->n_parameters + net->n_statistics, sizeof *value);
    enum er_status status = all && value ? ER_OK : no_memory(net, err);
    if (status == ER_OK) status = er_network_tensors_new(net, &list, err);
    if (status != ER_OK) goto done;
    snprintf(input, sizeof input, "%" PRId64 "x%" PRId64 "x%" PRId64, s.height, s.width, s.channels);
    snprintf(classes, sizeof classes, "%" PRId64, description->classes);
    const struct er_tensor_note own[OWN] = {{"format", "pt"},
                                            {"model", description->model},
                                            {"input", input},
                                            {"classes", classes},
                                            {"loss", description->loss}};
    memcpy(all, own, sizeof own);
    if (notes) memcpy(all + OWN, note, (size_t)notes * sizeof *note);
    lay_out(&list, w, statistics, value);
    status = er_tensors_write(path, list.tensor, list.n, all, OWN + notes, err);
done:
    er_network_tensors_clear(&list);
    er_free(value);
    er_free(all);
    return status;
}

/* The largest of the tensors: a buffer of so many values serves all. */
static int64_t largest(const struct er_network_tensors *list)
{
    int64_t most = 0;
    for (int64_t i = 0; i < list->n; i++) {
        const int64_t n = er_tensor_count(&list->tensor[i]);
        most = n > most ? n : most;
    }
    return most;
}

enum er_status er_network_read(const struct er_tensors *tensors, const struct er_net *net, const char *map,
                               const char *map_file, float *w, float *statistics, struct er_error *err)
{
    struct er_network_tensors list = {0};
    int64_t *from = NULL;
    float *value = NULL;
    enum er_status status = er_network_tensors_new(net, &list, err);
    if (status != ER_OK) return status;
    from = er_alloc(list.n, sizeof *from);
    value = er_alloc(largest(&list), sizeof *value);
    if (!from || !value)
        status = no_memory(net, err);
    else if (map)
        status =
            er_tensor_names_map(map, map_file, list.tensor, list.n, tensors->tensor, tensors->n, from, err);
    else
        status = er_tensor_names_match(list.tensor, list.n, tensors->tensor, tensors->n,
                                       er_tensors_note(tensors, ER_TENSOR_NAMES_NOTE), from, err);
    for (int64_t i = 0; i < list.n && status == ER_OK; i++) {
        const struct er_layer_tensor *place = &list.place[i];
        status =
            er_tensors_float(tensors, tensors->tensor[from[i]].name, place->rank, place->dim, value, err);
        if (status == ER_OK)
            er_layout_from_file(place->axes, value, (place->statistics ? statistics : w) + place->at);
    }
    er_free(from);
    er_free(value);
    er_network_tensors_clear(&list);
    return status;
}
