/* Thinning keeps the ends and every extreme of every piece, as a slow search says, and fills its room. */
#include "t.h"

#include "note/thin.h"

#include <ermine/random.h>

enum { N = 5000, MOST = 202 };

static double uniform(uint64_t stream, uint64_t i)
{
    uint32_t word[4];
    er_random_words(11, stream, i, word);
    return word[0] / 4294967296.0;
}

/* A random walk at uneven x, with a range around it and one spike in each of its four quantities. */
static void walk(struct er_summary point[N])
{
    double y = 0, x = 1;
    for (int64_t i = 0; i < N; i++) {
        x += uniform(1, (uint64_t)i);
        y += uniform(2, (uint64_t)i) - 0.5;
        point[i] = (struct er_summary){.x = x, .mean = y, .low = y - 1, .high = y + 1, .n = 3};
    }
    point[1234].mean = point[1234].high = 900;
    point[2345].mean = point[2345].low = -900;
    point[3456].high = 950;
    point[4321].low = -950;
}

/* The extreme of `value` over the piece that point i is in, or over what is kept of it. */
static double extreme(const double *value, const int64_t *piece, int64_t i, const bool *keep, double sign)
{
    double most = -(double)INFINITY;
    for (int64_t j = 0; j < N; j++)
        if (piece[j] == piece[i] && (!keep || keep[j])) most = fmax(most, sign * value[j]);
    return most;
}

static void lines(bool logarithmic)
{
    static struct er_summary point[N];
    static double value[3][N];
    static int64_t piece[N];
    static bool keep[N];
    walk(point);
    const int64_t pieces = (MOST - 2) / 4;
    const double first = logarithmic ? log(point[0].x) : point[0].x,
                 last = logarithmic ? log(point[N - 1].x) : point[N - 1].x;
    for (int64_t i = 0; i < N; i++) {
        const double at = logarithmic ? log(point[i].x) : point[i].x;
        piece[i] = (int64_t)((at - first) / ((last - first) / (double)pieces));
        if (piece[i] >= pieces) piece[i] = pieces - 1;
        value[0][i] = point[i].mean;
        value[1][i] = point[i].low;
        value[2][i] = point[i].high;
    }
    T_EQ_INT(er_thin_line(point, N, logarithmic, MOST, keep), MOST, "it fills its room");
    int64_t kept = 0;
    for (int64_t i = 0; i < N; i++) kept += keep[i];
    T_EQ_INT(kept, MOST, "as counted");
    T_OK(keep[0] && keep[N - 1], "the ends");
    int64_t wrong = 0;
    for (int64_t i = 0; i < N; i += 7)
        for (int v = 0; v < 3; v++) {
            const bool up = v != 1, down = v != 2;
            for (int sign = -1; sign <= 1; sign += 2)
                if (sign > 0 ? up : down)
                    wrong +=
                        extreme(value[v], piece, i, NULL, sign) != extreme(value[v], piece, i, keep, sign);
        }
    T_EQ_INT(wrong, 0, "extremes that are lost, %s", logarithmic ? "logarithmic" : "linear");
    T_OK(keep[1234] && keep[2345] && keep[3456] && keep[4321], "the spikes");
}

static void small(void)
{
    struct er_summary point[10];
    struct er_sample sample[10];
    bool keep[10];
    for (int64_t i = 0; i < 10; i++) {
        point[i] = (struct er_summary){.x = (double)i, .mean = 1, .low = 1, .high = 1, .n = 1};
        sample[i] = (struct er_sample){.x = (double)i, .y = 1, .row = i};
    }
    for (int64_t n = 1; n <= 10; n++)
        for (int64_t most = 1; most <= 12; most++) {
            const int64_t want = n < most ? n : most;
            int64_t kept = 0;
            T_EQ_INT(er_thin_line(point, n, false, most, keep), want, "%d of %d points", (int)most, (int)n);
            for (int64_t i = 0; i < n; i++) kept += keep[i];
            T_EQ_INT(kept, want, "points kept");
            T_OK(keep[n - 1] && (most < 2 || keep[0]), "the ends");
            kept = 0;
            T_EQ_INT(er_thin_runs(sample, n, most, keep), want, "%d of %d runs", (int)most, (int)n);
            for (int64_t i = 0; i < n; i++) kept += keep[i];
            T_EQ_INT(kept, want, "runs kept");
        }
    /* what a logarithmic axis has no place for is no reason to lose the rest */
    point[0].x = -5;
    point[1].x = 0;
    T_EQ_INT(er_thin_line(point, 10, true, 8, keep), 8, "x of 0 or less");
}

static void runs(void)
{
    static struct er_sample sample[N];
    static bool keep[N];
    enum { GROUPS = 20, EACH = N / GROUPS };
    for (int64_t i = 0; i < N; i++) {
        const int64_t group = i / EACH;
        sample[i] = (struct er_sample){.x = (double)group, .y = uniform(3, (uint64_t)i), .row = i};
    }
    T_EQ_INT(er_thin_runs(sample, N, 300, keep), 300, "it fills its room");
    for (int64_t g = 0; g < GROUPS; g++) {
        double low = INFINITY, high = -(double)INFINITY, kept_low = low, kept_high = high;
        int64_t kept = 0;
        for (int64_t i = g * EACH; i < (g + 1) * EACH; i++) {
            low = fmin(low, sample[i].y);
            high = fmax(high, sample[i].y);
            if (!keep[i]) continue;
            kept++;
            kept_low = fmin(kept_low, sample[i].y);
            kept_high = fmax(kept_high, sample[i].y);
        }
        T_OK(low == kept_low && high == kept_high, "the range at x = %d", (int)g);
        T_OK(kept >= 10 && kept <= 20, "%d runs of 15 there", (int)kept);
    }
    for (int64_t i = 0; i < N; i++) sample[i].x = (double)i;
    sample[777].y = 5;
    sample[778].y = -5;
    er_thin_runs(sample, N, 300, keep);
    T_OK(keep[777] && keep[778] && keep[0] && keep[N - 1], "extremes of all where every x has one run");
}

static void shares(void)
{
    for (uint64_t trial = 0; trial < 300; trial++) {
        int64_t size[6];
        const int64_t n = 1 + (int64_t)(6 * uniform(4, trial)), most = (int64_t)(60 * uniform(5, trial));
        for (int64_t i = 0; i < n; i++) size[i] = 1 + (int64_t)(20 * uniform(6, 6 * trial + (uint64_t)i));
        int64_t best = 1;
        for (int64_t c = 1; c <= most; c++) {
            int64_t sum = 0;
            for (int64_t i = 0; i < n; i++) sum += size[i] < c ? size[i] : c;
            if (sum <= most) best = c;
        }
        T_EQ_INT(er_thin_share(size, n, most), best, "share of trial %d", (int)trial);
    }
}

int main(void)
{
    lines(false);
    lines(true);
    small();
    runs();
    shares();
    return t_done();
}
