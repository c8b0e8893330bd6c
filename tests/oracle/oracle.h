/* What the parts of this program share. The protocol on stdin and stdout stands in README.md. */
#ifndef ORACLE_H
#define ORACLE_H

#include "libvirt.h"

/* Text is UTF-8, in which these bytes never occur. */
#define FIELD_END '\xfe'
#define MESSAGE_END '\xff'

typedef struct {
    Filter **filters; /* NULL where a text was refused */
    size_t filter_count;
    Table *variables;
    const char *device;
    const char *operation;
    const char *mac;
    const char *binding;
    const char *network;
} Request;

/* Ends the process where there was no memory to be had. */
void *checked(void *memory);

/* Writes one field of an answer. */
void say(char kind, const char *text);

/* Writes whether libvirt did what was asked, and if not why: the reason, or libvirt's own message when that is NULL. */
void say_result(int code, const char *reason);

/* Writes the answer to one request; the text is cut into its fields where it stands. */
void answer(const Driver *driver, char *text);

/* Writes what installing the first filter of the request takes: its commands, and the priorities of its sub-chains. */
void answer_filters(const Driver *driver, const Request *request);

/* libvirt calls this in its dry run instead of executing the command that it has just printed into the buffer. */
extern Buffer printed_command;
void pretend_to_run(const char *const *args, const char *const *env, const char *input, char **output, char **error,
                    int *status, void *opaque);

/* Loads a file of LIBVIRT_DRIVERS, or ends the program. */
void *load_driver(const char *file);

#endif
