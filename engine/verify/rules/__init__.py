"""What iptables rules mean: whether one matches a packet, what a chain decides, how a rule differs from another."""
