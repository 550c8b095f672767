// The system's zstd.h, and malloc.h for the memory that blocks are inflated into.
#pragma once
#include <malloc.h>
#include <zstd.h>
