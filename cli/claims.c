/* claims.c - the claims of a study in the terminal. */
#include "claims.h"
#include "cli.h"
#include "help.h"

#include <stdio.h>

enum { INDENT = 6 };

/* "      word: text", wrapped. */
static void print_line(const char *word, const char *text)
{
    const int at = printf("%*s%s%s", INDENT, "", word, word[0] ? ": " : "");
    help_wrap(stdout, text, INDENT, at);
}

static void print_expected(const struct er_claim *claim)
{
    char text[1024];
    if (!claim->expected && !claim->source) return;
    snprintf(text, sizeof text, "%s%s%s%s", claim->expected ? claim->expected : "",
             claim->expected && claim->source ? " (" : "", claim->source ? claim->source : "",
             claim->expected && claim->source ? ")" : "");
    print_line(claim->expected ? "expected" : "source", text);
}

static void print_claim(const struct er_claim *claim, const struct er_note_verdict *verdict)
{
    help_wrap(stdout, claim->claim, INDENT, printf("%s  ", er_verdict_name(verdict->verdict)));
    if (verdict->measured) print_line("", verdict->measured);
    print_line("rule", claim->rule);
    print_expected(claim);
}

int claims_print(const struct cli_command *command, const struct er_note *note, int64_t i,
                 const struct er_note_result *result, struct claim_count *count)
{
    int64_t n;
    int code = CLI_DONE;
    const struct er_claim *claim = er_study_claims(er_note_study(note, i, NULL), &n);
    for (int64_t k = 0; k < n; k++) {
        struct er_note_verdict verdict = {.verdict = ER_VERDICT_NONE};
        struct er_error err = {0};
        const enum er_status status = er_note_judge(note, i, k, result, &verdict, &err);
        print_claim(&claim[k], &verdict);
        if (status != ER_OK) {
            print_line("not judged", err.msg);
            code = command ? cli_error(command, &err) : CLI_INPUT;
        }
        count->pass += verdict.verdict == ER_VERDICT_PASS;
        count->fail += verdict.verdict == ER_VERDICT_FAIL;
        count->none += verdict.verdict == ER_VERDICT_NONE;
        er_note_verdict_clear(&verdict);
    }
    if (n > 0) putchar('\n');
    return code;
}
