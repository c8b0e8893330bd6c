# Sends frames all the time and counts where they arrive. Run inside the lab's host namespace.
# Argument: frames a second, 0 for as many as possible.
# Input, a line each, where every line is answered with a last line "done":
#   place NAME NAMESPACE DEVICE       opens a place that sends
#   listen NAME NAMESPACE DEVICE      the same, and counts what arrives there
#   frame KIND FROM TO HEX            is sent again and again from now on
#   stop NAME                         no more is sent from this place, and it is closed
#   tell                              waits until nothing arrives any more, and tells of each kind and sender:
#                                     KIND FROM SENT ARRIVED ASTRAY FIRST, where ARRIVED were seen at TO, ASTRAY at other places that listen,
#                                     and FIRST is when the first was seen anywhere, in milliseconds since the epoch, or 0.
#                                     The line before "done" is "overrun N": so many arrivals found no room.
use strict;
use warnings;
use Errno ();
use POSIX ();
use Time::HiRes qw(time);

my ($AF_PACKET, $SOCK_RAW, $ETH_P_ALL, $SIOCGIFINDEX, $CLONE_NEWNET, $MSG_DONTWAIT) = (17, 3, 3, 0x8933, 0x40000000, 0x40);
my ($SOL_SOCKET, $SO_RCVBUF, $SOL_PACKET, $PACKET_STATISTICS, $PACKET_IGNORE_OUTGOING) = (1, 8, 263, 6, 23);
my ($ROOM, $MOST_AT_ONCE, $QUIET_S, $PATIENCE_S) = (8_000_000, 64, 0.005, 1);
my $setns = (POSIX::uname())[4] eq 'aarch64' ? 268 : 308;
my ($rate) = @ARGV;
open(my $home, '<', '/proc/self/ns/net') or die "the own namespace: $!\n";
$| = 1;

my (%places, @listeners, @frames, %frame_of, %counts, @order);
my ($at, $overrun, $due, $input) = (0, 0, time(), '');

while (1) {
    my $count = @frames == 0 ? 0 : $rate == 0 ? @frames : int((time() - $due) * $rate);
    $count = $MOST_AT_ONCE if $count > $MOST_AT_ONCE;
    for (1 .. $count) { send_next() }
    # What could not be sent in time is not made up for.
    $due = $rate == 0 || time() - $due > 0.1 ? time() : $due + $count / $rate;
    collect();
    my $patience = @frames == 0 ? undef : $rate == 0 ? 0 : 0.001;
    my $bits = '';
    vec($bits, 0, 1) = 1;
    next unless select($bits, undef, undef, $patience) > 0;
    sysread(STDIN, $input, 65536, length $input) or exit 0;
    while ($input =~ s/^([^\n]*)\n//) { obey(split ' ', $1) }
}

sub obey {
    my ($what, @args) = @_;
    if ($what eq 'place' or $what eq 'listen') { open_place($what eq 'listen', @args) }
    elsif ($what eq 'frame') { add_frame(@args) }
    elsif ($what eq 'stop') { stop(@args) }
    elsif ($what eq 'tell') { report_counts() }
    else { die "unknown: $what\n" }
    print "done\n";
}

sub open_place {
    my ($listens, $name, $namespace, $device) = @_;
    open(my $there, '<', "/run/netns/$namespace") or die "$namespace: $!\n";
    syscall($setns, fileno($there), $CLONE_NEWNET) == 0 or die "setns $namespace: $!\n";
    # Without a protocol nothing arrives.
    my $protocol = $listens ? unpack('S', pack('n', $ETH_P_ALL)) : 0;
    socket(my $socket, $AF_PACKET, $SOCK_RAW, 0) or die "socket: $!\n";
    my $request = pack('a16 i x20', $device, 0);
    ioctl($socket, $SIOCGIFINDEX, $request) or die "$device of $namespace: $!\n";
    my $index = unpack('x16 i', $request);
    if ($listens) {
        setsockopt($socket, $SOL_PACKET, $PACKET_IGNORE_OUTGOING, pack('i', 1)) or die "PACKET_IGNORE_OUTGOING: $!\n";
        setsockopt($socket, $SOL_SOCKET, $SO_RCVBUF, pack('i', $ROOM)) or die "SO_RCVBUF: $!\n";
    }
    bind($socket, pack('S S i S C C a8', $AF_PACKET, $protocol, $index, 0, 0, 0, '')) or die "bind $device: $!\n";
    syscall($setns, fileno($home), $CLONE_NEWNET) == 0 or die "the way back: $!\n";
    $places{$name} = $socket;
    push @listeners, [$name, $socket] if $listens;
}

sub add_frame {
    my ($kind, $from, $to, $hex) = @_;
    my $key = "$kind $from";
    push @order, $key unless exists $counts{$key};
    $counts{$key} ||= { sent => 0, arrived => 0, astray => 0, first => 0 };
    my $frame = { from => $from, to => $to, bytes => pack('H*', $hex), counts => $counts{$key} };
    push @frames, $frame;
    $frame_of{without_padding($frame->{bytes})} = $frame;
}

sub stop {
    my ($name) = @_;
    @frames = grep { $_->{from} ne $name } @frames;
    @listeners = grep { $_->[0] ne $name } @listeners;
    delete $places{$name};
}

sub send_next {
    my $frame = $frames[$at++ % @frames];
    if (defined send($places{$frame->{from}}, $frame->{bytes}, 0)) { $frame->{counts}{sent}++; return }
    # A device that is down or gone takes nothing.
    die "send: $!\n" unless $!{ENETDOWN} or $!{ENXIO} or $!{ENODEV} or $!{ENOBUFS};
}

# Padding says nothing: the bridge's firewall cuts what stands behind an IP packet.
sub without_padding {
    my ($bytes) = @_;
    $bytes =~ s/\0+\z//;
    return $bytes;
}

sub collect {
    my $count = 0;
    for my $listener (@listeners) {
        my ($name, $socket) = @$listener;
        while (defined recv($socket, my $got, 65536, $MSG_DONTWAIT)) {
            my $frame = $frame_of{without_padding($got)} or next;
            next if $frame->{from} eq $name;
            $count++;
            $frame->{counts}{$frame->{to} eq $name ? 'arrived' : 'astray'}++;
            $frame->{counts}{first} ||= int(time() * 1000);
        }
    }
    return $count;
}

sub report_counts {
    my ($end, $quiet) = (time() + $PATIENCE_S, time() + $QUIET_S);
    while (time() < $quiet and time() < $end) {
        if (collect() > 0) { $quiet = time() + $QUIET_S }
        else { select(undef, undef, undef, 0.0005) }
    }
    for my $listener (@listeners) {
        my $statistics = getsockopt($listener->[1], $SOL_PACKET, $PACKET_STATISTICS) or die "PACKET_STATISTICS: $!\n";
        $overrun += unpack('x4 I', $statistics);
    }
    for my $key (@order) { print join(' ', $key, map { $counts{$key}{$_} } qw(sent arrived astray first)), "\n" }
    print "overrun $overrun\n";
    $due = time();
}
