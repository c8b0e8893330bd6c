/* A filter with all it references, as the commands of a new generation. */
#define _GNU_SOURCE
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST_INCLUDE 200

typedef struct {
    const Request *request;
    Instance **instances;
    size_t count;
    char *refusal; /* why the whole cannot be instantiated, or NULL */
} Walk;

static void refuse(Walk *walk, const char *reason, const char *name)
{
    if (walk->refusal == NULL && asprintf(&walk->refusal, "%s '%s'", reason, name) < 0)
        walk->refusal = NULL;
}

static Filter *find_filter(const Request *request, const char *name)
{
    for (size_t at = 0; at < request->filter_count; at++)
        if (request->filters[at] != NULL && strcmp(request->filters[at]->name, name) == 0)
            return request->filters[at];
    return NULL;
}

/* What a referenced filter knows: the parameters of the reference, under everything that is known already. */
static Table *inner_variables(Table *parameters, Table *outer)
{
    Table *inner = virHashNew(virNWFilterVarValueHashFree);

    if (parameters != NULL)
        virNWFilterHashTablePutAll(parameters, inner);
    virNWFilterHashTablePutAll(outer, inner);
    return inner;
}

/* libvirt looks for missing variables before anything else, in attributes that are never emitted too. */
static void check_variables(Walk *walk, const Rule *rule, Table *variables)
{
    for (size_t at = 0; at < rule_access_count(rule); at++) {
        Access *access = rule_access(rule, at);
        Buffer name = { NULL, 0 };

        if (virNWFilterVarAccessIsAvailable(access, variables))
            continue;
        virNWFilterVarAccessPrint(access, &name);
        refuse(walk, "unresolvable variable or unavailable list element", virBufferContentAndReset(&name));
    }
}

static void add_instance(Walk *walk, const Filter *filter, Rule *rule, Table *variables)
{
    Instance *instance = checked(calloc(1, sizeof *instance));

    check_variables(walk, rule, variables);
    instance->chain = filter->chain;
    instance->chain_priority = filter->chain_priority;
    instance->rule = rule;
    instance->priority = rule_priority(rule);
    instance->variables = variables;
    walk->instances = checked(realloc(walk->instances, (walk->count + 1) * sizeof *walk->instances));
    walk->instances[walk->count++] = instance;
}

/* Depth first, in the order of the document. */
static void flatten(Walk *walk, const Filter *filter, Table *variables, int depth)
{
    if (depth > DEEPEST_INCLUDE) {
        refuse(walk, "references are too deep, or a loop, at filter", filter->name);
        return;
    }
    /* One reason is enough, and in a loop there is no end of entries. */
    for (size_t at = 0; at < filter->entry_count && walk->refusal == NULL; at++) {
        Include *include = filter->entries[at]->include;
        Filter *inner;

        if (include == NULL) {
            add_instance(walk, filter, filter->entries[at]->rule, variables);
            continue;
        }
        inner = find_filter(walk->request, include->filter);
        if (inner == NULL)
            refuse(walk, "missing filter", include->filter);
        else
            flatten(walk, inner, inner_variables(include->parameters, variables), depth + 1);
    }
}

static void say_chain(char side, const char *device, const Instance *instance)
{
    printf("p%c-%s-%s %d%c", side, device, instance->chain, instance->chain_priority, FIELD_END);
}

/*
 * The driver has sorted the instances where they stand. Of one name the last one counts, because libvirt inserts the chains
 * in this order into a table by name. Only rules of the Ethernet layer have sub-chains.
 */
static void say_chains(const Walk *walk)
{
    for (size_t at = 0; at < walk->count; at++) {
        const Instance *instance = walk->instances[at];
        int direction = rule_direction(instance->rule);

        if (!virNWFilterRuleIsProtocolEthernet(instance->rule) || strcmp(instance->chain, "root") == 0)
            continue;
        if (direction != DIRECTION_IN)
            say_chain('J', walk->request->device, instance);
        if (direction != DIRECTION_OUT)
            say_chain('P', walk->request->device, instance);
    }
}

void answer_filters(const Driver *driver, const Request *request)
{
    Walk walk = { .request = request };
    int code = -1;

    /* A crash from here on must not take the parsed texts along. */
    fflush(stdout);
    if (request->filters[0] == NULL) {
        say_result(-1, "the filter was refused");
        return;
    }
    virResetLastError();
    flatten(&walk, request->filters[0], request->variables, 0);
    if (walk.refusal == NULL)
        code = driver->apply_new_rules(request->device, walk.instances, walk.count);
    say_chains(&walk);
    say_result(code, walk.refusal);
}
