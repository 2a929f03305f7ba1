# The libraries that Ermine uses straight, each for what it is made for (docs/decisions.md, "Libraries").
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_search_module(HDF5 REQUIRED hdf5-serial hdf5) # Debian's name for the build without MPI, and everyone else's
find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)

set(ermine_libraries PkgConfig::YAML PkgConfig::JANSSON PkgConfig::SQLITE PkgConfig::MD4C PkgConfig::ZLIB
  PkgConfig::ARCHIVE PkgConfig::CURL PkgConfig::SODIUM PkgConfig::MICROHTTPD ${HDF5_LINK_LIBRARIES} Threads::Threads m)

# LAPACKE's thin layer is linked into the program, LAPACK and BLAS are OpenBLAS's serial build, by its own path: Debian's
# plain names (-lopenblas, liblapack.so.3, which the shared LAPACKE asks for) are whichever build the system prefers, and
# one with threads would take cores from the pool and may order its sums otherwise.
find_path(LAPACKE_INCLUDE_DIR lapacke.h PATH_SUFFIXES lapacke openblas REQUIRED)
find_path(CBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas-serial openblas REQUIRED)
find_library(OPENBLAS_LIBRARY openblas PATH_SUFFIXES openblas-serial REQUIRED)
find_library(LAPACKE_LIBRARY NAMES liblapacke.a lapacke openblas REQUIRED)
# The serial build isn't meant to be called by several threads at once; src/math/blas_lock.c makes it so, when it is linked in.
set(ermine_blas_lock -Wl,--undefined=blas_memory_alloc)
list(APPEND ermine_libraries ${ermine_blas_lock} ${LAPACKE_LIBRARY} ${OPENBLAS_LIBRARY} ${CMAKE_DL_LIBS})
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
message(STATUS "eigenvalues: LAPACKE (${LAPACKE_LIBRARY}), OpenBLAS (${OPENBLAS_LIBRARY})")

# libxsmm makes small matrix products at the machine's peak; it exists for x86-64. Elsewhere, and with
# -DERMINE_XSMM=OFF, our own kernels of src/math are used: for AVX2 where the processor has it (preset
# "avx2"), with -DERMINE_AVX2=OFF plain C everywhere (preset "portable").
option(ERMINE_XSMM "use libxsmm for matrix products" ON)
if(ERMINE_XSMM)
  find_path(XSMM_INCLUDE_DIR libxsmm.h)
  find_library(XSMM_LIBRARY xsmm)
  find_library(XSMM_NOBLAS_LIBRARY xsmmnoblas)
endif()
if(ERMINE_XSMM AND XSMM_INCLUDE_DIR AND XSMM_LIBRARY AND XSMM_NOBLAS_LIBRARY)
  target_compile_definitions(ermine_flags INTERFACE ERMINE_XSMM=1)
  list(APPEND ermine_libraries ${XSMM_LIBRARY} ${XSMM_NOBLAS_LIBRARY} ${CMAKE_DL_LIBS} Threads::Threads m)
  message(STATUS "matrix products: libxsmm (${XSMM_LIBRARY})")
else()
  target_compile_definitions(ermine_flags INTERFACE ERMINE_XSMM=0)
  message(STATUS "matrix products: our own kernels (libxsmm is not there, or is not wanted)")
endif()
option(ERMINE_AVX2 "use our own AVX2 kernels where libxsmm is not" ON)
target_compile_definitions(ermine_flags INTERFACE ERMINE_AVX2=$<BOOL:${ERMINE_AVX2}>)
