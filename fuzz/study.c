/* Any bytes as a study: refused with a message and a place, or laid out with a key for its first and last
 * run. */
#include <ermine/memory.h>
#include <ermine/study.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const int64_t column[] = {3, 7};
    const struct er_study_origin origin = {.file = "fuzz.md", .line = 5, .column = column, .n_column = 2};
    struct er_study *study = NULL;
    struct er_error err = {0};
    const enum er_status status = er_study_parse((const char *)bytes, n, &origin, &study, &err);
    if (status != ER_OK) {
        if (study || err.code != status || !err.msg[0] || (err.line < 5 && status != ER_E_NOMEM)) {
            fprintf(stderr, "status %d, line %lld: %s\n", status, (long long)err.line, err.msg);
            abort();
        }
        return 0;
    }
    char key[2][ER_SHA256_HEX];
    const int64_t last = er_study_runs(study) - 1;
    int64_t figures, axes;
    if (er_study_key(study, 0, "", key[0], &err) != ER_OK ||
        er_study_key(study, last, "", key[1], &err) != ER_OK)
        abort();
    const struct er_figure *figure = er_study_figures(study, &figures);
    for (int64_t i = 0; i < figures; i++)
        if (!figure[i].mark || figure[i].n_y < 1 ||
            (!figure[i].x && !strstr("histogram strip ridgeline", figure[i].mark)))
            abort();
    if (!er_study_axes(study, &axes) || axes < 1) abort();
    er_study_free(study);
    return 0;
}
