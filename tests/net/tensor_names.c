/* Names of tensors: networks that PyTorch names in its ways, in the order in which the safetensors library
 * writes them (by type, then by name), against layers in the order of the model. */
#include "t.h"

#include "net/tensor_names.h"

enum { MOST = 64 };

/* Tensors written as "name 8,4,3,3; name 8; name" with the shapes behind the names; "name" alone is one
 * value. */
struct list {
    struct er_tensor tensor[MOST];
    int64_t n;
    char text[2000];
};

static void read_list(const char *text, struct list *out)
{
    out->n = 0;
    snprintf(out->text, sizeof out->text, "%s", text);
    for (char *save = NULL, *item = strtok_r(out->text, ";\n", &save); item;
         item = strtok_r(NULL, ";\n", &save)) {
        struct er_tensor *t = &out->tensor[out->n++];
        *t = (struct er_tensor){.type = ER_TENSOR_F32};
        char *at = NULL;
        t->name = strtok_r(item, " ", &at);
        for (char *size; (size = strtok_r(NULL, " ,", &at));) t->dim[t->rank++] = strtol(size, NULL, 10);
    }
}

/* "file names in the order of the wanted tensors", or the error. */
static enum er_status match(const char *want, const char *have, const char *order, char out[2000],
                            struct er_error *err)
{
    static struct list w, h;
    int64_t from[MOST];
    read_list(want, &w);
    read_list(have, &h);
    for (int64_t i = 0; i < MOST; i++) from[i] = -7;
    const enum er_status status = er_tensor_names_match(w.tensor, w.n, h.tensor, h.n, order, from, err);
    size_t used = 0;
    out[0] = '\0';
    for (int64_t i = 0; i < w.n && status == ER_OK; i++)
        used += (size_t)snprintf(out + used, 2000 - used, "%s%s", i ? " " : "", h.tensor[from[i]].name);
    if (status != ER_OK) T_EQ_INT(from[0], -7, "untouched on failure");
    return status;
}

static void matches(const char *want, const char *have, const char *order, const char *got, const char *what)
{
    struct er_error err;
    char names[2000];
    T_STATUS(match(want, have, order, names, &err), ER_OK, "%s", what);
    T_EQ_STR(names, got, "%s", what);
}

static void refuses(const char *want, const char *have, const char *order, enum er_status status,
                    const char *says, const char *what)
{
    struct er_error err;
    char names[2000];
    T_STATUS(match(want, have, order, names, &err), status, "%s", what);
    T_EQ_STR(err.msg, says, "%s", what);
}

#define MLP                                                                                                  \
    "layers.0.weight 8,4; layers.0.bias 8; layers.2.weight 8,8; layers.2.bias 8; layers.4.weight 8,8;"       \
    "layers.4.bias 8; layers.6.weight 3,8; layers.6.bias 3"

static void by_name(void)
{
    matches(MLP,
            "layers.0.bias 8; layers.0.weight 8,4; layers.2.bias 8; layers.2.weight 8,8; layers.4.bias 8;"
            "layers.4.weight 8,8; layers.6.bias 3; layers.6.weight 3,8",
            NULL,
            "layers.0.weight layers.0.bias layers.2.weight layers.2.bias layers.4.weight layers.4.bias "
            "layers.6.weight layers.6.bias",
            "our own names");
    matches("layers.0.weight 2,2", "layers.0.weight 2,2", "nothing of it", "layers.0.weight",
            "our own names go before an order");
    refuses("layers.0.weight 8,4; layers.0.bias 8", "layers.0.bias 8; layers.0.weight 4,8", NULL, ER_E_SHAPE,
            "layers.0.weight: the network has shape (8, 4), the file's \"layers.0.weight\" has (4, 8)",
            "our names, another shape");
    matches("layers.0.weight 2,2; layers.1.weight 2,2", "layers.1.weight 2,2; layers.3.weight 2,2", NULL,
            "layers.1.weight layers.3.weight", "a Sequential that happens to be called layers");
}

static void by_shape(void)
{
    matches(
        MLP,
        "0.bias 8; 0.weight 8,4; 10.bias 8; 10.weight 8,8; 12.bias 3; 12.weight 3,8; 2.bias 8; 2.weight 8,8",
        NULL, "0.weight 0.bias 2.weight 2.bias 10.weight 10.bias 12.weight 12.bias",
        "a Sequential: 2 comes before 10");
    matches(MLP,
            "fc1.bias 8; fc1.weight 8,4; fc2.bias 8; fc2.weight 8,8; fc3.bias 8; fc3.weight 8,8; head.bias 3;"
            "head.weight 3,8",
            NULL, "fc1.weight fc1.bias fc2.weight fc2.bias fc3.weight fc3.bias head.weight head.bias",
            "attributes with numbers");
    matches("layers.0.weight 6,1,5,5; layers.0.bias 6; layers.3.weight 16,6,5,5; layers.3.bias 16;"
            "layers.7.weight 120,256; layers.7.bias 120; layers.9.weight 84,120; layers.9.bias 84;"
            "layers.11.weight 10,84; layers.11.bias 10",
            "classifier.0.bias 120; classifier.0.weight 120,256; classifier.2.bias 84; classifier.2.weight "
            "84,120;"
            "classifier.4.bias 10; classifier.4.weight 10,84; features.0.bias 6; features.0.weight 6,1,5,5;"
            "features.3.bias 16; features.3.weight 16,6,5,5",
            NULL,
            "features.0.weight features.0.bias features.3.weight features.3.bias classifier.0.weight "
            "classifier.0.bias classifier.2.weight classifier.2.bias classifier.4.weight classifier.4.bias",
            "LeNet in two parts, the second first by name");
    matches("layers.0.weight 4,1,3,3; layers.1.weight 4; layers.1.bias 4; layers.1.running_mean 4;"
            "layers.1.running_var 4; layers.3.weight 4,4,3,3; layers.4.weight 4; layers.4.bias 4;"
            "layers.4.running_mean 4; layers.4.running_var 4",
            "module.1.num_batches_tracked; module.4.num_batches_tracked; module.0.weight 4,1,3,3; "
            "module.1.bias 4;"
            "module.1.running_mean 4; module.1.running_var 4; module.1.weight 4; module.3.weight 4,4,3,3;"
            "module.4.bias 4; module.4.running_mean 4; module.4.running_var 4; module.4.weight 4",
            NULL,
            "module.0.weight module.1.weight module.1.bias module.1.running_mean module.1.running_var "
            "module.3.weight module.4.weight module.4.bias module.4.running_mean module.4.running_var",
            "batch norm with its counts");
    matches("layers.0.weight 2,2; layers.1.weight 2,2; layers.2.weight 2,2; layers.3.weight 2,2",
            "b1.0.c2.weight 2,2; b1.0.c10.weight 2,2; b1.1.c1.weight 2,2; b0.7.c9.weight 2,2", NULL,
            "b0.7.c9.weight b1.0.c2.weight b1.0.c10.weight b1.1.c1.weight", "numbers from left to right");
    matches("layers.0.weight 2,2; layers.1.weight 2,2", "99999999999999999999.weight 2,2; 3.weight 2,2", NULL,
            "3.weight 99999999999999999999.weight", "a number beyond 64 bits");
    matches("layers.0.weight 3,2; layers.0.bias 3", "weight 3,2; bias 3", NULL, "weight bias",
            "a single Linear, whose names have no dots");
    matches("layers.0.weight 1", "g.weight 1", NULL, "g.weight", "one value");
}

static void refuse_shapes(void)
{
    refuses("layers.0.weight 2,2; layers.1.weight 2,2", "a.weight 2,2; b.weight 2,2", NULL, ER_E_INPUT,
            "layers.0 (weight (2, 2)) fits each of a, b, and their names do not say in which order they "
            "come; say "
            "which is which in a map of names",
            "words have no order");
    refuses("layers.0.weight 2,2; layers.1.weight 2,2", "fc1.weight 2,2; fc01.weight 2,2", NULL, ER_E_INPUT,
            "layers.0 (weight (2, 2)) fits each of fc01, fc1, and their names do not say in which order they "
            "come; "
            "say which is which in a map of names",
            "numbers that are equal");
    /* the first batch norm of a residual network, and those in its blocks */
    refuses("layers.0.weight 4,1,3,3; layers.1.weight 4; layers.4.weight 4,4,3,3; layers.5.weight 4",
            "bn1.weight 4; conv1.weight 4,1,3,3; layer1.0.bn1.weight 4; layer1.0.conv1.weight 4,4,3,3", NULL,
            ER_E_INPUT,
            "layers.1 (weight (4,)) fits each of bn1, layer1.0.bn1, and their names do not say in which "
            "order they "
            "come; say which is which in a map of names",
            "before or in a block");
    refuses("layers.0.weight 2,3; layers.1.weight 3,2", "0.weight 3,2; 1.weight 2,3", NULL, ER_E_INPUT,
            "by shape 0 is layers.1 and 1 is layers.0, against the order of their numbers; say which is "
            "which in a "
            "map of names",
            "numbers against shapes");
    refuses("layers.0.weight 2,3; layers.0.bias 2", "0.weight 2,3", NULL, ER_E_SHAPE,
            "layers.0 (weight (2, 3), bias (2,)): nothing in the file has these shapes", "a bias is missing");
    refuses("layers.0.weight 2,3", "0.weight 2,3; 0.bias 2", NULL, ER_E_SHAPE,
            "layers.0 (weight (2, 3)): nothing in the file has these shapes", "a bias too many");
    refuses("layers.0.weight 2,3", "0.weight 2,3,1", NULL, ER_E_SHAPE,
            "layers.0 (weight (2, 3)): nothing in the file has these shapes", "another rank");
    refuses("layers.0.weight 2,3", "0.kernel 2,3", NULL, ER_E_SHAPE,
            "layers.0 (weight (2, 3)): nothing in the file has these shapes", "another role");
    refuses("layers.0.weight 2,3", "0.weight 2,3; 1.scale 4", NULL, ER_E_SHAPE,
            "the network has no layer for 1 (scale (4,))", "a module too many");
    refuses("layers.0.weight 2,2; layers.3.weight 2,2", "0.weight 2,2; 1.weight 2,2; 2.weight 2,2", NULL,
            ER_E_SHAPE, "the network has 2 layers like layers.0 (weight (2, 2)), the file 3: 0, 1, 2",
            "three for two");
    refuses("layers.0.weight 2,2; layers.3.weight 2,2", "0.weight 2,2", NULL, ER_E_SHAPE,
            "the network has 2 layers like layers.0 (weight (2, 2)), the file 1: 0", "one for two");
    refuses("layers.0.weight 2,3", "", NULL, ER_E_SHAPE,
            "layers.0 (weight (2, 3)): nothing in the file has these shapes", "no tensors");
}

/* A long list is cut, and says by how much. */
static void many_candidates(void)
{
    char want[2000] = "", have[2000] = "", names[2000];
    struct er_error err;
    for (int i = 0; i < 40; i++) {
        const size_t w = strlen(want), h = strlen(have);
        snprintf(want + w, sizeof want - w, "layers.%d.weight 2,2;", i);
        snprintf(have + h, sizeof have - h, "module_%c%c.weight 2,2;", 'a' + i / 26, 'a' + i % 26);
    }
    T_STATUS(match(want, have, NULL, names, &err), ER_E_INPUT, "forty of a kind");
    T_OK(strstr(err.msg, "module_aa, module_ab, ") && strstr(err.msg, " more, and their names"), "%s",
         err.msg);
}

#define RESNET                                                                                               \
    "layers.0.weight 4,1,3,3; layers.1.weight 4; layers.1.bias 4; layers.4.weight 4,4,3,3; layers.5.weight " \
    "4;"                                                                                                     \
    "layers.5.bias 4; layers.7.weight 4,4,3,3; layers.8.weight 4; layers.8.bias 4"
#define RESNET_FILE                                                                                          \
    "bn1.bias 4; bn1.weight 4; conv1.weight 4,1,3,3; layer1.0.bn1.bias 4; layer1.0.bn1.weight 4;"            \
    "layer1.0.bn2.bias 4; layer1.0.bn2.weight 4; layer1.0.conv1.weight 4,4,3,3; layer1.0.conv2.weight "      \
    "4,4,3,3"
#define BLOCK                                                                                                \
    "layer1.0.conv1.weight\nlayer1.0.bn1.weight\nlayer1.0.bn1.bias\nlayer1.0.bn1.num_batches_tracked\n"      \
    "layer1.0.conv2.weight\nlayer1.0.bn2.weight\nlayer1.0.bn2.bias"

static void by_order(void)
{
    matches(RESNET, RESNET_FILE, "conv1.weight\nbn1.weight\nbn1.bias\n" BLOCK,
            "conv1.weight bn1.weight bn1.bias layer1.0.conv1.weight layer1.0.bn1.weight layer1.0.bn1.bias "
            "layer1.0.conv2.weight layer1.0.bn2.weight layer1.0.bn2.bias",
            "the order of state_dict()");
    matches("layers.0.weight 2,2; layers.1.weight 2,2", "1.weight 2,2; 2.weight 2,2", "2.weight\n1.weight\n",
            "2.weight 1.weight", "an order goes before numbers");
    refuses(RESNET, RESNET_FILE, "conv1.weight\n" BLOCK "\nbn1.weight\nbn1.bias", ER_E_SHAPE,
            "in the order of the file, layer1.0.conv1 (weight (4, 4, 3, 3)) has the place of layers.1 "
            "(weight (4,), "
            "bias (4,)), which it does not fit",
            "another order");
    refuses(RESNET, RESNET_FILE, "conv1.weight\nbn1.bias\n" BLOCK, ER_E_INPUT,
            "the note of names leaves out \"bn1.weight\"", "a name is missing");
    refuses(RESNET, RESNET_FILE, "conv1.weight\nconv1.weight\n", ER_E_INPUT,
            "the note of names lists \"conv1.weight\" twice", "a name twice");
    refuses(RESNET, RESNET_FILE, "conv1\n", ER_E_NOT_FOUND,
            "the note of names lists \"conv1\", which the file lacks", "the beginning of a name");
    refuses(RESNET, RESNET_FILE, "conv1.weights", ER_E_NOT_FOUND,
            "the note of names lists \"conv1.weights\", which the file lacks", "more than a name");
    refuses("layers.0.weight 2,2", "1.weight 2,2; 2.weight 2,2", "1.weight\n2.weight", ER_E_SHAPE,
            "the network has no layer for 2 (weight (2, 2)), nor for what follows it in the file",
            "too many");
    refuses("layers.0.weight 2,2; layers.1.weight 2,2", "2.weight 2,2", "2.weight", ER_E_SHAPE,
            "the file ends before layers.1 (weight (2, 2))", "too few");
}

/* Whatever the order of the file's tensors, the outcome is the same. */
static void any_order(void)
{
    static struct list w, h;
    int64_t from[MOST], wrong = 0;
    read_list(MLP, &w);
    read_list(
        "0.bias 8; 0.weight 8,4; 10.bias 8; 10.weight 8,8; 12.bias 3; 12.weight 3,8; 2.bias 8; 2.weight 8,8",
        &h);
    static const char *const want[] = {"0.weight",  "0.bias",  "2.weight",  "2.bias",
                                       "10.weight", "10.bias", "12.weight", "12.bias"};
    for (int turn = 0; turn < 8; turn++) {
        const struct er_tensor first = h.tensor[0];
        memmove(h.tensor, h.tensor + 1, (size_t)(h.n - 1) * sizeof first);
        h.tensor[h.n - 1] = first;
        wrong += er_tensor_names_match(w.tensor, w.n, h.tensor, h.n, NULL, from, NULL) != ER_OK;
        for (int i = 0; i < 8; i++) wrong += strcmp(h.tensor[from[i]].name, want[i]) != 0;
    }
    T_EQ_INT(wrong, 0, "differences over all rotations");
    T_ALLOCATIONS(er_tensor_names_match(w.tensor, w.n, h.tensor, h.n, NULL, from, NULL), (void)0,
                  "by shape survives failed allocations");
    const char *order = "0.weight\n0.bias\n2.weight\n2.bias\n10.weight\n10.bias\n12.weight\n12.bias";
    T_ALLOCATIONS(er_tensor_names_match(w.tensor, w.n, h.tensor, h.n, order, from, NULL), (void)0,
                  "by order survives failed allocations");
}

static void map(const char *text, enum er_status status, const char *says, int line, int column)
{
    static struct list w, h;
    int64_t from[MOST] = {-7};
    struct er_error err;
    size_t used = 0;
    char names[400] = "";
    read_list("layers.0.weight 3,2; layers.0.bias 3; layers.2.weight 2,2", &w);
    read_list("a.bias 3; a.weight 3,2; b.weight 2,2; c.weight 2,2; d.weight 2", &h);
    T_STATUS(er_tensor_names_map(text, "map.txt", w.tensor, w.n, h.tensor, h.n, from, &err), status, "%s",
             text);
    if (status == ER_OK) {
        for (int64_t i = 0; i < w.n; i++)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s ", h.tensor[from[i]].name);
        T_EQ_STR(names, says, "%s", text);
        T_ALLOCATIONS(er_tensor_names_map(text, NULL, w.tensor, w.n, h.tensor, h.n, from, NULL), (void)0,
                      "a map survives failed allocations");
        return;
    }
    T_EQ_STR(err.msg, says, "%s", text);
    T_EQ_STR(err.file, "map.txt", "names the map");
    T_OK(err.line == line && err.column == column, "%s: at %d:%d, not %d:%d", says, (int)err.line,
         (int)err.column, line, column);
    T_EQ_INT(from[0], -7, "untouched on failure");
}

static void maps(void)
{
    map("layers.0 a\nlayers.2 c\n", ER_OK, "a.weight a.bias c.weight ", 0, 0);
    map("# ours theirs\n\n  layers.2.weight\tb.weight # the second\r\nlayers.0.bias a.bias\nlayers.0.weight "
        "a.weight",
        ER_OK, "a.weight a.bias b.weight ", 0, 0);
    map("layers.0 a\n", ER_E_INPUT, "the map of names has no line for layers.2.weight", 0, 0);
    map("layers.0 a\nlayers.1 b\n", ER_E_NOT_FOUND, "\"layers.1\" is no layer or tensor of the network", 2,
        1);
    map("layers a\n", ER_E_NOT_FOUND, "\"layers\" is no layer or tensor of the network", 1, 1);
    map("layers.0 b\n", ER_E_SHAPE,
        "layers.0.weight of the network has shape (3, 2), \"b.weight\" of the file has (2, 2)", 1, 10);
    map("layers.2 d\n", ER_E_SHAPE,
        "layers.2.weight of the network has shape (2, 2), \"d.weight\" of the file has (2,)", 1, 10);
    map("layers.0 z\n", ER_E_NOT_FOUND, "the file has no weight of \"z\"", 1, 10);
    map("layers.2.weight c\n", ER_E_NOT_FOUND, "\"c\" is no tensor of the file", 1, 17);
    map("layers.0 a\n layers.0.bias a.bias\n", ER_E_INPUT, "\"layers.0.bias\" is mapped a second time", 2, 2);
    map("layers.0\n", ER_E_INPUT, "\"layers.0\" has no name of the file beside it", 1, 1);
    map("layers.0 # a\n", ER_E_INPUT, "\"layers.0\" has no name of the file beside it", 1, 1);
    map("layers.0 a b\n", ER_E_INPUT, "\"b\" is a third name in its line", 1, 12);
}

/* No tensor of the file is used twice. */
static void map_twice(void)
{
    static struct list w, h;
    int64_t from[MOST];
    struct er_error err;
    read_list("layers.0.weight 2,2; layers.1.weight 2,2", &w);
    read_list("a.weight 2,2", &h);
    T_STATUS(er_tensor_names_map("layers.0 a\nlayers.1 a", NULL, w.tensor, w.n, h.tensor, h.n, from, &err),
             ER_E_INPUT, "one for both");
    T_EQ_STR(err.msg, "\"a\" is taken a second time", "says which");
}

int main(void)
{
    by_name();
    by_shape();
    refuse_shapes();
    many_candidates();
    by_order();
    any_order();
    maps();
    map_twice();
    return t_done();
}
