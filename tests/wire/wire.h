/* What the parts of this program share. The protocol on stdin and stdout stands in README.md. */
#ifndef WIRE_H
#define WIRE_H

#include <stddef.h>
#include <stdint.h>

/* The longest frame on these wires: an Ethernet frame with a tag, and what the host itself gets put together from fragments. */
#define LONGEST_FRAME 65535

/* A place where frames arrive: the eth0 of a guest, the device br0, or a protocol of the IP layer of the host itself. */
typedef struct {
    int socket;
    uint8_t number; /* what the place is called in answers */
    int is_packet;  /* AF_PACKET: the kernel may have moved a VLAN tag out of the frame */
    uint8_t header; /* of the host's IPv6 input: the number of what is seen, which comes without the headers in front of it */
} Place;

/* Ends the program with the reason and errno, as text on stderr. */
__attribute__((noreturn)) void give_up(const char *what);

/* Opens the wire of each guest, from the host's namespace; places[at] belongs to names[at]. */
void open_guests(char **names, size_t count, Place *places);

/* Opens br0, under this number, and the host's IPv4 and IPv6 input, under the next two. Returns how many places that made. */
size_t open_host(uint8_t number, Place *places);
#define MOST_HOST_PLACES 512

/* Reads one frame that waits at a place, its VLAN tag in its place. Returns its length, -1 where none waits. */
int receive(const Place *place, uint8_t *frame);

/*
 * Sends the IP packet of a frame as the host itself would: through its output, on the way that its routes give. What cannot be
 * sent is lost, as it would be for any program of the host.
 */
void send_from_host(const uint8_t *frame, size_t length);

/* Makes senders compute checksums, so that those of generated packets can be compared. */
void switch_off_offload(const char *device);

/* Forgets all connections of this namespace. Returns 0, or an errno. */
int flush_connections(void);

/* Forgets what br0 learned of MAC addresses; permanent and static entries stay. Returns 0, or an errno. */
int flush_learned_macs(void);

#endif
