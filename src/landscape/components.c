/* components.c - pieces of the marked cells of a grid: each is flooded from the first of its cells. */
#include <ermine/landscape.h>
#include <ermine/memory.h>

enum er_status er_grid_components(int64_t columns, int64_t rows, const bool *marked, int64_t *number,
                                  int64_t *components, struct er_error *err)
{
    const int64_t n = columns * rows;
    int64_t *own = number ? number : er_alloc(n, sizeof *own), *waiting = er_alloc(n, sizeof *waiting);
    if (!own || !waiting) {
        if (!number) er_free(own);
        er_free(waiting);
        return er_fail(err, ER_E_NOMEM, "grid: out of memory for %lld cells", (long long)n);
    }
    int64_t pieces = 0;
    for (int64_t i = 0; i < n; i++) own[i] = 0;
    for (int64_t first = 0; first < n; first++) {
        int64_t left = 0;
        if (!marked[first] || own[first]) continue;
        own[first] = ++pieces;
        waiting[left++] = first;
        while (left > 0) {
            const int64_t i = waiting[--left], x = i % columns;
            const int64_t next[] = {x > 0 ? i - 1 : -1, x + 1 < columns ? i + 1 : -1, i - columns,
                                    i + columns};
            for (int k = 0; k < 4; k++) {
                const int64_t j = next[k];
                if (j < 0 || j >= n || !marked[j] || own[j]) continue;
                own[j] = pieces;
                waiting[left++] = j;
            }
        }
    }
    *components = pieces;
    if (!number) er_free(own);
    er_free(waiting);
    return ER_OK;
}
