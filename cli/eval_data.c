/* eval_data.c - from the options and the network's metadata to examples: settings as text, as a study's. */
#include "eval_data.h"
#include "cli.h"

#include "core/buffer.h"
#include "core/file.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t MOST_EXAMPLES = (int64_t)1 << 40;

int eval_data_check(const struct cli_args *args, bool both)
{
    const char *split = cli_value(args, "split", "test");
    int64_t n;
    if (strcmp(split, "test") != 0 && strcmp(split, "train") != 0)
        return cli_usage(args->command, "--split %s: it is train or test", split);
    if (!cli_integer(args, "test", both ? 0 : 1, MOST_EXAMPLES, &n) ||
        !cli_integer(args, "train", 1, MOST_EXAMPLES, &n))
        return CLI_USAGE;
    if (cli_given(args, "names") && !cli_given(args, "model") && !cli_given(args, "data"))
        return cli_usage(args->command, "--names is for files of other programs, with --model and --data");
    return CLI_DONE;
}

static bool is_file(const char *name)
{
    return strchr(name, '/') || er_path_ends(name, ".csv") || er_path_ends(name, ".csv.gz") ||
           er_path_ends(name, ".npz");
}

/* The value of a setting of the network's run, from "PATH = VALUE" lines; NULL when there is none. */
static const char *setting_of(const char *point, const char *path, char out[64])
{
    const size_t n = strlen(path);
    for (const char *line = point; line && *line; line += *line == '\n') {
        if (strncmp(line, path, n) == 0 && strncmp(line + n, " = ", 3) == 0) {
            snprintf(out, 64, "%.*s", (int)strcspn(line + n + 3, "\n"), line + n + 3);
            return out;
        }
        line += strcspn(line, "\n");
    }
    return NULL;
}

static void add(struct er_buffer *text, const char *path, const char *value)
{
    if (value) er_buffer_format(text, "%s = %s\n", path, value);
}

/* Whether the file `name` has the bytes that the network was trained on. */
static bool same_bytes(const char *name, const char *checksum)
{
    struct er_data_spec spec = er_data_spec_default();
    char hex[ER_SHA256_HEX];
    spec.file = name;
    return checksum && er_data_checksum(&spec, NULL, hex, NULL) == ER_OK && strcmp(hex, checksum) == 0;
}

/* Whose data are evaluated, and whether they are those of the training. */
static int choose(const struct cli_args *args, const struct er_tensors *network, struct eval_data *data)
{
    const char *point = er_tensors_note(network, "point"), *trained = er_tensors_note(network, "data");
    const char *name = cli_value(args, "data", NULL);
    char own[64];
    const bool named = point && setting_of(point, "data.name", own);
    if (!name && !(point && trained))
        return cli_usage(args->command, "%s says nothing of its data: --data NAME gives it",
                         args->operand[0]);
    if (!name && !named) /* a path in a file from elsewhere is not followed */
        return cli_usage(args->command,
                         "the network was trained on the file %s: --data FILE says where it is", trained);
    data->name = name ? name : trained;
    data->of_training =
        point && (!name || (named ? strcmp(name, own) == 0
                                  : is_file(name) && same_bytes(name, er_tensors_note(network, "checksum"))));
    return CLI_DONE;
}

static enum er_status read_settings(const struct er_buffer *text, struct eval_data *data,
                                    struct er_error *err)
{
    er_data_settings_clear(&data->settings);
    if (text->status != ER_OK) return er_fail(err, ER_E_NOMEM, "settings of the data: out of memory");
    return text->length ? er_data_settings_read(text->data, &data->settings, err) : ER_OK;
}

/* --test 0. */
static bool without_test(const struct cli_args *args)
{
    int64_t n;
    return cli_given(args, "test") && cli_integer(args, "test", 0, MOST_EXAMPLES, &n) && n == 0;
}

/* Settings as text: the data that an option names, then what the network's file says, then the other options.
 * Each part is read with those before it, so that an error is known to be the option's or the file's. */
static enum er_status compose(const struct cli_args *args, const struct er_tensors *network,
                              struct eval_data *data, struct er_buffer *text, struct er_error *err)
{
    const char *point = er_tensors_note(network, "point");
    const char *key = is_file(data->name) ? "data.file" : "data.name";
    char standardise[64];
    if (!data->of_training) add(text, key, data->name);
    enum er_status status = read_settings(text, data, err);
    if (status != ER_OK) return status;
    if (data->of_training)
        er_buffer_format(text, "%s\n", point);
    else if (point)
        add(text, "data.standardise", setting_of(point, "data.standardise", standardise));
    if (data->of_training) add(text, key, data->name);
    status = read_settings(text, data, err);
    if (status != ER_OK) return eval_of_metadata(args->operand[0], err);
    add(text, "data.train", cli_value(args, "train", NULL));
    if (!without_test(args)) add(text, "data.test", cli_value(args, "test", NULL));
    add(text, "data.standardise", cli_value(args, "standardise", NULL));
    status = read_settings(text, data, err);
    data->settings.spec.no_test = without_test(args);
    return status;
}

enum er_status eval_of_metadata(const char *path, struct er_error *err)
{
    char text[sizeof *err + 64];
    return er_fail(err, err->code, "%s: its metadata: %s", path, er_error_text(err, text, sizeof text));
}

int eval_data_open(const struct cli_args *args, const struct er_tensors *network, struct eval_data *data,
                   enum er_status *status, struct er_error *err)
{
    struct er_buffer text = {0};
    struct places places;
    data->split_name = cli_value(args, "split", "test");
    int code = choose(args, network, data);
    if (code != CLI_DONE) return code;
    *status = compose(args, network, data, &text, err);
    er_buffer_clear(&text);
    if (*status != ER_OK) return CLI_DONE;
    code = places_open(args, &places);
    if (code != CLI_DONE) return code;
    *status = er_data_open(&data->settings.spec, &places.data, &data->split, err);
    places_close(&places);
    const char *checksum = er_tensors_note(network, "checksum");
    data->other_bytes =
        *status == ER_OK && data->of_training && checksum && strcmp(checksum, data->split.checksum) != 0;
    return CLI_DONE;
}

void eval_data_close(struct eval_data *data)
{
    er_split_clear(&data->split);
    er_data_settings_clear(&data->settings);
}

const struct er_dataset *eval_data_set(const struct eval_data *data)
{
    return strcmp(data->split_name, "train") == 0 ? &data->split.train : &data->split.test;
}

void eval_data_say(const struct cli_args *args, const struct eval_data *data, bool both)
{
    static const char *const how[] = {[ER_STANDARDISE_NONE] = "not standardised",
                                      [ER_STANDARDISE_IMAGE] = "standardised per image",
                                      [ER_STANDARDISE_CHANNEL] = "standardised per channel",
                                      [ER_STANDARDISE_FEATURE] = "standardised per feature",
                                      [ER_STANDARDISE_SET] = "standardised with one scale",
                                      [ER_STANDARDISE_CENTRED] = "centred, and scaled by one scale",
                                      [ER_STANDARDISE_GIVEN] = "standardised by given numbers"};
    const enum er_standardise kind = data->settings.spec.standardise;
    char from[64] = "", part[96];
    if (both && data->split.test.n == 0)
        snprintf(part, sizeof part, "%" PRId64 " train", data->split.train.n);
    else if (both)
        snprintf(part, sizeof part, "%" PRId64 " train and %" PRId64 " test", data->split.train.n,
                 data->split.test.n);
    else
        snprintf(part, sizeof part, "%" PRId64 " %s", eval_data_set(data)->n, data->split_name);
    if (kind != ER_STANDARDISE_NONE && kind != ER_STANDARDISE_IMAGE && kind != ER_STANDARDISE_GIVEN)
        snprintf(from, sizeof from, " over %" PRId64 " training examples", data->split.train.n);
    cli_message(args->command, "%s: %s examples, %s%s%s", data->name, part, how[kind], from,
                data->of_training ? "; the data of its training" : "");
    if (data->other_bytes)
        cli_message(args->command, "%s: its files are not those that the network was trained on", data->name);
}
