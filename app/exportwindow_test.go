//go:build !headless

package app

// How preferences and settings become each other.
var (
	PreferencesOf = preferencesOf
	Prefer        = prefer
	Scaler        = scaler
	KeepIn        = keepIn
)
