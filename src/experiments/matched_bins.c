/* matched_bins.c - rows of two kinds -> bins of their margin, and how far the kinds differ in them.
 *
 * Spearman's correlation is Pearson's of ranks; bins rise, so theirs are 1, 2, ...; equal errors share the mean rank.
 */
#include "experiments/matched.h"

#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 }; /* bytes of a number */

enum er_status er_matched_edges_read(const char *text, struct er_matched_edges *out, struct er_error *err)
{
    char word[LONGEST];
    out->n = 0;
    while (*(text += strspn(text, " ,"))) {
        const size_t length = strcspn(text, " ,");
        double edge;
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        if (length >= sizeof word || !er_number_real(word, &edge))
            return er_fail(err, ER_E_INPUT, "'%s' is no number", word);
        if (!(edge > (out->n > 0 ? out->edge[out->n - 1] : 0)))
            return er_fail(err, ER_E_INPUT, "edges rise from above 0; %s does not", word);
        if (out->n == ER_MATCHED_EDGES)
            return er_fail(err, ER_E_INPUT, "there are more than %d edges", ER_MATCHED_EDGES);
        out->edge[out->n++] = edge;
        text += length;
    }
    return out->n > 0 ? ER_OK : er_fail(err, ER_E_INPUT, "an edge is needed");
}

/* The bin of a margin above 0; -1 for others. */
static int64_t bin_of(double margin, const struct er_matched_edges *edges)
{
    int64_t i = 0;
    if (!(margin > 0)) return -1;
    while (i < edges->n && margin >= edges->edge[i]) i++;
    return i;
}

/* Counts and sums of errors. */
static void add_up(const struct er_asked *kind, int k, const struct er_matched_edges *edges,
                   struct er_matched *out)
{
    for (int64_t i = 0; i < kind->n; i++) {
        const double *value = kind->row[i].value;
        const int64_t b = bin_of(value[ER_MATCHED_MARGIN], edges);
        if (b < 0) continue;
        out->bin[b].count[k]++;
        out->bin[b].error[k] += value[ER_MATCHED_ERROR];
    }
}

static void add_squares(const struct er_asked *kind, int k, const struct er_matched_edges *edges,
                        struct er_matched *out)
{
    for (int64_t i = 0; i < kind->n; i++) {
        const double *value = kind->row[i].value;
        const int64_t b = bin_of(value[ER_MATCHED_MARGIN], edges);
        if (b >= 0) out->bin[b].standard_error[k] += pow(value[ER_MATCHED_ERROR] - out->bin[b].error[k], 2);
    }
}

static double rank_correlation(const struct er_matched *of, int64_t least)
{
    double xy = 0, xx = 0, yy = 0, x = 0, n = 0;
    for (int64_t i = 0; i < of->n; i++) n += of->bin[i].count[0] >= least;
    for (int64_t i = 0; i < of->n; i++) {
        double below = 0, equal = 0;
        if (of->bin[i].count[0] < least) continue;
        for (int64_t j = 0; j < of->n; j++) {
            if (of->bin[j].count[0] < least) continue;
            below += of->bin[j].error[0] < of->bin[i].error[0];
            equal += of->bin[j].error[0] == of->bin[i].error[0];
        }
        const double u = ++x - (n + 1) / 2, v = below + (equal + 1) / 2 - (n + 1) / 2;
        xy += u * v;
        xx += u * u;
        yy += v * v;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
}

static double middle(const struct er_matched_edges *edges, int64_t b)
{
    if (b == 0) return edges->edge[0] / 2;
    return b == edges->n ? 2 * edges->edge[b - 1] : sqrt(edges->edge[b - 1] * edges->edge[b]);
}

void er_matched_fill(const struct er_asked kind[2], const struct er_matched_edges *edges, int64_t least,
                     struct er_matched *out)
{
    *out = (struct er_matched){.n = edges->n + 1, .largest_difference = (double)NAN};
    for (int k = 0; k < 2; k++) add_up(&kind[k], k, edges, out);
    for (int64_t b = 0; b < out->n; b++) {
        struct er_matched_bin *bin = &out->bin[b];
        bin->margin = middle(edges, b);
        for (int k = 0; k < 2; k++)
            bin->error[k] = bin->count[k] > 0 ? bin->error[k] / (double)bin->count[k] : (double)NAN;
    }
    for (int k = 0; k < 2; k++) add_squares(&kind[k], k, edges, out);
    for (int64_t b = 0; b < out->n; b++) {
        struct er_matched_bin *bin = &out->bin[b];
        for (int k = 0; k < 2; k++) {
            const double n = (double)bin->count[k];
            bin->standard_error[k] = n > 1 ? sqrt(bin->standard_error[k] / (n - 1) / n) : (double)NAN;
        }
        if (bin->count[0] < least || bin->count[1] < least) continue;
        out->matched++;
        out->largest_difference = fmax(out->largest_difference, fabs(bin->error[0] - bin->error[1]));
    }
    out->correlation = rank_correlation(out, least);
}
