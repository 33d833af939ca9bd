// Package e2e tests the program from the outside: real processes, real
// sockets, real windows on a virtual display, real kills. It is built with
// the tag e2e and run by scripts/test, which installs what it needs.
package e2e
