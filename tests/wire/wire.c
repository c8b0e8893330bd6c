/*
 * Puts frames on wires of the lab and tells for each what arrived anywhere because of it.
 *
 * It is started in the namespace of the lab's host, keeps a socket at every place, and answers requests until stdin ends.
 * Bridge and veth deliver within the call that sends, so what can be read right after a send belongs to that frame. In the
 * slow mode it waits after each frame for what may come late.
 */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_GUESTS 16
#define MOST_EVENTS 64
#define HEADER_BYTES 5
#define FRAME_HEADER_BYTES 3

static Place places[MOST_GUESTS + MOST_HOST_PLACES];
static size_t guest_count;
static int ready_list;

/* The answer, as long as it gets. */
static uint8_t *answer;
static size_t answer_length, answer_room;

void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static uint8_t *grow(size_t length)
{
    uint8_t *start;

    if (answer_length + length > answer_room) {
        answer_room = 2 * (answer_length + length);
        answer = realloc(answer, answer_room);
        if (answer == NULL)
            give_up("memory");
    }
    start = answer + answer_length;
    answer_length += length;
    return start;
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = value & 0xff;
    at[1] = value >> 8 & 0xff;
}

static unsigned get16(const uint8_t *at)
{
    return at[0] | at[1] << 8;
}

static unsigned get32(const uint8_t *at)
{
    return get16(at) | get16(at + 2) << 16;
}

/* Appends everything that waits at any place, and returns how many frames that were. */
static unsigned collect(int wait_ms)
{
    static uint8_t frame[1 + LONGEST_FRAME];
    struct epoll_event events[MOST_EVENTS];
    unsigned count = 0;
    int ready;

    while ((ready = epoll_wait(ready_list, events, MOST_EVENTS, wait_ms)) > 0) {
        for (int at = 0; at < ready; at++) {
            const Place *place = events[at].data.ptr;
            int start = place->header == 0 ? 0 : 1;
            int length = receive(place, frame + start);
            uint8_t *arrival;

            if (length < 0)
                continue;
            frame[0] = start == 0 ? frame[0] : place->header;
            length += start;
            arrival = grow(FRAME_HEADER_BYTES + (size_t)length);
            arrival[0] = place->number;
            put16(arrival + 1, (unsigned)length);
            memcpy(arrival + FRAME_HEADER_BYTES, frame, (size_t)length);
            count++;
        }
    }
    return count;
}

static const char *send_frames(const uint8_t *request, size_t length)
{
    int wait_ms = length < 2 ? 0 : (int)get16(request);
    size_t at = 2;

    /* What arrived since the last list belongs to nothing. */
    collect(0);
    answer_length = HEADER_BYTES;
    while (at + FRAME_HEADER_BYTES <= length) {
        unsigned from = request[at], size = get16(request + at + 1);
        size_t count_at = answer_length;
        unsigned count;

        at += FRAME_HEADER_BYTES;
        if (from > guest_count || at + size > length)
            return "a frame of nobody, or one that is cut off";
        if (from == guest_count)
            send_from_host(request + at, size);
        else if (send(places[from].socket, request + at, size, 0) < 0)
            return strerror(errno);
        at += size;
        grow(2);
        count = collect(wait_ms);
        put16(answer + count_at, count);
    }
    return NULL;
}

/* Reads so many bytes; ends the program where there are no more. */
static void read_all(uint8_t *into, size_t length)
{
    for (size_t got = 0; got < length;) {
        ssize_t some = read(STDIN_FILENO, into + got, length - got);
        if (some == 0)
            exit(0);
        if (some < 0 && errno != EINTR)
            give_up("stdin");
        got += some < 0 ? 0 : (size_t)some;
    }
}

static void write_answer(char kind)
{
    size_t length = answer_length - HEADER_BYTES;

    answer[0] = (uint8_t)kind;
    put16(answer + 1, length & 0xffff);
    put16(answer + 3, length >> 16 & 0xffff);
    for (size_t done = 0; done < answer_length;) {
        ssize_t some = write(STDOUT_FILENO, answer + done, answer_length - done);
        if (some < 0 && errno != EINTR)
            give_up("stdout");
        done += some < 0 ? 0 : (size_t)some;
    }
}

static const char *name_errno(int number)
{
    return number == 0 ? NULL : strerror(number);
}

static void answer_request(char kind, const uint8_t *request, size_t length)
{
    const char *problem = "an unknown request";

    answer_length = 0;
    grow(HEADER_BYTES);
    if (kind == 'S')
        problem = send_frames(request, length);
    else if (kind == 'C')
        problem = name_errno(flush_connections());
    else if (kind == 'M')
        problem = name_errno(flush_learned_macs());
    if (problem != NULL) {
        answer_length = HEADER_BYTES;
        memcpy(grow(strlen(problem)), problem, strlen(problem));
    }
    write_answer(problem == NULL ? 'A' : 'E');
}

int main(int count, char **names)
{
    size_t place_count;

    if (count < 2 || count - 1 > MOST_GUESTS) {
        fprintf(stderr, "usage: wire NAMESPACE...\n");
        return 2;
    }
    guest_count = (size_t)count - 1;
    open_guests(names + 1, guest_count, places);
    for (size_t at = 1; at <= guest_count; at++)
        switch_off_offload(names[at]);
    switch_off_offload("br0");
    place_count = guest_count + open_host((uint8_t)guest_count, places + guest_count);
    ready_list = epoll_create1(EPOLL_CLOEXEC);
    if (ready_list < 0)
        give_up("epoll");
    for (size_t at = 0; at < place_count; at++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &places[at] };
        if (epoll_ctl(ready_list, EPOLL_CTL_ADD, places[at].socket, &event) < 0)
            give_up("epoll");
    }
    for (;;) {
        uint8_t header[HEADER_BYTES];
        uint8_t *request;
        size_t length;

        read_all(header, sizeof header);
        length = get32(header + 1);
        request = malloc(length + 1);
        if (request == NULL)
            give_up("memory");
        read_all(request, length);
        answer_request((char)header[0], request, length);
        free(request);
    }
}
