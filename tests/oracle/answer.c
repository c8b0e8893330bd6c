/* One request and its answer. */
#include "oracle.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *checked(void *memory)
{
    if (memory == NULL) {
        fputs("out of memory\n", stderr);
        _exit(1);
    }
    return memory;
}

void say(char kind, const char *text)
{
    printf("%c%s%c", kind, text, FIELD_END);
}

void say_result(int code, const char *reason)
{
    const char *message = code == 0 ? "" : reason != NULL ? reason : virGetLastErrorMessage();

    printf("r%d %s%c", code, message, FIELD_END);
}

/* Answers the text libvirt prints of what it has parsed, or its error message when there is none. */
static void say_parsed(char *text)
{
    if (text != NULL)
        say('t', text);
    else
        say('e', virGetLastErrorMessage());
}

Buffer printed_command;

/* Every command succeeds and prints nothing. */
void pretend_to_run(const char *const *args, const char *const *env, const char *input, char **output, char **error,
                    int *status, void *opaque)
{
    char *line = virBufferContentAndReset(&printed_command);
    size_t length = line == NULL ? 0 : strlen(line);

    (void)args, (void)env, (void)input, (void)opaque;
    if (length > 0 && line[length - 1] == '\n')
        line[length - 1] = '\0';
    if (length > 0)
        say('c', line);
    *status = 0;
    *output = strdup("");
    *error = strdup("");
}

static void add_filter(Request *request, const char *xml)
{
    size_t size = (request->filter_count + 1) * sizeof *request->filters;
    Filter *filter;

    virResetLastError();
    filter = virNWFilterDefParse(xml, NULL, 0);
    say_parsed(filter == NULL ? NULL : virNWFilterDefFormat(filter));
    request->filters = checked(realloc(request->filters, size));
    request->filters[request->filter_count++] = filter;
}

/*
 * NAME=VALUE. A name that comes again makes a list. libvirt drops a parameter with characters it does not want, and so does
 * this; the function that makes a new value knows them.
 */
static void add_variable(Table *variables, char *assignment)
{
    char *equals = strchr(assignment, '=');
    Value *known;
    Value *value;

    if (equals == NULL)
        return;
    *equals = '\0';
    value = virNWFilterVarValueCreateSimpleCopyValue(equals + 1);
    known = virHashLookup(variables, assignment);
    if (value == NULL)
        return;
    if (known == NULL) {
        virHashUpdateEntry(variables, assignment, value);
        return;
    }
    virNWFilterVarValueAddValueCopy(known, equals + 1);
    virNWFilterVarValueFree(value);
}

static void read_field(Request *request, char *field)
{
    char *content = field + 1;

    switch (*field) {
    case 'f': add_filter(request, content); break;
    case 'v': add_variable(request->variables, content); break;
    case 'd': request->device = content; break;
    case 'o': request->operation = content; break;
    case 'm': request->mac = content; break;
    case 'b': request->binding = content; break;
    case 'n': request->network = content; break;
    }
}

static Request read_request(char *text)
{
    Request request = { .variables = virHashNew(virNWFilterVarValueHashFree), .device = "vnet0" };
    char *end;

    for (; (end = strchr(text, FIELD_END)) != NULL; text = end + 1) {
        *end = '\0';
        read_field(&request, text);
    }
    return request;
}

static int run_operation(const Driver *driver, const Request *request, const unsigned char *mac)
{
    const char *name = request->operation;
    const char *device = request->device;

    if (strcmp(name, "tearNew") == 0)
        return driver->tear_new_rules(device);
    if (strcmp(name, "tearOld") == 0)
        return driver->tear_old_rules(device);
    if (strcmp(name, "allTeardown") == 0)
        return driver->all_teardown(device);
    if (strcmp(name, "basic") == 0)
        return driver->apply_basic_rules(device, mac);
    if (strcmp(name, "dhcp") == 0)
        return driver->apply_dhcp_only_rules(device, mac, virHashLookup(request->variables, "DHCPSERVER"), false);
    if (strcmp(name, "drop") == 0)
        return driver->apply_drop_all_rules(device);
    if (strcmp(name, "removeBasic") == 0)
        return driver->remove_basic_rules(device);
    return -1;
}

static void answer_operation(const Driver *driver, const Request *request)
{
    unsigned char mac[6] = { 0 };

    virResetLastError();
    if (request->mac != NULL && virMacAddrParse(request->mac, mac) < 0)
        say_result(-1, "not a MAC address");
    else
        say_result(run_operation(driver, request, mac), NULL);
}

static void answer_binding(const char *xml)
{
    Binding *binding;

    virResetLastError();
    binding = virNWFilterBindingDefParse(xml, NULL, 0);
    say_parsed(binding == NULL ? NULL : virNWFilterBindingDefFormat(binding));
}

void *load_driver(const char *file)
{
    void *driver = dlopen(file, RTLD_NOW | RTLD_GLOBAL);

    if (driver == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return driver;
}

/* A process makes the private chains once, with its first network: here every network is the first one of its process. */
static void answer_network(const char *xml)
{
    void *driver = load_driver(LIBVIRT_DRIVERS "libvirt_driver_network.so");
    int (*add_firewall_rules)(Network *) = (int (*)(Network *))dlsym(driver, "networkAddFirewallRules");
    Network *network;

    virResetLastError();
    network = virNetworkDefParse(xml, NULL, NULL, false);
    if (network == NULL)
        say('e', virGetLastErrorMessage());
    else
        say_result(add_firewall_rules(network), NULL);
}

void answer(const Driver *driver, char *text)
{
    Request request = read_request(text);

    if (request.network != NULL)
        answer_network(request.network);
    else if (request.binding != NULL)
        answer_binding(request.binding);
    else if (request.operation != NULL)
        answer_operation(driver, &request);
    else if (request.filter_count > 0)
        answer_filters(driver, &request);
}
