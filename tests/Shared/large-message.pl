#!/usr/bin/perl
# One message of exactly 128 MiB, the most that D-Bus allows, to a unique name:  large-message.pl BUS-SOCKET NAME
#
# The length of the string that is its argument is what is left of 128 MiB. In Perl, because each Debian has it, a node of
# the lab too. Prints "sent" when the bus has taken all of it.
use strict;
use warnings;
use IO::Socket::UNIX;

use constant MOST => 128 * 1024 * 1024;

my ($socket, $to) = @ARGV;
$SIG{PIPE} = 'IGNORE';
my $bus = IO::Socket::UNIX->new(Peer => $socket) or die "$socket: $!";
say_all("\0AUTH EXTERNAL " . unpack('H*', $<) . "\r\n");
my $line = <$bus>;
$line =~ /^OK / or die "not let in: $line";
say_all("BEGIN\r\n" . call(1, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'Hello', undef));
sysread $bus, my $hello, 4096;
say_all(call(2, $to, '/org/hookagent/Node1', 'org.freedesktop.DBus.Peer', 'Ping', MOST));
print "sent\n";
sysread $bus, my $answer, 4096;

sub call {
    my ($serial, $destination, $path, $interface, $member, $bytes) = @_;
    my $fields = '';
    for (['o', 1, $path], ['s', 6, $destination], ['s', 2, $interface], ['s', 3, $member]) {
        my ($type, $code, $value) = @$_;
        $fields .= "\0" x (-length($fields) % 8) . pack 'CCa1xL<', $code, 1, $type, length $value;
        $fields .= "$value\0";
    }
    $fields .= "\0" x (-length($fields) % 8) . pack 'CCa1xCa1x', 8, 1, 'g', 1, 's' if $bytes;
    my $header = 16 + length($fields) + (-length($fields) % 8);
    my $text = $bytes ? $bytes - $header - 5 : 0;
    my $body = $bytes ? pack('L<', $text) . 'x' x $text . "\0" : '';
    return pack('a1CCCL<L<L<', 'l', 1, 0, 1, length $body, $serial, length $fields) . $fields . "\0" x (-length($fields) % 8) . $body;
}

sub say_all {
    my ($data) = @_;
    my $at = 0;
    while ($at < length $data) {
        my $sent = syswrite $bus, $data, 1 << 20, $at or die "the bus hung up: $!";
        $at += $sent;
    }
}
