/* zoo.c - see zoo.h. */
#include "support/zoo.h"

#include "study/study.h"
#include "t.h"

void zoo_open(struct zoo *zoo, const char *yaml)
{
    const struct er_study_origin origin = {.file = "n.md", .line = 1};
    *zoo = (struct zoo){0};
    struct er_error err;
    T_STATUS(er_study_parse(yaml, strlen(yaml), &origin, &zoo->study, &err), ER_OK, "%s", yaml);
    if (!zoo->study) exit(1);
    T_STATUS(er_study_grid(zoo->study, &zoo->table, &err), ER_OK, "its grid");
    zoo->source =
        (struct er_source){.point = zoo->study->point, .runs = zoo->study->runs, .table = &zoo->table};
    const int64_t outcome = er_table_find(&zoo->table, "outcome");
    for (int64_t i = 0; i < zoo->table.rows; i++)
        zoo->table.cell[i * zoo->table.columns + outcome].text = "epochs";
}

void zoo_close(struct zoo *zoo)
{
    er_table_clear(&zoo->table);
    er_study_free(zoo->study);
}

struct er_cell *zoo_cell(const struct zoo *zoo, int64_t run, const char *column)
{
    const int64_t c = er_table_find(&zoo->table, column);
    if (c < 0) abort();
    return &zoo->table.cell[run * zoo->table.columns + c];
}

const char *zoo_word(const struct zoo *zoo, int64_t run, const char *path)
{
    return er_point_text(&zoo->source.point[run], path, "");
}
