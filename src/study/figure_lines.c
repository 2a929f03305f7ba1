/* figure_lines.c - the reference lines of a figure: at_x, at_y and their label. */
#include "study/study.h"

#include "core/number.h"
#include <string.h>

enum { MOST_LABEL = 100 };

/* The number that the key `path` is in every run. */
static bool shared_number(const struct er_study *study, const char *path, double *at)
{
    if (!er_study_is_number(path) || study->runs < 1) return false;
    for (int64_t i = 0; i < study->runs; i++) {
        const struct er_setting *setting = er_point_get(&study->point[i], path);
        if (!setting || (i > 0 && setting->number != *at)) return false;
        *at = setting->number;
    }
    return true;
}

bool er_study_reference(const struct er_study *study, const char *text, double *at)
{
    double number;
    if (!er_number_real(text, &number) && !shared_number(study, text, &number)) return false;
    *at = number;
    return true;
}

static enum er_status read_line(const struct er_study *study, const struct er_node *node,
                                struct er_reference *out, struct er_error *err)
{
    enum { MOST = 1024 };
    const struct er_reading reading = {.file = study->file, .arena = study->arena};
    const struct er_schema_row *row = er_study_figure_row(node->key);
    const struct er_setting *setting;
    enum er_status status = er_setting_read(&reading, row, node, &setting, err);
    if (status != ER_OK) return status;
    out->drawn = er_study_reference(study, setting->text, &out->at);
    if (out->drawn) return ER_OK;
    const char *name[MOST];
    char word[ER_SHORT_TEXT];
    int64_t n = 0;
    for (int64_t i = 0; er_schema_row(i) && n < MOST; i++)
        if (er_study_is_number(er_schema_row(i)->path)) name[n++] = er_schema_row(i)->path;
    const char *near = er_nearest(setting->text, name, n);
    const bool key = near && strcmp(near, setting->text) == 0;
    return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column, "%s: %s %s%s%s%s", row->path,
                      er_short_text(setting->text, word),
                      key ? "is not the same number in all runs of this study"
                          : "is neither a number nor a key of the study that is one",
                      near && !key ? "; did you mean " : "", near && !key ? near : "",
                      near && !key ? "?" : "");
}

static enum er_status read_label(const struct er_study *study, const struct er_node *node, const char **out,
                                 struct er_error *err)
{
    const struct er_reading reading = {.file = study->file, .arena = study->arena};
    const struct er_setting *setting;
    enum er_status status = er_setting_read(&reading, er_study_figure_row("label"), node, &setting, err);
    if (status != ER_OK) return status;
    const size_t n = strlen(setting->text);
    if (n > MOST_LABEL)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                          "figures.label: %zu bytes; at most %d stand at a line", n, MOST_LABEL);
    if (n > 0) *out = setting->text;
    return ER_OK;
}

/* What the regions of a map are called. */
static enum er_status read_regions(const struct er_study *study, const struct er_node *node,
                                   struct er_figure *figure, struct er_error *err)
{
    if (node->kind != ER_NODE_LIST || node->n != 2)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                          "figures.label: a list of two texts is expected, one for each of the regions");
    enum er_status status = read_label(study, node->child, &figure->region_label[0], err);
    return status == ER_OK ? read_label(study, node->child->next, &figure->region_label[1], err) : status;
}

static enum er_status read_labels(const struct er_study *study, const struct er_node *node,
                                  struct er_figure *figure, struct er_error *err)
{
    const int64_t lines = figure->at_x.drawn + figure->at_y.drawn;
    const bool list = node->kind == ER_NODE_LIST;
    if (lines == 0)
        return er_fail_at(err, ER_E_INPUT, study->file, node->key_line, node->key_column,
                          "figures.label: there is no reference line; at_x or at_y draws one");
    if ((list ? node->n : 1) != lines)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column, "figures.label: %s",
                          lines == 1 ? "one text is expected, for one line"
                                     : "a list of two texts is expected, that of at_x and "
                                       "that of at_y");
    const struct er_node *first = list ? node->child : node;
    enum er_status status =
        read_label(study, first, figure->at_x.drawn ? &figure->at_x.label : &figure->at_y.label, err);
    if (status == ER_OK && lines == 2) status = read_label(study, first->next, &figure->at_y.label, err);
    return status;
}

enum er_status er_study_references_read(const struct er_study *study, const struct er_node *node,
                                        struct er_figure *figure, struct er_error *err)
{
    const struct er_node *label = NULL;
    for (const struct er_node *m = node->child; m; m = m->next) {
        enum er_status status = ER_OK;
        if (strcmp(m->key, "at_x") == 0) status = read_line(study, m, &figure->at_x, err);
        if (strcmp(m->key, "at_y") == 0) status = read_line(study, m, &figure->at_y, err);
        if (strcmp(m->key, "label") == 0) label = m;
        if (status != ER_OK) return status;
    }
    if (!label) return ER_OK;
    return figure->n_regions > 0 ? read_regions(study, label, figure, err)
                                 : read_labels(study, label, figure, err);
}
