/* What is forgotten between two lists of frames, by netlink. */
#include "wire.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    struct nlmsghdr header;
    char payload[128];
} Request;

/* Appends an attribute; without a value it opens a nest, whose length the caller sets. */
static struct rtattr *append(Request *request, unsigned short type, const void *value, size_t length)
{
    struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

    attribute->rta_type = type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(length);
    if (length > 0)
        memcpy(RTA_DATA(attribute), value, length);
    request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + (unsigned)RTA_ALIGN(attribute->rta_len);
    return attribute;
}

static void close_nest(const Request *request, struct rtattr *nest)
{
    nest->rta_len = (unsigned short)((const char *)request + request->header.nlmsg_len - (char *)nest);
}

/* Sends a request and waits for its acknowledgement. */
static int ask(int protocol, Request *request)
{
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[512];
    } answer;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    int outcome = 0;

    request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    if (netlink < 0 || send(netlink, request, request->header.nlmsg_len, 0) < 0 ||
        recv(netlink, &answer, sizeof answer, 0) < 0)
        outcome = errno;
    else if (answer.header.nlmsg_type != NLMSG_ERROR)
        outcome = EPROTO;
    else
        outcome = -answer.error.error;
    if (netlink >= 0)
        close(netlink);
    return outcome;
}

int flush_connections(void)
{
    /* Deleting without a tuple deletes all of them. */
    struct nfgenmsg all = { .nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0 };
    Request request = { .header = { .nlmsg_len = NLMSG_LENGTH(sizeof all),
                                    .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE } };

    memcpy(NLMSG_DATA(&request.header), &all, sizeof all);
    return ask(NETLINK_NETFILTER, &request);
}

int flush_learned_macs(void)
{
    struct ifinfomsg bridge = { .ifi_family = AF_UNSPEC, .ifi_index = (int)if_nametoindex("br0") };
    Request request = { .header = { .nlmsg_len = NLMSG_LENGTH(sizeof bridge), .nlmsg_type = RTM_NEWLINK } };
    struct rtattr *info, *data;

    memcpy(NLMSG_DATA(&request.header), &bridge, sizeof bridge);
    info = append(&request, IFLA_LINKINFO, NULL, 0);
    append(&request, IFLA_INFO_KIND, "bridge", sizeof "bridge");
    data = append(&request, IFLA_INFO_DATA, NULL, 0);
    append(&request, IFLA_BR_FDB_FLUSH, NULL, 0);
    close_nest(&request, data);
    close_nest(&request, info);
    return ask(NETLINK_ROUTE, &request);
}
