/* A file that only grows, by whole lines. */
#ifndef CLEAT_JOBS_CHECKPOINT_FILE_H
#define CLEAT_JOBS_CHECKPOINT_FILE_H

#include <stdbool.h>

/*
 * Adds `lines`, each with its newline, and returns when they are on disk. The
 * file is made for its owner alone (0600); what a crash left of a line at its
 * end is cut off before. False, logged, when that fails: what is there of them
 * is cut off next time. "" only makes the file.
 */
bool checkpoint_file_add(const char *path, const char *lines);

#endif
