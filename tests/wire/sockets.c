/* The places where frames leave and arrive. */
#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BYTES_BEFORE_TAG 12
#define TAG_BYTES 4
#define ETHERNET_BYTES 14

/* Sockets that take whole packets, with their headers. */
static int host_ipv4, host_ipv6;

static void set_option(int socket, int level, int option, int value)
{
    if (setsockopt(socket, level, option, &value, sizeof value) < 0)
        give_up("setsockopt");
}

/* Sees what arrives at a device of the current namespace, not what leaves it. */
static Place open_device(const char *device, uint8_t number)
{
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
    /* Without a protocol nothing arrives before the socket is bound. */
    int opened = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);

    if (opened < 0)
        give_up("a packet socket");
    set_option(opened, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
    set_option(opened, SOL_PACKET, PACKET_AUXDATA, 1);
    address.sll_ifindex = (int)if_nametoindex(device);
    if (address.sll_ifindex == 0 || bind(opened, (struct sockaddr *)&address, sizeof address) < 0)
        give_up(device);
    return (Place){ .socket = opened, .number = number, .is_packet = 1 };
}

void open_guests(char **names, size_t count, Place *places)
{
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

    if (home < 0)
        give_up("the namespace of the host");
    for (size_t at = 0; at < count; at++) {
        char path[256];
        int guest;

        snprintf(path, sizeof path, "/run/netns/%s", names[at]);
        guest = open(path, O_RDONLY | O_CLOEXEC);
        if (guest < 0 || setns(guest, CLONE_NEWNET) < 0)
            give_up(path);
        close(guest);
        places[at] = open_device("eth0", (uint8_t)at);
        if (setns(home, CLONE_NEWNET) < 0)
            give_up("the way back to the host");
    }
    close(home);
}

/* Headers in front of others; a socket for one of them would see packets that another socket sees too. */
static int is_extension_header(int protocol)
{
    return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_FRAGMENT ||
           protocol == IPPROTO_DSTOPTS;
}

size_t open_host(uint8_t number, Place *places)
{
    size_t count = 0;

    host_ipv4 = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW);
    host_ipv6 = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW);
    if (host_ipv4 < 0 || host_ipv6 < 0)
        give_up("a raw socket of the host");
    set_option(host_ipv4, SOL_SOCKET, SO_BROADCAST, 1);
    set_option(host_ipv6, IPPROTO_IPV6, IPV6_HDRINCL, 1);
    places[count++] = open_device("br0", number);
    /* A raw socket gets what has passed the hook INPUT. There is none for all protocols. */
    for (int protocol = 1; protocol < 255; protocol++) {
        int ipv4 = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, protocol);
        if (ipv4 < 0)
            give_up("a raw socket for IPv4");
        places[count++] = (Place){ .socket = ipv4, .number = number + 1 };
        if (!is_extension_header(protocol)) {
            int ipv6 = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, protocol);
            if (ipv6 < 0)
                give_up("a raw socket for IPv6");
            places[count++] = (Place){ .socket = ipv6, .number = number + 2, .header = (uint8_t)protocol };
        }
    }
    return count;
}

void send_from_host(const uint8_t *frame, size_t length)
{
    const uint8_t *packet = frame + ETHERNET_BYTES;
    int is_ipv6 = length >= ETHERNET_BYTES + 40 && packet[0] >> 4 == 6;

    if (is_ipv6) {
        struct sockaddr_in6 receiver = { .sin6_family = AF_INET6 };
        size_t size = 40 + (size_t)(packet[4] << 8 | packet[5]);
        memcpy(&receiver.sin6_addr, packet + 24, 16);
        if (size <= length - ETHERNET_BYTES)
            sendto(host_ipv6, packet, size, 0, (struct sockaddr *)&receiver, sizeof receiver);
    } else if (length >= ETHERNET_BYTES + 20) {
        struct sockaddr_in receiver = { .sin_family = AF_INET };
        size_t size = (size_t)(packet[2] << 8 | packet[3]);
        memcpy(&receiver.sin_addr, packet + 16, 4);
        if (size <= length - ETHERNET_BYTES)
            sendto(host_ipv4, packet, size, 0, (struct sockaddr *)&receiver, sizeof receiver);
    }
}

static int put_tag_back(uint8_t *frame, int length, const struct tpacket_auxdata *found)
{
    uint16_t protocol = found->tp_status & TP_STATUS_VLAN_TPID_VALID ? found->tp_vlan_tpid : ETH_P_8021Q;
    uint16_t tag[] = { htons(protocol), htons(found->tp_vlan_tci) };

    memmove(frame + BYTES_BEFORE_TAG + TAG_BYTES, frame + BYTES_BEFORE_TAG, (size_t)length - BYTES_BEFORE_TAG);
    memcpy(frame + BYTES_BEFORE_TAG, tag, TAG_BYTES);
    return length + TAG_BYTES;
}

int receive(const Place *place, uint8_t *frame)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
    } control;
    struct iovec vector = { .iov_base = frame, .iov_len = LONGEST_FRAME - TAG_BYTES };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
    ssize_t length = recvmsg(place->socket, &message, 0);

    if (length < 0) {
        if (errno == EAGAIN || errno == EINTR)
            return -1;
        give_up("recvmsg");
    }
    if (!place->is_packet)
        return (int)length;
    for (struct cmsghdr *one = CMSG_FIRSTHDR(&message); one != NULL; one = CMSG_NXTHDR(&message, one)) {
        struct tpacket_auxdata found;

        if (one->cmsg_level != SOL_PACKET || one->cmsg_type != PACKET_AUXDATA)
            continue;
        memcpy(&found, CMSG_DATA(one), sizeof found);
        if (found.tp_status & TP_STATUS_VLAN_VALID)
            return put_tag_back(frame, (int)length, &found);
    }
    return (int)length;
}

void switch_off_offload(const char *device)
{
    struct ethtool_value off = { .cmd = ETHTOOL_STXCSUM, .data = 0 };
    struct ifreq request = { .ifr_data = (void *)&off };
    int any = socket(AF_INET, SOCK_DGRAM, 0);

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
    if (any < 0 || ioctl(any, SIOCETHTOOL, &request) < 0)
        give_up(device);
    close(any);
}
