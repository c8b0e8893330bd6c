# Hears what guests and their servers say about addresses, and tells it. Run inside the namespace that holds the port devices.
# Input: a line for each change, all devices that shall be heard: words "NAME=N", NAME in hexadecimal, N is 1 where the first
# packet of the guest is waited for. Output: lines "NAME in|out FRAME", both in hexadecimal; in comes from the guest. Ends with its input.
use strict;
use warnings;
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);

my ($AF_PACKET, $SOCK_RAW, $ETH_P_ALL, $SIOCGIFNAME, $SIOCGIFINDEX, $PACKET_OUTGOING) = (17, 3, 3, 0x8910, 0x8933, 4);
my ($SOL_SOCKET, $SO_ATTACH_FILTER, $SO_RCVBUFFORCE, $MSG_DONTWAIT) = (1, 26, 33, 0x40);
my $RCVBUF = 4 << 20;
# A whole message of DHCP, and the headers of any other packet.
my ($WHOLE, $HEADERS) = (1600, 128);
# A classic filter has at most 4096 instructions, and a device needs two.
my ($MOST_FIRST, $MOST_LOUD) = (1200, 500);
# What is told of a device within a second, of its first packet and of all else; and of answers to one question. A guest that
# sends many answers is found out by the first ones: the rest hides nothing.
my ($MOST_FRAMES, $MOST_ANSWERS, $MOST_QUESTIONS) = (40, 40, 8);

# All by name: what is heard, and whether a first packet is.
my (%heard, %first);
# Within this second: how much was told, who said more, and the indexes of devices.
my (%frames, %answers, %loud, %name_of, %index_of);
# Who asked, by transaction and name; and the transactions of each device, the newest last.
my (%asked, %questions);
my ($input, $second, $turn, $filter, $is_stale) = ('', 0, 0, '', 1);

setpriority(0, 0, 5);
$SIG{PIPE} = 'DEFAULT';
fcntl(STDIN, F_SETFL, fcntl(STDIN, F_GETFL, 0) | O_NONBLOCK);
# Without a protocol nothing arrives before the filter is in its place.
socket(my $socket, $AF_PACKET, $SOCK_RAW, 0) or die "socket: $!\n";
setsockopt($socket, $SOL_SOCKET, $SO_RCVBUFFORCE, pack('i', $RCVBUF));
attach();
bind($socket, pack('S n i S C C a8', $AF_PACKET, $ETH_P_ALL, 0, 0, 0, 0, '')) or die "bind: $!\n";

while (1) {
    my $bits = '';
    vec($bits, fileno($_), 1) = 1 for $socket, \*STDIN;
    select(my $ready = $bits, undef, undef, 1);
    begin_second() if time() != $second;
    take_input() if vec($ready, fileno(STDIN), 1);
    take_frames() if vec($ready, fileno($socket), 1);
    attach() if $is_stale;
}

# Devices come and go under their names, and a device that was loud is heard again.
sub begin_second {
    ($second, $is_stale) = (time(), 1);
    (%frames, %answers, %loud, %name_of, %index_of) = ();
}

sub take_input {
    my $count = sysread(STDIN, $input, 65536, length $input);
    return if !defined $count && $!{EAGAIN};
    exit 0 if !$count;
    my $end = rindex($input, "\n");
    return if $end < 0;
    # Each line says everything, so the last one is enough.
    my $line = substr($input, 0, $end);
    $input = substr($input, $end + 1);
    $line =~ s/.*\n//s;
    my %before = %heard;
    (%heard, %first) = ();
    for my $word (split ' ', $line) {
        my ($hex, $is_first) = $word =~ /^((?:[0-9a-f]{2}){1,15})=([01])\z/ or next;
        my $name = pack('H*', $hex);
        $heard{$name} = 1;
        $first{$name} = 1 if $is_first;
    }
    for my $name (grep { !$heard{$_} } keys %before) {
        forget($name, $_) for @{delete $questions{$name} || []};
    }
    (%name_of, %index_of) = ();
    $is_stale = 1;
}

sub take_frames {
    my $told = '';
    for (1 .. 500) {
        my $from = recv($socket, my $frame, $WHOLE, $MSG_DONTWAIT);
        last unless defined $from;
        my ($index, $type) = unpack('x4 i x2 C', $from);
        my $name = $name_of{$index} //= name_of($index);
        next unless $heard{$name};
        my $side = $type == $PACKET_OUTGOING ? 'out' : 'in';
        $told .= unpack('H*', $name) . " $side " . unpack('H*', $frame) . "\n" if is_wanted($name, $side, $frame);
    }
    while (length $told) {
        my $count = syswrite(STDOUT, $told);
        exit 0 unless defined $count;
        substr($told, 0, $count) = '';
    }
}

# Keeps what one guest can make us tell small, whatever it sends. Whether any of it is true is not decided here.
sub is_wanted {
    my ($name, $side, $frame) = @_;
    my ($kind, $transaction) = transaction_of($frame);
    if ($kind eq 'answer') {
        # To a guest if that has asked; from a guest, which is no server, if anybody has.
        return 0 unless $asked{$transaction} and $side eq 'in' || $asked{$transaction}{$name};
        return ++$answers{"$side $name $transaction"} <= $MOST_ANSWERS;
    }
    return 0 if $side eq 'out';
    my $limit = $kind eq 'packet' ? 'first' : 'else';
    if (++$frames{$limit}{$name} > $MOST_FRAMES) {
        ($loud{$limit}{$name}, $is_stale) = (1, 1);
        return 0;
    }
    ask($name, $transaction) if $kind eq 'question';
    return 1;
}

sub ask {
    my ($name, $transaction) = @_;
    my $own = $questions{$name} //= [];
    @$own = ((grep { $_ ne $transaction } @$own), $transaction);
    $asked{$transaction}{$name} = 1;
    forget($name, shift @$own) if @$own > $MOST_QUESTIONS;
}

sub forget {
    my ($name, $transaction) = @_;
    delete $asked{$transaction}{$name};
    delete $asked{$transaction} unless %{$asked{$transaction}};
}

# What a frame is: a question or an answer of DHCP, and which (the transaction id, for DHCPv4 with the MAC address of the guest);
# another packet of IPv4 or ARP; or what is left, which is neighbour discovery.
sub transaction_of {
    my ($frame) = @_;
    my $at = substr($frame, 12, 2) eq "\x81\x00" ? 18 : 14;
    my $type = substr($frame, $at - 2, 2);
    if ($type ne "\x86\xdd") {
        return 'packet' if $type ne "\x08\x00" || length($frame) < $at + 20 || ord(substr($frame, $at + 9, 1)) != 17;
        my $udp = $at + 4 * (ord(substr($frame, $at, 1)) & 15);
        return 'packet' if length($frame) < $udp + 42;
        my ($from, $to) = unpack('n n', substr($frame, $udp, 4));
        my $transaction = substr($frame, $udp + 12, 4) . substr($frame, $udp + 36, 6);
        return ('question', $transaction) if $from == 68 && $to == 67;
        return ('answer', $transaction) if $from == 67 && $to == 68;
        return 'packet';
    }
    if (length($frame) >= $at + 52 && ord(substr($frame, $at + 6, 1)) == 17) {
        my $to = unpack('n', substr($frame, $at + 42, 2));
        my $transaction = substr($frame, $at + 49, 3);
        return ('question', $transaction) if $to == 547;
        return ('answer', $transaction) if $to == 546;
    }
    return 'neighbour';
}

# The name of a device by its index; empty where there is none.
sub name_of {
    my ($index) = @_;
    my $request = pack('x16 i x20', $index);
    return ioctl($socket, $SIOCGIFNAME, $request) ? unpack('Z16', $request) : '';
}

sub index_of {
    my ($name) = @_;
    my $request = pack('a16 x24', $name);
    return ioctl($socket, $SIOCGIFINDEX, $request) ? unpack('x16 i', $request) : 0;
}

# The indexes of these devices, as far as they are there; where they are too many, others in every second.
sub indexes_of {
    my ($most, @names) = @_;
    my $start = @names > $most ? $turn++ * $most % @names : 0;
    my @some = (@names[$start .. $#names], @names[0 .. $start - 1]);
    return grep { $_ } map { $index_of{$_} //= index_of($_) } @some > $most ? @some[0 .. $most - 1] : @some;
}

# Gives the kernel the filter that says which frames are read at all. It takes the new one instead of the old one in one step.
sub attach {
    $is_stale = 0;
    my @first = indexes_of($MOST_FIRST, sort grep { !$loud{first}{$_} } keys %first);
    my @loud = indexes_of($MOST_LOUD, sort keys %{$loud{else}});
    my $code = assemble(program(\@first, \@loud));
    return if $code eq $filter;
    setsockopt($socket, $SOL_SOCKET, $SO_ATTACH_FILTER, pack('S x6 P', length($code) / 8, $code)) or die "filter: $!\n";
    $filter = $code;
}

# The filter, as instructions of "code k" and jumps "code k label": to the label where it is true, else to the next. The kernel
# hands a VLAN tag over beside the frame, so that mostly there is none in it.
sub program {
    my ($first, $loud) = @_;
    my ($ldh, $ldb, $ld, $ldxb, $ldhx, $ja, $jeq, $jset, $ret) = (0x28, 0x30, 0x20, 0xb1, 0x48, 0x05, 0x15, 0x45, 0x06);
    # Loads that the kernel answers from what it knows of a packet: its type and its device. linux/filter.h.
    my ($packet_type, $device) = (0xfffff000 + 4, 0xfffff000 + 8);
    my @program = ([$ldh, 12], [$jeq, 0x8100, 'tagged']);
    for my $tag ('', 'tagged') {
        my $at = $tag ? 18 : 14;
        push @program, ":tagged" if $tag;
        push @program,
            [$ldh, $at - 2],
            [$jeq, 0x0800, "ipv4$tag"], [$jeq, 0x86dd, "ipv6$tag"], [$jeq, 0x0806, 'first'],
            [$ja, 0, 'none'],
            ":ipv4$tag",
            [$ldb, $at + 9], [$jeq, 17, "udp$tag"], [$ja, 0, 'first'],
            ":udp$tag",
            [$ldh, $at + 6], [$jset, 0x1fff, 'first'],
            [$ldxb, $at],
            [$ldhx, $at], [$jeq, 67, "server$tag"], [$jeq, 68, "client$tag"], [$ja, 0, 'first'],
            ":server$tag",
            [$ldhx, $at + 2], [$jeq, 68, 'answer'], [$ja, 0, 'first'],
            ":client$tag",
            [$ldhx, $at + 2], [$jeq, 67, 'question'], [$ja, 0, 'first'],
            ":ipv6$tag",
            [$ldb, $at + 6], [$jeq, 17, "udp6$tag"], [$jeq, 58, "icmp6$tag"], [$ja, 0, 'none'],
            ":udp6$tag",
            [$ldh, $at + 42], [$jeq, 546, 'answer'], [$jeq, 547, 'question'], [$ja, 0, 'none'],
            # A solicitation is of use without a source, which is that of duplicate address detection.
            ":icmp6$tag",
            [$ldb, $at + 40], [$jeq, 136, 'question'], [$jeq, 135, "solicitation$tag"], [$ja, 0, 'none'],
            ":solicitation$tag",
            [$ld, $at + 8], [$jeq, 0, "source$tag"], [$ja, 0, 'none'],
            ":source$tag",
            [$ld, $at + 20], [$jeq, 0, 'question'], [$ja, 0, 'none'];
    }
    push @program,
        ':answer', [$ret, $WHOLE],
        ':question',
        [$ldb, $packet_type], [$jeq, $PACKET_OUTGOING, 'none'],
        [$ld, $device], (map { [$jeq, $_, 'none'] } @$loud),
        [$ret, $WHOLE],
        ':first',
        [$ldb, $packet_type], [$jeq, $PACKET_OUTGOING, 'none'],
        [$ld, $device], (map { [$jeq, $_, 'headers'] } @$first),
        ':none', [$ret, 0],
        ':headers', [$ret, $HEADERS];
    return @program;
}

# A conditional jump reaches 255 instructions, `ja` any: a jump to a label is one that skips a `ja`, and that.
sub assemble {
    my (@steps, %place, $code) = ();
    my $size = 0;
    for my $step (@_) {
        if (!ref $step) { $place{substr($step, 1)} = $size; next }
        push @steps, $step;
        $size += defined $step->[2] && $step->[0] != 0x05 ? 2 : 1;
    }
    my $at = 0;
    $code = '';
    for my $step (@steps) {
        my ($operation, $k, $label) = @$step;
        if (defined $label && $operation != 0x05) {
            $code .= pack('S C C L', $operation, 0, 1, $k);
            $at++;
        }
        $code .= defined $label ? pack('S C C L', 0x05, 0, 0, $place{$label} - $at - 1) : pack('S C C L', $operation, 0, 0, $k);
        $at++;
    }
    return $code;
}
