/* A model with every layer of the list in it: each of its constructors when memory runs out anywhere. */
#include "t.h"

#include "net/net.h"
#include "support/written.h"

enum { TEXT = 2048 };

static enum er_status open_net(const char *text, struct er_net **net)
{
    struct er_model *model = NULL;
    enum er_status status = er_model_parse(text, &model, NULL);
    if (status == ER_OK)
        status = er_net_new(model, (struct er_shape){9, 8, 3}, 3, "cross-entropy", net, NULL);
    er_model_free(model);
    return status;
}

/* Whether a layer has a place behind `layers`; with `image`, one that leaves an image. */
static bool fits(const char *layers, const char *layer, bool image, char *out)
{
    char text[TEXT];
    struct er_net *net = NULL;
    snprintf(out, TEXT, "%.1500s%s%.256s", layers, layers[0] ? ", " : "", layer);
    snprintf(text, sizeof text, "%.1900s, flatten, dense", out);
    const bool fit = open_net(text, &net) == ER_OK && (!image || net->node[net->n - 3].layer.out.height > 1);
    er_net_free(net);
    return fit;
}

/* All layers of the list in one model: first those that leave an image, then the rest. */
static void write_model(char *text)
{
    static char layer[WRITTEN_MOST][WRITTEN_LENGTH];
    bool there[128] = {false};
    struct er_layer_info info;
    text[0] = '\0';
    for (int image = 1; image >= 0; image--)
        for (int64_t i = 0; er_layer_describe(i, &info); i++) {
            char longer[TEXT];
            const int n = written_layers(er_layer_find(info.name), 1, layer);
            for (int k = 0; k < n && !there[i]; k++) {
                if (!fits(text, layer[k], image, longer)) continue;
                memcpy(text, longer, TEXT);
                there[i] = true;
            }
            T_OK(image || there[i], "%s has a place in the model", info.name);
        }
}

int main(void)
{
    static char layers[TEXT], text[TEXT + 16];
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_plan *plan = NULL;
    struct er_error err;
    write_model(layers);
    snprintf(text, sizeof text, "%s, dense", layers);
    printf("# [%s]\n", text);
    T_ALLOCATIONS(er_model_parse(text, &model, &err), er_model_free(model), "er_model_parse");
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "the model");
    const struct er_shape in = {9, 8, 3};
    T_ALLOCATIONS(er_net_new(model, in, 3, "hinge", &net, &err), er_net_free(net), "er_net_new");
    T_STATUS(er_net_new(model, in, 3, "hinge", &net, &err), ER_OK, "the net");
    er_model_free(model);
    T_ALLOCATIONS(er_plan_new(net, 5, &plan, &err), er_plan_free(plan), "er_plan_new");
    er_net_free(net);
    return t_done();
}
