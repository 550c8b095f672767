// The C library's malloc.h, which Swift's module of it leaves out.
#pragma once
#include <malloc.h>
