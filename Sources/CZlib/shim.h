// The system's zlib.h; the initialisers are macros there.
#pragma once
#include <zlib.h>

/// Prepares a stream that inflates gzip or zlib data, whichever comes.
static inline int insights_inflate_init(z_stream *s) { return inflateInit2(s, 15 + 32); }

/// Prepares a stream that makes gzip data, at a level from 1 (fast) to 9 (small).
static inline int insights_gzip_init(z_stream *s, int level) {
  return deflateInit2(s, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
