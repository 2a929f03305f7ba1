/* assignment.c - the linear assignment problem by shortest augmenting paths.
 *
 *     max over permutations of sum_i gain[i, column(i)], as the least sum of cost = -gain
 *
 * Prices u_i of rows and v_j of columns keep all reduced costs r_ij = cost_ij - u_i - v_j at 0 or above, and at 0
 * where row and column are paired; a full pairing of such cost is the least. Rows that are still alone come one
 * after the other: from row i the cheapest way to a free column, alternating between unpaired and paired edges,
 * is found as by Dijkstra; pairs along it are exchanged, and prices change by what the way was longer than
 * theirs. At the start u_i is the least of a row, and rows take that column if it is free.
 *
 * Sources: Kuhn 1955 and Munkres 1957 (the prices); Jonker and Volgenant, "A shortest augmenting path algorithm
 * for dense and sparse linear assignment problems", Computing 1987. Well known; written from the idea.
 */
#include "landscape/assignment.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum { NONE = -1 };

struct state {
    int64_t n;
    const double *gain;
    int64_t *column;  /* of each row, or NONE */
    double *u, *v;    /* prices */
    double *length;   /* of the shortest way to each column */
    int64_t *row;     /* of each column, or NONE */
    int64_t *from;    /* the row before a column on its way */
    int64_t *open;    /* columns whose shortest way is not yet known */
    int64_t *reached; /* the others, in the order in which they were reached */
};

int64_t er_assign_bytes(int64_t n)
{
    return n * (int64_t)(3 * sizeof(double) + 4 * sizeof(int64_t));
}

static void pair_greedily(struct state *s)
{
    for (int64_t j = 0; j < s->n; j++) {
        s->row[j] = NONE;
        s->v[j] = 0;
    }
    for (int64_t i = 0; i < s->n; i++) {
        const double *gain = s->gain + i * s->n;
        int64_t best = 0;
        for (int64_t j = 1; j < s->n; j++)
            if (gain[j] > gain[best]) best = j;
        s->u[i] = -gain[best];
        s->column[i] = s->row[best] == NONE ? best : NONE;
        if (s->column[i] == best) s->row[best] = i;
    }
}

/* Lengthens ways by edges from `row`, itself reached at `so_far`; the place in `open` of the nearest column, a
 * free one where there is a choice. */
static int64_t widen(struct state *s, int64_t row, double so_far, int64_t n_open)
{
    const double *gain = s->gain + row * s->n, base = so_far - s->u[row];
    double least = (double)INFINITY;
    int64_t nearest = 0;
    for (int64_t k = 0; k < n_open; k++) {
        const int64_t j = s->open[k];
        const double length = base - gain[j] - s->v[j];
        if (length < s->length[j]) {
            s->length[j] = length;
            s->from[j] = row;
        }
        if (s->length[j] < least || (s->length[j] == least && s->row[j] == NONE)) {
            least = s->length[j];
            nearest = k;
        }
    }
    return nearest;
}

/* Finds the shortest way from a lonely row to a free column, and raises prices; the column. */
static int64_t search(struct state *s, int64_t lonely)
{
    int64_t n_open = s->n, row = lonely, end;
    double so_far = 0;
    for (int64_t j = 0; j < s->n; j++) {
        s->open[j] = j;
        s->length[j] = (double)INFINITY;
    }
    for (;;) {
        const int64_t k = widen(s, row, so_far, n_open);
        end = s->open[k];
        so_far = s->length[end];
        s->reached[s->n - n_open] = end;
        s->open[k] = s->open[--n_open];
        if (s->row[end] == NONE) break;
        row = s->row[end];
    }
    s->u[lonely] += so_far;
    for (int64_t k = 0; k < s->n - n_open; k++) {
        const int64_t j = s->reached[k];
        if (s->row[j] != NONE) s->u[s->row[j]] += so_far - s->length[j];
        s->v[j] -= so_far - s->length[j];
    }
    return end;
}

static void exchange(struct state *s, int64_t lonely, int64_t end)
{
    for (int64_t row = NONE; row != lonely;) {
        row = s->from[end];
        s->row[end] = row;
        const int64_t before = s->column[row];
        s->column[row] = end;
        end = before;
    }
}

void er_assign(int64_t n, const double *gain, int64_t *column, void *scratch)
{
    double *doubles = scratch;
    int64_t *integers = (int64_t *)(doubles + 3 * n);
    struct state s = {.n = n,
                      .gain = gain,
                      .column = column,
                      .u = doubles,
                      .v = doubles + n,
                      .length = doubles + 2 * n,
                      .row = integers,
                      .from = integers + n,
                      .open = integers + 2 * n,
                      .reached = integers + 3 * n};
    pair_greedily(&s);
    for (int64_t i = 0; i < n; i++)
        if (column[i] == NONE) exchange(&s, i, search(&s, i));
}
