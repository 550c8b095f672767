// The system's zstd.h.
#pragma once
#include <zstd.h>
