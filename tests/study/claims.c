/* The claims of a study: their texts and places, the defaults of its experiment, and what is wrong with them. */
#include "study/study.h"
#include "support/study_text.h"
#include "t.h"

#define STUDY "study: s\ndata: {name: mnist, train: [1, 2]}\nmodel: [dense]\ntrain: {}\n"

static void check_texts(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n = 0;
    T_STATUS(study_parse(STUDY
                         "claims:\n"
                         "- claim: It fits\n"
                         "  rule: \"train_error is 0\"\n"
                         "- {rule: gap is above 0.1, claim: A gap, expected: '0.2', source: Zhang et al.}\n"
                         "- claim: Folded\n"
                         "  rule: gap is\n"
                         "    above 0\n"
                         "- claim: |\n"
                         "    Two\n"
                         "    lines\n"
                         "  rule: \"gap \\u0069s 0\"\n"
                         "  source: ''\n",
                         &study, &err),
             ER_OK, "claims");
    const struct er_claim *claim = study ? er_study_claims(study, &n) : NULL;
    T_EQ_INT(n, 4, "four claims");
    if (n == 4) {
        T_EQ_STR(claim[0].claim, "It fits", "a sentence");
        T_EQ_STR(claim[0].rule, "train_error is 0", "a rule");
        T_OK(!claim[0].expected && !claim[0].source, "what is not said is not there");
        T_OK(claim[0].line == 6 && claim[0].column == 3, "the place of a claim");
        T_OK(claim[0].rule_line == 7 && claim[0].rule_column == 10 && claim[0].verbatim,
             "the place of a rule: behind its quotation mark");
        T_EQ_STR(claim[1].expected, "0.2", "expected");
        T_EQ_STR(claim[1].source, "Zhang et al.", "source");
        T_OK(claim[1].rule_line == 8 && claim[1].rule_column == 10 && claim[1].verbatim,
             "a rule without marks");
        T_EQ_STR(claim[2].rule, "gap is above 0", "a folded rule");
        T_OK(claim[2].rule_line == 10 && claim[2].rule_column == 9 && !claim[2].verbatim,
             "has the place of its beginning");
        T_EQ_STR(claim[3].claim, "Two lines", "a sentence is on one line");
        T_OK(claim[3].rule_column == 9 && !claim[3].verbatim, "so has one with escapes");
    }
    er_study_free(study);
}

static void check_none(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n = -1;
    T_STATUS(study_parse(STUDY "claims: []", &study, &err), ER_OK, "no claims, as the author wants");
    if (study) er_study_claims(study, &n);
    T_EQ_INT(n, 0, "none");
    er_study_free(study);
}

static void check_defaults(void)
{
    static const struct er_default_claim usual[] = {
        {.claim = "always", .rule = "gap is 0", .expected = "0", .source = "a paper"},
        {.claim = "axis", .rule = "gap is 0", .axes = "data.train"},
        {.claim = "two axes", .rule = "gap is 0", .axes = "data.train data.labels.corrupt"},
        {.claim = "these axes alone", .rule = "gap is 0", .axes = "data.train", .alone = true},
        {.claim = "no axis", .rule = "gap is 0", .alone = true},
        {.claim = "one seed is no axis", .rule = "gap is 0", .axes = "seed"},
        {.claim = "with", .rule = "gap is 0", .with = "data.file data.train"},
        {.claim = "with what is not there", .rule = "gap is 0", .with = "train.until.train_error"},
        {.claim = "without", .rule = "gap is 0", .without = "train.until.train_error"},
        {.claim = "without what is there", .rule = "gap is 0", .without = "data.train"},
        {0}};
    static const char *const want[] = {"always", "axis", "these axes alone", "with", "without"};
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n = 0;
    T_STATUS(study_parse(STUDY "claims: []", &study, &err), ER_OK, "a study");
    if (!study) return;
    struct er_experiment experiment = *study->experiment;
    experiment.claim = usual;
    study->experiment = &experiment;
    T_STATUS(er_study_claims_read(study, NULL, &err), ER_OK, "default claims");
    const struct er_claim *claim = er_study_claims(study, &n);
    T_EQ_INT(n, sizeof want / sizeof *want, "those that suit");
    for (int64_t i = 0; i < n && n == sizeof want / sizeof *want; i++)
        T_EQ_STR(claim[i].claim, want[i], "default %d", (int)i);
    if (n > 0) {
        T_EQ_STR(claim[0].expected, "0", "expected");
        T_EQ_STR(claim[0].source, "a paper", "source");
        T_OK(claim[0].line == 0 && claim[0].rule_line == 0, "a default has no place");
    }
    er_study_free(study);
}

static const struct {
    const char *yaml, *error;
} bad[] = {
    {"claims: {claim: a, rule: b}", "s.yaml:5:9: claims: a list of claims is expected, this is a map"},
    {"claims: [a]", "s.yaml:5:10: claims: a map is expected, as in {claim: \"It fits\", rule: \"train_error "
                    "is 0\"}; this is a text"},
    {"claims: [{rule: a}]", "s.yaml:5:10: claims.claim: this key is missing: what is claimed: a sentence for "
                            "people"},
    {"claims: [{claim: a}]", "s.yaml:5:10: claims.rule: this key is missing: when it counts as reproduced: "
                             "'test_error where corrupt = 1 is within 0.02 of 0.9' (docs/notes.md)"},
    {"claims: [{claim: a, rule: ''}]",
     "s.yaml:5:10: claims.rule: this key is missing: when it counts as reproduced: "
     "'test_error where corrupt = 1 is within 0.02 of 0.9' (docs/notes.md)"},
    {"claims: [{claim: a, rule: b, expectd: 1}]",
     "s.yaml:5:30: claims.expectd: no such key; did you mean expected?"},
    {"claims: [{claim: [a], rule: b}]", "s.yaml:5:18: claims.claim: one value is expected, this is a list"},
    {"claim: []", "s.yaml:5:1: claim: no such key; did you mean claims?"},
};

static void check_errors(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char yaml[512], text[1024];
        struct er_study *study = NULL;
        struct er_error err;
        snprintf(yaml, sizeof yaml, STUDY "%s", bad[i].yaml);
        T_STATUS(study_parse(yaml, &study, &err), ER_E_INPUT, "%s", bad[i].yaml);
        er_error_text(&err, text, sizeof text);
        T_EQ_STR(text, bad[i].error, "%s", bad[i].yaml);
        er_study_free(study);
    }
}

static void check_limit(void)
{
    char yaml[8192];
    struct er_study *study = NULL;
    struct er_error err;
    int used = snprintf(yaml, sizeof yaml, STUDY "claims:\n");
    for (int i = 0; i <= ER_STUDY_MAX_CLAIMS; i++)
        used += snprintf(yaml + used, sizeof yaml - (size_t)used, "- {claim: a, rule: gap is %d}\n", i);
    T_STATUS(study_parse(yaml, &study, &err), ER_E_LIMIT, "too many claims");
    T_EQ_STR(err.msg, "claims: 101 claims; at most 100 are judged", "which says how many");
    er_study_free(study);
}

int main(void)
{
    check_texts();
    check_none();
    check_defaults();
    check_errors();
    check_limit();
    return t_done();
}
