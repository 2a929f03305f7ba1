/* The grammar of quoted values: every production, and every error with its column. */
#include "t.h"

#include "core/buffer.h"
#include "core/number.h"
#include "note/quote_read.h"

static void show_value(struct er_buffer *out, const struct er_quote_value *v)
{
    er_buffer_format(out, "%s%s", v->stated ? "" : "*", er_statistic_name[v->statistic]);
    er_buffer_format(out, " %s", v->column.text ? v->column.text : "-");
    if (v->by.text) er_buffer_format(out, " at %s %s", v->by_max ? "max" : "min", v->by.text);
    if (v->along) er_buffer_text(out, " along");
    for (int i = 0; i < v->n_over; i++) er_buffer_format(out, " over %s", v->over[i].text);
    for (int i = 0; i < v->n_where; i++) {
        const struct er_quote_condition *c = &v->where[i];
        char number[ER_NUMBER_TEXT];
        er_buffer_format(out, " [%s %s %s%s]", c->column.text, er_comparison_name[c->is],
                         c->numeric ? "#" : "",
                         c->numeric ? er_number_text(c->number, number) : c->value.text);
    }
}

static void show(struct er_buffer *out, const struct er_quoted *q)
{
    static const char *const as[] = {"", " percent", " number"};
    er_buffer_format(out, "%s: ", q->study.text);
    show_value(out, &q->value[0]);
    if (q->operation) {
        er_buffer_format(out, " %c ", q->operation);
        show_value(out, &q->value[1]);
    }
    er_buffer_text(out, as[q->form.as]);
    if (q->form.rule != ER_DIGITS_BY_VALUE)
        er_buffer_format(out, " %d %s", q->form.digits, q->form.rule == ER_DIGITS ? "digits" : "decimals");
    if (q->form.unit.text) er_buffer_format(out, " in %s", q->form.unit.text);
    if (q->form.plain) er_buffer_text(out, " plain");
}

static void productions(void)
{
    static const char *const text[][2] = {
        {"s: test_error", "s: *mean test_error"},
        {" five-conditions.2 :\n test_error ", "five-conditions.2: *mean test_error"},
        {"s:median a", "s: median a"},
        {"s: mean a", "s: mean a"},
        {"s: sd a - sem b", "s: sd a - sem b"},
        {"s: sum a", "s: sum a"},
        {"s: first a", "s: first a"},
        {"s: last a", "s: last a"},
        {"s: min data.labels.corrupt", "s: min data.labels.corrupt"},
        {"s: count", "s: count -"},
        {"s: count a", "s: count a"},
        {"s: count where a = b", "s: count - [a = b]"},
        {"s: count / count", "s: count - / count -"},
        {"s: mean max", "s: mean max"},
        {"s: epoch at min test_loss", "s: *mean epoch at min test_loss"},
        {"s: max epoch at max test_loss along curves", "s: max epoch at max test_loss along"},
        {"s: a over b", "s: *mean a over b"},
        {"s: a over b and c where d = 1 and e = 2", "s: *mean a over b over c [d = #1] [e = #2]"},
        {"s: a where b=1", "s: *mean a [b = #1]"},
        {"s: a where b != c and d < 1 and e <= -2 and f > .5 and g >= 1e-3",
         "s: *mean a [b != c] [d < #1] [e <= #-2] [f > #0.5] [g >= #0.001]"},
        {"s: a where b=10%", "s: *mean a [b = #0.1]"},
        {"s: a where b < 12.5 % and c = 1e3", "s: *mean a [b < #0.125] [c = #1000]"},
        {"s: a where b = true-labels and c = \"[dense 512, relu]\"",
         "s: *mean a [b = true-labels] [c = [dense 512, relu]]"},
        {"s: a where b = '1' and c = \"it's\"", "s: *mean a [b = 1] [c = it's]"},
        {"s: a where b = where and c = plain plain", "s: *mean a [b = where] [c = plain] plain"},
        {"s: \"plain\" where \"and\" = 1", "s: *mean plain [and = #1]"},
        {"s: a - b", "s: *mean a - *mean b"},
        {"s: a/b", "s: *mean a / *mean b"},
        {"s: a-b", "s: *mean a-b"},
        {"s: max a where b = 1 - min c where d = 2", "s: max a [b = #1] - min c [d = #2]"},
        {"s: max a where b = 1 / where c = 2", "s: max a [b = #1] / max a [c = #2]"},
        {"s: epoch at min l over w where b = 1 - where b = 0 plain",
         "s: *mean epoch at min l over w [b = #1] - *mean epoch at min l over w [b = #0] plain"},
        {"s: a as percent", "s: *mean a percent"},
        {"s: a as number", "s: *mean a number"},
        {"s: a as integer", "s: *mean a 0 decimals"},
        {"s: a as 2 digits", "s: *mean a 2 digits"},
        {"s: a as 1 digit", "s: *mean a 1 digits"},
        {"s: a as 0 decimals", "s: *mean a 0 decimals"},
        {"s: a as 1 decimal", "s: *mean a 1 decimals"},
        {"s: a in ms", "s: *mean a in ms"},
        {"s: a where b = 1, as number, as 3 digits, in ms, plain",
         "s: *mean a [b = #1] number 3 digits in ms plain"},
        {"s: \xc3\xa9l\xc3\xa8ve", "s: *mean \xc3\xa9l\xc3\xa8ve"},
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        struct er_error err = {0};
        struct er_arena *memory = NULL;
        struct er_quoted quoted;
        struct er_buffer out = {0};
        const struct er_quote quote = er_quote_of(text[i][0], "n.md");
        T_STATUS(er_arena_new(SIZE_MAX / 2, &memory, &err), ER_OK, "memory");
        T_STATUS(er_quote_read(&quote, memory, &quoted, &err), ER_OK, "%s", text[i][0]);
        if (err.code == ER_OK) {
            show(&out, &quoted);
            T_EQ_STR(out.data, text[i][1], "%s", text[i][0]);
        }
        er_buffer_clear(&out);
        er_arena_free(memory);
    }
}

static void errors(void)
{
    static const struct {
        const char *text;
        int column;
        const char *message;
    } row[] = {
        {"", 1, "expected the name of a study and a colon, not the end"},
        {": a", 1, "expected the name of a study and a colon, not \":\""},
        {"s a", 3, "expected a colon after the name of a study, not \"a\""},
        {"s", 2, "expected a colon after the name of a study, not the end"},
        {"s:", 3, "expected a statistic or a column, not the end"},
        {"s: where a = 1", 4, "expected a statistic or a column, not \"where\""},
        {"s: max", 7, "expected a column after the statistic, not the end"},
        {"s: max where a = 1", 8, "expected a column after the statistic, not \"where\""},
        {"s: a at", 8, "expected min or max after \"at\", not the end"},
        {"s: a at mim b", 9, "expected min or max after \"at\", not \"mim\"; did you mean \"min\"?"},
        {"s: a at min", 12, "expected the column that is least or greatest there, not the end"},
        {"s: a along", 11, "expected \"curves\" after \"along\", not the end"},
        {"s: a along curve", 12,
         "expected \"curves\" after \"along\", not \"curve\"; did you mean \"curves\"?"},
        {"s: a over", 10, "expected a column after \"over\", not the end"},
        {"s: a over b and", 16, "expected a column after \"over\", not the end"},
        {"s: a where", 11, "expected a column, not the end"},
        {"s: a where b", 13, "expected =, !=, <, <=, > or >=, not the end"},
        {"s: a where b is 1", 14, "expected =, !=, <, <=, > or >=, not \"is\""},
        {"s: a where b = ", 15, "expected a value, not the end"},
        {"s: a where b == 1", 15, "expected a value, not \"=\""},
        {"s: a where b = 1 and", 21, "expected a column, not the end"},
        {"s: a where b = c %", 18, "expected a number before the %, not \"%\""},
        {"s: a where b = 1 or c = 2", 18,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not \"or\""},
        {"s: a were b = 1", 6,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not \"were\"; did "
         "you mean "
         "\"where\"?"},
        {"s: a -b", 6,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not \"-b\""},
        {"s: a - ", 7, "expected a statistic or a column, not the end"},
        {"s: a - b - c", 10,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not \"-\""},
        {"s: a,", 6,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not the end"},
        {"s: a as", 8, "expected percent, number, integer, N digits or N decimals after \"as\", not the end"},
        {"s: a as percents", 9,
         "expected percent, number, integer, N digits or N decimals after \"as\", not \"percents\"; did you "
         "mean "
         "\"percent\"?"},
        {"s: a as 2", 10, "expected \"digits\" or \"decimals\" after their number, not the end"},
        {"s: a as 2 digit s", 17,
         "expected the end, a clause (at, along, over, where, and, as, in, plain), - or /, not \"s\""},
        {"s: a as 2 digitss", 11,
         "expected \"digits\" or \"decimals\" after their number, not \"digitss\"; did you mean \"digits\"?"},
        {"s: a as 16 digits", 9, "expected 0 to 15 digits, not \"16\""},
        {"s: a as 0 digits", 9, "a number has at least 1 digit"},
        {"s: a as percent as number", 20, "percent or number is said twice"},
        {"s: a as integer as 2 digits", 20, "how many digits are written is said twice"},
        {"s: a in", 8, "expected a unit after \"in\", not the end"},
        {"s: a in ms in s", 12, "the unit is said twice"},
        {"s: a plain, plain", 13, "\"plain\" is said twice"},
        {"s: a where b = \"c", 16, "a quotation mark that is not closed"},
        {"s: a (b)", 6, "\"(\" has no meaning in a quoted value"},
        {"s: a where b = !", 16, "\"!\" has no meaning in a quoted value"},
        {"s: a over b and c and d and e and f and g and h and i and j", 59,
         "more than 8 columns after \"over\""},
        {"s: a where a=1 and b=1 and c=1 and d=1 and e=1 and f=1 and g=1 and h=1 and i=1", 76,
         "more than 8 conditions"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct er_error err = {0};
        struct er_arena *memory = NULL;
        struct er_quoted quoted;
        const struct er_quote quote = er_quote_of(row[i].text, "n.md");
        T_STATUS(er_arena_new(SIZE_MAX / 2, &memory, &err), ER_OK, "memory");
        T_STATUS(er_quote_read(&quote, memory, &quoted, &err), ER_E_INPUT, "%s", row[i].text);
        T_EQ_STR(err.msg, row[i].message, "message of %s", row[i].text);
        T_EQ_INT(err.column, row[i].column, "column of %s", row[i].text);
        er_arena_free(memory);
    }
}

static void bounds(void)
{
    char text[ER_QUOTE_MAX_BYTES + 2];
    struct er_error err = {0};
    struct er_arena *memory = NULL;
    struct er_quoted quoted;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    struct er_quote quote = er_quote_of(text, "n.md");
    T_STATUS(er_arena_new(SIZE_MAX / 2, &memory, &err), ER_OK, "memory");
    T_STATUS(er_quote_read(&quote, memory, &quoted, &err), ER_E_INPUT, "too long");
    T_EQ_STR(err.msg, "a quoted value has at most 600 bytes", "says so");
    memcpy(text, "s: ", 3);
    text[ER_QUOTE_MAX_BYTES] = '\0';
    T_STATUS(er_quote_read(&quote, memory, &quoted, &err), ER_OK, "as long as it may be");
    quote.problem = "markup";
    T_STATUS(er_quote_read(&quote, memory, &quoted, &err), ER_E_INPUT, "cut up");
    T_EQ_STR(err.msg, "markup", "why");
    er_arena_free(memory);
}

static enum er_status read_all(void)
{
    const struct er_quote quote =
        er_quote_of("s: max a at min b over c where d = 'e f' / where g = 2 in ms", "n.md");
    struct er_arena *memory = NULL;
    struct er_quoted quoted;
    enum er_status status = er_arena_new(SIZE_MAX / 2, &memory, NULL);
    if (status == ER_OK) status = er_quote_read(&quote, memory, &quoted, NULL);
    er_arena_free(memory);
    return status;
}

int main(void)
{
    productions();
    errors();
    bounds();
    T_ALLOCATIONS(read_all(), (void)0, "reading survives every failed allocation");
    return t_done();
}
