// Package cli is the command line: it reads the words and flags, asks the
// profile through the control interface, and turns the answers into lines and
// exit codes. It opens nothing itself: package app hands it a Host.
package cli
