/* network_description.c - what a file's metadata say of its network, as a net. */
#include "core/number.h"

#include <ermine/networks.h>
#include <stdio.h>
#include <string.h>

static const char *file_of(const struct er_tensors *tensors)
{
    return tensors->file ? tensors->file : "network";
}

static enum er_status find(const struct er_tensors *tensors, const char *key, const char **out,
                           struct er_error *err)
{
    *out = er_tensors_note(tensors, key);
    if (*out) return ER_OK;
    return er_fail(err, ER_E_NOT_FOUND, "%s: its metadata have no \"%s\"", file_of(tensors), key);
}

/* "28x28x1": three whole numbers. */
static bool read_shape(const char *text, struct er_shape *out)
{
    int64_t *const size[3] = {&out->height, &out->width, &out->channels};
    char part[24];
    for (int i = 0; i < 3; i++) {
        const size_t n = strcspn(text, "x");
        if (n == 0 || n >= sizeof part || (text[n] == 'x') != (i < 2)) return false;
        memcpy(part, text, n);
        part[n] = '\0';
        if (!er_number_integer(part, size[i])) return false;
        text += n + (i < 2);
    }
    return true;
}

enum er_status er_network_describe(const struct er_tensors *tensors, struct er_network_description *out,
                                   struct er_error *err)
{
    struct er_network_description d = {0};
    const char *input, *classes;
    enum er_status status = find(tensors, "model", &d.model, err);
    if (status == ER_OK) status = find(tensors, "input", &input, err);
    if (status == ER_OK) status = find(tensors, "classes", &classes, err);
    if (status == ER_OK) status = find(tensors, "loss", &d.loss, err);
    if (status != ER_OK) return status;
    if (!read_shape(input, &d.input))
        return er_fail(err, ER_E_INPUT, "%s: its input \"%.40s\" is no shape such as 28x28x1",
                       file_of(tensors), input);
    if (!er_number_integer(classes, &d.classes))
        return er_fail(err, ER_E_INPUT, "%s: its classes \"%.40s\" are no whole number", file_of(tensors),
                       classes);
    *out = d;
    return ER_OK;
}

enum er_status er_network_bind(const struct er_network_description *description, struct er_net **out,
                               struct er_error *err)
{
    struct er_model *model;
    enum er_status status = er_model_parse(description->model, &model, err);
    if (status != ER_OK) return status;
    status = er_net_new(model, description->input, description->classes, description->loss, out, err);
    er_model_free(model);
    return status;
}
