/* point_block.c - where the numbers of a point lie: variances, tables, and the point with itself. */
#include "limit/program.h"

enum { ENOUGH_DISPLACEMENTS = 32 };

/* Whether tables, 2 KiB a pixel, are made for each tile: where a pair takes so many displacements of them that this is a
 * small part of its work. */
static bool makes_tables(const struct er_limit *limit)
{
    for (int64_t i = 0; i < limit->n; i++)
        if (limit->node[i].map.form == ER_KERNEL_POINTWISE && limit->node[i].map.dual->width > 0 &&
            limit->node[i].displacements >= ENOUGH_DISPLACEMENTS)
            return true;
    return false;
}

enum er_status er_limit_lay_out(struct er_limit *limit, struct er_error *err)
{
    const int64_t most = (int64_t)1 << 40;
    const bool apart = makes_tables(limit);
    int64_t at = 0;
    for (int64_t i = 0; i < limit->n && at < most && limit->table_block < most; i++) {
        struct er_limit_node *node = &limit->node[i];
        if (node->map.form != ER_KERNEL_POINTWISE && node->map.form != ER_KERNEL_NORMALISE) continue;
        const int64_t pixels = er_limit_pixels(limit, node->from[0]);
        node->variances_at = at;
        at += pixels;
        if (node->map.form != ER_KERNEL_POINTWISE || node->map.dual->width == 0) continue;
        int64_t *tables = apart ? &limit->table_block : &at;
        node->tables_at = *tables;
        *tables += pixels * node->map.dual->width;
    }
    limit->point_block = at + 2;
    if (at < most && limit->table_block < most) return ER_OK;
    return er_fail(err, ER_E_LIMIT, "infinite width: more than 2^40 numbers for each example");
}
