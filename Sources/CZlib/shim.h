// The system's zlib.h; the initialisers are macros there.
#pragma once
#include <zlib.h>

/// Prepares a stream that inflates gzip or zlib data, whichever comes.
static inline int insights_inflate_init(z_stream *s) { return inflateInit2(s, 15 + 32); }
