/* pgdl_export.c - a study's kept networks become a task. */
#include "pgdl_export.h"
#include "cli.h"
#include "note_file.h"
#include "places.h"

#include <ermine/pgdl.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EXPORT, NOTE, TASK, OPERANDS };

/* The study that --study names, or the only one; NULL after a message. */
static const struct er_study *find_study(const struct cli_args *args, const struct note_file *file, int *code)
{
    const char *name = cli_value(args, "study", NULL), *words[ER_NOTE_MAX_STUDIES];
    const int64_t n = er_note_studies(file->note);
    char hint[CLI_HINT] = "";
    int64_t known = 0;
    *code = CLI_INPUT;
    if (!name && n != 1) {
        *code =
            cli_usage(args->command, "%s has %" PRId64 " studies: --study NAME says which", file->path, n);
        return NULL;
    }
    for (int64_t i = 0; i < n; i++) {
        struct er_error err = {0};
        const struct er_study *study = er_note_study(file->note, i, &err);
        if (!study && !name) *code = cli_error(args->command, &err);
        if (!study) continue;
        if (!name || strcmp(er_study_name(study), name) == 0) return study;
        words[known++] = er_study_name(study);
    }
    if (name)
        cli_message(args->command, "%s has no study \"%s\"%s", file->path, name,
                    cli_hint(name, words, known, hint));
    return NULL;
}

static enum er_status export_study(const struct note_file *file, const struct places *places,
                                   const struct er_study *study, const char *folder, int64_t *models,
                                   struct er_error *err)
{
    struct er_store *store = NULL;
    struct er_table runs = {0}, networks = {0};
    enum er_status status = er_store_open(file->store, true, &store, err);
    if (status == ER_OK) status = er_study_table(store, study, &places->data, &runs, err);
    if (status == ER_OK) status = er_study_networks(store, study, &places->data, &networks, err);
    if (status == ER_OK) status = er_pgdl_export(&runs, &networks, er_study_name(study), folder, models, err);
    er_table_clear(&networks);
    er_table_clear(&runs);
    er_store_close(store);
    return status;
}

int pgdl_export(const struct cli_args *args)
{
    struct note_file file;
    struct places places;
    struct er_error err = {0};
    int64_t models = 0;
    if (args->n_operands != OPERANDS)
        return cli_usage(args->command, "export takes a NOTE and the folder of the TASK that is made");
    int code = note_file_open(args, args->operand[NOTE], &file);
    if (code != CLI_DONE) return code;
    code = places_open(args, &places);
    if (code == CLI_DONE) {
        const struct er_study *study = find_study(args, &file, &code);
        if (study) {
            const enum er_status status =
                export_study(&file, &places, study, args->operand[TASK], &models, &err);
            code = status == ER_OK ? CLI_DONE : cli_error(args->command, &err);
        }
        if (study && code == CLI_DONE)
            printf("%s: %" PRId64 " models of %s\n", args->operand[TASK], models, er_study_name(study));
        places_close(&places);
    }
    note_file_close(&file);
    return code;
}
