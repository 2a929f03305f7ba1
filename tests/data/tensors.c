/* Tensors as float32: values of every type, written down as bytes. */
#include "t.h"

#include <ermine/tensors.h>

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* One tensor x as float32. */
static enum er_status convert(enum er_tensor_type type, int64_t n, const void *bytes, float *out,
                              struct er_error *err)
{
    struct er_tensor x = {"x", type, 1, {n}, bytes};
    const struct er_tensors one = {.n = 1, .tensor = &x};
    return er_tensors_float(&one, "x", 1, &n, out, err);
}

/* Every type: two values of it, as bytes and as the bits of the float32 that they are. The halves are 1, -2,
 * the largest, the smallest subnormal, the largest subnormal, minus zero, -inf and two kinds of NaN;
 * published examples of binary16. */
static const struct {
    enum er_tensor_type type;
    unsigned char value[16];
    uint32_t bits[2];
} values[] = {
    {ER_TENSOR_F64,
     {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 1, 0, 0, 0x10, 0, 0, 0xf0, 0x3f},
     {0x3fc00000, 0x3f800001}},
    {ER_TENSOR_F64,
     {0, 0, 0, 0x10, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xff},
     {0x3f800000, 0xff800000}},
    {ER_TENSOR_F32, {0, 0, 0xc0, 0x3f, 0x39, 0x30, 0xa0, 0x7f}, {0x3fc00000, 0x7fa03039}},
    {ER_TENSOR_F32, {1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}, {1, 0xffffffff}},
    {ER_TENSOR_F16, {0x00, 0x3c, 0x00, 0xc0}, {0x3f800000, 0xc0000000}},
    {ER_TENSOR_F16, {0xff, 0x7b, 0x01, 0x00}, {0x477fe000, 0x33800000}},
    {ER_TENSOR_F16, {0xff, 0x03, 0x00, 0x80}, {0x387fc000, 0x80000000}},
    {ER_TENSOR_F16, {0x00, 0xfc, 0x01, 0x7e}, {0xff800000, 0x7fc02000}},
    {ER_TENSOR_F16, {0x01, 0xfc, 0x00, 0x04}, {0xff802000, 0x38800000}},
    {ER_TENSOR_BF16, {0x80, 0x3f, 0x81, 0xff}, {0x3f800000, 0xff810000}},
    {ER_TENSOR_I64, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 1}, {0xbf800000, 0x4b800000}},
    {ER_TENSOR_I32, {0xfe, 0xff, 0xff, 0xff, 7}, {0xc0000000, 0x40e00000}},
    {ER_TENSOR_I16, {0x00, 0x80, 0x01, 0x00}, {0xc7000000, 0x3f800000}},
    {ER_TENSOR_I8, {0x80, 0x7f}, {0xc3000000, 0x42fe0000}},
    {ER_TENSOR_U8, {0xff, 0x00}, {0x437f0000, 0}},
    {ER_TENSOR_BOOL, {0, 1}, {0, 0x3f800000}},
    {ER_TENSOR_BOOL, {2, 0}, {0x3f800000, 0}},
};

static void read_types(void)
{
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++) {
        const char *type = er_tensor_type_text(values[i].type);
        struct er_error err;
        float got[2];
        T_STATUS(convert(values[i].type, 2, values[i].value, got, &err), ER_OK, "case %d, %s", i, type);
        for (int v = 0; v < 2; v++)
            T_OK(bits_of(got[v]) == values[i].bits[v], "%s, case %d: value %d is %08x, not %08x", type, i, v,
                 bits_of(got[v]), values[i].bits[v]);
    }
}

/* All 65536 halves against the formula of the standard, in double precision. */
static void read_halves(void)
{
    static unsigned char half[2 * 65536];
    static float got[65536];
    struct er_error err;
    int wrong = 0;
    for (int h = 0; h < 65536; h++) {
        half[2 * h] = (unsigned char)(h & 0xff);
        half[2 * h + 1] = (unsigned char)(h >> 8);
    }
    T_STATUS(convert(ER_TENSOR_F16, 65536, half, got, &err), ER_OK, "all halves");
    for (int h = 0; h < 65536; h++) {
        const bool negative = h & 0x8000;
        const int exponent = h >> 10 & 31, fraction = h & 1023;
        const double size = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
        if (exponent == 31)
            wrong += fraction ? !isnan(got[h]) : !isinf(got[h]);
        else
            wrong += (double)got[h] != (negative ? -size : size);
        wrong += (signbit(got[h]) != 0) != negative;
    }
    T_EQ_INT(wrong, 0, "halves that differ from the formula");
}

/* The largest double that rounds to a float32, and the smallest that does not. */
static void narrow(void)
{
    const double most = nextafter(0x1.ffffffp127, 0), over = 0x1.ffffffp127;
    struct er_error err;
    float got[2];
    T_STATUS(convert(ER_TENSOR_F64, 2, (const double[]){most, -INFINITY}, got, &err), ER_OK, "the largest");
    T_OK(got[0] == 0x1.fffffep127F && got[1] == -INFINITY, "is the largest float32");
    T_STATUS(convert(ER_TENSOR_F64, 2, (const double[]){1, -over}, got, &err), ER_E_LIMIT, "too large");
    T_OK(strstr(err.msg, "tensor \"x\": value 1 is -3.40282e+38"), "says which: %s", err.msg);
    T_OK(got[0] == 0x1.fffffep127F, "untouched on failure");
}

int main(void)
{
    read_types();
    read_halves();
    narrow();
    return t_done();
}
