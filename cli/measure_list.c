/* measure_list.c - three lines a measure: what it is, its formula, its source; and the same as JSON, and as a table in
 * Markdown (that of docs/measures.md: tests/cli/measures.sh).
 *
 *     {"format": "ermine-measures", "version": 1, "measures": [{"name", "title", "unit", "family", "direction": 1 | -1,
 *      "scale", "bound", "bound_of": "network" | "stochastic network" | null, "logarithmic", "cost", "needs": [...], "version",
 *      "formula", "source"}]}
 */
#include "measure_list.h"
#include "cli.h"
#include "help.h"

#include <ermine/measure.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 18, FACTS = 400 };

/* Whose error a measure bounds; NULL: nobody's. */
static const char *bound_of(const struct er_measure *m)
{
    static const char *const word[] = {
        [ER_GUARANTEE_NETWORK] = "network", [ER_GUARANTEE_STOCHASTIC] = "stochastic network"};
    return word[m->guarantee];
}

/* "capacity; +; costs model; needs weights" */
static void facts_text(const struct er_measure *m, char out[FACTS])
{
    const char *of = bound_of(m);
    int n = snprintf(out, FACTS, "%s; %c%s%s; costs %s; needs", m->family, m->direction > 0 ? '+' : '-',
                     of ? "; bound of the " : "", of ? of : "", er_measure_cost_name(m->cost));
    const char *separator = " ";
    for (unsigned bit = 1; bit && n < FACTS; bit <<= 1)
        if (m->needs & bit) {
            n += snprintf(out + n, FACTS - (size_t)n, "%s%s", separator, er_measure_need_name(bit));
            separator = ", ";
        }
    if (m->needs == 0 && n < FACTS) snprintf(out + n, FACTS - (size_t)n, " the model alone");
}

static void print_text(const struct er_measure *const *measure, int64_t n)
{
    help_wrap(stdout,
              "Each with family, direction (+: a larger value predicts a larger gap, -: a smaller gap), cost "
              "and what it "
              "is computed from; then formula and source. In a study `measures: [NAME, ...]` asks for them; "
              "the name of "
              "a family stands for its members, and `all` for all.\n",
              0, 0);
    putchar('\n');
    for (int64_t i = 0; i < n; i++) {
        char facts[FACTS];
        facts_text(measure[i], facts);
        help_pair(stdout, measure[i]->name, WIDTH, facts);
        help_pair(stdout, "", WIDTH, measure[i]->help);
        help_pair(stdout, "", WIDTH, measure[i]->source);
    }
}

static json_t *needs_json(const struct er_measure *m)
{
    json_t *needs = json_array();
    for (unsigned bit = 1; bit && needs; bit <<= 1)
        if (m->needs & bit) json_array_append_new(needs, json_string(er_measure_need_name(bit)));
    return needs;
}

static const char *const scale_name[] = {
    [ER_RANK_AS_IS] = "as is", [ER_RANK_NUMERATOR] = "numerator", [ER_RANK_LOG_NUMERATOR] = "log numerator"};

static json_t *measure_json(const struct er_measure *m)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:b, s:s?, s:b, s:s, s:o, s:i, s:s, s:s}", "name",
                     m->name, "title", m->title, "unit", m->unit, "family", m->family, "direction",
                     m->direction, "scale", scale_name[m->scale], "bound", bound_of(m) != NULL, "bound_of",
                     bound_of(m), "logarithmic", (int)m->logarithmic, "cost", er_measure_cost_name(m->cost),
                     "needs", needs_json(m), "version", m->version, "formula", m->help, "source", m->source);
}

static int print_json(const struct cli_args *args, const struct er_measure *const *measure, int64_t n)
{
    json_t *list = json_array();
    bool made = list != NULL;
    for (int64_t i = 0; made && i < n; i++) made = json_array_append_new(list, measure_json(measure[i])) == 0;
    json_t *whole = json_pack("{s:s, s:i, s:o}", "format", "ermine-measures", "version", 1, "measures", list);
    made = made && whole && json_dumpf(whole, stdout, JSON_INDENT(1)) == 0;
    if (made) putchar('\n');
    json_decref(whole);
    if (made) return CLI_DONE;
    cli_message(args->command, "out of memory for the list");
    return CLI_FAILED;
}

/* Text in a cell of a table: bars are absolute values here, and would end the cell. */
static void print_cell(const char *text)
{
    fputs(" ", stdout);
    for (; *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text);
    }
    fputs(" |", stdout);
}

static void print_markdown(const struct er_measure *const *measure, int64_t n)
{
    printf("| measure | family | | cost | formula | source |\n|:--|:--|:-:|:--|:--|:--|\n");
    for (int64_t i = 0; i < n; i++) {
        const struct er_measure *m = measure[i];
        printf("| `%s` | %s%s | %c | %s |", m->name, m->family, bound_of(m) ? ", bound" : "",
               m->direction > 0 ? '+' : '-', er_measure_cost_name(m->cost));
        print_cell(m->help);
        print_cell(m->source);
        putchar('\n');
    }
}

int measure_list_print(const struct cli_args *args)
{
    int64_t n;
    const struct er_measure *const *measure = er_measure_list(&n);
    if (cli_given(args, "json")) return print_json(args, measure, n);
    if (cli_given(args, "markdown"))
        print_markdown(measure, n);
    else
        print_text(measure, n);
    return CLI_DONE;
}
