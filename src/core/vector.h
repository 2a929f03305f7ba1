/* vector.h - loops compiled for the widest vectors of the machine that runs them.
 *
 * ER_VECTOR before a function makes the compiler emit it for AVX-512, AVX2 and the baseline, chosen once at
 * load time. Only for loops that work element by element: with contraction off (cmake/options.cmake) all
 * versions give the same bits. Sanitizers instrument the choosing itself, which crashes; there the baseline
 * alone is built.
 */
#ifndef ERMINE_CORE_VECTOR_H
#define ERMINE_CORE_VECTOR_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
    !defined(__SANITIZE_THREAD__)
#define ER_VECTOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ER_VECTOR
#endif

#endif
