/* The write-ahead log's file, written in large pieces. */
#ifndef CLEAT_DB_SQLITE_LOG_H
#define CLEAT_DB_SQLITE_LOG_H

#include <sqlite3.h>

/* Those of a log's file. */
const sqlite3_io_methods *sqlite_log_methods(void);

#endif
