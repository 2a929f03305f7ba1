/* docs/models.md keeps its word: every example is read, what a model is said to be it is, every layer and
 * preset is on the page.
 */
#include "support/study_text.h"
#include "t.h"

#include <ermine/model.h>

enum { LINE = 2000, PAGE = 1 << 16 };

static char page[PAGE];

static struct er_model *parse(const char *text)
{
    struct er_error err;
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    return model;
}

/* Cuts the next line off *at, without its end; false behind the last one. */
static bool next_line(const char **at, char line[LINE])
{
    const size_t n = strcspn(*at, "\n");
    if (!**at || n >= LINE) return false;
    memcpy(line, *at, n);
    line[n] = '\0';
    *at += n + ((*at)[n] == '\n');
    return true;
}

/* The lines of a fenced block of models: each is read, one behind "= " is what the one before is. */
static int check_models(const char **at)
{
    char line[LINE];
    struct er_model *model = NULL;
    int n = 0;
    while (next_line(at, line) && strcmp(line, "```") != 0) {
        if (line[0] == '=') {
            T_EQ_STR(model ? er_model_text(model) : "", line + 2, "what it is");
            continue;
        }
        er_model_free(model);
        model = parse(line);
        n++;
    }
    er_model_free(model);
    return n;
}

/* A fenced block that is the model of a study. */
static void check_yaml(const char **at)
{
    char yaml[LINE];
    struct er_error err;
    struct er_study *study = NULL;
    const char *end = strstr(*at, "```\n");
    if (!T_OK(end != NULL, "the block is closed")) return;
    snprintf(yaml, sizeof yaml, "study: s\ndata: {name: mnist}\ntrain: {}\n%.*s", (int)(end - *at), *at);
    *at = end + strlen("```\n");
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
    er_study_free(study);
}

/* The first cell of a row of the table of layers. */
static void check_row(char *line)
{
    char *example = line + strlen("| `"), *end = strchr(example, '`');
    if (!T_OK(end != NULL, "the example of %s", line)) return;
    *end = '\0';
    er_model_free(parse(example));
}

static void check_named(bool (*describe)(int64_t, struct er_layer_info *), const char *before)
{
    struct er_layer_info info;
    char word[100];
    for (int64_t i = 0; describe(i, &info); i++) {
        snprintf(word, sizeof word, "%s%s", before, info.name);
        T_OK(strstr(page, word) != NULL, "%s is on the page", info.name);
    }
}

int main(void)
{
    char line[LINE];
    int models = 0, studies = 0, rows = 0;
    bool layers = false;
    FILE *file = fopen("../docs/models.md", "r");
    if (!T_OK(file != NULL, "docs/models.md is there")) return t_done();
    const size_t length = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    T_OK(length > 0 && length < sizeof page - 1, "and is read whole");
    for (const char *at = page; next_line(&at, line);) {
        if (line[0] != '|') layers = false;
        if (strncmp(line, "| layer |", 9) == 0) layers = true;
        if (strcmp(line, "```model") == 0) {
            models += check_models(&at);
        } else if (strcmp(line, "```yaml") == 0) {
            check_yaml(&at);
            studies++;
        } else if (strncmp(line, "| `", 3) == 0 && layers) {
            check_row(line);
            rows++;
        }
    }
    T_OK(models > 5 && studies > 3 && rows > 20, "%d models, %d studies, %d layers", models, studies, rows);
    check_named(er_layer_describe, "\n| `");
    check_named(er_preset_describe, "\n- `");
    return t_done();
}
