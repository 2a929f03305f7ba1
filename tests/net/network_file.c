/* Networks in files: every layer's numbers have a place there; written and read they have the same bits; they
 * lie as PyTorch's do; files that do not fit are refused by name. */
#include "t.h"

#include "net/network_tensors.h"
#include "support/scratch.h"

#include <ermine/networks.h>
#include <ermine/random.h>
#include <ermine/tensors.h>

enum { CLASSES = 3, ROWS = 5 };

static struct er_error err;
static char folder[64], path[128];

static const struct er_shape image = {4, 6, 2};

/* A net with numbers of its own, and what describes it. */
struct sample {
    struct er_network_description is;
    struct er_net *net;
    int64_t P, S;
    float *w, *statistics;
};

static bool open_sample(struct sample *s, const char *model, struct er_shape input, uint64_t seed)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 0));
    *s = (struct sample){.is = {model, input, CLASSES, "cross-entropy"}};
    T_STATUS(er_network_bind(&s->is, &s->net, &err), ER_OK, "%s", model);
    if (!s->net) return false;
    s->P = er_net_parameters(s->net);
    s->S = er_net_statistics(s->net);
    s->w = er_alloc(s->P, sizeof *s->w);
    s->statistics = er_alloc(s->S, sizeof *s->statistics);
    for (int64_t i = 0; i < s->P; i++) s->w[i] = (float)er_random_normal(&r);
    for (int64_t i = 0; i < s->S; i++) s->statistics[i] = 0.5f + (float)er_random_uniform(&r);
    return true;
}

static void close_sample(struct sample *s)
{
    er_free(s->w);
    er_free(s->statistics);
    er_net_free(s->net);
}

static enum er_status write_sample(const struct sample *s)
{
    return er_network_write(path, s->net, s->w, s->statistics, &s->is, &(struct er_tensor_note){"epoch", "7"},
                            1, &err);
}

static bool same_bits(const float *a, const float *b, int64_t n)
{
    return n == 0 || memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void comes_back(const char *model, struct er_shape input)
{
    struct sample s;
    struct er_tensors file = {0};
    struct er_network_description is = {0};
    struct er_net *again = NULL;
    if (!open_sample(&s, model, input, 3)) return;
    T_STATUS(write_sample(&s), ER_OK, "%s: written", model);
    T_STATUS(er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, &err), ER_OK, "%s: is a file", model);
    T_STATUS(er_network_describe(&file, &is, &err), ER_OK, "%s: describes itself", model);
    T_EQ_STR(is.model ? is.model : "", model, "by its model");
    T_STATUS(er_network_bind(&is, &again, &err), ER_OK, "%s: is bound again", model);
    float *w = er_alloc(s.P, sizeof *w), *statistics = er_alloc(s.S, sizeof *statistics);
    T_STATUS(er_network_read(&file, again, NULL, NULL, w, statistics, &err), ER_OK, "%s: read", model);
    T_OK(same_bits(w, s.w, s.P), "%s: all parameters to the bit", model);
    T_OK(same_bits(statistics, s.statistics, s.S), "%s: all statistics to the bit", model);
    T_EQ_STR(er_tensors_note(&file, "epoch"), "7", "%s: with its notes", model);
    er_free(w);
    er_free(statistics);
    er_net_free(again);
    er_tensors_clear(&file);
    close_sample(&s);
}

/* Every layer there is, one added tomorrow too, in a model that it fits: no part of a block is without a
 * name, and none has two. */
static void every_layer(void)
{
    struct er_layer_info info;
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        char model[200], argument[64] = "";
        for (int a = 0; a < info.n_arguments; a++)
            if (!info.argument[a].fallback || !info.argument[a].fallback[0]) strcat(argument, " 2");
        if (info.join)
            snprintf(model, sizeof model, "[%s: [identity, relu], flatten, dense]", info.name);
        else if (strcmp(info.name, "dropout") == 0)
            snprintf(model, sizeof model, "[dropout 0.5, flatten, dense]");
        else
            snprintf(model, sizeof model, "[%s%s, flatten, dense]", info.name, argument);
        struct er_model *parsed = NULL;
        struct er_net *net = NULL;
        struct er_network_tensors list = {0};
        T_STATUS(er_model_parse(model, &parsed, &err), ER_OK, "%s", model);
        if (parsed)
            T_STATUS(er_net_new(parsed, image, CLASSES, "cross-entropy", &net, &err), ER_OK, "%s", model);
        if (net) T_STATUS(er_network_tensors_new(net, &list, &err), ER_OK, "%s: has names", model);
        char *seen = net ? er_alloc(net->n_parameters + net->n_statistics, 1) : NULL;
        int64_t once = 0;
        for (int64_t t = 0; seen && t < list.n; t++) {
            const int64_t n = er_tensor_count(&list.tensor[t]);
            const int64_t at = list.place[t].at + (list.place[t].statistics ? net->n_parameters : 0);
            for (int64_t k = at; k < at + n; k++) once += !seen[k]++;
        }
        if (seen)
            T_EQ_INT(once, net->n_parameters + net->n_statistics, "%s: every number has one place", model);
        er_free(seen);
        er_network_tensors_clear(&list);
        er_net_free(net);
        er_model_free(parsed);
    }
}

static void round_trips(void)
{
    static const char *const model[] = {
        "[dense]",
        "[dense 7, relu, dense 5 init=ntk bias_scale=0.1, tanh, dense bias=false]",
        "[conv 4, relu, flatten, dense]",
        "[conv 4 3x5 groups=2 padding=circular bias=false, batch_norm, relu, conv 6 2x3 stride=2x1, flatten, "
        "dense]",
        "[conv 4, flatten, batch_norm, gain, layer_norm, dropout 0.5, conv 3 1x1, relu, dense]",
        "[layer_norm over=example, conv 3, layer_norm, batch_norm affine=false, flatten, dense 6, relu, "
        "dense]",
        "[conv 4, add: [[conv 4, batch_norm, relu, conv 4], identity, gain 0.5], flatten, dense]",
        "[conv 4, flatten, add: [layer_norm over=example, identity], dense]",
    };
    for (size_t i = 0; i < sizeof model / sizeof *model; i++) comes_back(model[i], image);
    comes_back("[concat: [[conv 4 1x1, batch_norm], conv 3, identity], lrn 5, batch_norm, flatten, dense]",
               image);
    comes_back("[dense 6, concat: [[dense 4, batch_norm], identity, dense 3], batch_norm, dense]", image);
    comes_back("[conv 1, flatten, concat: [dense 4, identity], dense]", image);
    comes_back("[dense 4, batch_norm, dense]", (struct er_shape){1, 1, 5});
}

static float value_at(const struct er_tensors *file, const char *name, int64_t i)
{
    const struct er_tensor *t = er_tensors_find(file, name);
    float value = NAN;
    if (t) memcpy(&value, t->bytes + i * (int64_t)sizeof value, sizeof value);
    return value;
}

/* The formulas of docs/networks.md, element by element. */
static void layout(void)
{
    struct sample s;
    struct er_tensors file = {0};
    bool conv = true, dense = true, norm = true;
    const int64_t O = 5, C = 2, H = 4, W = 6;
    if (!open_sample(&s, "[conv 5 2x3, flatten, batch_norm, dense 7, relu, dense]", image, 9)) return;
    T_STATUS(write_sample(&s), ER_OK, "written");
    T_STATUS(er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, &err), ER_OK, "read");
    for (int64_t o = 0; o < O; o++)
        for (int64_t c = 0; c < C; c++)
            for (int64_t p = 0; p < 6; p++)
                conv = conv &&
                       value_at(&file, "layers.0.weight", (o * C + c) * 6 + p) == s.w[(p * C + c) * O + o];
    T_OK(conv, "a kernel is (out, in, height, width)");
    const float *gamma = s.w + 6 * C * O + O, *dense_w = gamma + 2 * H * W * O, *mean = s.statistics;
    for (int64_t c = 0; c < O; c++)
        for (int64_t p = 0; p < H * W; p++) {
            const int64_t there = c * H * W + p, here = p * O + c;
            norm = norm && value_at(&file, "layers.2.weight", there) == gamma[here] &&
                   value_at(&file, "layers.2.bias", there) == gamma[H * W * O + here] &&
                   value_at(&file, "layers.2.running_mean", there) == mean[here] &&
                   value_at(&file, "layers.2.running_var", there) == mean[H * W * O + here];
            for (int64_t o = 0; o < 7; o++)
                dense = dense &&
                        value_at(&file, "layers.3.weight", o * H * W * O + there) == dense_w[here * 7 + o];
        }
    T_OK(norm, "a norm behind flatten has PyTorch's order of features");
    T_OK(dense, "a dense layer behind flatten has PyTorch's order of columns");
    const float *last = dense_w + H * W * O * 7 + 7;
    bool plain = true;
    for (int64_t o = 0; o < CLASSES; o++)
        for (int64_t i = 0; i < 7; i++)
            plain = plain && value_at(&file, "layers.5.weight", o * 7 + i) == last[i * CLASSES + o];
    T_OK(plain, "another dense layer is transposed");
    er_tensors_clear(&file);
    close_sample(&s);
}

/* Behind a concatenation a channel's number is the one it has there: PyTorch's cat([...], 1). */
static void joined(void)
{
    struct sample s;
    struct er_tensors file = {0};
    if (!open_sample(&s, "[concat: [conv 3 1x1, conv 2 1x1], conv 4 1x1, flatten, dense]", image, 9)) return;
    T_STATUS(write_sample(&s), ER_OK, "written");
    T_STATUS(er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, &err), ER_OK, "read");
    const int64_t C = image.channels;
    const float *w = s.w + (C + 1) * 3 + (C + 1) * 2;
    bool kernel = true, branch = true;
    for (int64_t o = 0; o < 4; o++)
        for (int64_t c = 0; c < 5; c++)
            kernel = kernel && value_at(&file, "layers.3.weight", o * 5 + c) == w[c * 4 + o];
    for (int64_t o = 0; o < 2; o++)
        for (int64_t c = 0; c < C; c++)
            branch = branch && value_at(&file, "layers.2.weight", o * C + c) == s.w[(C + 1) * 3 + c * 2 + o];
    T_OK(kernel && branch, "a kernel behind branches, and one of them");
    er_tensors_clear(&file);
    close_sample(&s);
}

static void refuses(const char *model, enum er_status status, const char *says)
{
    struct er_tensors file = {0};
    struct sample s;
    if (!open_sample(&s, model, (struct er_shape){1, 1, 5}, 4)) return;
    T_STATUS(er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, &err), ER_OK, "a file");
    T_STATUS(er_network_read(&file, s.net, NULL, NULL, s.w, s.statistics, &err), status, "%s", model);
    T_OK(strstr(err.msg, says), "%s: says \"%s\": %s", model, says, err.msg);
    er_tensors_clear(&file);
    close_sample(&s);
}

static void other_files(void)
{
    struct sample s;
    if (!open_sample(&s, "[dense 4, batch_norm, dense]", (struct er_shape){1, 1, 5}, 5)) return;
    T_STATUS(write_sample(&s), ER_OK, "written");
    refuses("[dense 6, batch_norm, dense]", ER_E_SHAPE, "(6, 5)");
    refuses("[dense 4, dense]", ER_E_SHAPE, "layers.1");
    refuses("[dense 4, batch_norm, dense 4, dense]", ER_E_SHAPE, "layers.");
    close_sample(&s);
}

static enum er_status describe(const char *input, const char *classes, struct er_network_description *out)
{
    const struct er_tensor_note note[] = {
        {"model", "[dense]"}, {"loss", "hinge"}, {"input", input}, {"classes", classes}};
    const struct er_tensors file = {
        .notes = classes ? 4 : 3, .note = (struct er_tensor_note *)note, .file = "a.safetensors"};
    return er_network_describe(&file, out, &err);
}

/* Numbers that are none are counted and their first tensor is named. */
static void not_finite(void)
{
    struct sample s;
    struct er_network_flaws flaws = {0};
    if (!open_sample(&s, "[conv 2, batch_norm, relu, flatten, dense]", image, 6)) return;
    T_STATUS(er_network_not_finite(s.net, s.w, s.statistics, &flaws, &err), ER_OK, "all finite");
    T_OK(flaws.n == 0 && !flaws.first[0], "so there are none");
    s.w[er_net_parameters(s.net) - 1] = INFINITY;
    s.statistics[2] = s.statistics[3] = NAN;
    T_STATUS(er_network_not_finite(s.net, s.w, s.statistics, &flaws, &err), ER_OK, "some are not");
    T_EQ_INT(flaws.n, 3, "three");
    T_EQ_STR(flaws.first, "layers.1.running_var", "of which the first lies here");
    T_ALLOCATIONS(er_network_not_finite(s.net, s.w, s.statistics, &flaws, &err), (void)0, "looking");
    close_sample(&s);
}

/* Some weights and 16 images of 2^32 values: refused before anything is allocated. */
static void large_batch(void)
{
    const struct er_network_description is = {
        "[conv 1048576 1, global_avg_pool, dense]", {64, 64, 1}, 2, "hinge"};
    struct er_net *net = NULL;
    struct er_network_measures got;
    struct er_dataset set = {.n = 16, .shape = is.input, .classes = 2};
    T_STATUS(er_network_bind(&is, &net, &err), ER_OK, "a large net");
    if (!net) return;
    float *w = er_alloc(er_net_parameters(net), sizeof *w);
    const struct er_network network = {.w = w};
    set.x = er_alloc(set.n * er_shape_size(set.shape), sizeof *set.x);
    set.label = er_alloc(set.n, sizeof *set.label);
    T_STATUS(er_network_measure(net, &network, &set, &got, &err), ER_E_NOMEM, "has no room");
    T_OK(strstr(err.msg, " available"), "as is said: %s", err.msg);
    er_dataset_clear(&set);
    er_free(w);
    er_net_free(net);
}

static void metadata(void)
{
    static const char *const wrong[] = {"",      "28",    "28x28",       "28x28x",    "28x28x1x", "28x28x1x1",
                                        "x28x1", "28xx1", "28 x 28 x 1", "28x28x1e0", "28X28X1",  "a28x28x1"};
    struct er_network_description is = {0};
    T_STATUS(describe("28x27x3", "10", &is), ER_OK, "a description");
    T_OK(is.input.height == 28 && is.input.width == 27 && is.input.channels == 3 && is.classes == 10,
         "with its numbers");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        T_STATUS(describe(wrong[i], "10", &is), ER_E_INPUT, "\"%s\" is no shape", wrong[i]);
    T_STATUS(describe("28x28x1", "ten", &is), ER_E_INPUT, "ten are no number");
    T_STATUS(describe("28x28x1", NULL, &is), ER_E_NOT_FOUND, "a missing text");
    T_EQ_STR(err.msg, "a.safetensors: its metadata have no \"classes\"", "is named");
    struct er_net *net = NULL;
    T_STATUS(describe("-3x28x1", "10", &is), ER_OK, "numbers are not looked at");
    T_STATUS(er_network_bind(&is, &net, &err), ER_E_SHAPE, "until the network is bound");
    T_STATUS(describe("28x28x1", "9223372036854775807", &is), ER_OK, "2^63 - 1 classes");
    T_STATUS(er_network_bind(&is, &net, &err), ER_E_SHAPE, "are no width of a layer");
    T_OK(strstr(err.msg, "9223372036854775807 classes, at most 2^24"), "and the bound is said: %s", err.msg);
    T_STATUS(describe("1x1x1", "16777217", &is), ER_OK, "2^24 + 1 classes");
    T_STATUS(er_network_bind(&is, &net, &err), ER_E_SHAPE, "are one too many");
    T_STATUS(describe("1x1x1", "16777216", &is), ER_OK, "2^24 classes");
    T_STATUS(er_network_bind(&is, &net, &err), ER_OK, "are not");
    er_net_free(net);
}

/* Layers whose channels are mixed with others' order have no place. */
static void no_place(void)
{
    static const char *const model[] = {
        "[conv 4, flatten, conv 3 3x3, dense]",        "[conv 4, flatten, conv 4 1x1 groups=2, dense]",
        "[conv 2, add: [flatten, dense 48], dense]",   "[conv 2, concat: [flatten, dense 3], dense]",
        "[conv 2, concat: [dense 3, flatten], dense]", "[conv 2, flatten, concat: [identity, relu], dense]",
    };
    for (size_t i = 0; i < sizeof model / sizeof *model; i++) {
        struct sample s;
        if (!open_sample(&s, model[i], image, 1)) continue;
        T_STATUS(er_network_check(s.net, &err), ER_E_UNSUPPORTED, "%s", model[i]);
        remove(path);
        T_STATUS(write_sample(&s), ER_E_UNSUPPORTED, "%s is not written", model[i]);
        T_OK(!fopen(path, "rb"), "and leaves no file");
        close_sample(&s);
    }
}

/* Loss and error are those of one batch of all, up to the order of a sum. */
static void measures(void)
{
    enum { N = 1200 };
    struct sample s;
    struct er_plan *plan = NULL;
    struct er_network_measures got = {0};
    if (!open_sample(&s, "[conv 2, batch_norm, relu, flatten, dense]", image, 6)) return;
    const int64_t d = er_shape_size(image);
    struct er_dataset set = {.n = N, .shape = image, .classes = CLASSES};
    struct er_random r = er_random_open(2, er_stream(ER_PURPOSE_TEST, 0));
    set.x = er_alloc(N * d, sizeof *set.x);
    set.label = er_alloc(N, sizeof *set.label);
    for (int64_t i = 0; i < N * d; i++) set.x[i] = (float)er_random_normal(&r);
    for (int64_t i = 0; i < N; i++) set.label[i] = (int32_t)er_random_below(&r, CLASSES);
    const struct er_network network = {.w = s.w, .statistics = s.statistics};
    T_STATUS(er_network_measure(s.net, &network, &set, &got, &err), ER_OK, "measured");
    T_STATUS(er_plan_new(s.net, N, &plan, &err), ER_OK, "one batch of all");
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    double loss;
    int64_t errors;
    er_plan_loss(plan, &network, set.x, set.label, &loss, &errors, scratch);
    T_EQ_INT(got.errors, errors, "wrong predictions");
    T_CLOSE(got.error, (double)errors / N, 0, "their share");
    /* each row's loss is a float32 forward pass in blocks of another size: sums of about 50 terms */
    T_CLOSE(got.loss, loss / N, 50 * 1.2e-7 * loss / N, "the mean loss");
    T_ALLOCATIONS(er_network_measure(s.net, &network, &set, &got, &err), (void)0, "measuring");
    set.label[7] = CLASSES;
    T_STATUS(er_network_measure(s.net, &network, &set, &got, &err), ER_E_INPUT, "a label beyond the classes");
    set.classes++;
    T_STATUS(er_network_measure(s.net, &network, &set, &got, &err), ER_E_SHAPE, "another number of classes");
    set.shape.width++;
    T_STATUS(er_network_measure(s.net, &network, &set, &got, &err), ER_E_SHAPE, "another shape");
    set.n = 0;
    T_STATUS(er_network_measure(s.net, &network, &set, &got, &err), ER_E_USAGE, "no examples");
    er_free(scratch);
    er_plan_free(plan);
    er_dataset_clear(&set);
    close_sample(&s);
}

static void allocations(void)
{
    struct sample s;
    struct er_tensors file = {0};
    if (!open_sample(&s, "[conv 2, batch_norm, relu, flatten, dense]", image, 8)) return;
    T_ALLOCATIONS(write_sample(&s), (void)0, "writing");
    T_STATUS(er_tensors_read(path, ER_NETWORK_FILE_MOST, &file, &err), ER_OK, "read");
    T_ALLOCATIONS(er_network_read(&file, s.net, NULL, NULL, s.w, s.statistics, &err), (void)0, "reading");
    struct er_net *net = NULL;
    T_ALLOCATIONS(er_network_bind(&s.is, &net, &err), er_net_free(net), "binding");
    er_tensors_clear(&file);
    close_sample(&s);
}

int main(void)
{
    if (!scratch_make(folder)) return 1;
    snprintf(path, sizeof path, "%s/n.safetensors", folder);
    every_layer();
    round_trips();
    layout();
    joined();
    other_files();
    metadata();
    not_finite();
    large_batch();
    no_place();
    measures();
    allocations();
    scratch_remove(folder);
    return t_done();
}
