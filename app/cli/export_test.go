package cli

// How sizes are read and written.
var (
	ParseSize  = parseSize
	ParseRate  = parseRate
	FormatSize = formatSize
)
