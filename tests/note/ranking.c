/* The table of a ranking: which lines it has and in which order, its intervals, and what the page says of models left out. */
#include "note/ranking.h"
#include "support/study_text.h"
#include "support/tables.h"
#include "t.h"

#include <string.h>

static struct er_error err;

static const struct er_table_column column[] = {
    {.name = "rank.measure", .unit = "", .axis = true},
    {.name = "rank.seed_mode", .unit = "", .axis = true},
    {.name = "seed", .unit = "", .numeric = true, .axis = true},
    {.name = "tau_a", .unit = "", .numeric = true},
    {.name = "psi", .unit = "", .numeric = true},
    {.name = "psi_low", .unit = "", .numeric = true},
    {.name = "psi_high", .unit = "", .numeric = true},
    {.name = "cmi", .unit = "", .numeric = true},
    {.name = "robust_sign_error", .unit = "", .numeric = true},
    {.name = "pgdl", .unit = "", .numeric = true},
    {.name = "models", .unit = "", .numeric = true},
    {.name = "dropped", .unit = "", .numeric = true},
    {.name = "missing", .unit = "", .numeric = true},
};
enum { COLUMNS = sizeof column / sizeof column[0] };

static void set(struct er_table *t, int64_t i, const char *measure, double seed, double tau, double psi,
                double missing)
{
    table_word(t, i, "rank.measure", measure);
    table_word(t, i, "rank.seed_mode", "mean");
    table_number(t, i, "seed", seed);
    table_number(t, i, "tau_a", tau);
    table_number(t, i, "psi", psi);
    table_number(t, i, "psi_low", psi - .125);
    table_number(t, i, "psi_high", psi + .25);
    table_number(t, i, "cmi", .5);
    table_number(t, i, "robust_sign_error", 1);
    table_number(t, i, "pgdl", 12.34);
    table_number(t, i, "models", 14);
    table_number(t, i, "dropped", 10);
    table_number(t, i, "missing", missing);
}

/* Four measures, one of them of two seeds; one has no psi. */
static struct er_table four(void)
{
    struct er_table t = table_make(column, COLUMNS, 5);
    set(&t, 0, "param_norm", 0, .5, -.25, 0);
    set(&t, 1, "path_norm", 0, .25, (double)NAN, 6);
    set(&t, 2, "random", 0, .5, 0, 0);
    set(&t, 3, "oracle", 0, 1, 1, 0);
    set(&t, 4, "random", 1, 0, .5, 0);
    return t;
}

static void test_lines(void)
{
    struct er_table t = four();
    struct er_ranking r = {0};
    T_STATUS(er_ranking_make(&t, NULL, &r, &err), ER_OK, "ranking");
    if (T_OK(r.n == 4, "a line a measure")) {
        T_EQ_STR(r.line[0].measure, "oracle", "the largest psi first");
        T_EQ_STR(r.line[1].measure, "random", "then");
        T_EQ_STR(r.line[2].measure, "param_norm", "a negative one");
        T_EQ_STR(r.line[3].measure, "path_norm", "without psi last");
        const struct er_ranking_number *psi = &r.line[1].number[ER_RANKING_PSI];
        T_CLOSE(psi->mean, .25, 0, "mean over seeds");
        T_OK(psi->low == .125 && psi->high == .5, "and of the interval's ends");
        T_CLOSE(r.line[1].number[ER_RANKING_TAU].mean, .25, 0, "of every number");
        T_OK(isnan(r.line[0].number[ER_RANKING_TAU].low), "no interval where the table has none");
    }
    er_ranking_clear(&r);
    T_ALLOCATIONS(er_ranking_make(&t, NULL, &r, &err), er_ranking_clear(&r), "ranking");
    table_word(&t, 0, "rank.seed_mode", "apart");
    T_STATUS(er_ranking_make(&t, NULL, &r, &err), ER_OK, "another setting varies");
    T_EQ_INT(r.n, 0, "no table");
    er_table_clear(&t);
}

/* A study of one measure has no column of it. */
static void test_one_measure(void)
{
    struct er_table t = table_make(column + 1, COLUMNS - 1, 1), none = table_make(column, COLUMNS - 1, 1);
    struct er_ranking r = {0};
    table_number(&t, 0, "psi", .5);
    T_STATUS(er_ranking_make(&t, "path_norm", &r, &err), ER_OK, "one measure");
    if (T_OK(r.n == 1, "one line")) T_EQ_STR(r.line[0].measure, "path_norm", "of it");
    er_ranking_clear(&r);
    none.columns = 4; /* as of a study that is no ranking */
    T_STATUS(er_ranking_make(&none, NULL, &r, &err), ER_OK, "no ranking");
    T_EQ_INT(r.n, 0, "no line");
    er_table_clear(&t);
    er_table_clear(&none);
}

static void has(const struct er_buffer *html, const char *text, const char *what)
{
    T_OK(html->data && strstr(html->data, text), "%s: no '%s' in %s", what, text, html->data);
}

static void test_page(void)
{
    struct er_table t = four();
    struct er_buffer html = {0};
    struct er_study *study = NULL;
    T_STATUS(study_parse("study: s\nmodel: [dense]\ndata: {name: mnist}\ntrain: {}\n", &study, &err), ER_OK,
             "a study");
    T_STATUS(er_ranking_write(study, &t, &html, &err), ER_OK, "page");
    has(&html, "14 of 24 models are compared; the others diverged", "models left out");
    has(&html, "Not defined for all models: path norm (not for 6).", "and by which measure");
    has(&html, "Means over seeds.", "seeds");
    has(&html, "<th scope=\"row\">oracle</th><td align=\"right\">1.00</td>", "a baseline by its name");
    has(&html, "1.00<br><small>0.88 to 1.25</small>", "an interval");
    has(&html, "<td align=\"right\">12.3</td>", "a score");
    T_OK(html.data && strstr(html.data, "oracle") < strstr(html.data, "<th scope=\"row\">random"), "sorted");
    er_buffer_clear(&html);
    er_study_free(study);
    er_table_clear(&t);
}

int main(void)
{
    test_lines();
    test_one_measure();
    test_page();
    return t_done();
}
