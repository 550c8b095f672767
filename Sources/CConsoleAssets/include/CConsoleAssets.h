#ifndef C_CONSOLE_ASSETS_H
#define C_CONSOLE_ASSETS_H

#include <stddef.h>

/// A file of the console's page, as it is in the folder `console`.
struct console_asset {
  const char *name;
  const unsigned char *bytes;
  size_t length;
};

/// The files, modules and style sheets in the order in which they are joined.
const struct console_asset *console_assets(void);

size_t console_asset_count(void);

#endif
