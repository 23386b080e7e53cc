/* Folders of files that must survive a power cut. */
#ifndef CLEAT_BASE_FOLDER_H
#define CLEAT_BASE_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Syncs the folder that holds `path`, so that a name made or changed in it
 * stays. True as well where the file system has nothing to sync.
 */
MUST_CHECK bool folder_sync_of(const char *path);

#endif
