/* key.c - the text that says all that a run's numbers depend on, and its hash.
 *
 *     data.name = fashion-mnist      every keyed key that exists and has a value, defaults among them,
 *     train.sgd.rate = 0.1           in schema order, values in canonical form
 *     ...                            (of keys marked so, the default is left out, written or not)
 *     seed = 0
 *     experiment = train 1           its name and its arithmetic's version
 *     isa = avx512
 *     versions = lambda_max 1 ...    of the measures asked for, those above 0; left out where there are none
 *     checksum = 1441...             of the data's bytes; left out for a study without data
 *
 * The form is part of every stored result: a change of it makes all of them new (tests/study/key.c holds a
 * golden one). A new key changes none of an old study when it is absent by default, or is
 * ER_SCHEMA_KEYED_UNLESS_DEFAULT.
 */
#include "core/buffer.h"
#include "study/study.h"

#include <ermine/measure.h>
#include <ermine/version.h>
#include <inttypes.h>
#include <string.h>

static bool is_listed(const struct er_setting *setting)
{
    const struct er_schema_row *row = setting->row;
    if (!row->keyed || !setting->present) return false;
    return row->keyed != ER_SCHEMA_KEYED_UNLESS_DEFAULT || strcmp(setting->text, row->fallback) != 0;
}

bool er_key_version(struct er_buffer *text, const struct er_measure *measure, bool begun)
{
    if (measure->version == 0) return begun;
    er_buffer_format(text, "%s%s %d", begun ? " " : "versions = ", measure->name, measure->version);
    return true;
}

/* Of the measures that the point asks for: what they compute may change, as an experiment's arithmetic may. */
static void write_versions(struct er_buffer *text, const struct er_point *point)
{
    const char *words = er_point_text(point, "measures", "");
    bool begun = false;
    for (const struct er_measure *measure; (measure = er_measure_next(&words));)
        begun = er_key_version(text, measure, begun);
    if (begun) er_buffer_char(text, '\n');
}

enum er_status er_study_canonical(const struct er_study *study, int64_t run, const char *data_checksum,
                                  char **out, struct er_error *err)
{
    const struct er_point *point = &study->point[run];
    struct er_buffer text = {0};
    for (int64_t i = 0; i < point->n; i++) {
        const struct er_setting *setting = point->setting[i];
        if (!is_listed(setting)) continue;
        er_buffer_text(&text, setting->row->path);
        er_buffer_text(&text, " = ");
        er_buffer_text(&text, setting->text);
        er_buffer_char(&text, '\n');
    }
    er_buffer_format(&text, "seed = %" PRIu64 "\nexperiment = %s %s\nisa = %s\n", point->seed,
                     study->experiment->name, study->experiment->arithmetic, er_isa());
    write_versions(&text, point);
    if (data_checksum && data_checksum[0]) er_buffer_format(&text, "checksum = %s\n", data_checksum);
    return er_buffer_take(&text, out, err);
}

enum er_status er_study_key(const struct er_study *study, int64_t run, const char *data_checksum,
                            char key[ER_SHA256_HEX], struct er_error *err)
{
    char *text;
    enum er_status status = er_study_canonical(study, run, data_checksum, &text, err);
    if (status != ER_OK) return status;
    er_sha256(text, strlen(text), key);
    er_free(text);
    return ER_OK;
}
