/* claims.c - what a study claims, read from `claims`. The rules are texts here: their grammar is the
 * note's (src/note/claim_read.h), which reads them when the study is whole.
 */
#include "study/study.h"

#include "core/number.h"
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "study: out of memory");
}

static const struct er_schema_row *claim_row(const char *key)
{
    const size_t prefix = sizeof "claims." - 1;
    for (const struct er_schema_row *row = er_schema_study_row; row->path; row++)
        if (strncmp(row->path, "claims.", prefix) == 0 && strcmp(row->path + prefix, key) == 0) return row;
    return NULL;
}

static enum er_status unknown_key(const struct er_study *study, const struct er_node *node,
                                  struct er_error *err)
{
    enum { MOST = 16 };
    const char *name[MOST];
    int64_t n = 0;
    for (const struct er_schema_row *row = er_schema_study_row; row->path && n < MOST; row++)
        if (strncmp(row->path, "claims.", 7) == 0) name[n++] = row->path + 7;
    return er_study_unknown_key(study->file, "claims", node, er_nearest(node->key, name, n), err);
}

/* The text on one line, for terminals and tables; the characters keep their places. */
static const char *flat(const struct er_study *study, const char *text)
{
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\n", text[n - 1])) n--;
    char *copy = er_arena_strndup(study->arena, text, n);
    for (char *c = copy; c && *c; c++)
        if (*c == '\n' || *c == '\t') *c = ' ';
    return copy;
}

static enum er_status read_member(struct er_study *study, const struct er_node *node, struct er_claim *claim,
                                  struct er_error *err)
{
    const struct er_reading reading = {.file = study->file, .arena = study->arena};
    const struct er_schema_row *row = claim_row(node->key);
    const struct er_setting *setting;
    if (!row) return unknown_key(study, node, err);
    enum er_status status = er_setting_read(&reading, row, node, &setting, err);
    if (status != ER_OK) return status;
    const char *text = flat(study, setting->text);
    if (!text) return no_memory(err);
    const struct {
        const char *key, **to;
    } target[] = {{"claim", &claim->claim},
                  {"rule", &claim->rule},
                  {"expected", &claim->expected},
                  {"source", &claim->source}};
    for (size_t i = 0; i < sizeof target / sizeof *target; i++)
        if (strcmp(target[i].key, node->key) == 0) *target[i].to = text;
    if (strcmp(node->key, "rule") != 0) return ER_OK;
    claim->rule_line = node->line;
    claim->rule_column = node->begin;
    claim->verbatim = node->verbatim;
    return ER_OK;
}

static enum er_status read_claim(struct er_study *study, const struct er_node *node, struct er_claim *out,
                                 struct er_error *err)
{
    if (node->kind != ER_NODE_MAP)
        return er_fail_at(
            err, ER_E_INPUT, study->file, node->line, node->column,
            "claims: a map is expected, as in {claim: \"It fits\", rule: \"train_error is 0\"}; this is %s",
            er_node_kind_text(node));
    *out = (struct er_claim){.line = node->line, .column = node->column};
    for (const struct er_node *m = node->child; m; m = m->next) {
        enum er_status status = read_member(study, m, out, err);
        if (status != ER_OK) return status;
    }
    const char *missing = !out->claim || !out->claim[0] ? "claim"
                          : !out->rule || !out->rule[0] ? "rule"
                                                        : NULL;
    if (!missing) return ER_OK;
    return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                      "claims.%s: this key is missing: %s", missing, claim_row(missing)->help);
}

static bool varies(const struct er_study *study, const char *path, size_t n)
{
    for (int64_t a = 0; a < study->axes; a++)
        if (strlen(study->axis[a].path) == n && strncmp(study->axis[a].path, path, n) == 0)
            return study->axis[a].values > 1;
    return false;
}

/* Whether `path` is one of the paths (separated by blanks). */
static bool is_one(const char *path, const char *paths)
{
    const size_t n = strlen(path);
    for (const char *at = strstr(paths, path); at; at = strstr(at + n, path))
        if ((at == paths || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0')) return true;
    return false;
}

static bool has_others(const struct er_study *study, const char *paths)
{
    for (int64_t a = 0; a < study->axes; a++) {
        const struct er_axis *axis = &study->axis[a];
        if (axis->values > 1 && !er_study_is_repetition(axis->path) && !is_one(axis->path, paths))
            return true;
    }
    return false;
}

static bool suits(const struct er_study *study, const struct er_default_claim *from)
{
    if (from->with && !er_study_has_one(study, from->with)) return false;
    if (from->without && er_study_has_one(study, from->without)) return false;
    if (from->alone && has_others(study, from->axes ? from->axes : "")) return false;
    for (const char *path = from->axes ? from->axes : ""; *path;) {
        const size_t n = strcspn(path, " ");
        if (!varies(study, path, n)) return false;
        path += n + strspn(path + n, " ");
    }
    return true;
}

static enum er_status take_defaults(struct er_study *study, struct er_error *err)
{
    const struct er_default_claim *usual = study->experiment->claim;
    int64_t n = 0;
    while (usual && usual[n].claim) n++;
    study->claim = er_arena_alloc(study->arena, n, sizeof *study->claim);
    if (!study->claim) return no_memory(err);
    for (int64_t i = 0; i < n; i++)
        if (suits(study, &usual[i]))
            study->claim[study->claims++] = (struct er_claim){.claim = usual[i].claim,
                                                              .rule = usual[i].rule,
                                                              .expected = usual[i].expected,
                                                              .source = usual[i].source};
    return ER_OK;
}

enum er_status er_study_claims_read(struct er_study *study, const struct er_node *node, struct er_error *err)
{
    if (!node) return take_defaults(study, err);
    if (node->kind != ER_NODE_LIST)
        return er_fail_at(err, ER_E_INPUT, study->file, node->line, node->column,
                          "claims: a list of claims is expected, this is %s", er_node_kind_text(node));
    if (node->n > ER_STUDY_MAX_CLAIMS)
        return er_fail_at(err, ER_E_LIMIT, study->file, node->line, node->column,
                          "claims: %lld claims; at most %d are judged", (long long)node->n,
                          ER_STUDY_MAX_CLAIMS);
    study->claim = er_arena_alloc(study->arena, node->n, sizeof *study->claim);
    if (!study->claim) return no_memory(err);
    for (const struct er_node *item = node->child; item; item = item->next) {
        enum er_status status = read_claim(study, item, &study->claim[study->claims], err);
        if (status != ER_OK) return status;
        study->claims++;
    }
    return ER_OK;
}
