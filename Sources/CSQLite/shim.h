// The system's sqlite3.h, and what Swift cannot import from it: variadic functions, and macros with
// casts or computations.
#pragma once
#include <sqlite3.h>

/// Extended result codes.
static const int insights_SQLITE_IOERR_DATA = SQLITE_IOERR_DATA;
static const int insights_SQLITE_IOERR_READ = SQLITE_IOERR_READ;
static const int insights_SQLITE_IOERR_SHORT_READ = SQLITE_IOERR_SHORT_READ;

/// Switches a boolean connection option (SQLITE_DBCONFIG_…) on or off.
static inline int insights_sqlite3_db_config(sqlite3 *db, int option, int on) {
  return sqlite3_db_config(db, option, on, (int *)0);
}

/// Binds text that stays valid until the statement is reset or bound again; nothing is copied.
static inline int insights_sqlite3_bind_text_static(sqlite3_stmt *s, int i, const char *t, sqlite3_uint64 n) {
  return sqlite3_bind_text64(s, i, t, n, SQLITE_STATIC, SQLITE_UTF8);
}

/// Binds bytes that stay valid until the statement is reset or bound again; nothing is copied.
static inline int insights_sqlite3_bind_blob_static(sqlite3_stmt *s, int i, const void *b, sqlite3_uint64 n) {
  return sqlite3_bind_blob64(s, i, b, n, SQLITE_STATIC);
}

/// Binds a copy of the bytes.
static inline int insights_sqlite3_bind_blob(sqlite3_stmt *s, int i, const void *b, sqlite3_uint64 n) {
  return sqlite3_bind_blob64(s, i, b, n, SQLITE_TRANSIENT);
}

/// Binds a copy of the text.
static inline int insights_sqlite3_bind_text(sqlite3_stmt *s, int i, const char *t, sqlite3_uint64 n) {
  return sqlite3_bind_text64(s, i, t, n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Gives a copy of the text as a function's result.
static inline void insights_sqlite3_result_text(sqlite3_context *c, const char *t, sqlite3_uint64 n) {
  sqlite3_result_text64(c, t, n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Gives a copy of the bytes as a function's result.
static inline void insights_sqlite3_result_blob(sqlite3_context *c, const void *t, sqlite3_uint64 n) {
  sqlite3_result_blob64(c, t, n, SQLITE_TRANSIENT);
}

/// Gives text that stays valid until the statement has taken the row; nothing is copied.
static inline void insights_sqlite3_result_text_static(sqlite3_context *c, const char *t, sqlite3_uint64 n) {
  sqlite3_result_text64(c, t, n, SQLITE_STATIC, SQLITE_UTF8);
}

/// Gives bytes that stay valid until the statement has taken the row; nothing is copied.
static inline void insights_sqlite3_result_blob_static(sqlite3_context *c, const void *t, sqlite3_uint64 n) {
  sqlite3_result_blob64(c, t, n, SQLITE_STATIC);
}

/// Sets whether the library counts what all its threads allocate (SQLITE_CONFIG_MEMSTATUS).
static inline int insights_sqlite3_config_memstatus(int on) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, on);
}

/// Sets how the library allocates memory (SQLITE_CONFIG_MALLOC); it copies the methods.
static inline int insights_sqlite3_config_malloc(const sqlite3_mem_methods *methods) {
  return sqlite3_config(SQLITE_CONFIG_MALLOC, methods);
}

/// Sets how much of a file is mapped into memory, unless told otherwise and at most (SQLITE_CONFIG_MMAP_SIZE).
static inline int insights_sqlite3_config_mmap_size(sqlite3_int64 size, sqlite3_int64 limit) {
  return sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, size, limit);
}
