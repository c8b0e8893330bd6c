/*
 * As much of the private interface of libvirt 9.0.0 on x86-64 as is needed here. Debian's library exports these functions,
 * but no package has headers for them. The structures repeat its layout; the few fields that are read from a rule are at
 * offsets of their own.
 */
#ifndef LIBVIRT_H
#define LIBVIRT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIBVIRT_VERSION 9000000
#define LIBVIRT_DRIVERS "/usr/lib/x86_64-linux-gnu/libvirt/connection-driver/"

typedef struct Rule Rule;
typedef struct Table Table;   /* a hash table: variable name to value */
typedef struct Value Value;   /* a variable's value: one text or a list of them */
typedef struct Access Access; /* one use of a variable in a rule */
typedef struct Binding Binding;
typedef struct Network Network;

typedef struct {
    void *text;
    int indent;
} Buffer;

typedef struct {
    char *filter;
    Table *parameters;
} Include;

/* One of the two is NULL. */
typedef struct {
    Rule *rule;
    Include *include;
} Entry;

typedef struct {
    char *name;
    unsigned char uuid[16];
    bool uuid_given;
    char *chain;
    int32_t chain_priority;
    size_t entry_count;
    Entry **entries;
} Filter;

/* A rule as the driver gets it: with the chain of the filter it stands in, and the variables known there. */
typedef struct {
    const char *chain;
    int32_t chain_priority;
    Rule *rule;
    int32_t priority;
    Table *variables;
} Instance;

typedef struct {
    const char *name;
    int flags;
    int (*init)(bool privileged);
    void (*shutdown)(void);
    int (*apply_new_rules)(const char *device, Instance **instances, size_t count);
    int (*tear_new_rules)(const char *device);
    int (*tear_old_rules)(const char *device);
    int (*all_teardown)(const char *device);
    int (*can_apply_basic_rules)(void);
    int (*apply_basic_rules)(const char *device, const unsigned char *mac);
    int (*apply_dhcp_only_rules)(const char *device, const unsigned char *mac, Value *servers, bool stay_temporary);
    int (*apply_drop_all_rules)(const char *device);
    int (*remove_basic_rules)(const char *device);
} Driver;

typedef void (*DryRunCallback)(const char *const *args, const char *const *env, const char *input, char **output,
                               char **error, int *status, void *opaque);

int virInitialize(void);
int virGetVersion(unsigned long *version, const char *type, unsigned long *type_version);
void virSetErrorFunc(void *opaque, void (*handler)(void *opaque, void *error));
const char *virGetLastErrorMessage(void);
void virResetLastError(void);
char *virBufferContentAndReset(Buffer *buffer);
void *virCommandDryRunTokenNew(void);
void virCommandSetDryRun(void *token, Buffer *buffer, bool break_lines, bool strip_path, DryRunCallback callback,
                         void *opaque);
int virMacAddrParse(const char *text, unsigned char *mac);
Table *virHashNew(void (*free_value)(void *));
void *virHashLookup(Table *table, const char *name);
int virHashUpdateEntry(Table *table, const char *name, void *value);
void virNWFilterVarValueHashFree(void *value);
Value *virNWFilterVarValueCreateSimpleCopyValue(const char *text);
void virNWFilterVarValueFree(Value *value);
int virNWFilterVarValueAddValueCopy(Value *value, const char *text);
int virNWFilterHashTablePutAll(Table *from, Table *into);
bool virNWFilterVarAccessIsAvailable(Access *access, Table *variables);
void virNWFilterVarAccessPrint(Access *access, Buffer *buffer);
bool virNWFilterRuleIsProtocolEthernet(Rule *rule);
Filter *virNWFilterDefParse(const char *xml, const char *file, unsigned int flags);
char *virNWFilterDefFormat(Filter *filter);
Binding *virNWFilterBindingDefParse(const char *xml, const char *file, unsigned int flags);
char *virNWFilterBindingDefFormat(const Binding *binding);
Network *virNetworkDefParse(const char *xml, const char *file, void *options, bool validate);

enum { DIRECTION_IN, DIRECTION_OUT, DIRECTION_INOUT };

static inline int32_t rule_priority(const Rule *rule)
{
    return *(const int32_t *)rule;
}

static inline int rule_direction(const Rule *rule)
{
    return *(const int32_t *)((const char *)rule + 12);
}

static inline size_t rule_access_count(const Rule *rule)
{
    return *(const size_t *)((const char *)rule + 0x1198);
}

static inline Access *rule_access(const Rule *rule, size_t at)
{
    return (*(Access **const *)((const char *)rule + 0x11a0))[at];
}

#endif
