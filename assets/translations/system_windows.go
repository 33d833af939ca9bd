package translations

import "golang.org/x/sys/windows"

// systemLanguage returns the tag of the language that the person wants, or ""
// if that is not known. It is the language of the Windows screens, not the
// region: somebody may well read English in China.
func systemLanguage() string {
	if tag := environmentLanguage(); tag != "" {
		return tag
	}
	tags, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(tags) == 0 {
		return ""
	}
	return tags[0]
}
