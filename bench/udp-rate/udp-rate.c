/*
 * How many UDP packets a second get through, on several ways at once: udp-rate ADDRESS SECONDS FROM TO [FROM TO]..., with paths of
 * network namespaces. The ways take turns of some milliseconds: what the machine does besides is the same for all, so that their rates
 * can be divided by each other. Prints one rate for each way, in packets a second of its own time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define PAYLOAD 32
#define MOST_WAYS 8
/* Long enough for the caches of a processor to hold what a way needs, short beside what else a machine does. */
#define TURN_SECONDS 0.01
/* Nothing more arrives when it was silent for so long. */
#define SILENCE_MS 300

static struct mmsghdr messages[BATCH];
static char payloads[BATCH][PAYLOAD];
static struct iovec vectors[BATCH];
static struct sockaddr_in address = { .sin_family = AF_INET };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void stand_on(int processor)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof set, &set);
}

static int socket_in(const char *path)
{
	int file = open(path, O_RDONLY);
	if (file < 0 || setns(file, CLONE_NEWNET))
		fail(path);
	close(file);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0)
		fail("socket");
	return s;
}

/* Counts what arrives on each way, and writes the counts when nothing more does. */
static int receive(char **paths, int ways, int ready)
{
	struct pollfd sockets[MOST_WAYS];
	long counts[MOST_WAYS] = { 0 };
	stand_on(1);
	for (int i = 0; i < ways; i++) {
		int s = socket_in(paths[2 * i + 1]), room = 8 << 20;
		setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
		if (bind(s, (const void *)&address, sizeof address))
			fail("bind");
		sockets[i] = (struct pollfd){ .fd = s, .events = POLLIN };
	}
	if (write(ready, "x", 1) != 1)
		fail("write");
	for (int silent = 0; silent < 10;) {
		if (poll(sockets, ways, SILENCE_MS) <= 0) {
			silent = counts[0] ? 10 : silent + 1;
			continue;
		}
		for (int i = 0; i < ways; i++) {
			int n = recvmmsg(sockets[i].fd, messages, BATCH, MSG_DONTWAIT, NULL);
			counts[i] += n > 0 ? n : 0;
		}
	}
	return write(ready, counts, sizeof counts) == sizeof counts ? 0 : 1;
}

int main(int argc, char **argv)
{
	int ways = (argc - 3) / 2;
	if (ways < 1 || ways > MOST_WAYS || argc != 3 + 2 * ways)
		return 2;
	address.sin_port = htons(9);
	inet_pton(AF_INET, argv[1], &address.sin_addr);
	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ payloads[i], PAYLOAD };
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int pipes[2], sockets[MOST_WAYS];
	if (pipe(pipes))
		fail("pipe");
	if (!fork())
		return receive(argv + 3, ways, pipes[1]);
	char x;
	if (read(pipes[0], &x, 1) != 1)
		fail("read");
	stand_on(0);
	for (int i = 0; i < ways; i++) {
		sockets[i] = socket_in(argv[3 + 2 * i]);
		if (connect(sockets[i], (const void *)&address, sizeof address))
			fail("connect");
	}
	double spent[MOST_WAYS] = { 0 }, end = now() + atof(argv[2]), before = now();
	while (before < end)
		for (int i = 0; i < ways; i++) {
			double start = before;
			while ((before = now()) < start + TURN_SECONDS)
				sendmmsg(sockets[i], messages, BATCH, 0);
			spent[i] += before - start;
		}
	long counts[MOST_WAYS];
	if (read(pipes[0], counts, sizeof counts) != sizeof counts)
		fail("read");
	for (int i = 0; i < ways; i++)
		printf("%.0f\n", counts[i] / spent[i]);
	wait(NULL);
	return 0;
}
