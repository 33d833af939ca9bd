//go:build !linux

package source

// ahead would let the system read on in the file; these do it unasked.
func (f file) ahead() {}
