/* Every choice of a few records: each at most once, parts as large as asked, shares within one, order kept.
 */
#include "t.h"

#include "data/choose.h"

#include <ermine/random.h>

enum { MOST = 14, CLASSES = 3 };

static const int64_t class_counts[][CLASSES] = {{1, 1, 1}, {2, 2, 0}, {4, 4, 4},
                                                {7, 5, 1}, {3, 0, 9}, {6, 6, 2}};

/* Equal quotas: a class has more than one place less than another only when all of its records are taken. */
static bool is_balanced(const int64_t count[CLASSES], const int64_t taken[CLASSES])
{
    for (int c = 0; c < CLASSES; c++)
        for (int d = 0; d < CLASSES; d++)
            if (taken[c] < taken[d] - 1 && taken[c] < count[c]) return false;
    return true;
}

/* True when a training part of a and a test part of b records are as they must be. */
static bool is_right(const struct er_choice *choice, const int64_t count[CLASSES], int64_t a, int64_t b)
{
    const int64_t size[2] = {a, b};
    int64_t out[MOST];
    int64_t in_train[CLASSES] = {0};
    bool seen[MOST] = {false};
    for (int64_t i = 0; i < MOST; i++) out[i] = -1;
    if (er_choose(choice, 2, size, out, NULL) != ER_OK) return false;
    for (int64_t i = 0; i < a + b; i++) {
        if (out[i] < 0 || out[i] >= choice->n || seen[out[i]] || choice->label[out[i]] < 0) return false;
        seen[out[i]] = true;
        if (i < a) in_train[choice->label[out[i]]]++;
        if (choice->first && i > 0 && i != a && out[i] < out[i - 1]) return false;
    }
    for (int64_t i = a + b; i < MOST; i++)
        if (out[i] != -1) return false;
    if (choice->balance && !is_balanced(count, in_train)) return false;
    for (int c = 0; choice->stratify && c < CLASSES; c++) {
        const double share = (double)(a * count[c]) / (double)choice->n;
        if (fabs((double)in_train[c] - share) >= 1) return false;
    }
    return true;
}

enum { PLAIN, STRATIFIED, BALANCED };

static void check_counts(const int64_t count[CLASSES], bool first, int quotas)
{
    int32_t label[MOST];
    int64_t n = 0;
    int wrong = 0;
    for (int32_t c = 0; c < CLASSES; c++)
        for (int64_t i = 0; i < count[c]; i++) label[n++] = c;
    struct er_choice choice = {.stream = er_stream(ER_PURPOSE_TEST, 0),
                               .first = first,
                               .stratify = quotas == STRATIFIED,
                               .balance = quotas == BALANCED,
                               .n = n,
                               .classes = CLASSES,
                               .label = label};
    for (int64_t a = 0; a <= n; a++)
        for (int64_t b = 0; a + b <= n; b++) {
            choice.seed = (uint64_t)(100 * a + b);
            wrong += !is_right(&choice, count, a, b);
        }
    T_EQ_INT(wrong, 0, "%d %d %d records%s%s", (int)count[0], (int)count[1], (int)count[2],
             first ? ", first" : "",
             quotas == STRATIFIED ? ", stratified"
             : quotas == BALANCED ? ", balanced"
                                  : "");
}

/* Records of label -1 are never chosen, and what is chosen of the others is in one order for every size. */
static void check_left_out(int quotas)
{
    const int64_t count[CLASSES] = {3, 4, 2};
    const int32_t label[MOST] = {0, -1, 1, 2, -1, 1, 0, -1, 1, 2, -1, 0, 1, -1};
    struct er_choice choice = {.stream = er_stream(ER_PURPOSE_TEST, 2),
                               .stratify = quotas == STRATIFIED,
                               .balance = quotas == BALANCED,
                               .n = MOST,
                               .classes = CLASSES,
                               .label = label};
    int wrong = 0;
    for (int64_t a = 0; a <= 9; a++)
        for (int64_t b = 0; a + b <= 9; b++)
            for (choice.seed = 0; choice.seed < 5; choice.seed++) {
                const int64_t size[2] = {a, b};
                int64_t out[MOST], in_train[CLASSES] = {0};
                wrong += er_choose(&choice, 2, size, out, NULL) != ER_OK;
                for (int64_t i = 0; i < a + b; i++) wrong += label[out[i]] < 0;
                for (int64_t i = 0; i < a; i++) in_train[label[out[i]]]++;
                for (int c = 0; quotas == STRATIFIED && c < CLASSES; c++)
                    wrong += fabs((double)in_train[c] - (double)(a * count[c]) / 9) >= 1;
                wrong += quotas == BALANCED && !is_balanced(count, in_train);
            }
    T_EQ_INT(wrong, 0, "records that may not be chosen are not, quotas %d", quotas);
}

/* Each of n records is chosen equally often: 2000 seeds, 3 of 10, standard deviation sqrt(2000 0.3 0.7)
 * = 20.5. */
static void check_uniform(void)
{
    int times[10] = {0};
    for (uint64_t seed = 0; seed < 2000; seed++) {
        const struct er_choice choice = {.seed = seed, .stream = er_stream(ER_PURPOSE_TEST, 1), .n = 10};
        const int64_t size = 3;
        int64_t out[3] = {0};
        if (er_choose(&choice, 1, &size, out, NULL) != ER_OK) break;
        for (int i = 0; i < 3; i++) times[out[i]]++;
    }
    for (int i = 0; i < 10; i++) T_CLOSE(times[i], 600, 5 * 20.5, "record %d", i);
}

int main(void)
{
    for (size_t i = 0; i < sizeof class_counts / sizeof *class_counts; i++)
        for (int kind = 0; kind < 6; kind++) check_counts(class_counts[i], kind & 1, kind / 2);
    for (int quotas = PLAIN; quotas <= BALANCED; quotas++) check_left_out(quotas);
    check_uniform();
    return t_done();
}
