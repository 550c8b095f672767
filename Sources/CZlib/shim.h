// The system's zlib.h; the initialisers are macros there.
#pragma once
#include <zlib.h>

/// Prepares a stream that inflates gzip or zlib data, whichever comes.
static inline int insights_inflate_init(z_stream *s) { return inflateInit2(s, 15 + 32); }

/// Prepares a stream that makes gzip data, as small as it gets.
static inline int insights_gzip_init(z_stream *s) {
  return deflateInit2(s, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}
