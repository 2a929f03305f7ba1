/* only.c - records of some classes only, and these renumbered.
 *
 *     label <- the number of kept classes below it
 */
#include "data/only.h"

#include <inttypes.h>
#include <stdlib.h>

static enum er_status add(struct er_only *out, long class, int64_t last, const char *source, int64_t classes,
                          struct er_error *err)
{
    if (class < 0 || class >= classes)
        return er_fail(err, ER_E_USAGE, "%s has no class %ld; its classes are 0 to %" PRId64, source, class,
                       classes - 1);
    if (class <= last)
        return er_fail(err, ER_E_USAGE, "classes to keep are given once and rising; %ld comes after %" PRId64,
                       class, last);
    out->place[class] = (int16_t)out->n++;
    return ER_OK;
}

enum er_status er_only_read(const char *only, const char *source, int64_t classes, struct er_only *out,
                            struct er_error *err)
{
    out->n = 0;
    if (!only) return ER_OK;
    if (classes > ER_ONLY_CLASSES)
        return er_fail(err, ER_E_USAGE, "%s has %" PRId64 " classes; some can be kept of at most %d", source,
                       classes, ER_ONLY_CLASSES);
    for (int64_t c = 0; c < classes; c++) out->place[c] = -1;
    int64_t last = -1;
    for (char *rest = NULL;; only = rest) {
        const long class = strtol(only, &rest, 10);
        if (rest == only) break;
        enum er_status status = add(out, class, last, source, classes, err);
        if (status != ER_OK) return status;
        last = class;
    }
    if (out->n < 2) return er_fail(err, ER_E_USAGE, "%s: at least two classes must be kept", source);
    return ER_OK;
}

int64_t er_only_classes(const char *only, int64_t classes)
{
    int64_t n = 1;
    if (!only) return classes;
    for (; *only; only++) n += *only == ' ';
    return n;
}

int64_t er_only_leave_out(const struct er_only *only, int64_t n, int32_t *label)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++) {
        if (only->n && only->place[label[i]] < 0) label[i] = -1;
        kept += label[i] >= 0;
    }
    return kept;
}

void er_only_labels(const struct er_only *only, struct er_dataset *set)
{
    if (!only->n) return;
    set->classes = only->n;
    for (int64_t i = 0; i < set->n; i++) set->label[i] = only->place[set->label[i]];
}
