//go:build !windows && !darwin

package translations

// systemLanguage returns the tag of the language that the person wants, or ""
// if that is not known.
func systemLanguage() string { return environmentLanguage() }
