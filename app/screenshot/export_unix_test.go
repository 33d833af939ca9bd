//go:build unix && !darwin

package screenshot

// The parts that read what a desktop answers.
var (
	PathIn   = pathIn
	ReadAway = readAway
)
