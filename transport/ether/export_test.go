package ether

// PacketOf is what the tests need to see.
var PacketOf = packetOf
