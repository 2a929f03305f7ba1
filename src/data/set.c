/* set.c - a subset of each official part of a named set, and others of the training part.
 *
 * One part is read, cut and let go before the next is read. The checksum is over all files, whatever the
 * subset.
 */
#include "data/choose.h"
#include "data/part.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <string.h>

static const char *const part_name[2] = {"training", "test"};

/* size[0] records, and size[1] others. */
static enum er_status choose_records(const struct er_data_spec *spec, int which, const struct er_part *part,
                                     const int32_t *label, const int64_t size[2], int64_t *record,
                                     struct er_error *err)
{
    const struct er_choice choice = {.seed = spec->seed,
                                     .stream = er_stream(ER_PURPOSE_SPLIT, (uint64_t)which),
                                     .first = spec->first,
                                     .stratify = spec->stratify,
                                     .balance = spec->balance,
                                     .as_they_come = 1,
                                     .n = part->n,
                                     .classes = part->set->classes,
                                     .label = label};
    return er_choose(&choice, 2, size, record, err);
}

/* What is asked for, and where it goes. */
struct taking {
    const struct er_data_spec *spec;
    const struct er_only *only;
    struct er_parts *out;
};

/* How many of the `kept` records a part and the others take. */
static enum er_status sizes_of(const struct er_data_spec *spec, int which, int64_t kept, int64_t size[2],
                               struct er_error *err)
{
    const int64_t asked = which ? spec->test : spec->train;
    size[0] = asked ? asked : kept;
    size[1] = which ? 0 : spec->others;
    if (size[0] <= kept && kept > 0 && size[1] <= kept - size[0]) return ER_OK;
    return er_fail(err, ER_E_USAGE, "%s: %" PRId64 " %s examples are asked for, there are %" PRId64 "%s",
                   spec->name, size[0] + size[1], part_name[which], kept,
                   spec->only ? " of the classes that are kept" : "");
}

/* n records of a part become examples of `which`. */
static enum er_status take_records(const struct er_part *part, int which, const int64_t *record, int64_t n,
                                   struct er_parts *out, struct er_error *err)
{
    enum er_status status = er_parts_number(out, which, n, err);
    if (status != ER_OK) return status;
    memcpy(out->record[which], record, (size_t)n * sizeof *record);
    return er_part_take(part, record, n, &out->set[which], err);
}

static enum er_status take_part(void *ctx, int which, const struct er_part *part, struct er_error *err)
{
    const struct taking *taking = ctx;
    const struct er_data_spec *spec = taking->spec;
    struct er_parts *out = taking->out;
    int64_t size[2], *record = NULL;
    int32_t *label = er_alloc(part->n, sizeof *label);
    if (!label) return er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
    er_part_labels(part, label);
    enum er_status status = sizes_of(spec, which, er_only_leave_out(taking->only, part->n, label), size, err);
    if (status != ER_OK) goto done;
    record = er_alloc(size[0] + size[1], sizeof *record);
    if (!record) {
        status = er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
        goto done;
    }
    status = choose_records(spec, which, part, label, size, record, err);
    if (status == ER_OK) status = take_records(part, which, record, size[0], out, err);
    if (status == ER_OK && size[1] > 0)
        status = take_records(part, ER_PART_OTHERS, record + size[0], size[1], out, err);
done:
    er_free(record);
    er_free(label);
    return status;
}

enum er_status er_set_take(const struct er_set *set, const struct er_data_spec *spec,
                           const struct er_only *only, const struct er_data_places *places,
                           struct er_parts *out, char hex[ER_SHA256_HEX], struct er_error *err)
{
    struct er_set_paths paths;
    struct er_parts parts = {0};
    enum er_status status = er_set_locate(set, places, &paths, err);
    if (status != ER_OK) return status;
    struct taking taking = {.spec = spec, .only = only, .out = &parts};
    status = er_part_each(set, &paths, take_part, &taking, hex, err);
    er_free(paths.path);
    if (status != ER_OK) {
        er_parts_clear(&parts);
        return status;
    }
    *out = parts;
    return ER_OK;
}
