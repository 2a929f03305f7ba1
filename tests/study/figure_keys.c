/* Figures' keys for medians, points, reference lines, sliders and histograms: what is read, and what is refused at
 * which place with which words. */
#include "support/study_text.h"
#include "t.h"

#include <ermine/study.h>

#define TWO                                                                                                  \
    "study: s\ndata: {name: mnist, train: [100, 200], test: 50}\nmodel: [dense]\ntrain: {epochs: [1, 2]}\n"

static void read(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n = 0;
    T_STATUS(study_parse(
                 TWO "figures:\n"
                     "- {x: data.train, y: test_error, points: [train_error, gap], statistic: median}\n"
                     "- {x: epoch, y: train_loss, at_x: 1.5, at_y: data.test, label: [N = n, 'yes, so'], "
                     "slider: data.train}\n"
                     "- {mark: histogram, y: gap, bins: 12, at_y: -1e-2, label: zero, slider: seed}\n"
                     "- {mark: bar, x: train.epochs, y: gap, at_y: 0}\n"
                     "- {mark: map, x: epoch, y: train_loss, regions: [train_error, test_error], contours: "
                     "test_loss, marks: seed, label: [low, lower]}\n"
                     "- {mark: strip, y: test_error, from: curves, colour: train.epochs, at_y: 0.9}\n",
                 &study, &err),
             ER_OK, "all keys");
    const struct er_figure *figure = study ? er_study_figures(study, &n) : NULL;
    T_EQ_INT(n, 6, "six figures");
    if (n == 6) {
        T_EQ_INT(figure[0].n_points, 2, "points");
        T_EQ_STR(figure[0].points[1], "gap", "in order");
        T_EQ_STR(figure[0].statistic, "median", "statistic");
        T_OK(!figure[0].at_x.drawn && !figure[0].at_y.drawn && !figure[0].slider && figure[0].bins == 0,
             "what is not said is not there");
        T_CLOSE(figure[1].at_x.at, 1.5, 0, "a number");
        T_CLOSE(figure[1].at_y.at, 50, 0, "a key that is one number");
        T_EQ_STR(figure[1].at_x.label, "N = n", "the first label");
        T_EQ_STR(figure[1].at_y.label, "yes, so", "the second");
        T_EQ_STR(figure[1].slider, "data.train", "slider");
        T_OK(!figure[2].x, "a histogram has no x");
        T_EQ_INT(figure[2].bins, 12, "bins");
        T_CLOSE(figure[2].at_y.at, -0.01, 0, "a value below 0");
        T_EQ_STR(figure[2].at_y.label, "zero", "its label");
        T_OK(!figure[3].at_y.label && figure[3].at_y.drawn, "a line without words");
        T_EQ_INT(figure[4].n_regions, 2, "regions");
        T_EQ_STR(figure[4].region[1], "test_error", "in order");
        T_EQ_STR(figure[4].region_label[0], "low", "what they are called");
        T_EQ_STR(figure[4].contours, "test_loss", "contours");
        T_EQ_STR(figure[4].marks, "seed", "marks");
        T_OK(!figure[5].x, "a strip has no x");
        T_EQ_STR(figure[5].from, "curves", "from");
    }
    er_study_free(study);
}

static const struct {
    const char *figure, *error;
} bad[] = {
    {"{x: epoch, y: train_loss, statistic: modus}",
     "s.yaml:5:48: figures.statistic: 'modus' is none of mean, median"},
    {"{x: epoch, y: train_loss, points: tset_loss}",
     "s.yaml:5:45: figures.points: there is no column tset_loss; did you mean test_loss?"},
    {"{x: epoch, y: train_loss, points: gap}", "s.yaml:5:45: figures.points: gap is a column of runs, epoch "
                                               "one of curves; a figure draws from one of them"},
    {"{x: data.train, y: gap, points: outcome}",
     "s.yaml:5:43: figures.points: outcome holds words, not numbers"},
    {"{x: data.train, y: gap, points: [gap]}", "s.yaml:5:44: figures.points: gap is in the list twice"},
    {"{mark: point, x: data.train, y: gap, points: test_error}",
     "s.yaml:5:48: figures.points: points lie over lines; use mark: line"},
    {"{x: data.train, y: gap, at_x: data.trian}", "s.yaml:5:41: figures.at_x: data.trian is neither a number "
                                                  "nor a key of the study that is one; did you mean "
                                                  "data.train?"},
    {"{x: data.train, y: gap, at_x: data.train}",
     "s.yaml:5:41: figures.at_x: data.train is not the same number in all runs of this study"},
    {"{x: data.train, y: gap, at_y: 1e}",
     "s.yaml:5:41: figures.at_y: 1e is neither a number nor a key of the study that is one"},
    {"{mark: bar, x: data.train, y: gap, at_x: 1}",
     "s.yaml:5:46: figures.at_x: only lines and points have numbers along x; at_y is a value of y"},
    {"{x: outcome, y: gap, at_x: 1}",
     "s.yaml:5:32: figures.at_x: the x axis has words and no place for a number"},
    {"{x: data.train, y: gap, label: chance}",
     "s.yaml:5:35: figures.label: there is no reference line; at_x or at_y draws one"},
    {"{x: data.train, y: gap, at_x: 1, at_y: 2, label: chance}",
     "s.yaml:5:60: figures.label: a list of two texts is expected, that of at_x and that of at_y"},
    {"{x: data.train, y: gap, at_y: 2, label: [a, b]}",
     "s.yaml:5:51: figures.label: one text is expected, for one line"},
    {"{x: data.train, y: gap, at_y: 2, label: 'a label that goes on and on, far beyond what anybody could "
     "read "
     "beside a line across a figure of some inches'}",
     "s.yaml:5:51: figures.label: 108 bytes; at most 100 stand at a line"},
    {"{x: data.train, y: gap, slider: train.epohcs}",
     "s.yaml:5:43: figures.slider: there is no column train.epohcs; did you mean train.epochs?"},
    {"{x: data.train, y: gap, slider: data.train}",
     "s.yaml:5:35: figures.slider: this column is along x already"},
    {"{x: data.train, y: gap, color: train.epochs, slider: train.epochs}",
     "s.yaml:5:56: figures.slider: this column is the colour already"},
    {"{mark: histogram, x: data.train, y: gap}",
     "s.yaml:5:29: figures.x: a histogram has counts along its other axis; leave x out"},
    {"{mark: histogram, y: gap, statistic: mean}",
     "s.yaml:5:37: figures.statistic: a histogram shows every value and averages none"},
    {"{mark: histogram}",
     "s.yaml:5:11: figures.y: this key is missing: the column along the y axis, or a list of columns"},
    {"{mark: histogram, y: gap, bins: 1}", "s.yaml:5:43: figures.bins: 1 is too small; the least is 2 bins"},
    {"{mark: histogram, y: gap, bins: 201}",
     "s.yaml:5:43: figures.bins: 201 is too large; the most is 200 bins"},
    {"{x: data.train, y: gap, bins: 10}",
     "s.yaml:5:35: figures.bins: only a histogram has bins; use mark: histogram"},
    {"{mark: strip, x: data.train, y: gap}",
     "s.yaml:5:25: figures.x: values lie along x here, in a row for each colour; leave x out"},
    {"{mark: ridgeline, y: gap, statistic: mean}",
     "s.yaml:5:37: figures.statistic: this mark shows every value and averages none"},
    {"{mark: strip, y: gap, from: curves}",
     "s.yaml:5:28: figures.y: gap is a column of runs, and the figure is drawn from curves"},
    {"{mark: strip, y: gap, from: rows}", "s.yaml:5:39: figures.from: 'rows' is none of runs, curves"},
    {"{mark: map, x: epoch, y: train_loss}",
     "s.yaml:5:11: figures: a map shows colour, regions or contours; this one has none of them"},
    {"{mark: map, x: epoch, y: [train_loss, test_loss], colour: train_error}",
     "s.yaml:5:33: figures.y: a map has one column along y"},
    {"{mark: map, x: epoch, y: train_loss, regions: train_error}",
     "s.yaml:5:48: figures.regions: two columns are expected"},
    {"{mark: map, x: epoch, y: train_loss, regions: [train_error, train_error]}",
     "s.yaml:5:71: figures.regions: train_error is in the list twice"},
    {"{mark: map, x: epoch, y: train_loss, regions: [train_error, test_error], colour: test_loss}",
     "s.yaml:5:48: figures.regions: colour fills the map already; leave one of them out"},
    {"{mark: map, x: epoch, y: train_loss, regions: [train_error, test_error], label: here}",
     "s.yaml:5:91: figures.label: a list of two texts is expected, one for each of the regions"},
    {"{mark: map, x: epoch, y: train_loss, colour: test_loss, y_scale: log}",
     "s.yaml:5:67: figures.y_scale: a map shows a plane, both of whose axes are linear"},
    {"{mark: map, x: epoch, y: train_loss, colour: test_loss, at_y: 1}",
     "s.yaml:5:67: figures.at_y: a map has no reference lines; contours are lines of one value"},
    {"{mark: map, x: data.train, y: train.epochs, contours: outcome}",
     "s.yaml:5:55: figures.contours: this column holds words, not numbers"},
    {"{mark: map, x: data.train, y: train.epochs, contours: gap, marks: epoch}",
     "s.yaml:5:77: figures.marks: epoch is a column of curves, gap one of runs; a figure draws from one of "
     "them"},
    {"{mark: point, x: data.train, y: gap, marks: seed}",
     "s.yaml:5:48: figures.marks: only a map has marks; use mark: map"},
    {"{mark: point, x: data.train, y: gap, colour: seed, colour_scale: log}",
     "s.yaml:5:62: figures.colour_scale: only the colours of a map have a scale; use mark: map"},
    {"{x: data.train, y: gap, bin: 10}", "s.yaml:5:35: figures.bin: no such key; did you mean bins?"},
};

static void refuse(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct er_study *study = NULL;
        struct er_error err = {0};
        char yaml[1024], text[1024];
        snprintf(yaml, sizeof yaml, TWO "figures: [%s]\n", bad[i].figure);
        T_OK(study_parse(yaml, &study, &err) == ER_E_INPUT && !study, "refused: %s", bad[i].figure);
        T_EQ_STR(er_error_text(&err, text, sizeof text), bad[i].error, "%s", bad[i].figure);
        er_study_free(study);
    }
}

/* A slider has at most ER_FIGURE_MAX_STEPS values, and together with colours so many series. */
static void limits(void)
{
    static const struct {
        const char *figure, *error;
        int steps;
        bool fits;
    } kind[] = {
        {"{x: epoch, y: train_loss, slider: data.train}", "", ER_FIGURE_MAX_STEPS, true},
        {"{x: epoch, y: train_loss, slider: data.train}",
         "figures.slider: data.train has more than the 100 values that a slider shows",
         ER_FIGURE_MAX_STEPS + 1, false},
        {"{x: epoch, y: [train_loss, test_loss], colour: train.epochs, slider: data.train}", "",
         ER_FIGURE_MAX_STEPS, true},
        {"{x: epoch, y: [train_loss, test_loss], points: [train_error, test_error], colour: train.epochs, "
         "slider: "
         "data.train}",
         "figures.slider: 1200 series at the 100 values of data.train together; a figure holds at most 1000",
         ER_FIGURE_MAX_STEPS, false}};
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        static char yaml[1 << 12];
        struct er_study *study = NULL;
        struct er_error err;
        size_t used =
            (size_t)snprintf(yaml, sizeof yaml, "study: s\nmodel: [dense]\ndata: {name: mnist, train: [");
        for (int k = 1; k <= kind[i].steps; k++)
            used += (size_t)snprintf(yaml + used, sizeof yaml - used, "%d,", k);
        snprintf(yaml + used - 1, sizeof yaml - used, "]}\ntrain: {epochs: [1, 2, 3]}\nfigures: [%s]\n",
                 kind[i].figure);
        T_STATUS(study_parse(yaml, &study, &err), kind[i].fits ? ER_OK : ER_E_LIMIT, "%s", kind[i].figure);
        T_EQ_STR(err.msg, kind[i].error, "message");
        er_study_free(study);
    }
}

int main(void)
{
    read();
    refuse();
    limits();
    return t_done();
}
