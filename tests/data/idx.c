/* IDX: bytes written by hand become pixels / 255 and labels; each way to be wrong is refused in words. */
#include "t.h"

#include <ermine/data.h>

/* Two images of 2 x 3 pixels and their labels. */
static const unsigned char images[] = {0, 0, 8, 3, 0,  0, 0, 2, 0,   0,   0,   2, 0,   0,
                                       0, 3, 0, 1, 51, 2, 3, 4, 255, 254, 102, 0, 204, 7};
static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 9, 0};

static enum er_status parse(struct er_dataset *set)
{
    return er_idx_parse(images, sizeof images, labels, sizeof labels, 10, set, NULL);
}

/* `images` with byte `at` changed, or `labels` when `of_labels`. */
static enum er_status parse_changed(bool of_labels, size_t at, unsigned char value, struct er_error *err)
{
    unsigned char i[sizeof images];
    unsigned char l[sizeof labels];
    struct er_dataset set;
    memcpy(i, images, sizeof i);
    memcpy(l, labels, sizeof l);
    if (of_labels)
        l[at] = value;
    else
        i[at] = value;
    return er_idx_parse(i, sizeof i, l, sizeof l, 10, &set, err);
}

static enum er_status parse_images(const void *bytes, size_t n, struct er_error *err)
{
    struct er_dataset set;
    return er_idx_parse(bytes, n, labels, sizeof labels, 10, &set, err);
}

static void golden(void)
{
    struct er_error err;
    struct er_dataset set;
    T_STATUS(er_idx_parse(images, sizeof images, labels, sizeof labels, 10, &set, &err), ER_OK, "parse");
    T_EQ_INT(set.n, 2, "images");
    T_OK(set.shape.height == 2 && set.shape.width == 3 && set.shape.channels == 1,
         "rows, columns, one channel");
    T_EQ_INT(set.classes, 10, "classes");
    T_CLOSE(set.x[0], 0, 0, "0 is 0");
    T_CLOSE(set.x[2], 0.2F, 0, "51 is 0.2");
    T_CLOSE(set.x[6], 1, 0, "the second image begins at 6 with 255, which is 1");
    T_CLOSE(set.x[11], 7.0F / 255.0F, 0, "last pixel");
    T_OK(set.label[0] == 9 && set.label[1] == 0, "labels");
    er_dataset_clear(&set);
    T_OK(!set.x && !set.label && set.n == 0, "cleared");
    er_dataset_clear(&set);
}

static void refusals(void)
{
    struct er_error err;
    struct er_dataset set = {.n = -7};
    T_STATUS(parse_images(images, sizeof images - 1, &err), ER_E_INPUT, "one byte short");
    T_EQ_STR(err.msg, "images: 2 x 2 x 3 pixels need 28 bytes, the file has 27", "says what is needed");
    unsigned char longer[sizeof images + 1] = {0};
    memcpy(longer, images, sizeof images);
    T_STATUS(parse_images(longer, sizeof longer, &err), ER_E_INPUT, "one byte too many");
    T_STATUS(parse_images(images, 15, &err), ER_E_INPUT, "half a header");
    T_EQ_STR(err.msg, "images: the header takes 16 bytes, the file has 15", "says so");
    T_STATUS(parse_images("", 0, &err), ER_E_INPUT, "empty");
    T_STATUS(parse_changed(false, 4, 0x80, &err), ER_E_INPUT, "2^31 images promised");
    T_EQ_STR(err.msg, "images: 2147483650 x 2 x 3 pixels need 12884901916 bytes, the file has 28", "no wrap");
    const unsigned char huge[16] = {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    T_STATUS(parse_images(huge, sizeof huge, &err), ER_E_INPUT, "a product beyond 64 bits");
    T_STATUS(parse_changed(false, 7, 0, &err), ER_E_INPUT, "no images");
    T_STATUS(parse_changed(false, 11, 0, &err), ER_E_INPUT, "no rows");
    T_STATUS(parse_changed(false, 15, 0, &err), ER_E_INPUT, "no columns");
    T_STATUS(parse_changed(true, 7, 3, &err), ER_E_INPUT, "labels cut");
    T_EQ_STR(err.msg, "labels: 3 labels need 11 bytes, the file has 10", "says what is needed");
    T_STATUS(parse_changed(true, 8, 10, &err), ER_E_INPUT, "label 10 of 10");
    T_EQ_STR(err.msg, "labels: label 10 at byte 8 is not below the 10 classes", "says where");
    const unsigned char one[] = {0, 0, 8, 1, 0, 0, 0, 1, 9};
    T_STATUS(er_idx_parse(images, sizeof images, one, sizeof one, 10, &set, &err), ER_E_INPUT,
             "counts differ");
    T_EQ_STR(err.msg, "labels: 1 labels for 2 images", "says which");
    T_STATUS(er_idx_parse(images, sizeof images, labels, 7, 10, &set, &err), ER_E_INPUT,
             "half a label header");
    T_STATUS(er_idx_parse(images, sizeof images, labels, sizeof labels, 1, &set, &err), ER_E_USAGE,
             "one class");
    T_EQ_INT(set.n, -7, "untouched on failure");
}

static void mistaken(void)
{
    struct er_error err;
    struct er_dataset set;
    T_STATUS(er_idx_parse(labels, sizeof labels, images, sizeof images, 10, &set, &err), ER_E_INPUT,
             "swapped");
    T_EQ_STR(err.msg,
             "images: the file begins with 0x00000801, not 0x00000803; it looks like a file of IDX labels",
             "says that these are labels");
    T_STATUS(er_idx_parse(images, sizeof images, images, sizeof images, 10, &set, &err), ER_E_INPUT, "twice");
    T_OK(strstr(err.msg, "labels: ") && strstr(err.msg, "looks like a file of IDX images"), "%s", err.msg);
    static const struct {
        const char *bytes, *looks;
    } cases[] = {
        {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03....", "looks like a gzip file"},
        {"PK\x03\x04..............", "looks like a zip file"},
        {"\r\n <!DOCTYPE html><html>", "looks like an HTML page"},
        {"<HTML><head></head></HTML>", "looks like an HTML page"},
        {"<?xml version='1.0'?><Error/>", "looks like an XML file"},
        {"\x93NUMPY\x01", "looks like a NumPy array"},
        {"version https://git-lfs.github.com/spec/v1\n", "looks like a Git LFS pointer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        T_STATUS(parse_images(cases[i].bytes, 12, &err), ER_E_INPUT, "%s", cases[i].looks);
        T_STATUS(parse_images(cases[i].bytes, strlen(cases[i].bytes), &err), ER_E_INPUT, "%s",
                 cases[i].looks);
        if (strlen(cases[i].bytes) > 8)
            T_OK(strstr(err.msg, cases[i].looks), "%s: %s", cases[i].looks, err.msg);
    }
}

int main(void)
{
    struct er_dataset set;
    golden();
    refusals();
    mistaken();
    T_ALLOCATIONS(parse(&set), er_dataset_clear(&set), "IDX survives every failed allocation");
    return t_done();
}
