/* claim_section.c - the list of a study's claims: verdict, sentence, what was measured, by which rule. */
#include "note/claim_section.h"

#include "note/badge.h"
#include "note/claim.h"
#include "note/html.h"

static void write_term(struct er_buffer *html, const char *term, const char *text)
{
    er_buffer_format(html, "<dt>%s</dt><dd>", term);
    er_html_string(html, text);
    er_buffer_text(html, "</dd>");
}

/* Verdict and sentence; the list's items begin with the word, so that it is read first. */
static void write_head(struct er_buffer *html, const struct er_claim *claim, enum er_verdict verdict)
{
    static const char *const status[] = {"none", "pass", "fail"}, *const word[] = {"NOT JUDGED", "PASS",
                                                                                   "FAIL"};
    er_buffer_format(html, "<li data-verdict=\"%s\"><p><strong class=\"verdict\">%s</strong> ",
                     status[verdict], word[verdict]);
    er_html_string(html, claim->claim);
    er_buffer_text(html, "</p>");
}

static void write_terms(struct er_buffer *html, const struct er_claim *claim, const char *measured)
{
    er_buffer_text(html, "<dl>");
    if (measured) write_term(html, "measured", measured);
    er_buffer_text(html, "<dt>rule</dt><dd><code>");
    er_html_string(html, claim->rule);
    er_buffer_text(html, "</code></dd>");
    if (claim->expected) write_term(html, "expected", claim->expected);
    if (claim->source) write_term(html, "source", claim->source);
    er_buffer_text(html, "</dl></li>\n");
}

enum er_status er_claims_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                               struct er_buffer *html, struct er_problems *problems, struct er_error *err)
{
    int64_t n;
    const struct er_claim *claim = er_study_claims(note->study[i].study, &n);
    if (n == 0) return ER_OK;
    er_buffer_text(html, "<ul class=\"claims\" aria-label=\"Claims\">\n");
    for (int64_t k = 0; k < n; k++) {
        struct er_note_verdict verdict = {.verdict = ER_VERDICT_NONE};
        struct er_error why = {0};
        const enum er_status status = er_note_judge(note, i, k, result, &verdict, &why);
        if (status == ER_E_NOMEM) return er_fail(err, status, "%s", why.msg);
        write_head(html, &claim[k], verdict.verdict);
        if (status != ER_OK) {
            er_buffer_text(html, "<p class=\"study-error\" role=\"alert\">");
            er_badge_error(&why, html);
            er_buffer_text(html, "</p>");
            er_problem_add(problems, &why);
        }
        write_terms(html, &claim[k], verdict.measured);
        er_note_verdict_clear(&verdict);
    }
    er_buffer_text(html, "</ul>\n");
    return ER_OK;
}
