/* <ermine/ermine.h> - all of libermine. */
#ifndef ERMINE_ERMINE_H
#define ERMINE_ERMINE_H

#include <ermine/attention.h>
#include <ermine/augment.h>
#include <ermine/book.h>
#include <ermine/bounds.h>
#include <ermine/data.h>
#include <ermine/derivatives.h>
#include <ermine/empirical.h>
#include <ermine/evidence.h>
#include <ermine/gram_file.h>
#include <ermine/hash.h>
#include <ermine/kernel_matrix.h>
#include <ermine/kernel_solver.h>
#include <ermine/landscape.h>
#include <ermine/limit.h>
#include <ermine/logit_flow.h>
#include <ermine/matrix_flow.h>
#include <ermine/measure.h>
#include <ermine/memory.h>
#include <ermine/model.h>
#include <ermine/net.h>
#include <ermine/networks.h>
#include <ermine/norm.h>
#include <ermine/note.h>
#include <ermine/nuclear.h>
#include <ermine/paths.h>
#include <ermine/phase.h>
#include <ermine/pool.h>
#include <ermine/predict.h>
#include <ermine/progress.h>
#include <ermine/random.h>
#include <ermine/regression.h>
#include <ermine/schema.h>
#include <ermine/spectrum.h>
#include <ermine/status.h>
#include <ermine/store.h>
#include <ermine/study.h>
#include <ermine/table.h>
#include <ermine/tensors.h>
#include <ermine/train.h>
#include <ermine/version.h>

#endif
