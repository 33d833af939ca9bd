// Feihong 飞鸿 is an instant messenger for people in one local network: no
// server, no account, no internet. This package hands the command line to
// package app.
package main

import (
	"os"

	"feihong/app"
)

func main() { os.Exit(app.Main(os.Args[1:])) }
