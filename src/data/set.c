/* set.c - a subset of each official part of a named set.
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

static const char *const part_name[2] = {"training", "test"};

static enum er_status choose_records(const struct er_data_spec *spec, int which, const struct er_part *part,
                                     int64_t size, int64_t *record, struct er_error *err)
{
    int32_t *label = er_alloc(part->n, sizeof *label);
    if (!label) return er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
    er_part_labels(part, label);
    const struct er_choice choice = {.seed = spec->seed,
                                     .stream = er_stream(ER_PURPOSE_SPLIT, (uint64_t)which),
                                     .first = spec->first,
                                     .stratify = spec->stratify,
                                     .n = part->n,
                                     .classes = part->set->classes,
                                     .label = label};
    enum er_status status = er_choose(&choice, 1, &size, record, err);
    er_free(label);
    return status;
}

/* What is asked for, and where it goes. */
struct taking {
    const struct er_data_spec *spec;
    struct er_parts *out;
};

static enum er_status take_part(void *ctx, int which, const struct er_part *part, struct er_error *err)
{
    const struct taking *taking = ctx;
    const struct er_data_spec *spec = taking->spec;
    struct er_parts *out = taking->out;
    const int64_t asked = which ? spec->test : spec->train, size = asked ? asked : part->n;
    if (size > part->n)
        return er_fail(err, ER_E_USAGE, "%s: %" PRId64 " %s examples are asked for, there are %" PRId64,
                       spec->name, size, part_name[which], part->n);
    enum er_status status = er_parts_number(out, which, size, err);
    if (status == ER_OK) status = choose_records(spec, which, part, size, out->record[which], err);
    if (status == ER_OK) status = er_part_take(part, out->record[which], size, &out->set[which], err);
    return status;
}

enum er_status er_set_take(const struct er_set *set, const struct er_data_spec *spec,
                           const struct er_data_places *places, struct er_parts *out, char hex[ER_SHA256_HEX],
                           struct er_error *err)
{
    struct er_set_paths paths;
    struct er_parts parts = {0};
    enum er_status status = er_set_locate(set, places, &paths, err);
    if (status != ER_OK) return status;
    struct taking taking = {.spec = spec, .out = &parts};
    status = er_part_each(set, &paths, take_part, &taking, hex, err);
    er_free(paths.path);
    if (status != ER_OK) {
        er_parts_clear(&parts);
        return status;
    }
    *out = parts;
    return ER_OK;
}
