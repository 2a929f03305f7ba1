/* CIFAR: planes become interleaved channels; the fine label of CIFAR-100 is the one taken. */
#include "t.h"

#include <ermine/data.h>

enum { PLANE = 1024, RECORD = 1 + 3 * PLANE };

/* Two records whose pixel p of channel c is a known byte. */
static unsigned char ten[2 * RECORD];
static unsigned char hundred[2 * (RECORD + 1)];

static unsigned char pixel(int r, int c, int p)
{
    return (unsigned char)(p * (2 * c + 3) + 7 * c + 31 * r);
}

static void fill(unsigned char *bytes, int labels)
{
    for (int r = 0; r < 2; r++) {
        unsigned char *record = bytes + r * (labels + 3 * PLANE);
        record[0] = labels == 1 ? (unsigned char)(9 * r) : 19;
        record[labels - 1] = labels == 1 ? record[0] : (unsigned char)(99 * r);
        for (int c = 0; c < 3; c++)
            for (int p = 0; p < PLANE; p++) record[labels + c * PLANE + p] = pixel(r, c, p);
    }
}

static void golden(const unsigned char *bytes, size_t n, int classes)
{
    struct er_error err;
    struct er_dataset set;
    T_STATUS(er_cifar_parse(bytes, n, classes, &set, &err), ER_OK, "parse %d", classes);
    if (err.code != ER_OK) return;
    T_OK(set.n == 2 && set.classes == classes, "two records of %d classes", classes);
    T_OK(set.shape.height == 32 && set.shape.width == 32 && set.shape.channels == 3, "32 x 32 x 3");
    T_OK(set.label[0] == 0 && set.label[1] == classes - 1, "labels of %d classes", classes);
    int wrong = 0;
    for (int r = 0; r < 2; r++)
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 32; x++)
                for (int c = 0; c < 3; c++)
                    wrong +=
                        set.x[((r * 32 + y) * 32 + x) * 3 + c] != (float)pixel(r, c, 32 * y + x) / 255.0F;
    T_EQ_INT(wrong, 0, "every value is where it belongs");
    er_dataset_clear(&set);
}

static enum er_status parse(struct er_dataset *set)
{
    return er_cifar_parse(ten, sizeof ten, 10, set, NULL);
}

int main(void)
{
    struct er_error err;
    struct er_dataset set = {.n = -7};
    fill(ten, 1);
    fill(hundred, 2);
    golden(ten, sizeof ten, 10);
    golden(hundred, sizeof hundred, 100);

    T_STATUS(er_cifar_parse(ten, sizeof ten - 1, 10, &set, &err), ER_E_INPUT, "one byte short");
    T_EQ_STR(err.msg, "CIFAR: 6145 bytes are 1 records of 3073 bytes and 3072 bytes more", "says so");
    T_STATUS(er_cifar_parse(ten, 0, 10, &set, &err), ER_E_INPUT, "empty");
    T_OK(strstr(err.msg, "it is empty"), "%s", err.msg);
    T_STATUS(er_cifar_parse(hundred, sizeof hundred, 10, &set, &err), ER_E_INPUT, "CIFAR-100 read as 10");
    T_OK(strstr(err.msg, "a length of CIFAR-100"), "%s", err.msg);
    T_STATUS(er_cifar_parse(ten, sizeof ten, 100, &set, &err), ER_E_INPUT, "CIFAR-10 read as 100");
    T_OK(strstr(err.msg, "a length of CIFAR-10"), "%s", err.msg);
    T_STATUS(er_cifar_parse((const unsigned char *)"<html>", 6, 10, &set, &err), ER_E_INPUT, "a page");
    T_OK(strstr(err.msg, "HTML"), "%s", err.msg);
    T_STATUS(er_cifar_parse(ten, sizeof ten, 11, &set, &err), ER_E_USAGE, "11 classes");
    ten[RECORD] = 10;
    T_STATUS(er_cifar_parse(ten, sizeof ten, 10, &set, &err), ER_E_INPUT, "label 10");
    T_EQ_STR(err.msg, "CIFAR: label 10 at byte 3073 is not below the 10 classes", "says where");
    hundred[1] = 100;
    T_STATUS(er_cifar_parse(hundred, sizeof hundred, 100, &set, &err), ER_E_INPUT, "label 100");
    T_EQ_STR(err.msg, "CIFAR: label 100 at byte 1 is not below the 100 classes", "says where");
    hundred[1] = 0;
    hundred[RECORD + 1] = 20;
    T_STATUS(er_cifar_parse(hundred, sizeof hundred, 100, &set, &err), ER_E_INPUT, "coarse label 20");
    T_EQ_STR(err.msg, "CIFAR: coarse label 20 at byte 3074 is not below the 20 classes", "says where");
    T_EQ_INT(set.n, -7, "untouched on failure");

    fill(ten, 1);
    T_ALLOCATIONS(parse(&set), er_dataset_clear(&set), "CIFAR survives every failed allocation");
    return t_done();
}
