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
                                     const int64_t size[2], int64_t *record, struct er_error *err)
{
    int32_t *label = er_alloc(part->n, sizeof *label);
    if (!label) return er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
    er_part_labels(part, label);
    const struct er_choice choice = {.seed = spec->seed,
                                     .stream = er_stream(ER_PURPOSE_SPLIT, (uint64_t)which),
                                     .first = spec->first,
                                     .stratify = spec->stratify,
                                     .as_they_come = 1,
                                     .n = part->n,
                                     .classes = part->set->classes,
                                     .label = label};
    enum er_status status = er_choose(&choice, 2, size, record, err);
    er_free(label);
    return status;
}

/* What is asked for, and where it goes. */
struct taking {
    const struct er_data_spec *spec;
    struct er_parts *out;
};

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
    const int64_t asked = which ? spec->test : spec->train, others = which ? 0 : spec->others;
    const int64_t size[2] = {asked ? asked : part->n, others};
    if (size[0] > part->n || others > part->n - size[0])
        return er_fail(err, ER_E_USAGE, "%s: %" PRId64 " %s examples are asked for, there are %" PRId64,
                       spec->name, size[0] + others, part_name[which], part->n);
    int64_t *record = er_alloc(size[0] + others, sizeof *record);
    if (!record) return er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
    enum er_status status = choose_records(spec, which, part, size, record, err);
    if (status == ER_OK) status = take_records(part, which, record, size[0], out, err);
    if (status == ER_OK && others > 0)
        status = take_records(part, ER_PART_OTHERS, record + size[0], others, out, err);
    er_free(record);
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
