/*
 * How many UDP packets a second get from one network namespace to another: udp-rate FROM TO ADDRESS SECONDS, with names below
 * /run/netns. Sender and receiver stand on a processor each, so that two runs differ in what lies between them alone.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
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

static struct mmsghdr messages[BATCH];
static char payloads[BATCH][PAYLOAD];
static struct iovec vectors[BATCH];

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

static void settle(const char *name, int processor)
{
	char path[128];
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof set, &set);
	snprintf(path, sizeof path, "/run/netns/%s", name);
	int file = open(path, O_RDONLY);
	if (file < 0 || setns(file, CLONE_NEWNET))
		fail(path);
	close(file);
}

static int receive(const char *name, const struct sockaddr_in *address, int ready)
{
	settle(name, 1);
	int s = socket(AF_INET, SOCK_DGRAM, 0), room = 8 << 20;
	struct timeval patience = { 0, 300000 };
	setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (bind(s, (const void *)address, sizeof *address))
		fail("bind");
	if (write(ready, "x", 1) != 1)
		fail("write");
	long count = 0, silent = 0;
	double first = 0, last = 0;
	/* Nothing at all for three seconds: no packet gets through. */
	while (silent < 10) {
		int n = recvmmsg(s, messages, BATCH, MSG_WAITFORONE, NULL);
		if (n <= 0) {
			if (count)
				break;
			silent++;
			continue;
		}
		last = now();
		if (!count)
			first = last;
		count += n;
	}
	printf("%.0f\n", count > 1 ? count / (last - first) : 0);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(9) };
	inet_pton(AF_INET, argv[3], &address.sin_addr);
	for (int i = 0; i < BATCH; i++) {
		vectors[i] = (struct iovec){ payloads[i], PAYLOAD };
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int ready[2];
	if (pipe(ready))
		fail("pipe");
	if (!fork())
		return receive(argv[2], &address, ready[1]);
	char x;
	if (read(ready[0], &x, 1) != 1)
		fail("read");
	settle(argv[1], 0);
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(s, (const void *)&address, sizeof address))
		fail("connect");
	for (double end = now() + atof(argv[4]); now() < end;)
		sendmmsg(s, messages, BATCH, 0);
	wait(NULL);
	return 0;
}
