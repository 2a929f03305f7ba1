/* spec_map_regions.c - the regions of a map: the first fills, the second is hatched on a pale ground, and where both are,
 * there are both.
 */
#include "note/sketch.h"
#include "note/spec_map_parts.h"

#include <math.h>

enum { HATCH_LINES = 64 };

static json_t *hatched(struct er_spec_map *map)
{
    struct er_spec *m = map->m;
    json_t *values = er_spec_made(m, json_array());
    const double own = er_sketch_aspect(m->drawing), aspect = isnan(own) ? 0.5 : own;
    const int64_t lines = (int64_t)(HATCH_LINES / fmax(aspect, 1)); /* of the longer side */
    for (int64_t s = 0; s < m->drawing->map.planes; s++) {
        const struct er_map_plane *plane = &m->drawing->map.plane[s];
        const struct er_stroke *stroke = NULL;
        struct er_rings rings;
        int64_t n = 0;
        if (!er_sketch_outline(m->drawing, plane, m->view->region[1], 0.5, false, true, map->tolerance,
                               &rings) ||
            !er_hatch(&rings, plane->nx, plane->ny, aspect, lines, m->drawing->memory, &stroke, &n))
            m->failed = true;
        for (int64_t i = 0; i < n && stroke; i++) {
            er_spec_map_add(map, values, plane, stroke[i].x, stroke[i].y);
            er_spec_map_add(map, values, plane, stroke[i].x2, stroke[i].y2);
            er_spec_map_break(map, values, plane);
        }
    }
    return values;
}

/* A channel whose values are the two regions and both of them. */
static json_t *region_channel(struct er_spec *m, const char *field, const char *words, json_t *range)
{
    json_t *channel = words ? er_spec_object(m, "datum", json_string(words))
                            : er_spec_object(m, "field", json_string(field));
    er_spec_text(m, channel, "type", "nominal");
    er_spec_put(m, channel, "title", json_null());
    er_spec_put(m, channel, "sort", json_null());
    json_t *scale = er_spec_object(
        m, "domain",
        er_spec_made(m, json_pack("[sss]", m->view->region_title[0], m->view->region_title[1], "both")));
    er_spec_put(m, scale, "range", range);
    er_spec_put(m, channel, "scale", scale);
    return channel;
}

static json_t *region_colour(struct er_spec *m, const char *words)
{
    return region_channel(m, "region", words, json_string("regions"));
}

/* Squares for the legend: plain, hatched, and both. Marks of no size carry them. */
static void draw_region_legend(struct er_spec_map *map)
{
    static const char
        square[] = "M-1.25,-1.25H1.25V1.25H-1.25Z",
        lines[] = "M-1.25,-1.25H1.25V1.25H-1.25Z M-1.25,0L0,1.25 M-1.25,-1.25L1.25,1.25 M0,-1.25L1.25,0";
    struct er_spec *m = map->m;
    json_t *values = er_spec_made(m, json_array()), *point = er_spec_object(m, "type", json_string("point"));
    const char *const words[] = {m->view->region_title[0], m->view->region_title[1], "both"};
    for (int i = 0; i < 3; i++) er_spec_append(m, values, er_spec_object(m, "region", json_string(words[i])));
    er_spec_put(m, point, "size", json_integer(0));
    er_spec_text(m, point, "style", "region-key");
    json_t *channels = er_spec_object(m, "x", json_null());
    er_spec_put(m, channels, "y", json_null());
    er_spec_put(m, channels, "tooltip", json_null());
    er_spec_put(m, channels, "color", region_colour(m, NULL));
    er_spec_put(m, channels, "stroke", region_channel(m, "region", NULL, json_string("regionEdges")));
    er_spec_put(m, channels, "shape",
                region_channel(m, "region", NULL, er_spec_made(m, json_pack("[sss]", square, lines, lines))));
    er_spec_layer(m, map->layers, er_spec_object(m, "values", values), point, channels);
}

void er_spec_map_draw_regions(struct er_spec_map *map)
{
    struct er_spec *m = map->m;
    const struct er_view *view = m->view;
    draw_region_legend(map);
    er_spec_map_lines(map, er_spec_map_outlines(map, view->region[1], 0.5, false, true, true), NULL,
                      region_colour(m, view->region_title[1]), true);
    er_spec_map_lines(map, er_spec_map_outlines(map, view->region[0], 0.5, false, true, true), NULL,
                      region_colour(m, view->region_title[0]), true);
    er_spec_map_lines(map, hatched(map), "hatch", NULL, false);
    er_spec_map_lines(map, er_spec_map_outlines(map, view->region[1], 0.5, false, true, false), "hatch-edge",
                      NULL, false);
    er_spec_map_lines(map, er_spec_map_outlines(map, view->region[0], 0.5, false, true, false), "region-edge",
                      NULL, false);
}
