/* What is wrong with a study is said with its place, the key's path, the bound and the nearest word. */
#include "support/study_text.h"
#include "t.h"

#define GOOD "study: s\ndata: {name: mnist}\nmodel: [dense]\n"
#define TWO  "study: s\ndata: {name: mnist, train: [1, 2, 3]}\nmodel: [dense]\ntrain: {epochs: [1, 2]}\n"

#define NO_NAME " is not a name: up to 100 of a-z, A-Z, 0-9, '-', '_' and '.', the first a letter or digit"

static const struct {
    const char *yaml, *error;
} bad[] = {
    /* keys */
    {GOOD "train: {sgd: {rte: 0.1}}",
     "s.yaml:4:15: train.sgd.rte: no such key; did you mean train.sgd.rate?"},
    {GOOD "train: {rate: 0.1}", "s.yaml:4:9: train.rate: no such key; did you mean train.sgd.rate?"},
    {GOOD "train: {qqqqqq: 1}", "s.yaml:4:9: train.qqqqqq: no such key"},
    {GOOD "trian: {}", "s.yaml:4:1: trian: no such key; did you mean train?"},
    {GOOD "x.y: 1", "s.yaml:4:1: x.y: no such key; a path is written as maps in maps, a: {b: 1}"},
    {GOOD, "s.yaml:1:1: the study says no experiment; it needs one of the keys: train, minima, matched, "
           "posterior, slice, connect, stability, lazy, wide, linearise, lottery, forgetting, regress, "
           "kernel, kernel-selection, kernel-regression, max-margin, sparse, factorise, recover, unbounded, "
           "tensor, noise, memorise, select, rademacher, rank, pac-bayes"},
    {"data: {name: mnist}\ntrain: {}", "s.yaml:1:1: study: this key is missing: the study's name: of a-z, "
                                       "A-Z, 0-9, '-', '_' and '.', the first a letter or digit"},
    {"study: s\ntrain: {}\ndata: {name: mnist}",
     "s.yaml:1:1: model: this key is missing: the layers, as "
     "[dense 512, relu, dense], or a preset, as mlp 512 depth=2; a list of models is an axis"},
    {"study: a b\ntrain: {}", "s.yaml:1:8: study: 'a b'" NO_NAME},
    {"study: ..\ntrain: {}", "s.yaml:1:8: study: '..'" NO_NAME},
    {"study: -x\ntrain: {}", "s.yaml:1:8: study: '-x'" NO_NAME},
    {"study: \xc3\xbc\ntrain: {}", "s.yaml:1:8: study: '\xc3\xbc'" NO_NAME},

    /* values */
    {GOOD "train: {sgd: {rate: 1,5}}",
     "s.yaml:4:23: train.sgd.5: no such key; a comma begins the next key, a decimal point is '.'"},
    {GOOD "train:\n  sgd:\n    rate: 1,5", "s.yaml:6:11: train.sgd.rate: '1,5' is not a number"},
    {GOOD "train: {sgd: {rate: 0.1x}}", "s.yaml:4:21: train.sgd.rate: '0.1x' is not a number"},
    {GOOD "train: {epochs: 1e3}", "s.yaml:4:17: train.epochs: '1e3' is not an integer"},
    {GOOD "train: {epochs: 0}", "s.yaml:4:17: train.epochs: 0 is too small; the least is 1 epoch"},
    {GOOD "train: {epochs: 9223372036854775808}",
     "s.yaml:4:17: train.epochs: 9223372036854775808 is too large; the most is 1000000000000000 epochs"},
    {GOOD "train: {sgd: {rate: 1e400}}",
     "s.yaml:4:21: train.sgd.rate: 1e400 is too large; the most is 1000000000"},
    {GOOD "train: {sgd: {rate: -1e400}}", "s.yaml:4:21: train.sgd.rate: -1e400 is too small; the least is 0"},
    {GOOD "train: {sgd: {rate: inf}}", "s.yaml:4:21: train.sgd.rate: 'inf' is not a number"},
    {"study: s\ndata: {file: ''}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:14: data.file: the path of a file is expected, this is empty"},
    {GOOD "train: {until: {train_error: 1.5}}",
     "s.yaml:4:30: train.until.train_error: 1.5 is too large; the most is 1"},
    {GOOD "train: {epochs: }", "s.yaml:4:17: train.epochs: its value is missing"},
    {GOOD "train: {epochs: {a: 1}}", "s.yaml:4:17: train.epochs: one value is expected, this is a map"},
    {GOOD "train: {epochs: [1, [2]]}", "s.yaml:4:21: train.epochs: one value is expected, this is a list"},
    {GOOD "train: {sgd: {nesterov: yes}}", "s.yaml:4:25: train.sgd.nesterov: 'yes' is not true or false"},
    {GOOD "train: {loss: cross-entopy}", "s.yaml:4:15: train.loss: 'cross-entopy' is none of cross-entropy, "
                                         "mean-squared, logistic, hinge; did you "
                                         "mean cross-entropy?"},
    {GOOD "train:", "s.yaml:4:7: train: its keys are missing; write {} to take all defaults"},
    {GOOD "train: sgd", "s.yaml:4:8: train: a map of keys is expected, this is a text"},
    {"study: s\ndata: {name: 'a\tb'}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:14: data.name: a text of more than one line, or with a tab in it"},

    {GOOD "train: {}\nmeasures: [paramter_count]", "s.yaml:5:12: measures: 'paramter_count' is none of the "
                                                   "words that there are; did you mean parameter_count?"},
    {GOOD "train: {}\nmeasures: [curvatur]", "s.yaml:5:12: measures: 'curvatur' is none of the "
                                             "words that there are; did you mean curvature?"},
    {GOOD "train: {}\nmeasures: [all, curvature]",
     "s.yaml:5:17: measures: 'curvature' is in the list already, in "
     "words that stand for it"},
    {GOOD "train: {}\nmeasures: 3", "s.yaml:5:11: measures: '3' is none of the words that there are"},

    /* groups */
    {GOOD "train: {sgd: {},\n  adam: {}}",
     "s.yaml:5:3: train.adam: this is given, but train.optimiser is sgd (line 4); give one of them"},
    {GOOD "train: {optimiser: adam,\n  sgd: {rate: 1}}",
     "s.yaml:5:3: train.sgd: this is given, but train.optimiser is adam (line 4); give one of them"},
    {GOOD "train: {sgd: [{}, {rate: 1}],\n  optimiser: adam}",
     "s.yaml:4:15: train.optimiser: sgd here, but adam in line 5; give one of them"},
    {GOOD "train: {sgd: {},\n  optimiser: [adam, gradient-descent]}",
     "s.yaml:4:9: train.sgd: this is given, but train.optimiser is adam (line 5); give one of them"},
    {GOOD "train: {sgd: {rate: [1, 2]},\n  optimiser: [sgd, adam]}",
     "s.yaml:4:22: train.sgd.rate: this is given, but train.optimiser is adam (line 5); give one of them"},
    {GOOD "train: {schedule: {cosine: {factor: 2}}}",
     "s.yaml:4:29: train.schedule.cosine.factor: no such key; did you mean train.schedule.step.factor?"},

    /* models */
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [dense 9, rlu, dense]",
     "s.yaml:4:18: model: there is no layer 'rlu'; did you mean 'relu'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: \"[dense 9, rlu, dense]\"",
     "s.yaml:4:19: model: there is no layer 'rlu'; did you mean 'relu'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [dense 9 wdth=3, relu, dense]",
     "s.yaml:4:17: model: dense has no argument 'wdth'; did you mean 'width'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel:\n- dense: {width: 9, bias: maybe}\n- dense",
     "s.yaml:5:27: model: dense: bias is 'maybe', which is none of: false true"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [dense 9 bias: false, dense]",
     "s.yaml:4:9: model: 'dense 9 bias' is no layer's name; in a short text an argument is key=value, as in "
     "dense "
     "512 bias=false"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel:\n- {dense: 9, relu: }",
     "s.yaml:5:3: model: a layer is one name with its arguments, this map has 2 keys"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense], relu]",
     "s.yaml:4:18: model: in a list of models every member is a list of layers or a preset"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [relu, [dense]]",
     "s.yaml:4:15: model: a layer is expected, this is a list; in a list of models every member is a list "
     "or a preset"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: []",
     "s.yaml:4:8: model: an empty list; an axis needs at least one value"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: {dense: 9}",
     "s.yaml:4:8: model: a list of layers is expected, this is a map"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [relu, add: [[dense 9, rlu], identity], dense]",
     "s.yaml:4:31: model: there is no layer 'rlu'; did you mean 'relu'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: \n- relu\n- add:\n  - - dense 9\n    - relu 5\n  - "
     "identity\n- dense",
     "s.yaml:8:12: model: relu has no place for '5'"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: \n- add:\n  - identity\n  - - add: [relu, [dense: "
     "{width: x3}]]\n- dense",
     "s.yaml:7:35: model: dense: width is 'x3', which is not an integer"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: relu, dense]",
     "s.yaml:4:14: model: add takes a list of branches, as in add: [[dense 8, relu], identity]"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [{add: }, dense]",
     "s.yaml:4:15: model: add takes a list of branches, as in add: [[dense 8, relu], identity]"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: {dense: 8}, dense]",
     "s.yaml:4:14: model: add takes a list of branches, as in add: [[dense 8, relu], identity]"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: [relu], dense]",
     "s.yaml:4:9: model: add needs two branches or more, as in add: [[dense 8, relu], identity]"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add, dense]",
     "s.yaml:4:9: model: add needs two branches or more, as in add: [[dense 8, relu], identity]"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: [[], relu], dense]",
     "s.yaml:4:15: model: a branch without layers; identity is the one that changes nothing"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: [[relu, [tanh]], relu], dense]",
     "s.yaml:4:22: model: a layer is expected, this is a list; a list in brackets is a branch, and its "
     "members are layers"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [ad: [[relu], identity], dense]",
     "s.yaml:4:9: model: there is no layer 'ad'; did you mean 'add'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [relu: [[tanh], identity], dense]",
     "s.yaml:4:16: model: an argument of relu is one value, this is a list"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [add: [[dense 9], dense 8], dense]",
     "s.yaml:4:8: model: layer 1, add: branch 1 gives 1 x 1 x 9, branch 2 gives 1 x 1 x 8"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: mlp 512 dept=2",
     "s.yaml:4:16: model: mlp has no argument 'dept'; did you mean 'depth'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: mpl 512",
     "s.yaml:4:8: model: there is no layer 'mpl'; did you mean 'mlp'?"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: \n  mlp: {width: 0}",
     "s.yaml:5:16: model: mlp: width is 0, outside of 1 to 16777216"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: {mlp: 5, relu: }",
     "s.yaml:4:8: model: a list of layers is expected, this is a map"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense], mlp 0]",
     "s.yaml:4:22: model: mlp: width is 0, outside of 1 to 16777216"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [mlp 8, [dense], {mlp: {depth: -1}}]",
     "s.yaml:4:39: model: mlp: depth is -1, outside of 0 to 200"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [mlp 8, relu, dense]",
     "s.yaml:4:9: model: layer 3, dense, needs its width; only the last one may leave it to the data"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [mlp 8, relu, [dense]]",
     "s.yaml:4:22: model: a layer is expected, this is a list; in a list of models every member is a list or "
     "a preset"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [mlp 8, mlp depth=1 width=8]",
     "s.yaml:4:16: model: [dense 8, relu, dense] is in the list twice"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense], {dense: 8}]",
     "s.yaml:4:18: model: in a list of models every member is a list of layers or a preset"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [relu, dense 11]",
     "s.yaml:4:8: model: its last layer gives 11 outputs; cross-entropy over 10 classes needs 10"},

    /* grids and seeds */
    {GOOD "train: {epochs: []}",
     "s.yaml:4:17: train.epochs: an empty list; an axis needs at least one value"},
    {GOOD "train: {sgd: [{}, 1]}", "s.yaml:4:19: train.sgd: a map is expected, this is a text"},
    {TWO "zip: [[data.train, train.epochs]]", "s.yaml:5:20: zip: data.train has 3 values and train.epochs "
                                              "has 2; axes that vary together need equally many"},
    {TWO "zip: [[data.trian, train.epochs]]",
     "s.yaml:5:8: zip: data.trian is no key of this study; did you mean data.train?"},
    {TWO "zip: [[data.test, train.epochs]]", "s.yaml:5:8: zip: data.test has no list of values here"},
    {GOOD "train: {epochs: [1, 2], sgd: {rate: [1, 2], batch: [1, 2]}}\n"
          "zip: [[train.epochs, train.sgd.rate], [train.sgd.rate, train.sgd.batch]]",
     "s.yaml:5:40: zip: train.sgd.rate is zipped already; did you mean train.sgd.batch?"},
    {GOOD "train: [{epochs: 1}, {epochs: 2}]\nseeds: 2\nzip: [[train.epochs, train]]",
     "s.yaml:6:8: zip: train.epochs is in a list of maps; give the list's path"},
    {TWO "zip: [[data.train, data.train]]", "s.yaml:5:20: zip: data.train is paired with itself"},
    {TWO "zip: [data.train, train.epochs]",
     "s.yaml:5:7: zip: a list of at least two paths is expected, as in zip: [[data.train, train.epochs]]"},
    {TWO "zip: data.train", "s.yaml:5:6: zip: a list of lists of paths is expected, this is a text"},
    {TWO "seeds: 0", "s.yaml:5:8: seeds: 0 is too small; the least is 1 seed"},
    {TWO "seeds: []", "s.yaml:5:8: seeds: an empty list; at least one seed is needed"},
    {TWO "seeds: [4, 2, 4]", "s.yaml:5:8: seeds: 4 is in the list twice"},
    {TWO "seeds: [-1]", "s.yaml:5:9: seeds: -1 is too small; the least is 0"},
    {TWO "seeds: 200000", "s.yaml:1:1: 6 points times 200000 seeds are more than 1000000 runs"},

    /* the same twice is no second run */
    {GOOD "train: {sgd: {rate: [0.1, 1, 1e-1]}}", "s.yaml:4:30: train.sgd.rate: 0.1 is in the list twice"},
    {"study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense 9, dense], [dense 3, dense], [{dense: 9}, "
     "dense]]",
     "s.yaml:4:45: model: [dense 9, dense] is in the list twice"},
    {GOOD "train:\n  - {epochs: 2}\n  - {sgd: {rate: 1}}\n  - {sgd: {rate: 1.0}}",
     "s.yaml:7:5: train: this says the same as line 6, column 5; for runs that differ by chance there is "
     "seeds"},
    {GOOD "train: [{epochs: 2}, {epochs: 2, sgd: {momentum: 0}}]",
     "s.yaml:4:22: train: this says the same as line 4, column 9; for runs that differ by chance there is "
     "seeds"},
    {GOOD "train: [{epochs: [2, 3, 2]}]", "s.yaml:4:25: train.epochs: 2 is in the list twice"},

    /* what the experiment can see without reading data */
    {"study: s\ndata: {name: mnit}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:14: data.name: there is no data set 'mnit'; did you mean mnist?"},
    {"study: s\ndata: {}\nmodel: [dense]\ntrain: {}",
     "s.yaml:1:1: data: a data.name or a data.file is missing; 'ermine data list' names the sets"},
    {"study: s\ndata: {name: mnist, file: a.csv}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:27: data.file: there is a data.name too; give one of them"},
    {"study: s\ndata: {name: mnist, train: [10, 70000]}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:33: data.train: 70000 is more than the 60000 that mnist has"},
    {"study: s\ndata: {name: mnist, noise: 1}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:28: data.noise: only generated data have it; these are read: mnist"},
    {"study: s\ndata: {name: mnist, target: y}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:29: data.target: only a file has columns; the labels of this set are known: mnist"},
    {"study: s\ndata: {name: mnist, condition: random-labels, labels: {corrupt: [0, 1]}}\nmodel: "
     "[dense]\ntrain: {}",
     "s.yaml:2:69: data.labels.corrupt: the condition is random-labels already; give one of them"},
    {"study: s\ndata: {name: mnist, condition: random-labels, labels: {draw: [all, wrong]}}\nmodel: "
     "[dense]\ntrain: {}",
     "s.yaml:2:68: data.labels.draw: the condition is random-labels, which are drawn from all classes"},
    {"study: s\ndata: {name: mnist, labels: {task: odd}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:36: data.labels.task: 'odd' is none of classes, parity, halves"},
    {"study: s\ndata: {name: mnist, crop: [0, 28, 29]}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:35: data.crop: a crop to 29 x 29 positions, of images of 28 x 28"},
    {"study: s\ndata: {name: mnist, crop: 24, pool: 5}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:37: data.pool: means over 5 x 5 positions, which don't divide 24 x 24"},
    {"study: s\ndata: {name: mnist, pool: 0}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:27: data.pool: 0 is too small; the least is 1 pixel"},
    {"study: s\ndata: {name: teacher, crop: 2}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:29: data.crop: a crop needs images; these examples have a single position"},
    {"study: s\ndata: {name: mnist, pool: 4, augment: {crop: 7}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:46: data.augment.crop is 7, and must be from 0 to 6: less than the 7 x 7 pixels of an image"},
    {"study: s\ndata: {name: [mnist, marathon]}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:22: data.name: marathon has real targets and no classes: a study with `regress` learns from "
     "it"},
    {"study: s\ndata: {name: parity, dimension: 3,\n  width: 5}\nmodel: [dense]\ntrain: {}",
     "s.yaml:3:10: data.width: parity: width (the number of bits) is 5, and must be at most the dimension, "
     "3"},
    {"study: s\ndata: {name: parity, dimension: 2}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:33: data.dimension: parity: width (the number of bits) is 3, and must be at most the "
     "dimension, "
     "2"},
    {"study: s\ndata: {name: two-spirals, separation: 2}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:39: data.separation: two-spirals has no separation to choose"},
    {"study: s\ndata: {name: two-spirals, dimension: 3}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:38: data.dimension: two-spirals has no dimension to choose"},
    {"study: s\ndata: {name: teacher, stratify: true}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:33: data.stratify: teacher can't be stratified: its labels are computed from random inputs"},
    {"study: s\ndata: {name: teacher, balance: true}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:32: data.balance: teacher can't be balanced: its labels are computed from random inputs"},
    {"study: s\ndata: {name: mnist, stratify: true, balance: true}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:46: data.balance: the subset is stratified already; give one of them"},
    {"study: s\ndata: {name: mnist, labels: {only: [3, 10]}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:36: data.labels.only: mnist has no class 10; its classes are 0 to 9"},
    {"study: s\ndata: {name: mnist, labels: {only: 3}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:36: data.labels.only: mnist: at least two classes must be kept"},
    {"study: s\ndata: {name: two-spirals, labels: {only: [0, 1]}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:42: data.labels.only: classes are left out of what is read; these are made: two-spirals"},
    {"study: s\ndata: {name: teacher, augment: {crop: 2}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:39: data.augment.crop moves the pixels of images; these examples are 1 x 1"},
    {"study: s\ndata: {name: teacher, augment: {flip: true}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:39: data.augment.flip moves the pixels of images; these examples are 1 x 1"},
    {"study: s\ndata: {name: mnist, augment: {crop: [0, 27, 28]}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:45: data.augment.crop is 28, and must be from 0 to 27: less than the 28 x 28 pixels of an "
     "image"},
    {"study: s\ndata: {name: mnist, augment: {crop: -1}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:37: data.augment.crop: -1 is too small; the least is 0 pixels"},
    {"study: s\ndata: {name: mnist, augment: {crop: 2, padding: zeros}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:49: data.augment.padding: 'zeros' is none of zero, reflect, edge; did you mean zero?"},
    {"study: s\ndata: {name: mnist, augment: {flip: true, padding: edge}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:52: data.augment.padding: only what is cropped is padded; give data.augment.crop too"},
    {"study: s\ndata: {name: mnist, standardise: feature, augment: {flip: true}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:59: data.augment.flip: pixels can't be moved where each has a mean of its own; "
     "data.standardise can be image, channel, set or none"},
    {"study: s\ndata: {file: a.npz, augment: {crop: 4}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:37: data.augment.crop: pixels can't be moved where each has a mean of its own; "
     "data.standardise can be image, channel, set or none"},
    {"study: s\ndata: {name: mnist, augment: {crp: 4}}\nmodel: [dense]\ntrain: {}",
     "s.yaml:2:31: data.augment.crp: no such key; did you mean data.augment.crop?"},
    {GOOD "train: {sgd: {rate: 0}}", "s.yaml:4:21: train.sgd.rate is 0, outside of (0, 1e+09]"},
    {GOOD "train: {gradient-descent: {momentum: 1}}",
     "s.yaml:4:38: train.gradient-descent.momentum is 1, outside of [0, 1)"},
    {GOOD "train: {sgd: {nesterov: true}}", "s.yaml:4:25: train.sgd.nesterov needs a momentum above 0"},
    {GOOD "train: {record: {every: 2}, schedule: {step: {every: 0}}}",
     "s.yaml:4:54: train.schedule.step.every is 0, outside of (0, 1e+15]"},

    {GOOD "train: {keep: [1, 01]}", "s.yaml:4:19: train.keep: '01' is 1, which is in the list already"},
    {GOOD "train: {keep: [1, 1]}", "s.yaml:4:19: train.keep: '1' is in the list twice"},

    /* figures */
    {TWO "figures: {x: epoch}", "s.yaml:5:10: figures: a list of figures is expected, this is a map"},
    {TWO "figures: [epoch]",
     "s.yaml:5:11: figures: a map is expected, as in {mark: line, x: epoch, y: train_loss}; this is a text"},
    {TWO "figures: [{x: epochs}]",
     "s.yaml:5:11: figures.y: this key is missing: the column along the y axis, or a list of columns"},
    {TWO "figures: [{x: epochs, y: gapp}]",
     "s.yaml:5:26: figures.y: there is no column gapp; did you mean gap?"},
    {TWO "figures: [{x: epoch, y: [train_loss, gap]}]",
     "s.yaml:5:38: figures.y: gap is a column of runs, epoch one of curves; a figure draws from one of them"},
    {TWO "figures: [{x: gap, y: train_loss, colour: learning_rate}]",
     "s.yaml:5:43: figures.colour: learning_rate is a column of curves, gap one of runs; a figure draws from "
     "one "
     "of them"},
    {TWO "figures: [{x: data.labels.corrupt, y: gap}]",
     "s.yaml:5:15: figures.x: data.labels.corrupt does not vary in this study, so there is no such column"},
    {TWO "figures: [{x: gap, y: gap, colr: seed}]",
     "s.yaml:5:28: figures.colr: no such key; did you mean color?"},
    {TWO "figures: [{x: gap, y: gap, color: seed, colour: seed}]",
     "s.yaml:5:41: figures.colour: colour and color are one key"},
    {TWO "figures: [{x: gap, y: gap, mark: pint}]",
     "s.yaml:5:34: figures.mark: 'pint' is none of line, point, bar, histogram, strip, ridgeline, map; did "
     "you mean point?"},
    {TWO "figures: [{mark: bar, x: data.train, y: gap, y_scale: log}]",
     "s.yaml:5:55: figures.y_scale: a bar begins at 0 and has no logarithmic scale; use mark: point"},
    {TWO "figures: [{x: data.train, y: [gap, outcome]}]",
     "s.yaml:5:36: figures.y: outcome holds words, not numbers"},
    {TWO "figures: [{x: data.train, y: [gap, test_error, gap]}]",
     "s.yaml:5:48: figures.y: gap is in the list twice"},
    {TWO "figures: [{x: gap, y: []}]", "s.yaml:5:23: figures.y: 0 columns; a figure takes 1 to 20"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct er_study *study = NULL;
        struct er_error err = {0};
        char text[1024];
        const enum er_status status = study_parse(bad[i].yaml, &study, &err);
        T_OK(status != ER_OK && status == err.code && !study, "refused: %s", bad[i].error);
        T_EQ_STR(er_error_text(&err, text, sizeof text), bad[i].error, "%s", bad[i].yaml);
        T_OK(study_parse(bad[i].yaml, &study, NULL) == status, "the same without an error to fill");
    }
    return t_done();
}
