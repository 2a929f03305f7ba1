/* The claims that experiments bring: every rule can be read, as a study's author would have to write it. */
#include "t.h"

#include "experiments/experiment.h"
#include "note/claim_read.h"

int main(void)
{
    int64_t n;
    const struct er_experiment *const *list = er_experiment_list(&n);
    for (int64_t i = 0; i < n; i++) {
        const struct er_default_claim *claim = list[i]->claim;
        T_OK(list[i]->name[0], "%s", list[i]->name);
        for (; claim && claim->claim; claim++) {
            struct er_quote quote = er_quote_of(claim->rule, list[i]->name);
            struct er_arena *memory = NULL;
            struct er_rule rule;
            struct er_error err;
            quote.rule = true;
            T_STATUS(er_arena_new(SIZE_MAX / 2, &memory, &err), ER_OK, "memory");
            T_STATUS(er_rule_read(&quote, memory, &rule, &err), ER_OK, "%s: %s", list[i]->name, claim->rule);
            er_arena_free(memory);
        }
    }
    return t_done();
}
