/*
 * What libvirt 9.0.0 itself makes of network filters, bindings and virtual networks.
 *
 * This program links with Debian's libvirt, loads the filter driver into its own process and switches libvirt to its dry run,
 * in which a command is printed instead of executed. No daemon runs, and nothing reaches the packet filter of the machine.
 *
 * Here it starts, reads requests from stdin and spreads them over processes.
 */
#define _GNU_SOURCE
#include "oracle.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_PER_CASE 20
#define MOST_WORKERS 8

/* Answers one request in a child, so that libvirt may crash or run for ever without harm to the next one. */
static void answer_in_child(const Driver *driver, char *text)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(SECONDS_PER_CASE);
        answer(driver, text);
        fflush(stdout);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        /* The child may have ended in the middle of a field. */
        printf("%c!%s%c", FIELD_END, WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "no answer", FIELD_END);
    printf("%c", MESSAGE_END);
    fflush(stdout);
}

/* Starts a process that answers some requests into a file of its own. */
static FILE *start_worker(const Driver *driver, char **requests, size_t count)
{
    FILE *answers = tmpfile();
    pid_t worker = answers == NULL ? -1 : fork();

    if (worker < 0) {
        perror("a process that answers");
        exit(1);
    }
    if (worker == 0) {
        dup2(fileno(answers), STDOUT_FILENO);
        for (size_t at = 0; at < count; at++)
            answer_in_child(driver, requests[at]);
        _exit(0);
    }
    return answers;
}

static void copy_to_stdout(FILE *file)
{
    char block[1 << 16];
    size_t length;

    rewind(file);
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        fwrite(block, 1, length, stdout);
    fclose(file);
}

/* Each worker gets one stretch of the requests, so that their files one after the other hold the answers in order. */
static void answer_all(const Driver *driver, char **requests, size_t count)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t workers = processors < 1 ? 1 : processors > MOST_WORKERS ? MOST_WORKERS : (size_t)processors;
    FILE *answers[MOST_WORKERS];

    for (size_t at = 0; at < workers; at++) {
        size_t from = count * at / workers;
        size_t to = count * (at + 1) / workers;

        answers[at] = start_worker(driver, requests + from, to - from);
    }
    while (wait(NULL) > 0)
        continue;
    for (size_t at = 0; at < workers; at++)
        copy_to_stdout(answers[at]);
}

/* Reads stdin to its end and cuts it into requests. */
static char **read_requests(size_t *count)
{
    char **requests = NULL;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;

    *count = 0;
    while ((length = getdelim(&text, &capacity, (unsigned char)MESSAGE_END, stdin)) > 0) {
        /* What follows the last message is not whole. */
        if (text[length - 1] != MESSAGE_END)
            break;
        text[length - 1] = '\0';
        requests = checked(realloc(requests, (*count + 1) * sizeof *requests));
        requests[(*count)++] = checked(strdup(text));
    }
    free(text);
    return requests;
}

/* Keeps libvirt from writing each error to stderr. */
static void ignore_error(void *opaque, void *error)
{
    (void)opaque, (void)error;
}

static void start_libvirt(void)
{
    unsigned long version = 0;

    if (virInitialize() < 0 || virGetVersion(&version, NULL, NULL) < 0 || version != LIBVIRT_VERSION) {
        fprintf(stderr, "this program knows libvirt %d only, here is %lu\n", LIBVIRT_VERSION, version);
        exit(1);
    }
    virSetErrorFunc(NULL, ignore_error);
    virCommandSetDryRun(virCommandDryRunTokenNew(), &printed_command, false, true, pretend_to_run, NULL);
}

int main(void)
{
    const Driver *driver;
    char **requests;
    size_t count;

    start_libvirt();
    driver = dlsym(load_driver(LIBVIRT_DRIVERS "libvirt_driver_nwfilter.so"), "ebiptables_driver");
    if (driver == NULL || strcmp(driver->name, "ebiptables") != 0) {
        fputs("libvirt's filter driver is not the expected one\n", stderr);
        return 1;
    }
    requests = read_requests(&count);
    answer_all(driver, requests, count);
    return fflush(stdout) == 0 ? 0 : 1;
}
