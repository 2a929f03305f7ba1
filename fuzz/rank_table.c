/* Fuzzes tables of models: levels within their range, and a ranking of what was read. */
#include <ermine/rank_file.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int all_known(const char *name, enum er_rank_scale *scale)
{
    *scale = name[0] == 'l' ? ER_RANK_LOG_NUMERATOR : ER_RANK_AS_IS;
    return name[0] == 'm' ? -1 : name[0] == 'l' ? 1 : 0;
}

static void check(const struct er_rank_table *t)
{
    for (int64_t p = 0; p < t->parameters; p++)
        for (int64_t i = 0; i < t->n; i++)
            if (t->parameter[p].level[i] < 0 || t->parameter[p].level[i] >= t->parameter[p].levels)
                __builtin_trap();
    for (int64_t k = 0; k < t->measures; k++)
        for (int64_t i = 0; i < t->n; i++)
            if (isinf(t->measure[k].value[i])) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct er_rank_columns sized = {.train_size = "m"};
    const struct er_rank_columns *columns[] = {NULL, &sized};
    for (int i = 0; i < 2; i++) {
        struct er_rank_file file;
        struct er_rank_results results;
        struct er_rank_options options = er_rank_options_default();
        struct er_error err;
        if (er_rank_file_parse("fuzz", (const char *)bytes, n, columns[i], all_known, &file, &err) != ER_OK)
            continue;
        check(&file.table);
        options.resamples = 2;
        if (er_rank(&file.table, &options, NULL, NULL, &results, &err) == ER_OK) {
            for (int64_t k = 0; k < results.n; k++)
                if (results.result[k].cmi.value < 0 || fabs(results.result[k].tau_a.value) > 1)
                    __builtin_trap();
            er_rank_results_clear(&results);
        }
        er_rank_file_clear(&file);
    }
    return 0;
}
