/* hdf5.c - calls of libhdf5, each answer checked; see hdf5.h. */
#include "pgdl/hdf5.h"

#include "data/safetensors.h"
#include "data/shown.h"

#include <hdf5.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 100000, TEXT_MOST = 1024, PATH_MOST = 4096, PARTS_MOST = 10000, RANK_MOST = 8 };

static pthread_mutex_t library = PTHREAD_MUTEX_INITIALIZER;

struct er_hdf5 {
    const char *file;
    hid_t id;
    H5E_auto2_t handler; /* of errors, as it was before */
    void *handler_data;
};

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "HDF5: out of memory");
}

static hid_t open_image(const void *bytes, size_t n)
{
    enum { GROWTH = 1 << 16 };
    hid_t id = H5I_INVALID_HID;
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) return id;
    /* The library promises to copy the image and not to write to it; its argument is not const. */
    if (H5Pset_fapl_core(access, GROWTH, 0) >= 0 &&
        H5Pset_file_image(access, (void *)(uintptr_t)bytes, n) >= 0)
        id = H5Fopen("ermine", H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return id;
}

enum er_status er_hdf5_open(const char *file, const void *bytes, size_t n, struct er_hdf5 **out,
                            struct er_error *err)
{
    static const unsigned char magic[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    if (n < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return er_fail(err, ER_E_INPUT, "%s: no HDF5 file: it does not begin as one", file);
    struct er_hdf5 *made = er_alloc(1, sizeof *made);
    if (!made) return fail_memory(err);
    made->file = file;
    pthread_mutex_lock(&library);
    H5Eget_auto2(H5E_DEFAULT, &made->handler, &made->handler_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
    made->id = open_image(bytes, n);
    if (made->id < 0) {
        er_hdf5_close(made);
        return er_fail(err, ER_E_INPUT, "%s: libhdf5 can't open it: it is cut off or damaged", file);
    }
    *out = made;
    return ER_OK;
}

void er_hdf5_close(struct er_hdf5 *file)
{
    if (!file) return;
    if (file->id >= 0) H5Fclose(file->id);
    H5Eset_auto2(H5E_DEFAULT, file->handler, file->handler_data);
    pthread_mutex_unlock(&library);
    er_free(file);
}

/* Every part of a path is a plain link. */
static bool links_plain(hid_t file, const char *path)
{
    char front[PATH_MOST];
    const size_t n = strlen(path);
    H5L_info_t info;
    if (n == 0 || n >= sizeof front) return false;
    for (size_t end = 1; end <= n; end++) {
        if (path[end] != '/' && path[end] != '\0') continue;
        memcpy(front, path, end);
        front[end] = '\0';
        if (H5Lexists(file, front, H5P_DEFAULT) <= 0) return false;
        if (H5Lget_info(file, front, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD) return false;
    }
    return true;
}

bool er_hdf5_has(const struct er_hdf5 *file, const char *path)
{
    return links_plain(file->id, path);
}

static hid_t open_group(const struct er_hdf5 *file, const char *group)
{
    if (strcmp(group, "/") != 0 && !links_plain(file->id, group)) return H5I_INVALID_HID;
    return H5Gopen2(file->id, group, H5P_DEFAULT);
}

/* Texts of one attribute, added to those that are there. */
struct names {
    struct er_arena *arena;
    const char **name;
    int64_t n, room;
};

static bool add_name(struct names *names, const char *text, size_t length)
{
    if (names->n == names->room) {
        const int64_t room = names->room ? 2 * names->room : 16;
        const char **more = er_arena_alloc(names->arena, room, sizeof *more);
        if (!more) return false;
        if (names->n) memcpy(more, names->name, (size_t)names->n * sizeof *more);
        names->name = more;
        names->room = room;
    }
    names->name[names->n] = er_arena_strndup(names->arena, text, strnlen(text, length));
    return names->name[names->n++] != NULL;
}

static enum er_status read_fixed(hid_t attribute, hid_t type, int64_t count, struct names *names,
                                 struct er_error *err)
{
    const size_t size = H5Tget_size(type);
    if (size < 1 || size > TEXT_MOST)
        return er_fail(err, ER_E_LIMIT, "its names are longer than %d", TEXT_MOST);
    char *text = er_alloc(count, size);
    if (!text) return fail_memory(err);
    enum er_status status = H5Aread(attribute, type, text) >= 0
                                ? ER_OK
                                : er_fail(err, ER_E_INPUT, "its names can't be read: the file is damaged");
    for (int64_t i = 0; status == ER_OK && i < count; i++)
        if (!add_name(names, text + i * (int64_t)size, size)) status = fail_memory(err);
    er_free(text);
    return status;
}

static enum er_status read_variable(hid_t attribute, hid_t type, hid_t space, int64_t count,
                                    struct names *names, struct er_error *err)
{
    char **text = er_alloc(count, sizeof *text);
    if (!text) return fail_memory(err);
    enum er_status status = H5Aread(attribute, type, text) >= 0
                                ? ER_OK
                                : er_fail(err, ER_E_INPUT, "its names can't be read: the file is damaged");
    for (int64_t i = 0; status == ER_OK && i < count; i++) {
        const char *one = text[i] ? text[i] : "";
        if (strnlen(one, TEXT_MOST) == TEXT_MOST)
            status = er_fail(err, ER_E_LIMIT, "its names are longer than %d", TEXT_MOST);
        else if (!add_name(names, one, TEXT_MOST))
            status = fail_memory(err);
    }
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
    er_free(text);
    return status;
}

static enum er_status read_attribute(hid_t attribute, struct names *names, struct er_error *err)
{
    const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    const hssize_t count = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
    enum er_status status;
    if (type >= 0 && count == 0)
        status = ER_OK; /* an empty list has no type of its own: Keras writes one of float64 */
    else if (type < 0 || space < 0 || H5Tget_class(type) != H5T_STRING)
        status = er_fail(err, ER_E_INPUT, "it holds no texts");
    else if (count < 0 || count > NAMES_MOST - names->n)
        status = er_fail(err, ER_E_LIMIT, "more than %d names", NAMES_MOST);
    else
        status = H5Tis_variable_str(type) > 0 ? read_variable(attribute, type, space, count, names, err)
                                              : read_fixed(attribute, type, count, names, err);
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    return status;
}

/* The attribute NAME, or NAME0, NAME1, ...; *found is whether there was any. */
static enum er_status read_parts(hid_t group, const char *name, struct names *names, bool *found,
                                 struct er_error *err)
{
    char part[128];
    *found = false;
    for (int i = -1; i < PARTS_MOST; i++) {
        if (i < 0)
            snprintf(part, sizeof part, "%s", name);
        else
            snprintf(part, sizeof part, "%s%d", name, i);
        if (H5Aexists(group, part) <= 0) {
            if (i < 0) continue;
            return ER_OK;
        }
        const hid_t attribute = H5Aopen(group, part, H5P_DEFAULT);
        if (attribute < 0) return er_fail(err, ER_E_INPUT, "it can't be opened: the file is damaged");
        const enum er_status status = read_attribute(attribute, names, err);
        H5Aclose(attribute);
        *found = true;
        if (status != ER_OK || i < 0) return status;
    }
    return ER_OK;
}

enum er_status er_hdf5_names(const struct er_hdf5 *file, const char *group, const char *attribute,
                             struct er_arena *arena, const char ***out, int64_t *n, struct er_error *err)
{
    char shown[ER_SHOWN];
    struct er_error why = {0};
    struct names names = {.arena = arena};
    bool found = false;
    er_text_shown(group, strlen(group), shown);
    const hid_t id = open_group(file, group);
    if (id < 0) return er_fail(err, ER_E_INPUT, "%s: there is no group \"%s\"", file->file, shown);
    const enum er_status status = read_parts(id, attribute, &names, &found, &why);
    H5Gclose(id);
    if (status != ER_OK)
        return er_fail(err, status, "%s: group \"%s\", attribute %s: %s", file->file, shown, attribute,
                       why.msg);
    if (!found)
        return er_fail(err, ER_E_INPUT, "%s: group \"%s\" has no attribute %s; Keras writes one", file->file,
                       shown, attribute);
    *out = names.name;
    *n = names.n;
    return ER_OK;
}

/* How the array lies in the file. */
static enum er_status check_layout(hid_t dataset, struct er_error *err)
{
    const hid_t made = H5Dget_create_plist(dataset);
    if (made < 0) return er_fail(err, ER_E_INPUT, "the file is damaged");
    const H5D_layout_t layout = H5Pget_layout(made);
    const int outside = H5Pget_external_count(made), filters = H5Pget_nfilters(made);
    H5Pclose(made);
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        return er_fail(err, ER_E_UNSUPPORTED, "its values are those of other arrays");
    if (outside != 0) return er_fail(err, ER_E_UNSUPPORTED, "its values are in another file");
    if (filters != 0) return er_fail(err, ER_E_UNSUPPORTED, "its values are compressed");
    return ER_OK;
}

static enum er_status check_type(hid_t dataset, struct er_error *err)
{
    const hid_t type = H5Dget_type(dataset);
    if (type < 0) return er_fail(err, ER_E_INPUT, "the file is damaged");
    const bool floats = H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) <= sizeof(double);
    H5Tclose(type);
    return floats ? ER_OK : er_fail(err, ER_E_UNSUPPORTED, "its values are no floats");
}

static enum er_status check_shape(hid_t dataset, int rank, const int64_t dim[], struct er_error *err)
{
    hsize_t size[RANK_MOST];
    int64_t has[ER_TENSOR_RANK];
    char want[ER_SHAPE_TEXT], got[ER_SHAPE_TEXT];
    const hid_t space = H5Dget_space(dataset);
    const int n = space >= 0 ? H5Sget_simple_extent_ndims(space) : -1;
    const bool known = n >= 0 && n <= RANK_MOST && H5Sget_simple_extent_dims(space, size, NULL) == n;
    if (space >= 0) H5Sclose(space);
    if (!known) return er_fail(err, ER_E_INPUT, "it has no shape of up to %d sizes", RANK_MOST);
    bool same = n == rank;
    for (int i = 0; i < n; i++) {
        has[i] = size[i] > INT64_MAX ? INT64_MAX : (int64_t)size[i];
        same = same && has[i] == dim[i];
    }
    if (same) return ER_OK;
    return er_fail(err, ER_E_SHAPE, "its shape is %s; the layer needs %s", er_tensor_shape_text(n, has, got),
                   er_tensor_shape_text(rank, dim, want));
}

static enum er_status read_dataset(hid_t dataset, int rank, const int64_t dim[], float *out,
                                   struct er_error *err)
{
    enum er_status status = check_shape(dataset, rank, dim, err);
    if (status == ER_OK) status = check_type(dataset, err);
    if (status == ER_OK) status = check_layout(dataset, err);
    if (status == ER_OK && H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0)
        status = er_fail(err, ER_E_INPUT, "its values can't be read: the file is damaged");
    return status;
}

enum er_status er_hdf5_floats(const struct er_hdf5 *file, const char *path, int rank, const int64_t dim[],
                              float *out, struct er_error *err)
{
    char shown[ER_SHOWN];
    struct er_error why = {0};
    const hid_t dataset =
        links_plain(file->id, path) ? H5Dopen2(file->id, path, H5P_DEFAULT) : H5I_INVALID_HID;
    er_text_shown(path, strlen(path), shown);
    if (dataset < 0)
        return er_fail(err, ER_E_INPUT, "%s: there is no array \"%s\", or a link to elsewhere", file->file,
                       shown);
    const enum er_status status = read_dataset(dataset, rank, dim, out, &why);
    H5Dclose(dataset);
    if (status != ER_OK) return er_fail(err, status, "%s: array \"%s\": %s", file->file, shown, why.msg);
    return ER_OK;
}
