# What a builder may choose, and the flags that every target of ours is compiled with.
option(ERMINE_TESTS "build the tests" ON)
option(ERMINE_FUZZ "build the fuzzers (clang)" OFF)
option(ERMINE_BENCH "build the benchmarks" ON)
option(ERMINE_WERROR "treat warnings as errors" ON)
set(ERMINE_SANITIZE "" CACHE STRING "sanitizers, e.g. address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELEASE "-O3")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1 -fno-omit-frame-pointer") # lines and functions, no variables

# Floating point: -ffp-contract=off, since gcc -std=c17 fuses nothing and clang would; no -ffast-math anywhere,
# so that the same study gives the same bits (docs/decisions.md).
add_library(ermine_flags INTERFACE)
target_compile_definitions(ermine_flags INTERFACE _XOPEN_SOURCE=700 _DEFAULT_SOURCE
  ERMINE_VERSION="${PROJECT_VERSION}")
target_compile_options(ermine_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wundef -Wformat=2 -fno-math-errno -fopenmp-simd -ffp-contract=off -fvisibility=hidden
  $<$<C_COMPILER_ID:GNU>:-Wdouble-promotion> # clang's own <math.h> constants trip over it
  $<$<C_COMPILER_ID:Clang>:-Wno-pass-failed>
  $<$<BOOL:${ERMINE_WERROR}>:-Werror>)
if(ERMINE_SANITIZE)
  add_compile_options(-fsanitize=${ERMINE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ERMINE_SANITIZE})
  string(REPLACE "-g " "-g1 " CMAKE_C_FLAGS_DEBUG "${CMAKE_C_FLAGS_DEBUG}") # what their reports name; a fifth less to compile
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_C_COMPILER_ID STREQUAL "GNU") # of clang's programs it complains
  include(CheckLinkerFlag)
  check_linker_flag(C -fuse-ld=gold ERMINE_GOLD) # several hundred programs with symbols, in a third of the time
  if(ERMINE_GOLD)
    add_link_options(-fuse-ld=gold)
  endif()
endif()
