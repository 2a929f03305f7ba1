/* verdict_file.c - rows of verdicts as a file. */
#include "verdict_file.h"
#include "cli.h"

#include "core/buffer.h"
#include "core/file.h"

#include <ermine/memory.h>

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15 };

char *verdict_text(const json_t *rows)
{
    struct er_buffer out = {0};
    char *text = NULL;
    const size_t n = json_array_size(rows);
    er_buffer_char(&out, '[');
    for (size_t i = 0; i < n; i++) {
        char *row = json_dumps(json_array_get(rows, i), JSON_REAL_PRECISION(DIGITS));
        if (!row) out.status = ER_E_NOMEM;
        er_buffer_format(&out, "\n  %s%s", row ? row : "", i + 1 < n ? "," : "\n");
        free(row);
    }
    er_buffer_text(&out, "]\n");
    er_buffer_take(&out, &text, NULL);
    return text;
}

int verdict_file_write(const struct cli_args *args, const json_t *rows)
{
    const char *path = cli_value(args, "verdicts", NULL);
    struct er_error err = {0};
    if (!path) return CLI_DONE;
    char *text = verdict_text(rows);
    const enum er_status status = text ? er_file_write(path, text, strlen(text), &err)
                                       : er_fail(&err, ER_E_NOMEM, "out of memory for the verdicts");
    er_free(text);
    return status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
}
