// Package namespace gives tests machines of their own: network namespaces of
// Linux, joined by virtual cables. What is sent there never reaches the real
// network, and all of it is gone when the test ends, also when it crashed.
//
// It is for tests only. Making a namespace needs root: Main starts the tests
// of a package again with what it takes, if that can be had.
package namespace
