/* hatch.h - a region filled with parallel lines, which stay apart from a colour on any screen and on paper.
 */
#ifndef ERMINE_NOTE_HATCH_H
#define ERMINE_NOTE_HATCH_H

#include "note/isolines.h"

struct er_stroke {
    double x, y, x2, y2; /* its ends, in cells */
};

/* The parts inside the rings of lines that fall to the right at 45 degrees in a picture of `nx` - 1 by `ny` - 1 cells
 * which is as high as `aspect` times its width; `lines` of them would cross its width. Arrays are allocated from `memory`.
 * False when that is out. Cost: O(vertices x lines) at worst, and sorting. */
bool er_hatch(const struct er_rings *rings, int64_t nx, int64_t ny, double aspect, int64_t lines,
              struct er_arena *memory, const struct er_stroke **out, int64_t *n);

#endif
