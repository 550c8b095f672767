// The system's pcre2.h for 8-bit code units, and the GNU search function that Swift's Glibc module leaves out.
#pragma once
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>

extern void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

/// The first occurrence of `needle` in `haystack`, or NULL.
static inline const void *insights_memmem(const void *h, size_t hn, const void *n, size_t nn) {
  return memmem(h, hn, n, nn);
}
