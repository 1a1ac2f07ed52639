#!/usr/bin/perl
# Between the agent and its bus, a bus that is late once:  late-bus.pl LISTEN BUS SECONDS
#
# What the agent says goes on at once. When it has asked who org.freedesktop.systemd1 is, what the bus says is held back
# for SECONDS, once; then everything goes on. Prints "listening", "held back" and "let go". In Perl, because each Debian
# has it, a node of the lab too.
use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;

my ($listen, $bus, $seconds) = @ARGV;
my $server = IO::Socket::UNIX->new(Local => $listen, Listen => 16) or die "$listen: $!";
$| = 1;
print "listening\n";
$SIG{PIPE} = 'IGNORE';
my ($late, $held_until) = (0, 0);
while (my $agent = $server->accept) {
    my $daemon = IO::Socket::UNIX->new(Peer => $bus) or die "$bus: $!";
    my $both = IO::Select->new($agent, $daemon);
    my $alive = 1;
    while ($alive) {
        if ($held_until && time >= $held_until) {
            $held_until = 0;
            $both->add($daemon);
            print "let go\n";
        }
        for my $from ($both->can_read($held_until ? 0.1 : undef)) {
            my $read = sysread $from, my $data, 65536;
            if (!$read) {
                $alive = 0;
                last;
            }
            send_all($from == $agent ? $daemon : $agent, $data);
            if ($from == $agent && !$late && $data =~ /GetNameOwner/ && $data =~ /org\.freedesktop\.systemd1/) {
                ($late, $held_until) = (1, time + $seconds);
                $both->remove($daemon);
                print "held back\n";
                last;
            }
        }
    }
    $held_until = 0;
}

sub send_all {
    my ($to, $data) = @_;
    while (length $data) {
        my $sent = syswrite $to, $data or return;
        substr $data, 0, $sent, '';
    }
}
