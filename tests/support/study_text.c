/* study_text.c - see study_text.h. */
#include "support/study_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum er_status study_parse(const char *yaml, struct er_study **out, struct er_error *err)
{
    const struct er_study_origin origin = {.file = "s.yaml", .line = 1};
    return er_study_parse(yaml, strlen(yaml), &origin, out, err);
}

const char *study_row(const struct er_study *study, int64_t run, char *out, size_t size)
{
    const struct er_point *point = er_study_point(study, run);
    int64_t n;
    const struct er_axis *axis = er_study_axes(study, &n);
    size_t used = 0;
    out[0] = '\0';
    for (int64_t a = 0; a < n && used < size; a++) {
        char seed[32];
        snprintf(seed, sizeof seed, "%" PRIu64, point->seed);
        const char *value =
            strcmp(axis[a].path, "seed") == 0 ? seed : er_point_text(point, axis[a].path, "-");
        used += (size_t)snprintf(out + used, size - used, "%s%s=%s", a ? " " : "", axis[a].path, value);
    }
    return out;
}
