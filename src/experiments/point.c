/* point.c - settings of a point by their path. */
#include "experiments/point.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct er_setting *er_point_get(const struct er_point *point, const char *path)
{
    for (int64_t i = 0; i < point->n; i++) {
        const struct er_setting *setting = point->setting[i];
        if (strcmp(setting->row->path, path) == 0) return setting->present ? setting : NULL;
    }
    return NULL;
}

double er_point_real(const struct er_point *point, const char *path, double fallback)
{
    const struct er_setting *setting = er_point_get(point, path);
    return setting ? setting->number : fallback;
}

int64_t er_point_integer(const struct er_point *point, const char *path, int64_t fallback)
{
    const struct er_setting *setting = er_point_get(point, path);
    return setting ? setting->integer : fallback;
}

bool er_point_bool(const struct er_point *point, const char *path, bool fallback)
{
    const struct er_setting *setting = er_point_get(point, path);
    return setting ? setting->number != 0 : fallback;
}

const char *er_point_text(const struct er_point *point, const char *path, const char *fallback)
{
    const struct er_setting *setting = er_point_get(point, path);
    return setting ? setting->text : fallback;
}

bool er_point_has(const struct er_point *point, const char *path)
{
    const size_t n = strlen(path);
    for (int64_t i = 0; i < point->n; i++) {
        const char *key = point->setting[i]->row->path;
        if (strncmp(key, path, n) == 0 && key[n] == '.') return true;
    }
    return false;
}

enum er_status er_point_fail(const struct er_point *point, const char *path, struct er_error *err,
                             const char *format, ...)
{
    const struct er_setting *setting = er_point_get(point, path);
    char why[sizeof err->msg];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return er_fail_at(err, ER_E_INPUT, NULL, setting ? setting->line : 0, setting ? setting->column : 0,
                      "%s: %s", path, why);
}
