/* Images that are changed, and what measures make of them; margins and Jacobians inside a network, from written-out products. */
#include "t.h"

#include "measures/image_transform.h"
#include "support/measured_net.h"

enum { SIDE = 8, CHANNELS = 3, SIZE = SIDE * SIDE * CHANNELS };

static bool open_images(struct measured_net *m, const char *text, int64_t channels, int64_t classes,
                        int64_t n)
{
    return measured_net_open(m, text, "cross-entropy", (struct er_shape){SIDE, SIDE, channels}, classes, n);
}

/* A set whose pixels fill [0, 1] in each channel. */
static void fill(struct er_dataset *set)
{
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 9));
    for (int64_t i = 0; i < set->n * SIZE; i++) set->x[i] = (float)er_random_uniform(&r);
    for (int c = 0; c < CHANNELS; c++) {
        set->x[c] = 0;
        set->x[CHANNELS + c] = 1;
    }
}

static void apply(const struct er_image_scale *s, int which, const float *in, float *out)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, (uint64_t)which));
    memcpy(out, in, SIZE * sizeof *out);
    if (which == 0) er_image_flip(s, out);
    if (which == 1) er_image_brightness(s, .5, out);
    if (which == 2) er_image_saturation(s, 1.4, out);
    if (which == 3) er_image_crop(s, .75, out);
    if (which == 4) er_image_erase(s, &r, out);
    if (which == 5) er_image_sobel(s, in, out);
    if (which == 6) er_image_zoom(s, .7, in, out);
}

/* Of a set that was standardised per channel it is what standardising makes of the changed raw image. */
static void check_scale(void)
{
    const float mean[] = {.3f, -.2f, .5f}, deviation[] = {.25f, 2, .5f};
    struct measured_net m;
    struct er_error err = {0};
    struct er_image_scale raw = {.black = NULL}, own = {.black = NULL};
    if (open_images(&m, "[flatten, dense]", CHANNELS, 2, 3)) {
        fill(&m.train);
        T_STATUS(er_image_scale_of(&m.train, &raw, &err), ER_OK, "raw");
        T_OK(raw.black[1] == 0 && raw.unit[2] == 1, "pixels in [0, 1]");
        float want[7][SIZE], got[SIZE];
        for (int t = 0; t < 7; t++) apply(&raw, t, m.train.x + SIZE, want[t]);
        for (int i = 0; i < 3 * SIZE; i++) m.train.x[i] = (m.train.x[i] - mean[i % 3]) / deviation[i % 3];
        T_STATUS(er_image_scale_of(&m.train, &own, &err), ER_OK, "standardised");
        for (int t = 0; t < 7; t++) {
            double most = 0;
            apply(&own, t, m.train.x + SIZE, got);
            for (int i = 0; i < SIZE; i++)
                most = fmax(most, fabs((double)(want[t][i] - mean[i % 3]) / (double)deviation[i % 3] -
                                       (double)got[i]));
            T_CLOSE(most, 0, 1e-5, "change %d", t); /* float32 of values up to 8, some twenty roundings */
        }
        er_image_scale_clear(&own);
        T_ALLOCATIONS(er_image_scale_of(&m.train, &own, &err), er_image_scale_clear(&own), "scale");
        m.train.shape = (struct er_shape){1, 1, SIZE};
        T_STATUS(er_image_scale_of(&m.train, &own, &err), ER_E_UNSUPPORTED, "a table");
    }
    er_image_scale_clear(&raw);
    measured_net_close(&m);
}

/* Each change by what it is. */
static void check_changes(void)
{
    double black[] = {0, 0, 0}, unit[] = {1, 1, 1};
    const struct er_image_scale s = {{SIDE, SIDE, CHANNELS}, black, unit};
    float in[SIZE], out[SIZE], again[SIZE];
    int wrong = 0;
    for (int i = 0; i < SIZE; i++) {
        const int y = i / 3 / SIDE, x = i / 3 % SIDE;
        in[i] = .1f + .1f * (float)y - .01f * (float)x;
    }
    apply(&s, 0, in, out);
    apply(&s, 0, out, again);
    for (int i = 0; i < SIZE; i++) wrong += again[i] != in[i];
    T_EQ_INT(wrong, 0, "mirrored twice is as before");
    T_OK(out[0] == in[(SIDE - 1) * 3], "left is right");
    apply(&s, 5, in, out); /* 8 times the slope of rows, 0.1, and 0 where the mirror makes rows equal */
    T_CLOSE(out[3 * (SIDE + 1)], .5 + .8 / 4, 1e-6, "a ramp's gradient");
    T_CLOSE(out[0], .5, 1e-6, "none at the border");
    apply(&s, 3, in, out);
    for (int i = 0; i < SIZE; i++) {
        const int y = i / 3 / SIDE, x = i / 3 % SIDE;
        const bool middle = y >= 1 && y < SIDE - 1 && x >= 1 && x < SIDE - 1;
        wrong += middle ? out[i] != in[i] : out[i] != 0;
    }
    T_EQ_INT(wrong, 0, "a black frame");
    er_image_zoom(&s, 1, in, out);
    for (int i = 0; i < SIZE; i++) wrong += fabsf(out[i] - in[i]) > 1e-6f;
    T_EQ_INT(wrong, 0, "all of an image is the image");
    er_image_zoom(&s, .5, in, out); /* bilinear is exact on a ramp: 3.5 + (y - 3.5) / 2 */
    for (int i = 0; i < SIZE; i++) {
        const int row = i / 3 / SIDE, column = i / 3 % SIDE;
        const double y = 3.5 + (row - 3.5) / 2, x = 3.5 + (column - 3.5) / 2;
        wrong += fabs((double)out[i] - (.1 + .1 * y - .01 * x)) > 1e-6;
    }
    T_EQ_INT(wrong, 0, "a ramp, twice as large");
    float pixel[SIZE] = {.8f, .4f, .2f};
    er_image_saturation(&s, .5, pixel);
    T_OK(fabsf(pixel[0] - .8f) + fabsf(pixel[1] - .6f) + fabsf(pixel[2] - .5f) < 1e-6f, "half as saturated");
    er_image_saturation(&s, 100, pixel);
    T_OK(fabsf(pixel[0] - .8f) + fabsf(pixel[1] - .8f / 3) + fabsf(pixel[2]) < 1e-6f,
         "saturated: one channel at 0");
    for (uint64_t k = 0; k < 50; k++) {
        struct er_random r = er_random_open(k, er_stream(ER_PURPOSE_TEST, 1));
        int erased = 0;
        for (int i = 0; i < SIZE; i++) out[i] = 1;
        er_image_erase(&s, &r, out);
        for (int i = 0; i < SIZE; i += 3) erased += out[i] == 0;
        /* sides are rounded to pixels: by half of one each */
        T_OK(erased >= 1 && erased <= .4 * SIDE * SIDE + SIDE + 1, "erased: %d of %d", erased, SIDE * SIDE);
    }
}

/* Left less right decides; the images are bright on the side of their class. */
static void check_robustness(void)
{
    enum { M = 20, PIXELS = SIDE * SIDE };
    struct measured_net m;
    if (open_images(&m, "[flatten, dense bias=false]", 1, 2, M)) {
        for (int p = 0; p < PIXELS; p++) {
            m.w[2 * p] = p % SIDE < SIDE / 2 ? .5f : -.5f;
            m.w[2 * p + 1] = -m.w[2 * p];
        }
        for (int i = 0; i < M * PIXELS; i++) {
            m.train.label[i / PIXELS] = i / PIXELS % 2;
            m.train.x[i] = (float)(i / PIXELS % 2 == (i % SIDE >= SIDE / 2));
        }
        /* z_0 - z_1 = 32 of 64 pixels. The mirrors change the class, 6 + 12; Sobel's vertical part is 0: all is 1/2, which
         * is class 0 with probability 1/2: half of the images change, 3, the others lose a half. The rest loses less
         * than 1e-3 where it does not change the class, which an erased rectangle never does: it darkens. */
        const double value = measured_net_value(&m.is, "augmentation_robustness", 2);
        T_OK(value >= 18 + 1.75 - 1e-9 && value < 18 + 1.75 + .5, "penalties: %g", value);
        for (int64_t p = 0; p < m.P; p++) m.w[p] = 0;
        T_CLOSE(measured_net_value(&m.is, "augmentation_robustness", 1), 0, 1e-15,
                "nothing changes what is constant");
    }
    measured_net_close(&m);
}

/* h = x: (W_0 - W_1) x over |W_0 - W_1|, W = (1, 0; -1, 0.5); two examples as far on their sides. */
static void check_c41_margin_distance(void)
{
    const float identity[] = {1, 0, 0, 1}, w[] = {1, -1, 0, .5f}, x[] = {2, 1, -1, 3};
    const double distance = 1.6977493753, spread = sqrt((2.25 + 1) / 2);
    struct measured_net m;
    if (measured_net_open(&m, "[dense 2 bias=false, dense bias=false]", "cross-entropy",
                          (struct er_shape){1, 1, 2}, 2, 2)) {
        memcpy(m.train.x, x, sizeof x);
        memcpy(m.w, identity, sizeof identity);
        memcpy(m.w + 4, w, sizeof w);
        m.train.label[0] = 0;
        m.train.label[1] = 1;
        /* two terms of 1e-7 in the definition, and float32 */
        T_CLOSE(measured_net_value(&m.is, "margin_summary", 1), -distance / spread, 1e-6,
                "two on the right side");
        T_CLOSE(measured_net_value(&m.is, "mixup_margin", 1), -distance / spread, 1e-6,
                "each mixed with itself");
        m.train.label[1] = 0;
        T_CLOSE(measured_net_value(&m.is, "margin_summary", 1), 0, 1e-6, "one on the wrong side");
        memset(m.w + 4, 0, sizeof w);
        struct er_error err = {0};
        struct er_measured_run *run = NULL;
        double value = -7;
        T_STATUS(er_measured_run_new(&m.is, NULL, &run, &err), ER_OK, "a run");
        T_STATUS(er_measure_compute(er_measure_find("margin_summary"), run, &value, &err), ER_E_UNSUPPORTED,
                 "outputs that depend on nothing");
        er_measured_run_free(run);
    }
    measured_net_close(&m);
}

/* Of 20 coordinates the one that varies least and the one that varies most are left out: what is left has variance 1. */
static void check_trimmed_spread(void)
{
    enum { D = 20 };
    struct measured_net m;
    if (measured_net_open(&m, "[dense 20 bias=false, dense bias=false]", "cross-entropy",
                          (struct er_shape){1, 1, D}, 2, 2)) {
        memset(m.w, 0, (size_t)m.P * sizeof *m.w);
        for (int j = 0; j < D; j++) m.w[j * D + j] = 1;
        m.w[D * D + 2 * 1] = 1; /* class 0 by the second coordinate alone, at distance 1 of the border */
        for (int i = 0; i < 2; i++) {
            m.train.label[i] = i;
            for (int j = 0; j < D; j++)
                m.train.x[i * D + j] = (i ? -1.f : 1.f) * (j == 0 ? 0.f : j == D - 1 ? 100.f : 1.f);
        }
        T_CLOSE(measured_net_value(&m.is, "margin_summary", 1), -1, 1e-6, "trimmed at both ends");
    }
    measured_net_close(&m);
}

/* V diag(u > 0) U, at each example, from the matrices. */
static void check_jacobian(void)
{
    enum { D = 4, H = 6, K = 3, M = 25 };
    struct measured_net m;
    if (measured_net_open(&m, "[dense 6, relu, dense]", "cross-entropy", (struct er_shape){1, 1, D}, K, M)) {
        const float *U = m.w, *b = m.w + D * H, *V = b + H;
        double sum = 0;
        for (int i = 0; i < M; i++) {
            double input = 0, hidden = 0;
            bool on[H];
            for (int j = 0; j < H; j++) {
                double u = (double)b[j];
                for (int k = 0; k < D; k++) u += (double)m.train.x[i * D + k] * (double)U[k * H + j];
                on[j] = u > 0;
            }
            for (int o = 0; o < K; o++)
                for (int k = 0; k < D; k++) {
                    double J = 0;
                    for (int j = 0; j < H; j++) J += on[j] ? (double)U[k * H + j] * (double)V[j * K + o] : 0;
                    input += J * J;
                }
            for (int j = 0; j < H * K; j++) hidden += (double)V[j] * (double)V[j]; /* behind relu: V itself */
            sum += (sqrt(input) + sqrt(hidden)) / (2 * M);
        }
        T_CLOSE(measured_net_value(&m.is, "jacobian_norm", 3), sum, 1e-6 * sum, "Jacobian");
    }
    measured_net_close(&m);
}

/* What is drawn is drawn by the seed; margins of all examples do not depend on their order. */
static void check_seeds(void)
{
    struct measured_net m;
    if (open_images(&m, "[conv 3 3x3, relu, max_pool 2, flatten, dense]", CHANNELS, 3, 40)) {
        const char *const name[] = {"augment_margin", "margin_summary", "augmentation_robustness"};
        double first[3];
        for (int i = 0; i < 3; i++) first[i] = measured_net_value(&m.is, name[i], 1);
        m.is.seed = 11;
        T_OK(measured_net_value(&m.is, name[0], 2) != first[0], "other changes");
        T_CLOSE(measured_net_value(&m.is, name[1], 2), first[1], 1e-6 * fabs(first[1]), "no changes");
        T_OK(measured_net_value(&m.is, name[2], 2) != first[2], "other rectangles");
        T_OK(fabs(first[0] - first[1]) > 1e-4, "changes matter");
    }
    measured_net_close(&m);
}

int main(void)
{
    check_scale();
    check_changes();
    check_robustness();
    check_c41_margin_distance();
    check_trimmed_spread();
    check_jacobian();
    check_seeds();
    return t_done();
}
