/* Zhang et al.'s conditions, each against its definition.
 *
 * Expected fraction of changed labels at p: p (1 - 1/K), and p where they are drawn from the wrong ones. With n
 * labels its standard deviation is sqrt(f (1 - f) / n); the tolerances are five of them.
 */
#include "t.h"

#include "data/condition.h"
#include "data/dataset.h"

#include <stdlib.h>

enum { H = 5, W = 4, C = 3, D = H * W * C, POSITIONS = H * W };

/* n training and m test examples; values are distinct within an image: 100 position + channel, and a part of
 * the example's number. */
static void make(int64_t n, int64_t m, struct er_parts *parts)
{
    const int64_t size[2] = {n, m};
    *parts = (struct er_parts){0};
    for (int which = 0; which < 2; which++) {
        struct er_dataset *set = &parts->set[which];
        if (er_dataset_new(size[which], (struct er_shape){H, W, C}, 10, set, NULL) != ER_OK) exit(1);
        if (er_parts_number(parts, which, size[which], NULL) != ER_OK) exit(1);
        for (int64_t i = 0; i < set->n; i++) {
            set->label[i] = (int32_t)(i % 10);
            for (int64_t j = 0; j < D; j++) {
                const int64_t position = j / C;
                set->x[i * D + j] = (float)(100 * position + j % C) + (float)(i % 7) / 8;
            }
        }
    }
}

static void check_fractions(enum er_draw draw)
{
    enum { N = 100000 };
    static const double share[] = {0, 0.1, 0.5, 0.9, 1};
    for (size_t s = 0; s < sizeof share / sizeof *share; s++) {
        struct er_dataset *set;
        struct er_parts parts = {0};
        int count[10] = {0};
        int64_t differ = 0;
        parts.set[0].n = N;
        parts.set[0].classes = 10;
        parts.set[0].label = er_alloc(N, sizeof(int32_t));
        if (!parts.set[0].label || er_parts_number(&parts, 0, N, NULL) != ER_OK) exit(1);
        set = &parts.set[0];
        for (int i = 0; i < N; i++) set->label[i] = i % 10;
        const int64_t changed = er_condition_labels(share[s], draw, 3, &parts);
        for (int i = 0; i < N; i++) {
            differ += set->label[i] != i % 10;
            count[set->label[i]]++;
        }
        const double f = (draw == ER_DRAW_WRONG ? 1 : 0.9) * share[s];
        T_EQ_INT(changed, differ, "p = %g: changed labels are counted", share[s]);
        T_CLOSE((double)changed / N, f, 5 * sqrt(f * (1 - f) / N) + 1e-12, "p = %g: fraction changed",
                share[s]);
        for (int c = 0; c < 10; c++)
            T_CLOSE(count[c], 0.1 * N, 5 * sqrt(N * 0.09), "p = %g: class %d stays as frequent", share[s], c);
        er_parts_clear(&parts);
    }
}

/* The reference's own numbers: ten classes, n = 10^5, p = 0.5: 0.450, to within 0.005. */
static void check_self_test(void)
{
    enum { N = 100000 };
    struct er_parts parts;
    make(N, 1, &parts);
    const int64_t changed = er_condition_labels(0.5, ER_DRAW_ALL, 0, &parts);
    T_CLOSE((double)changed / N, 0.45, 0.005, "a share 0.9 p of the labels changes");
    er_parts_clear(&parts);
}

/* From the wrong ones: never the true label at p = 1, each other one as often; of two classes the other. */
static void check_wrong(void)
{
    enum { N = 90000 };
    struct er_parts parts;
    make(N, 1, &parts);
    int count[10][10] = {{0}};
    T_EQ_INT(er_condition_labels(1, ER_DRAW_WRONG, 7, &parts), N, "all are changed");
    for (int i = 0; i < N; i++) count[i % 10][parts.set[0].label[i]]++;
    for (int a = 0; a < 10; a++)
        for (int b = 0; b < 10; b++)
            T_CLOSE(count[a][b], a == b ? 0 : N / 90.0, a == b ? 0 : 5 * sqrt(N / 90.0), "%d became %d", a,
                    b);
    for (int i = 0; i < N; i++) parts.set[0].label[i] = i % 2;
    parts.set[0].classes = 2;
    er_condition_labels(1, ER_DRAW_WRONG, 7, &parts);
    int other = 0;
    for (int i = 0; i < N; i++) other += parts.set[0].label[i] == 1 - i % 2;
    T_EQ_INT(other, N, "of two classes the other one");
    er_parts_clear(&parts);
}

/* The labels replaced at p are among those at p' > p, by the same values; record numbers, not places, decide.
 */
static void check_nested(enum er_draw draw)
{
    enum { N = 5000 };
    struct er_parts low;
    struct er_parts high;
    struct er_parts other;
    make(N, 1, &low);
    make(N, 1, &high);
    make(N, 1, &other);
    er_condition_labels(0.3, draw, 11, &low);
    er_condition_labels(0.6, draw, 11, &high);
    for (int64_t i = 0; i < N; i++) { /* the same records, in the opposite order */
        other.record[0][i] = N - 1 - i;
        other.set[0].label[i] = (int32_t)((N - 1 - i) % 10);
    }
    er_condition_labels(0.3, draw, 11, &other);
    int outside = 0;
    int moved = 0;
    for (int64_t i = 0; i < N; i++) {
        const bool was = low.set[0].label[i] != i % 10;
        outside += was && high.set[0].label[i] != low.set[0].label[i];
        moved += other.set[0].label[N - 1 - i] != low.set[0].label[i];
    }
    T_EQ_INT(outside, 0, "what is replaced at 0.3 is replaced the same way at 0.6");
    T_EQ_INT(moved, 0, "a record's label doesn't depend on its place");
    er_condition_labels(0.3, draw, 12, &other);
    int same = 0;
    for (int64_t i = 0; i < N; i++) same += other.set[0].label[N - 1 - i] == low.set[0].label[i];
    T_OK(same < N, "another seed changes others");
    er_parts_clear(&low);
    er_parts_clear(&high);
    er_parts_clear(&other);
}

/* Where position q of an image came from, by the value of its first channel; -1 when the channels of the
 * position didn't stay together. */
static int source_of(const struct er_dataset *set, int64_t i, int q)
{
    const float *x = set->x + i * D + (int64_t)q * C;
    const float extra = (float)(i % 7) / 8;
    const int from = (int)lrintf((x[0] - extra) / 100);
    for (int c = 0; c < C; c++)
        if (x[c] != (float)(100 * from + c) + extra) return -1;
    return from;
}

/* Every image is a permutation of its own positions. Returns how many images have the first image's
 * permutation. */
static int check_permutation(const struct er_dataset *set, const struct er_dataset *reference,
                             const char *name)
{
    int like_first = 0;
    bool each_once = true;
    for (int64_t i = 0; i < set->n; i++) {
        bool seen[POSITIONS] = {false};
        bool like = true;
        for (int q = 0; q < POSITIONS; q++) {
            const int from = source_of(set, i, q);
            each_once = each_once && from >= 0 && from < POSITIONS && !seen[from];
            if (from >= 0 && from < POSITIONS) seen[from] = true;
            like = like && from == source_of(reference, 0, q);
        }
        like_first += like;
    }
    T_OK(each_once, "%s: each image keeps its pixels, channels together", name);
    return like_first;
}

static void check_pixels(void)
{
    enum { N = 400, M = 50 };
    struct er_error err;
    struct er_parts parts;
    make(N, M, &parts);
    T_STATUS(er_condition_inputs(ER_CONDITION_SHUFFLED_PIXELS, 5, &parts, &err), ER_OK, "shuffled pixels");
    T_EQ_INT(check_permutation(&parts.set[0], &parts.set[0], "shuffled, training"), N,
             "one permutation for all");
    T_EQ_INT(check_permutation(&parts.set[1], &parts.set[0], "shuffled, test"), M,
             "the same in the test set");
    int fixed = 0;
    for (int q = 0; q < POSITIONS; q++) fixed += source_of(&parts.set[0], 0, q) == q;
    T_OK(fixed < POSITIONS, "it moves something");
    er_parts_clear(&parts);

    make(N, M, &parts);
    T_STATUS(er_condition_inputs(ER_CONDITION_RANDOM_PIXELS, 5, &parts, &err), ER_OK, "random pixels");
    T_EQ_INT(check_permutation(&parts.set[0], &parts.set[0], "random, training"), 1, "no two images alike");
    T_EQ_INT(check_permutation(&parts.set[1], &parts.set[0], "random, test"), 0, "nor in the test set");
    int count[POSITIONS] = {0}; /* where position 0 came from: uniform, 400 / 20 each, std 4.4 */
    for (int64_t i = 0; i < N; i++) count[source_of(&parts.set[0], i, 0)]++;
    for (int q = 0; q < POSITIONS; q++)
        T_CLOSE(count[q], (double)N / POSITIONS, 5 * 4.4, "position 0 comes from %d in %d of %d images", q,
                count[q], N);
    er_parts_clear(&parts);
}

/* The rows of one file, cut differently: a row is permuted alike in the training and in the test part. */
static void check_one_source(void)
{
    struct er_parts parts;
    struct er_parts swapped;
    for (int one = 0; one < 2; one++) {
        make(3, 3, &parts);
        make(3, 3, &swapped);
        parts.one_source = swapped.one_source = one;
        for (int64_t i = 0; i < 3; i++) {
            parts.record[1][i] = swapped.record[0][i] = i + 3;
            for (int64_t j = 0; j < D; j++) parts.set[1].x[i * D + j] = swapped.set[0].x[i * D + j];
        }
        const enum er_condition condition = ER_CONDITION_RANDOM_PIXELS;
        T_EQ_INT(er_condition_inputs(condition, 5, &parts, NULL), ER_OK, "rows 3 to 5 are the test part");
        T_EQ_INT(er_condition_inputs(condition, 5, &swapped, NULL), ER_OK, "and here the training part");
        const bool same = memcmp(parts.set[1].x, swapped.set[0].x, 3 * D * sizeof(float)) == 0;
        T_OK(same == (one == 1), "the same row of one file, other records of two parts");
        er_parts_clear(&parts);
        er_parts_clear(&swapped);
    }
}

static void check_gaussian(void)
{
    enum { N = 5000, M = 2000 };
    struct er_error err;
    struct er_parts parts;
    double mean[C] = {0};
    double square[C] = {0};
    make(N, M, &parts);
    for (int64_t j = 0; j < (int64_t)M * D; j++)
        parts.set[1].x[j] = -1000; /* the test set's statistics don't count */
    for (int64_t j = 0; j < (int64_t)N * D; j++) {
        parts.set[0].x[j] += (float)(1000 * (j % C));
        mean[j % C] += (double)parts.set[0].x[j] / (N * POSITIONS);
        square[j % C] += (double)parts.set[0].x[j] * (double)parts.set[0].x[j] / (N * POSITIONS);
    }
    T_STATUS(er_condition_inputs(ER_CONDITION_GAUSSIAN, 5, &parts, &err), ER_OK, "Gaussian");
    for (int which = 0; which < 2; which++)
        for (int c = 0; c < C; c++) {
            const struct er_dataset *set = &parts.set[which];
            const double n = (double)(set->n * POSITIONS);
            const double std = sqrt(square[c] - mean[c] * mean[c]);
            double m = 0;
            double s = 0;
            double within = 0;
            for (int64_t j = c; j < set->n * D; j += C) m += (double)set->x[j] / n;
            for (int64_t j = c; j < set->n * D; j += C) {
                s += ((double)set->x[j] - m) * ((double)set->x[j] - m) / n;
                within += fabs((double)set->x[j] - mean[c]) < std;
            }
            T_CLOSE(m, mean[c], 5 * std / sqrt(n), "part %d, channel %d: mean", which, c);
            T_CLOSE(sqrt(s), std, 5 * std / sqrt(2 * n), "part %d, channel %d: standard deviation", which, c);
            T_CLOSE(within / n, 0.682689, 5 * sqrt(0.22 / n), "part %d, channel %d: the share within one",
                    which, c);
        }
    T_OK(parts.set[0].x[0] != parts.set[1].x[0], "training and test images are different draws");
    er_parts_clear(&parts);
}

static void check_tables(void)
{
    struct er_error err;
    struct er_parts parts;
    make(3, 2, &parts);
    parts.set[0].shape = parts.set[1].shape = (struct er_shape){1, 1, D};
    T_STATUS(er_condition_inputs(ER_CONDITION_SHUFFLED_PIXELS, 1, &parts, &err), ER_E_USAGE,
             "a table has no pixels");
    T_STATUS(er_condition_inputs(ER_CONDITION_RANDOM_PIXELS, 1, &parts, &err), ER_E_USAGE,
             "a table has no pixels");
    T_STATUS(er_condition_inputs(ER_CONDITION_GAUSSIAN, 1, &parts, &err), ER_OK, "but columns have a mean");
    er_parts_clear(&parts);
}

int main(void)
{
    check_self_test();
    check_fractions(ER_DRAW_ALL);
    check_fractions(ER_DRAW_WRONG);
    check_nested(ER_DRAW_ALL);
    check_nested(ER_DRAW_WRONG);
    check_wrong();
    check_pixels();
    check_one_source();
    check_gaussian();
    check_tables();
    return t_done();
}
