/* nearest.c - the word of a list that a misspelt one was probably meant to be.
 *
 *     D[i][j] = min(D[i-1][j] + 1, D[i][j-1] + 1, D[i-1][j-1] + [a_i != b_j],
 *                   D[i-2][j-2] + 1   when a_i = b_{j-1} and a_{i-1} = b_j)
 *
 * the edit distance of Damerau with neighbours swapped at most once each ("optimal string alignment"), three
 * rows at a time. Source: Damerau, "A technique for computer detection and correction of spelling errors",
 * CACM 1964; Boytsov, "Indexing methods for approximate dictionary searching", ACM JEA 2011, section 2.
 */
#include "core/number.h"

#include <string.h>

enum { LONGEST = 64 }; /* bytes; longer words are names of nothing here */

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Both words at most LONGEST bytes. */
static int distance(const char *a, int n_a, const char *b, int n_b)
{
    int rows[3][LONGEST + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2]; /* D[i-2], D[i-1], D[i] */
    for (int j = 0; j <= n_b; j++) last[j] = j;
    for (int i = 1; i <= n_a; i++) {
        row[0] = i;
        for (int j = 1; j <= n_b; j++) {
            const int x = lower(a[i - 1]), y = lower(b[j - 1]);
            int d = least(last[j] + 1, row[j - 1] + 1);
            d = least(d, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
                d = least(d, before[j - 2] + 1);
            row[j] = d;
        }
        int *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[n_b];
}

const char *er_nearest(const char *word, const char *const *words, int64_t n)
{
    const int length = (int)strnlen(word, LONGEST + 1);
    if (length > LONGEST) return NULL;
    const char *nearest = NULL;
    int best = (length + 1) / 3 + 1;
    for (int64_t i = 0; i < n; i++) {
        const int other = (int)strnlen(words[i], LONGEST + 1);
        if (other > LONGEST) continue;
        const int d = distance(word, length, words[i], other);
        if (d < best) {
            best = d;
            nearest = words[i];
        }
    }
    return nearest;
}
