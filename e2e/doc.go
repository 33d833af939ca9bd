// Package e2e tests the program from the outside: real processes, real
// sockets, real windows on a virtual display, real kills, and networks made of
// real hosts, routers and firewalls. It is built with the tag e2e and run by
// scripts/test, which installs what it needs.
//
// Everything runs in a network of its own (see TestMain), and what a test
// builds there is gone when it ends, however it ends.
package e2e
