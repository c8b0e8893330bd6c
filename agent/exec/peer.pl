# Tells who is at the other end of the Unix socket that is open as file 3: "PID UID GID". unix(7), SO_PEERCRED.
use strict;
use warnings;

my ($SOL_SOCKET, $SO_PEERCRED) = (1, 17);
open(my $socket, '+<&=', 3) or die "file 3: $!\n";
my $credentials = getsockopt($socket, $SOL_SOCKET, $SO_PEERCRED) or die "SO_PEERCRED: $!\n";
print join(' ', unpack('i I I', $credentials)), "\n";
