# Puts frames on wires of the lab and tells where each arrived. Run inside the lab's host namespace.
# Arguments: milliseconds to listen after the last frame, then the names of the namespaces to open.
# Input: lines "NAME HEX", a frame that leaves the eth0 of NAME. Output: lines "INDEX NAME", frame INDEX was seen at NAME.
use strict;
use warnings;
use POSIX ();
use Time::HiRes qw(time sleep);

my ($AF_PACKET, $SOCK_RAW, $ETH_P_ALL, $SIOCGIFINDEX, $CLONE_NEWNET, $PACKET_OUTGOING) = (17, 3, 3, 0x8933, 0x40000000, 4);
my $setns = (POSIX::uname())[4] eq 'aarch64' ? 268 : 308;
my ($wait, @names) = @ARGV;

my %sockets;
for my $name (@names) {
    open(my $namespace, '<', "/run/netns/$name") or die "$name: $!\n";
    syscall($setns, fileno($namespace), $CLONE_NEWNET) == 0 or die "setns $name: $!\n";
    socket(my $socket, $AF_PACKET, $SOCK_RAW, unpack('S', pack('n', $ETH_P_ALL))) or die "socket: $!\n";
    my $request = pack('a16 i x20', 'eth0', 0);
    ioctl($socket, $SIOCGIFINDEX, $request) or die "eth0 of $name: $!\n";
    my $index = unpack('x16 i', $request);
    bind($socket, pack('S n i S C C a8', $AF_PACKET, $ETH_P_ALL, $index, 0, 0, 0, '')) or die "bind: $!\n";
    $sockets{$name} = $socket;
}

my (@frames, %seen);
while (my $line = <STDIN>) {
    my ($name, $hex) = split ' ', $line;
    push @frames, [$name, pack('H*', $hex)];
}
for my $frame (@frames) {
    defined send($sockets{$frame->[0]}, $frame->[1], 0) or die "send: $!\n";
    collect(0);
}
my $end = time() + $wait / 1000;
while ((my $left = $end - time()) > 0) { collect($left) }

# The kernel hands VLAN tags over beside the frame, so a tagged frame may also arrive without its four bytes. Padding says
# nothing: the bridge's firewall cuts what stands behind an IP packet, and a driver may add to it.
sub is_same {
    my ($sent, $got) = @_;
    s/\0+\z// for $sent, $got;
    return 1 if $got eq $sent;
    return 0 unless substr($sent, 12, 2) eq "\x81\x00";
    return $got eq substr($sent, 0, 12) . substr($sent, 16);
}

sub collect {
    my ($timeout) = @_;
    my $bits = '';
    vec($bits, fileno($_), 1) = 1 for values %sockets;
    return if select(my $ready = $bits, undef, undef, $timeout) <= 0;
    for my $name (@names) {
        next unless vec($ready, fileno($sockets{$name}), 1);
        my $from = recv($sockets{$name}, my $got, 65536, 0);
        next unless defined $from;
        next if unpack('x10 C', $from) == $PACKET_OUTGOING;
        for my $index (0 .. $#frames) {
            next if $seen{"$index $name"} or !is_same($frames[$index][1], $got);
            $seen{"$index $name"} = 1;
            print "$index $name\n";
        }
    }
}
