package folder_test

import "golang.org/x/sys/windows"

var errNoSpace error = windows.ERROR_DISK_FULL

// errsOfOne are about one name or one file.
var errsOfOne = []error{windows.ERROR_INVALID_NAME, windows.ERROR_FILENAME_EXCED_RANGE, windows.ERROR_FILE_TOO_LARGE}
