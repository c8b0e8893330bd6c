# Tells who is at the other end of the Unix socket that is open as file 3: "PID UID GID GROUP…". unix(7), SO_PEERCRED; SO_PEERGROUPS
# of Linux 4.13 has the other groups.
use strict;
use warnings;

my ($SOL_SOCKET, $SO_PEERCRED, $SO_PEERGROUPS) = (1, 17, 59);
open(my $socket, '+<&=', 3) or die "file 3: $!\n";
my $credentials = getsockopt($socket, $SOL_SOCKET, $SO_PEERCRED) or die "SO_PEERCRED: $!\n";
my $groups = getsockopt($socket, $SOL_SOCKET, $SO_PEERGROUPS) // '';
print join(' ', unpack('i I I', $credentials), unpack('I*', $groups)), "\n";
