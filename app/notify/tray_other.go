//go:build !unix || darwin

package notify

import "context"

// HasTray says whether the desktop has a place for icons of programs. These
// systems always have one.
func HasTray(context.Context) bool { return true }
