/* network_input.c - a network in a file and the examples it is for. */
#include "network_input.h"
#include "cli.h"

#include "core/file.h"

#include <ermine/memory.h>
#include <ermine/networks.h>

#include <inttypes.h>
#include <string.h>

enum { MAP_MOST = 1 << 24 };

static bool same_shape(struct er_shape a, struct er_shape b)
{
    return a.height == b.height && a.width == b.width && a.channels == b.channels;
}

/* The network that the file describes, or --model bound to the data. */
static enum er_status describe(const struct network_input *in, struct er_network_description *out,
                               struct er_error *err)
{
    const struct er_dataset *set = &in->data.split.train;
    const char *model = cli_value(in->args, "model", NULL), *loss = cli_value(in->args, "loss", NULL);
    if (model) {
        const char *noted = er_tensors_note(&in->file, "loss");
        if (!loss) loss = noted ? noted : "cross-entropy";
        *out = (struct er_network_description){model, set->shape, set->classes, loss};
        return ER_OK;
    }
    enum er_status status = er_network_describe(&in->file, out, err);
    if (status == ER_E_NOT_FOUND)
        return er_fail(err, ER_E_NOT_FOUND,
                       "%s says nothing of its model, so it was not written by Ermine: --model TEXT gives it",
                       in->path);
    if (status != ER_OK) return status;
    if (loss) out->loss = loss;
    if (!same_shape(out->input, set->shape))
        return er_fail(err, ER_E_SHAPE,
                       "%s: the network takes %" PRId64 "x%" PRId64 "x%" PRId64 ", the data has %" PRId64
                       "x%" PRId64 "x%" PRId64,
                       in->path, out->input.height, out->input.width, out->input.channels, set->shape.height,
                       set->shape.width, set->shape.channels);
    return ER_OK;
}

/* The numbers of a file for in->net. */
static enum er_status read_numbers(const struct network_input *in, const struct er_tensors *file, float **w,
                                   float **statistics, struct er_error *err)
{
    const char *map_file = cli_value(in->args, "names", NULL);
    const int64_t P = er_net_parameters(in->net);
    char *map = NULL;
    size_t length;
    enum er_status status = map_file ? er_file_read(map_file, MAP_MOST, &map, &length, err) : ER_OK;
    if (status != ER_OK) return status;
    *w = er_alloc(P, sizeof **w);
    *statistics = er_alloc(er_net_statistics(in->net), sizeof **statistics);
    if (!*w || !*statistics)
        status = er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " parameters", P);
    else
        status = er_network_read(file, in->net, map, map_file, *w, *statistics, err);
    er_free(map);
    return status;
}

static enum er_status read_network(struct network_input *in, struct er_error *err)
{
    struct er_network_description description;
    enum er_status status = describe(in, &description, err);
    if (status != ER_OK) return status;
    status = er_network_bind(&description, &in->net, err);
    if (status != ER_OK)
        return cli_given(in->args, "model") || cli_given(in->args, "loss") ? status
                                                                           : eval_of_metadata(in->path, err);
    return read_numbers(in, &in->file, &in->w, &in->statistics, err);
}

/* The network computes with them all the same. What else is in the file does not matter. */
static enum er_status say_not_finite(const struct network_input *in, const char *path, const float *w,
                                     const float *statistics, struct er_error *err)
{
    struct er_network_flaws flaws;
    const int64_t all = er_net_parameters(in->net) + er_net_statistics(in->net);
    const enum er_status status = er_network_not_finite(in->net, w, statistics, &flaws, err);
    if (status == ER_OK && flaws.n > 0)
        cli_message(in->args->command, "%s: %" PRId64 " of its %" PRId64 " %s not finite, first in \"%s\"",
                    path, flaws.n, all, flaws.n == 1 ? "numbers is" : "numbers are", flaws.first);
    return status;
}

/* Whether both files have a text of this name, and whether it is one. */
static bool both_say(const struct er_tensors *a, const struct er_tensors *b, const char *key, bool *same)
{
    const char *const text[] = {er_tensors_note(a, key), er_tensors_note(b, key)};
    *same = text[0] && text[1] && strcmp(text[0], text[1]) == 0;
    return text[0] && text[1];
}

/* *known: both files say that they are of one run. */
static enum er_status check_beginning(const struct network_input *in, const struct er_tensors *file,
                                      const char *path, bool *known, struct er_error *err)
{
    const char *moment = er_tensors_note(file, "moment");
    bool same_model, same_run, same_seed;
    if (both_say(&in->file, file, "model", &same_model) && !same_model)
        return er_fail(err, ER_E_SHAPE, "%s is of the model %s, %s of %s", path,
                       er_tensors_note(file, "model"), in->path, er_tensors_note(&in->file, "model"));
    if (moment && strcmp(moment, "init") != 0)
        return er_fail(err, ER_E_INPUT,
                       "%s: a network at \"%s\" of its training, and not before its first step, which is "
                       "\"init\"",
                       path, moment);
    const bool say =
        both_say(&in->file, file, "point", &same_run) && both_say(&in->file, file, "seed", &same_seed);
    *known = moment && say && same_run && same_seed;
    if (say && !*known)
        return er_fail(err, ER_E_INPUT, "%s is of another run than %s: its settings or its seed are others",
                       path, in->path);
    return ER_OK;
}

enum er_status network_input_initial(const struct network_input *in, const char *path, float **w,
                                     float **statistics, struct er_error *err)
{
    struct er_tensors file;
    struct er_error why = {0};
    char text[sizeof why + 64];
    bool known = false;
    enum er_status status = er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, err);
    if (status != ER_OK) return status;
    status = check_beginning(in, &file, path, &known, err);
    if (status == ER_OK) {
        status = read_numbers(in, &file, w, statistics, &why);
        if (status != ER_OK) er_fail(err, status, "%s: %s", path, er_error_text(&why, text, sizeof text));
    }
    if (status == ER_OK) status = say_not_finite(in, path, *w, *statistics, err);
    if (status == ER_OK && !known && memcmp(*w, in->w, (size_t)er_net_parameters(in->net) * sizeof **w) == 0)
        status = er_fail(err, ER_E_INPUT,
                         "%s: its weights are those of %s, so that it is no network before its first step",
                         path, in->path);
    er_tensors_clear(&file);
    return status;
}

int network_input_open(const struct cli_args *args, bool both, struct network_input *in)
{
    struct er_error err = {0};
    *in = (struct network_input){.args = args, .path = args->operand[0]};
    int code = eval_data_check(args, both);
    if (code != CLI_DONE) return code;
    enum er_status status = er_tensors_read(in->path, ER_NETWORK_FILE_MOST, &in->file, &err);
    if (status == ER_OK) {
        code = eval_data_open(args, &in->file, &in->data, &status, &err);
        if (code != CLI_DONE) return code;
    }
    if (status == ER_OK) status = read_network(in, &err);
    if (status == ER_OK) eval_data_say(args, &in->data, both);
    if (status == ER_OK) status = say_not_finite(in, in->path, in->w, in->statistics, &err);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}

void network_input_close(struct network_input *in)
{
    er_free(in->w);
    er_free(in->statistics);
    er_net_free(in->net);
    eval_data_close(&in->data);
    er_tensors_clear(&in->file);
}
