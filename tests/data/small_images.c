/* Whole specifications on real images: 14 x 14 MNIST with one scale, parities, random signs, wrong labels, and
 * the same as a regression. */
#include "t.h"

#include "support/places.h"

#include <ermine/regression.h>

static struct er_error err;

static struct er_split open_spec(const struct er_data_spec *spec)
{
    struct er_split split = {0};
    T_STATUS(er_data_open(spec, places_here(), &split, &err), ER_OK, "mnist");
    return split;
}

static struct er_data_spec mnist(int64_t train, int64_t test)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "mnist";
    spec.train = train;
    spec.test = test;
    spec.first = true;
    return spec;
}

static void moments(const struct er_dataset *set, double *mean, double *std)
{
    const int64_t size = set->n * er_shape_size(set->shape);
    double sum = 0, square = 0;
    for (int64_t j = 0; j < size; j++) sum += (double)set->x[j];
    *mean = sum / (double)size;
    for (int64_t j = 0; j < size; j++) square += ((double)set->x[j] - *mean) * ((double)set->x[j] - *mean);
    *std = sqrt(square / (double)size);
}

/* float32 has an epsilon of 1.2e-7, and values of up to 3 or so are rounded once. */
static void check_pooled(void)
{
    struct er_data_spec spec = mnist(1000, 500);
    struct er_split raw = open_spec(&spec);
    spec.pool = 2;
    struct er_split pooled = open_spec(&spec);
    spec.standardise = ER_STANDARDISE_SET;
    struct er_split small = open_spec(&spec);
    if (small.train.n != 1000 || pooled.train.n != 1000 || raw.train.n != 1000) return;
    double raw_mean, mean, std, deviation, none;
    moments(&raw.train, &raw_mean, &none);
    moments(&pooled.train, &mean, &deviation);
    T_OK(pooled.train.shape.height == 14 && pooled.train.shape.width == 14, "14 x 14");
    T_CLOSE(mean, raw_mean, 1e-7, "pooling keeps the mean");
    moments(&small.train, &none, &std);
    T_CLOSE(none, 0, 1e-6, "one scale: mean of all training pixels");
    T_CLOSE(std, 1, 1e-6, "and deviation");
    double off = 0;
    for (int64_t j = 0; j < 500 * 14 * 14; j++)
        off = fmax(off, fabs((double)small.test.x[j] - ((double)pooled.test.x[j] - mean) / deviation));
    T_CLOSE(off, 0, 1e-6, "the test set by the same two numbers");
    moments(&small.test, &none, &std);
    T_OK(fabs(none) > 1e-3, "which are not its own");
    T_EQ_STR(raw.checksum, small.checksum, "the checksum is the set's");
    er_split_clear(&raw);
    er_split_clear(&pooled);
    er_split_clear(&small);
}

static void check_parity(void)
{
    struct er_data_spec spec = mnist(2000, 300);
    struct er_split digits = open_spec(&spec);
    spec.task = ER_TASK_PARITY;
    struct er_split odd = open_spec(&spec);
    spec.condition = ER_CONDITION_RANDOM_LABELS;
    struct er_split signs = open_spec(&spec);
    if (digits.train.n != 2000 || odd.train.n != 2000 || signs.train.n != 2000) return;
    int wrong = 0, ones = 0;
    for (int i = 0; i < 2000; i++) {
        wrong += odd.train.label[i] != digits.train.label[i] % 2;
        ones += signs.train.label[i];
    }
    for (int i = 0; i < 300; i++) {
        wrong += odd.test.label[i] != digits.test.label[i] % 2;
        wrong += signs.test.label[i] != digits.test.label[i] % 2;
    }
    T_EQ_INT(wrong, 0, "odd digits are 1, even ones 0, in both parts");
    T_OK(odd.train.classes == 2 && odd.test.classes == 2 && odd.changed_labels == 0, "two classes");
    T_CLOSE(ones / 2000.0, 0.5, 5 * 0.5 / sqrt(2000), "random signs: as many ones");
    T_CLOSE((double)signs.changed_labels / 2000, 0.5, 5 * 0.5 / sqrt(2000), "half of them changed");
    er_split_clear(&digits);
    er_split_clear(&odd);
    er_split_clear(&signs);
}

/* The whole set: a share p of the labels is wrong when the draw is, 0.9 p when it is from all. */
static void check_corrupted(void)
{
    struct er_data_spec spec = mnist(0, 1);
    spec.corrupt = 0.2;
    struct er_split all = open_spec(&spec);
    spec.draw = ER_DRAW_WRONG;
    struct er_split wrong = open_spec(&spec);
    const double n = (double)all.train.n;
    T_CLOSE((double)all.changed_labels / n, 0.18, 5 * sqrt(0.18 * 0.82 / n), "from all classes");
    T_CLOSE((double)wrong.changed_labels / n, 0.2, 5 * sqrt(0.2 * 0.8 / n), "from the wrong ones");
    er_split_clear(&all);
    er_split_clear(&wrong);
    spec.corrupt = 0;
    spec.condition = ER_CONDITION_RANDOM_LABELS;
    T_STATUS(er_data_open(&spec, places_here(), &all, &err), ER_E_USAGE, "random labels are drawn from all");
}

static void check_regression(void)
{
    struct er_data_spec spec = mnist(50, 20);
    struct er_regression_split s = {0};
    spec.crop = 24;
    spec.pool = 4;
    spec.standardise = ER_STANDARDISE_SET;
    struct er_split split = open_spec(&spec);
    T_STATUS(er_regression_open(&spec, places_here(), &s, &err), ER_OK, "as a regression");
    T_OK(s.train.d == 36 && s.train.k == 10 && s.train.n == 50 && s.test.n == 20,
         "6 x 6 pixels, ten columns");
    int wrong = 0;
    for (int64_t j = 0; j < 20 * s.test.d; j++) wrong += s.test.x[j] != (double)split.test.x[j];
    for (int64_t i = 0; i < s.test.n; i++) wrong += s.test.y[i * 10 + split.test.label[i]] != 1;
    T_EQ_INT(wrong, 0, "the same examples");
    T_OK(isnan(s.noise) && !s.theta && s.y_name[0] == '\0' && s.x_name[0] == '\0', "nothing else is known");
    er_split_clear(&split);
    er_regression_split_clear(&s);
}

int main(void)
{
    if (!places_have("mnist")) T_SKIP("mnist is not on this machine");
    check_pooled();
    check_parity();
    check_corrupted();
    check_regression();
    return t_done();
}
