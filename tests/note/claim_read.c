/* The grammar of rules: every production, and every error with its column. */
#include "t.h"

#include "core/buffer.h"
#include "core/number.h"
#include "note/claim_read.h"

static void show_value(struct er_buffer *out, const struct er_quote_value *v)
{
    if (v->stated) er_buffer_format(out, "%s ", er_statistic_name[v->statistic]);
    er_buffer_text(out, v->column.text ? v->column.text : "-");
    if (v->by.text) er_buffer_format(out, " at %s %s", v->by_max ? "max" : "min", v->by.text);
    if (v->along) er_buffer_text(out, " along");
    for (int i = 0; i < v->n_over; i++) er_buffer_format(out, " over %s", v->over[i].text);
    for (int i = 0; i < v->n_where; i++)
        er_buffer_format(out, "[%s%s%s]", v->where[i].column.text, er_comparison_name[v->where[i].is],
                         v->where[i].value.text);
}

static void show_side(struct er_buffer *out, const struct er_rule_side *side)
{
    if (side->paired) er_buffer_text(out, "paired ");
    for (int i = 0; i < side->n; i++) {
        char number[ER_NUMBER_TEXT];
        if (i > 0) er_buffer_format(out, " %c ", side->operation[i]);
        if (side->operand[i].value)
            show_value(out, side->operand[i].value);
        else
            er_buffer_format(out, "#%s", er_number_text(side->operand[i].number, number));
    }
}

static void show(struct er_buffer *out, const struct er_rule *rule)
{
    static const char *const relation[] = {
        "=",     "<",        ">",     ">=",    "<=",          "between",    "within",
        "least", "greatest", "rises", "falls", "never rises", "never falls"};
    for (int i = 0; i < rule->clauses; i++) {
        const struct er_rule_clause *c = &rule->clause[i];
        if (i > 0) er_buffer_text(out, " && ");
        show_side(out, &c->left);
        er_buffer_format(out, " %s ", relation[c->is]);
        if (c->is == ER_IS_BETWEEN) er_buffer_format(out, "#%g #%g", c->low, c->high);
        if (c->is == ER_IS_WITHIN) er_buffer_format(out, "#%g%s of ", c->within, c->relative ? " parts" : "");
        if (c->is == ER_IS_LEAST || c->is == ER_IS_GREATEST)
            er_buffer_format(out, "along %s #%g #%g", c->along.text, c->low, c->high);
        else if (c->along.text)
            er_buffer_format(out, "along %s by #%g", c->along.text, c->more);
        show_side(out, &c->right);
    }
}

static enum er_status read(const char *text, char *out, size_t size, struct er_error *err)
{
    struct er_quote quote = er_quote_of(text, "n.md");
    struct er_buffer buffer = {0};
    struct er_arena *memory = NULL;
    struct er_rule rule;
    quote.rule = true;
    out[0] = '\0';
    enum er_status status = er_arena_new(SIZE_MAX / 2, &memory, err);
    if (status == ER_OK) status = er_rule_read(&quote, memory, &rule, err);
    if (status == ER_OK) {
        show(&buffer, &rule);
        status = buffer.status;
        if (status == ER_OK) snprintf(out, size, "%s", buffer.data);
    }
    er_buffer_clear(&buffer);
    er_arena_free(memory);
    return status;
}

static const char *const good[][2] = {
    {"a is 0", "a = #0"},
    {" a  is\t0 ", "a = #0"},
    {"a is -1.5e-3", "a = #-0.0015"},
    {"a is 12.5 %", "a = #0.125"},
    {"a is 3%", "a = #0.03"},
    {"a is b", "a = b"},
    {"degree at min validation_rmse is 2", "degree at min validation_rmse = #2"},
    {"a is below 1", "a < #1"},
    {"a is above 1", "a > #1"},
    {"a is at least 1", "a >= #1"},
    {"a is at most 1 %", "a <= #0.01"},
    {"a is below b where c = 1", "a < b[c=1]"},
    {"a is between 7 % and 13 %", "a between #0.07 #0.13"},
    {"a is between 1 and 1", "a between #1 #1"},
    {"a is between 0 and 1 and b is 2", "a between #0 #1 && b = #2"},
    {"a is within 0.02 of 0.9", "a within #0.02 of #0.9"},
    {"a is within 3 % of b", "a within #0.03 parts of b"},
    {"a rises along b", "a rises along b by #0"},
    {"a falls along data.train by more than 0.1", "a falls along data.train by #0.1"},
    {"a never rises along b by more than 1 %", "a never rises along b by #0.01"},
    {"a never falls along b", "a never falls along b by #0"},
    {"a is least along b at 2", "a least along b #2 #2"},
    {"median a is greatest along b between 1 and 3 and c is 1", "median a greatest along b #1 #3 && c = #1"},
    {"max a - min a falls along b", "max a - min a falls along b by #0"},
    {"a - b is 0", "a - b = #0"},
    {"a / b is 0", "a / b = #0"},
    {"a/b is 0", "a / b = #0"},
    {"a*b is 0", "a * b = #0"},
    {"a + b is 0", "a + b = #0"},
    {"a + 0.09 is within 3 % of b + c", "a + #0.09 within #0.03 parts of b + c"},
    {"1.05 * a is below 5 % + b", "#1.05 * a < #0.05 + b"},
    {"a + b - c * d is 0", "a + b - c * d = #0"},
    {"paired a where c = 1 - where c = 0 is above 0", "paired a[c=1] - a[c=0] > #0"},
    {"a - b is below paired c / d", "a - b < paired c / d"},
    {"paired 2 * a - b falls along c", "paired #2 * a - b falls along c by #0"},
    {"a where c = 1 / where c = 0 is at least 1.8", "a[c=1] / a[c=0] >= #1.8"},
    {"b is a where c = 1 - where c = 0", "b = a[c=1] - a[c=0]"},
    {"2 * a where c = 1 - where c = 0 is 0", "#2 * a[c=1] - a[c=0] = #0"},
    {"a where c = 1 and d != x is 0", "a[c=1][d!=x] = #0"},
    {"a is 0 and b is 1", "a = #0 && b = #1"},
    {"a is b where c = 1 and d is 2", "a = b[c=1] && d = #2"},
    {"a is b where c = 1 and d = 2 and e is 3", "a = b[c=1][d=2] && e = #3"},
    {"a is b where c = 1 and \"d e\" = 2", "a = b[c=1][d e=2]"},
    {"a is b where c = 1 and (d is 2)", "a = b[c=1] && d = #2"},
    {"(a is 0)", "a = #0"},
    {"(a is b over c) and (d is 1)", "a = b over c && d = #1"},
    {"a over b and c is 1", "a over b over c = #1"},
    {"count where outcome = diverged is 0", "count -[outcome=diverged] = #0"},
    {"count is 9", "count - = #9"},
    {"min a along curves is below last a", "min a along < last a"},
    {"epoch at min loss along curves is 3", "epoch at min loss along = #3"},
    {"a where model = \"[dense 8, relu]\" is 1", "a[model=[dense 8, relu]] = #1"},
    {"a is 1 and a is 2 and a is 3 and a is 4 and a is 5 and a is 6 and a is 7 and a is 8",
     "a = #1 && a = #2 && a = #3 && a = #4 && a = #5 && a = #6 && a = #7 && a = #8"},
};

static void productions(void)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char got[512];
        struct er_error err;
        T_STATUS(read(good[i][0], got, sizeof got, &err), ER_OK, "%s", good[i][0]);
        T_EQ_STR(got, good[i][1], "%s", good[i][0]);
    }
}

static const struct {
    const char *text;
    int column;
    const char *error;
} bad[] = {
    {"paired a is 0", 1, "\"paired\" takes two values seed by seed"},
    {"a is paired 1 + b", 6, "\"paired\" takes two values seed by seed"},
    {"", 1, "expected a statistic or a column, not the end"},
    {"a", 2, "expected is, rises, falls or never, not the end"},
    {"a ist 0", 3, "expected is, rises, falls or never, not \"ist\""},
    {"a rise along b", 3, "expected is, rises, falls or never, not \"rise\"; did you mean \"rises\"?"},
    {"a -1 is 0", 3, "expected is, rises, falls or never, not \"-1\""},
    {"a = 0", 3, "expected is, rises, falls or never, not \"=\""},
    {"a is", 5, "expected a statistic or a column, not the end"},
    {"a is below", 11, "expected a statistic or a column, not the end"},
    {"a is at 1", 9, "expected least or most after \"at\", not \"1\""},
    {"a is at leat 1", 9, "expected least or most after \"at\", not \"leat\"; did you mean \"least\"?"},
    {"a is between b and 2", 14, "expected a number after \"between\", not \"b\""},
    {"a is between 1 2", 16, "expected \"and\" and the greater number, not \"2\""},
    {"a is between 1 and b", 20, "expected the greater number after \"and\", not \"b\""},
    {"a is between 2 and 1", 14, "the first number after \"between\" is the lesser one"},
    {"a is greatest at 2", 15, "expected \"along\" and a column, not \"at\""},
    {"a is least along b", 19, "expected at or between, and where that is, not the end"},
    {"a is least along b at c", 23, "expected a number after \"at\", not \"c\""},
    {"a is least along b between 2 and 1", 28, "the first number after \"between\" is the lesser one"},
    {"a is within b of 1", 13, "expected a number after \"within\", not \"b\""},
    {"a is within 0.1 from 1", 17, "expected \"of\" and what it is near to, not \"from\""},
    {"a is within -1 of 1", 13, "a distance is at least 0"},
    {"a never", 8, "expected rises or falls after \"never\", not the end"},
    {"a never is 1", 9, "expected rises or falls after \"never\", not \"is\""},
    {"a rises", 8, "expected \"along\" and a column, not the end"},
    {"a rises along", 14, "expected a column after \"along\", not the end"},
    {"a rises along b by 1", 20, "expected \"by more than\" and a number, not \"1\""},
    {"a rises along b by more than c", 30, "expected a number after \"by more than\", not \"c\""},
    {"a rises along b by more than -1", 30, "a step is at least 0: falling is told by \"falls\""},
    {"1 is 1", 1, "a clause begins with a value that is measured, not with a number"},
    {"1 + 2 is a", 1, "a clause begins with a value that is measured, not with a number"},
    {"where a = 1 is 2", 1, "a \"where\" alone repeats the value before it, and there is none"},
    {"a is where b = 1", 6, "a \"where\" alone repeats the value before it, and there is none"},
    {"a is 1 2", 8, "expected the end, and, +, -, * or /, not \"2\""},
    {"a is 1 or b is 2", 8, "expected the end, and, +, -, * or /, not \"or\""},
    {"a is 1 and", 11, "expected a statistic or a column, not the end"},
    {"(a is 1", 8, "expected a closing parenthesis, not the end"},
    {"a is 1)", 7, "expected the end, and, +, -, * or /, not \")\""},
    {"((a is 1))", 2, "expected a statistic or a column, not \"(\""},
    {"a + b + c + d + e is 1", 17, "more than 4 values in a side of a rule"},
    {"a is 1 and a is 2 and a is 3 and a is 4 and a is 5 and a is 6 and a is 7 and a is 8 and a is 9", 89,
     "more than 8 clauses in a rule"},
    {"a ^ 2 is 1", 3, "\"^\" has no meaning in a rule"},
    {"s: a is 1", 2, "expected is, rises, falls or never, not \":\""},
    {"a where b is 1", 11, "expected =, !=, <, <=, > or >=, not \"is\""},
    {"a where b = \"c is 1", 13, "a quotation mark that is not closed"},
    {"mean is 1", 6, "expected a column after the statistic, not \"is\""},
    {"is 1", 1, "expected a statistic or a column, not \"is\""},
};

static void errors(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char got[512];
        struct er_error err;
        T_STATUS(read(bad[i].text, got, sizeof got, &err), ER_E_INPUT, "%s", bad[i].text);
        T_EQ_STR(err.msg, bad[i].error, "%s", bad[i].text);
        T_EQ_INT(err.column, bad[i].column, "column of: %s", bad[i].text);
        T_EQ_INT(err.line, 1, "line of: %s", bad[i].text);
    }
    char text[ER_QUOTE_MAX_BYTES + 8], got[16];
    struct er_error err;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    T_STATUS(read(text, got, sizeof got, &err), ER_E_INPUT, "too long");
    T_EQ_STR(err.msg, "a rule has at most 600 bytes", "which says the bound");
}

static enum er_status construct(void)
{
    char got[512];
    struct er_error err;
    return read("a + b where b = 1 is below c where d = \"e\" and f rises along g", got, sizeof got, &err);
}

int main(void)
{
    productions();
    errors();
    T_ALLOCATIONS(construct(), (void)0, "a rule");
    return t_done();
}
