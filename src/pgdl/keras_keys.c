/* keras_keys.c - keys of a layer, with their defaults; what is of another kind is refused by name. */
#include "data/shown.h"
#include "pgdl/keras.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SIZE_MOST = 1 << 20 };

void er_keras_refuse(struct er_keras_layer *l, const char *format, ...)
{
    char why[256];
    va_list list;
    if (l->status != ER_OK) return;
    va_start(list, format);
    vsnprintf(why, sizeof why, format, list);
    va_end(list);
    l->status = er_fail(l->err, ER_E_UNSUPPORTED, "layer %" PRId64 ", %s: %s", l->index, l->name, why);
}

static void refuse_value(struct er_keras_layer *l, const char *key, const json_t *value, const char *wanted)
{
    char shown[ER_JSON_SHOWN];
    er_keras_refuse(l, "its %s is %s; %s is read", key, er_json_shown(value, shown), wanted);
}

/* The value of a key; NULL where it is missing or null. */
static const json_t *get(const struct er_keras_layer *l, const char *key)
{
    const json_t *value = json_object_get(l->json, key);
    return json_is_null(value) ? NULL : value;
}

static bool whole(const json_t *value, int64_t least, int64_t most, int64_t *out)
{
    if (!json_is_number(value)) return false;
    const double number = json_number_value(value);
    if (number != floor(number) || number < (double)least || number > (double)most) return false;
    *out = (int64_t)number;
    return true;
}

int64_t er_keras_integer(struct er_keras_layer *l, const char *key, int64_t least, int64_t most,
                         int64_t otherwise)
{
    char wanted[64];
    const json_t *value = get(l, key);
    int64_t number = otherwise;
    if (!value && otherwise >= least) return otherwise;
    snprintf(wanted, sizeof wanted, "a whole number from %" PRId64 " to %" PRId64, least, most);
    if (!whole(value, least, most, &number)) refuse_value(l, key, value, wanted);
    return number;
}

double er_keras_number(struct er_keras_layer *l, const char *key, double least, double most, double otherwise)
{
    char wanted[64];
    const json_t *value = get(l, key);
    if (!value) return otherwise;
    const double number = json_is_number(value) ? json_number_value(value) : (double)NAN;
    if (number >= least && number <= most) return number;
    snprintf(wanted, sizeof wanted, "a number from %g to %g", least, most);
    refuse_value(l, key, value, wanted);
    return otherwise;
}

bool er_keras_truth(struct er_keras_layer *l, const char *key, bool otherwise)
{
    const json_t *value = get(l, key);
    if (!value) return otherwise;
    if (!json_is_boolean(value)) refuse_value(l, key, value, "true or false");
    return json_is_true(value);
}

const char *er_keras_text(struct er_keras_layer *l, const char *key, const char *otherwise)
{
    const json_t *value = get(l, key);
    if (!value) return otherwise;
    const char *text = json_string_value(value);
    if (!text) refuse_value(l, key, value, "a text");
    return text ? text : otherwise;
}

void er_keras_pair(struct er_keras_layer *l, const char *key, int64_t otherwise, int64_t out[2])
{
    const json_t *value = get(l, key);
    out[0] = out[1] = otherwise;
    if (!value && otherwise > 0) return;
    const bool list = json_array_size(value) == 2;
    for (size_t i = 0; i < 2; i++)
        if (!whole(list ? json_array_get(value, i) : value, 1, SIZE_MOST, &out[i])) {
            refuse_value(l, key, value, "a size, or a list of two,");
            return;
        }
}

const char *er_keras_choice(struct er_keras_layer *l, const char *key, const char *const words[])
{
    char shown[ER_SHOWN];
    const char *text = er_keras_text(l, key, words[0]);
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) return words[i];
    if (text)
        er_keras_refuse(l, "%s = \"%s\" is not computed here", key, er_text_shown(text, strlen(text), shown));
    return words[0];
}

void er_keras_write(struct er_keras_model *m, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    er_buffer_format(&m->text, "%s%s", m->text.length ? ", " : "", text);
}

void er_keras_activation(struct er_keras_layer *l, struct er_keras_model *m, const char *name)
{
    static const char *const ours[][2] = {
        {"relu", "relu"},         {"tanh", "tanh"}, {"sigmoid", "sigmoid"}, {"elu", "elu 1"},
        {"softplus", "softplus"}, {"gelu", "gelu"}, {"swish", "swish"},     {"exponential", "exp"}};
    char shown[ER_SHOWN];
    if (strcmp(name, "linear") == 0) return;
    if (strcmp(name, "softmax") == 0) {
        m->ended = true;
        return;
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(ours[i][0], name) == 0) {
            er_keras_write(m, "%s", ours[i][1]);
            return;
        }
    er_keras_refuse(l, "the activation \"%s\" is not computed here",
                    er_text_shown(name, strlen(name), shown));
}
