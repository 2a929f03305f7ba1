/* Hidden units: moving them changes nothing; weight matching finds where they were moved to; assignments are the
 * best ones. */
#include "landscape/assignment.h"
#include "support/needed.h"
#include "t.h"

#include <ermine/net.h>
#include <ermine/paths.h>
#include <ermine/random.h>

enum { B = 16, CLASSES = 5, MOST = 7 };

/* A net on images of 8 x 8 x 3 with random numbers, and B examples. */
struct sample {
    struct er_net *net;
    int64_t P, S, D, layers, units;
    float *w, *statistics, *x;
};

static void draw(uint64_t stream, int64_t n, float *v)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) v[i] = (float)er_random_normal(&r);
}

static enum er_status bind(const char *text, struct er_net **net, struct er_error *err)
{
    struct er_model *model;
    enum er_status status = er_model_parse(text, &model, err);
    if (status != ER_OK) return status;
    status = er_net_new(model, (struct er_shape){8, 8, 3}, CLASSES, "cross-entropy", net, err);
    er_model_free(model);
    return status;
}

static struct sample sample_open(const char *text)
{
    struct er_error err = {0};
    struct sample s = {0};
    if (bind(text, &s.net, &err) != ER_OK || er_net_units(s.net, &s.layers, &s.units, &err) != ER_OK) {
        printf("%s: %s\n", text, err.msg);
        abort();
    }
    s.P = er_net_parameters(s.net);
    s.S = er_net_statistics(s.net);
    s.D = er_net_inputs(s.net);
    s.w = needed(s.P, sizeof *s.w);
    s.statistics = needed(s.S, sizeof *s.statistics);
    s.x = needed(B * s.D, sizeof *s.x);
    er_net_initialise(s.net, 3, s.w, s.statistics);
    float *noise = needed(s.P + s.S, sizeof *noise);
    draw(1, s.P + s.S, noise);
    for (int64_t i = 0; i < s.P; i++) s.w[i] += 0.1f * noise[i];
    for (int64_t i = 0; i < s.S; i++) s.statistics[i] = 1 + 0.1f * noise[s.P + i];
    er_free(noise);
    draw(2, B * s.D, s.x);
    return s;
}

static void sample_close(struct sample *s)
{
    er_net_free(s->net);
    er_free(s->w);
    er_free(s->statistics);
    er_free(s->x);
}

static void outputs(const struct sample *s, const float *w, const float *statistics, float *f)
{
    struct er_error err;
    struct er_plan *plan = NULL;
    const struct er_network network = {.w = w, .statistics = s->S ? statistics : NULL};
    T_STATUS(er_plan_new(s->net, B, &plan, &err), ER_OK, "plan");
    void *scratch = needed((int64_t)er_plan_scratch_bytes(plan), 1);
    er_plan_outputs(plan, &network, s->x, f, scratch);
    er_free(scratch);
    er_plan_free(plan);
}

/* A random permutation of all units, layer by layer; widths in the order of the layers, ended by 0. */
static int64_t *shuffled(const struct sample *s, const int64_t *widths)
{
    int64_t *permutation = needed(s->units, sizeof *permutation), first = 0;
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, 3));
    for (; *widths; first += *widths++) er_random_permutation(&r, *widths, permutation + first);
    T_EQ_INT(first, s->units, "hidden units");
    return permutation;
}

static double largest(int64_t n, const float *a, const float *b)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, fabs((double)a[i] - (b ? (double)b[i] : 0)));
    return most;
}

/* Moved units compute the same, to 1e-5 (self-test 7 of the reference: sums of some hundred float32 in another
 * order); and matching undoes the move exactly. */
static void check_model(const char *text, const int64_t *widths)
{
    struct sample s = sample_open(text);
    struct er_error err;
    struct er_alignment found;
    int64_t *permutation = shuffled(&s, widths), *back = needed(s.units, sizeof *back);
    float *w = needed(s.P, sizeof *w), *statistics = needed(s.S, sizeof *statistics);
    float *again = needed(s.P, sizeof *again), *statistics_again = needed(s.S, sizeof *statistics_again);
    float f[B * CLASSES], g[B * CLASSES];
    T_STATUS(er_net_permute(s.net, permutation, s.w, s.statistics, w, statistics, &err), ER_OK, "%s", text);
    outputs(&s, s.w, s.statistics, f);
    outputs(&s, w, statistics, g);
    T_OK(largest(s.P, s.w, w) > 0, "%s: weights have moved", text);
    T_OK(largest(B * CLASSES, f, g) <= 1e-5 * largest(B * CLASSES, f, NULL), "%s: outputs stay", text);

    T_STATUS(er_net_align(s.net, s.w, w, 1, NULL, back, &found, &err), ER_OK, "%s", text);
    T_STATUS(er_net_permute(s.net, back, w, statistics, again, statistics_again, &err), ER_OK, "%s", text);
    T_OK(memcmp(again, s.w, (size_t)s.P * sizeof *again) == 0, "%s: weights are back to the bit", text);
    T_OK(s.S == 0 || memcmp(statistics_again, s.statistics, (size_t)s.S * sizeof *again) == 0,
         "%s: statistics, too", text);
    T_OK(found.after > found.before && found.sweeps >= 2 && found.moved > 0, "%s: and it says so", text);
    int64_t undone = 0;
    for (int64_t i = 0, first = 0; widths[i]; first += widths[i++])
        for (int64_t j = 0; j < widths[i]; j++) undone += permutation[first + back[first + j]] == j;
    T_EQ_INT(undone, s.units, "%s: one permutation undoes the other", text);
    er_free(permutation);
    er_free(back);
    er_free(w);
    er_free(statistics);
    er_free(again);
    er_free(statistics_again);
    sample_close(&s);
}

static void check_models(void)
{
    check_model("[dense 33, relu, dense]", (const int64_t[]){33, 0});
    check_model(
        "[dense 20, batch_norm, tanh, dense 12, layer_norm, gain, relu, dropout 0.5, dense bias=false, gain]",
        (const int64_t[]){20, 12, 0});
    check_model("[conv 6 3, batch_norm, relu, max_pool 2, conv 9 3, layer_norm over=example, leaky_relu, "
                "avg_pool 2, flatten, dense 11 init=ntk, relu, dense]",
                (const int64_t[]){6, 9, 11, 0});
    check_model("[conv 7 3 bias=false, relu, flatten, batch_norm, layer_norm, dense 8, softplus, dense]",
                (const int64_t[]){7, 8, 0});
    check_model("[flatten, layer_norm, conv 10 1, scale 2, relu, conv 6 1, global_avg_pool, dense]",
                (const int64_t[]){10, 6, 0});
    check_model("[mlp 16 depth=3]", (const int64_t[]){16, 16, 16, 0});
}

static double dot(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* Two nets that have nothing to do with each other: what is said of <A, pi B> is so, and no exchange of two units
 * of a layer would raise it. */
static void check_strangers(void)
{
    enum { UNITS = 17, FIRST = 9 };
    struct sample s = sample_open("[dense 9, batch_norm, relu, dense 8, tanh, dense]");
    struct er_error err;
    struct er_alignment found;
    int64_t permutation[UNITS];
    float *b = needed(s.P, sizeof *b), *moved = needed(s.P, sizeof *moved);
    float *statistics = needed(s.S, sizeof *statistics);
    draw(6, s.P, b);
    T_STATUS(er_net_align(s.net, s.w, b, 2, NULL, permutation, &found, &err), ER_OK, "align");
    T_STATUS(er_net_permute(s.net, permutation, b, s.statistics, moved, statistics, &err), ER_OK, "permute");
    const double size = dot(s.P, b, b), after = dot(s.P, s.w, moved);
    T_OK(found.after > found.before + 0.01 * size, "it gains: %g, before %g", found.after, found.before);
    T_CLOSE(found.after - found.before, after - dot(s.P, s.w, b), 1e-12 * size, "as much as is said");
    for (int i = 0; i < UNITS; i++)
        for (int j = i + 1; j < (i < FIRST ? FIRST : UNITS); j++) {
            int64_t other[UNITS];
            memcpy(other, permutation, sizeof other);
            other[i] = permutation[j];
            other[j] = permutation[i];
            T_STATUS(er_net_permute(s.net, other, b, s.statistics, moved, statistics, &err), ER_OK,
                     "permute");
            T_OK(dot(s.P, s.w, moved) <= after + 1e-12 * size, "units %d and %d exchanged", i, j);
        }
    er_free(b);
    er_free(moved);
    er_free(statistics);
    sample_close(&s);
}

static void check_bytes(void)
{
    struct sample s = sample_open("[dense 30, relu, dense 20, relu, dense]");
    struct er_error err;
    double bytes = 0;
    T_STATUS(er_net_align_bytes(s.net, &bytes, &err), ER_OK, "bytes");
    /* squares of both layers and of the wider one once more, and twice 192 x 30 weights, in doubles */
    T_CLOSE(bytes, 8.0 * (900 + 400 + 900) + 16.0 * 192 * 30, 0, "bytes");
    sample_close(&s);
}

/* Units that differ in nothing but their biases are told apart by these. */
static void check_biases(void)
{
    struct sample s = sample_open("[dense 6, relu, dense]");
    struct er_error err;
    int64_t permutation[6], at = s.D * 6;
    struct er_alignment found;
    float *b = needed(2 * s.P, sizeof *b), *moved = b + s.P;
    for (int64_t i = 0; i < s.P; i++) b[i] = s.w[i] = 1;
    for (int64_t i = 0; i < 6; i++) {
        s.w[at + i] = (float)i;
        b[at + (5 * i + 1) % 6] = (float)i;
    }
    T_STATUS(er_net_align(s.net, s.w, b, 0, NULL, permutation, &found, &err), ER_OK, "align");
    T_STATUS(er_net_permute(s.net, permutation, b, NULL, moved, NULL, &err), ER_OK, "permute");
    T_OK(memcmp(moved, s.w, (size_t)s.P * sizeof *b) == 0, "biases lie as those of A");
    er_free(b);
    sample_close(&s);
}

static void check_nothing_hidden(void)
{
    struct sample s = sample_open("[dense]");
    struct er_error err;
    struct er_alignment found;
    int64_t none = 0;
    T_EQ_INT(s.units, 0, "a linear model has no hidden units");
    T_STATUS(er_net_align(s.net, s.w, s.w, 0, NULL, &none, &found, &err), ER_OK, "and is aligned");
    T_OK(found.moved == 0 && found.after == found.before, "with nothing moved");
    sample_close(&s);
}

static void check_refusals(void)
{
    static const struct {
        const char *text, *message;
    } refused[] = {
        {"[dense 6, relu, add: [dense 6, identity], dense]", "add: its branches tie"},
        {"[dense 6, concat: [dense 6, identity], dense]", "concat: its branches tie"},
        {"[conv 6 3, lrn, flatten, dense]", "layer 2, lrn: it goes by the order of channels"},
        {"[conv 6 3, relu, conv 6 3 groups=2, flatten, dense]", "layer 3, conv: its channels are in groups"},
    };
    struct er_error err = {0};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct er_net *net = NULL;
        T_STATUS(bind(refused[i].text, &net, &err), ER_OK, "%s", refused[i].text);
        T_STATUS(er_net_units(net, NULL, NULL, &err), ER_E_UNSUPPORTED, "%s", refused[i].text);
        T_OK(strstr(err.msg, refused[i].message) != NULL, "%s", err.msg);
        er_net_free(net);
    }
    struct sample s = sample_open("[dense 4, relu, dense]");
    float *out = needed(s.P, sizeof *out);
    struct er_alignment found = {.sweeps = -1};
    int64_t twice[] = {0, 1, 1, 3}, none[] = {0, 1, 4, 3}, places[4];
    T_STATUS(er_net_permute(s.net, twice, s.w, NULL, out, NULL, &err), ER_E_USAGE, "twice");
    T_OK(strstr(err.msg, "unit 2 of hidden layer 1 is to come from place 1, which is taken") != NULL, "%s",
         err.msg);
    T_STATUS(er_net_permute(s.net, none, s.w, NULL, out, NULL, &err), ER_E_USAGE, "no place");
    T_OK(strstr(err.msg, "place 4, which is none") != NULL, "%s", err.msg);
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_net_align(s.net, s.w, s.w, 0, &progress, places, &found, &err), ER_E_STOPPED, "stopped");
    s.w[7] = NAN;
    T_STATUS(er_net_align(s.net, out, s.w, 0, NULL, places, &found, &err), ER_E_NONFINITE, "a weight");
    T_OK(strstr(err.msg, "parameter 7 of the second network") && found.sweeps == -1, "%s", err.msg);
    er_free(out);
    sample_close(&s);
}

static void check_memory(void)
{
    struct sample s = sample_open("[dense 9, batch_norm, relu, dense 6, tanh, dense]");
    struct er_error err;
    struct er_alignment found;
    int64_t places[15];
    float *out = needed(s.P + s.S, sizeof *out);
    T_ALLOCATIONS(er_net_align(s.net, s.w, s.w, 0, NULL, places, &found, &err), (void)0, "align");
    for (int i = 0; i < 15; i++) T_EQ_INT(places[i], i < 9 ? i : i - 9, "a net with itself: nothing moves");
    T_ALLOCATIONS(er_net_permute(s.net, places, s.w, s.statistics, out, out + s.P, &err), (void)0, "permute");
    T_OK(memcmp(out, s.w, (size_t)s.P * sizeof *out) == 0, "the identity");
    T_ALLOCATIONS(er_net_units(s.net, NULL, NULL, &err), (void)0, "units");
    er_free(out);
    sample_close(&s);
}

/* The best sum over all permutations of the rows from `row` on. */
static double best_of_all(int64_t n, const double *gain, int64_t row, unsigned taken)
{
    double best = row == n ? 0 : -(double)INFINITY;
    for (int64_t j = 0; j < n; j++)
        if (row < n && !(taken >> j & 1))
            best = fmax(best, gain[row * n + j] + best_of_all(n, gain, row + 1, taken | 1u << j));
    return best;
}

static double value_of(int64_t n, const double *gain, const int64_t *column)
{
    double sum = 0;
    unsigned taken = 0;
    for (int64_t i = 0; i < n; i++) {
        taken |= 1u << column[i];
        sum += gain[i * n + column[i]];
    }
    return taken + 1 == 1u << n ? sum : (double)NAN;
}

/* Against all permutations; half of the matrices are of few integers, with many ties. Sums of 7 numbers below 8 in
 * size differ by less than 7 * 7 * 8 * 2^-52 with their order. */
static void check_assignment(void)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, 4));
    double gain[MOST * MOST];
    int64_t column[MOST];
    void *scratch = needed(er_assign_bytes(MOST), 1);
    for (int64_t n = 1; n <= MOST; n++)
        for (int64_t i = 0; i < 40; i++) {
            for (int64_t j = 0; j < n * n; j++)
                gain[j] = i % 2 ? er_random_normal(&r) : (double)er_random_below(&r, 4) - 2;
            er_assign(n, gain, column, scratch);
            T_CLOSE(value_of(n, gain, column), best_of_all(n, gain, 0, 0), 1e-13, "%d rows, matrix %d",
                    (int)n, (int)i);
        }
    er_free(scratch);
}

/* Prices prove a large answer: here gain = p_i + q_j - |noise| with none on a hidden permutation, which is then the
 * only best one. */
static void check_large_assignment(void)
{
    enum { N = 150 };
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, 5));
    double *gain = needed(N * N, sizeof *gain), p[N], q[N];
    int64_t hidden[N], column[N], right = 0;
    void *scratch = needed(er_assign_bytes(N), 1);
    er_random_permutation(&r, N, hidden);
    for (int64_t i = 0; i < N; i++) {
        p[i] = 10 * er_random_normal(&r);
        q[i] = 10 * er_random_normal(&r);
    }
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++)
            gain[i * N + j] = p[i] + q[j] - (hidden[i] == j ? 0 : 1e-3 + er_random_uniform(&r));
    er_assign(N, gain, column, scratch);
    for (int64_t i = 0; i < N; i++) right += column[i] == hidden[i];
    T_EQ_INT(right, N, "the hidden permutation");
    er_free(gain);
    er_free(scratch);
}

int main(void)
{
    check_assignment();
    check_large_assignment();
    check_models();
    check_strangers();
    check_bytes();
    check_biases();
    check_nothing_hidden();
    check_refusals();
    check_memory();
    return t_done();
}
